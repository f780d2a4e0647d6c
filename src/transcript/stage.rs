//! The bots that transcripts talk to: built once for each scene, shared by all threads.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::conversation::{Allowance, Models, Wording};
use crate::engine::Engine;
use crate::engine::vocabulary::Vocabulary;
use crate::knowledge::Knowledge;
use crate::llm::{Price, Prices, Scripted};
use crate::shelf::Shelf;
use crate::store::CallLimits;

/// How long a scripted model may take; it takes no time.
const PATIENCE: Duration = Duration::from_secs(8);

/// What a scene may have otherwise than the bot usually has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Setting {
    /// The catalogue; none is the usual one.
    pub catalog: Option<PathBuf>,
    /// The folder of flows; none is the usual one.
    pub flows: Option<PathBuf>,
    /// The script of the model that words open answers; none is no model.
    pub model: Option<PathBuf>,
}

/// A bot without its memory.
pub struct Bot<V> {
    /// What speaks.
    pub engine: Arc<Engine<V>>,
    /// What open questions are answered from.
    pub knowledge: Arc<Knowledge>,
    /// The models that help them to answer.
    pub models: Models,
    /// How long a silent user is remembered.
    pub retention: SignedDuration,
}

impl<V> Clone for Bot<V> {
    fn clone(&self) -> Self {
        let Self { engine, knowledge, models, retention } = self;
        let (engine, knowledge) = (Arc::clone(engine), Arc::clone(knowledge));
        Self { engine, knowledge, models: models.clone(), retention: *retention }
    }
}

/// The model that follows the script in `file`, allowed all it likes: it costs nothing.
///
/// # Errors
///
/// Why the file is no script.
pub fn scripted(file: &Path) -> Result<Models, String> {
    let script = Scripted::load(file).map_err(|error| error.to_string())?;
    let free = Allowance {
        prices: Prices { input: Price(0), output: Price(0) },
        limits: CallLimits {
            user_a_day: u64::MAX,
            all_a_day: u64::MAX,
            nanodollars_a_month: u64::MAX,
        },
        budget: PATIENCE,
    };
    let wording = Some(Arc::new(Wording::new(Arc::new(script), free)));
    Ok(Models { wording, meaning: None })
}

/// Every bot that was asked for, or why there is none.
pub(super) struct Stage<V, B> {
    build: B,
    bots: Shelf<Setting, Result<Bot<V>, String>>,
}

impl<V: Vocabulary, B: Fn(&Setting) -> Result<Bot<V>, String>> Stage<V, B> {
    pub(super) fn new(build: B) -> Self {
        Self { build, bots: Shelf::default() }
    }

    /// The bot for `setting`, or why there is none.
    pub(super) fn bot(&self, setting: &Setting) -> Result<Bot<V>, String> {
        self.bots.get(setting, &self.build)
    }

    /// Forgets the bots of the settings that are `outdated`.
    pub(super) fn forget(&self, outdated: impl Fn(&Setting) -> bool) {
        self.bots.forget(outdated);
    }
}

/// A path that a transcript names, as seen from where the run was started. Without the detours
/// (`purchase/../small.csv`), so that two transcripts mean the same bot by the same files.
pub(super) fn seen_from(transcript: &Path, named: &Path) -> PathBuf {
    let mut path = PathBuf::new();
    for part in transcript.parent().unwrap_or(Path::new("")).join(named).components() {
        let is_folder = matches!(path.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::ParentDir if is_folder => drop(path.pop()),
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_transcript() {
        let seen = |named: &str| seen_from(Path::new("tests/buy/a.chat"), Path::new(named));
        assert_eq!(seen("../fixtures/small.csv"), Path::new("tests/fixtures/small.csv"));
        assert_eq!(seen("./small.csv"), Path::new("tests/buy/small.csv"));
        assert_eq!(seen("../../../other"), Path::new("../other"));
        assert_eq!(seen("/srv/small.csv"), Path::new("/srv/small.csv"));
        assert_eq!(seen_from(Path::new("a.chat"), Path::new("b.csv")), Path::new("b.csv"));
    }
}
