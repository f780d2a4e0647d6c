//! Whoever counts what happens in a conversation.

use std::time::Duration;

use super::TurnError;
use crate::engine::Outcome;
use crate::engine::trace::Trace;
use crate::message::{Answer, Channel};

/// Told of turns and of calls of a model, in the middle of them: it must not take long.
pub trait Watch: Send + Sync {
    /// A turn ended, `took` after its message stood in its user's line.
    fn turn(&self, channel: Channel, ended: Ended<'_>, took: Duration);

    /// Whether what each turn does is to be noted and told with [`Watch::followed`]; it costs every
    /// turn something.
    fn follows(&self) -> bool {
        false
    }

    /// A turn did this and leads to that, before its answer is written.
    fn followed(&self, _: Trace, _: &Outcome) {}

    /// A model was to be called.
    fn call(&self, work: ModelWork, outcome: CallOutcome);

    /// A call cost so many billionths of a dollar, as far as is known.
    fn paid(&self, work: ModelWork, nanodollars: u64);
}

/// Nobody counts.
impl Watch for () {
    fn turn(&self, _: Channel, _: Ended<'_>, _: Duration) {}
    fn call(&self, _: ModelWork, _: CallOutcome) {}
    fn paid(&self, _: ModelWork, _: u64) {}
}

/// How a turn ended.
#[derive(Debug, Clone, Copy)]
pub enum Ended<'a> {
    /// It was taken, and this is its answer.
    Answered(&'a Answer),
    /// The message came before, and got the answer that is stored.
    Repeated,
    /// It was not taken.
    Failed(&'a TurnError),
}

/// What a model is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModelWork {
    /// To word what passages say.
    Wording,
    /// To embed passages or a question.
    Embedding,
}

/// What became of a call of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallOutcome {
    /// What it gave is used.
    Used,
    /// It says that the passages do not answer.
    Unanswerable,
    /// It said what the passages do not.
    Unbelieved,
    /// Its answer has another form than was asked for.
    Malformed,
    /// It gave nothing: an error, or no answer in time.
    Failed,
    /// The customer could wait no longer for it.
    Unheard,
    /// It was not made: a limit is reached.
    Limited,
    /// It was not made: the model failed again and again, and is left alone.
    Resting,
    /// It was not made: too many are under way.
    Crowded,
    /// It was not made: the store could not book it.
    Unbooked,
}

impl ModelWork {
    /// The name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wording => "wording",
            Self::Embedding => "embedding",
        }
    }
}

impl CallOutcome {
    /// The name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Unanswerable => "unanswerable",
            Self::Unbelieved => "unbelieved",
            Self::Malformed => "malformed",
            Self::Unheard => "unheard",
            Self::Failed => "failed",
            Self::Limited => "limited",
            Self::Resting => "resting",
            Self::Crowded => "crowded",
            Self::Unbooked => "unbooked",
        }
    }
}
