//! What the bot could not answer, or answered badly, told across its users.

use std::collections::HashMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Desk, Errand, ErrandError};
use crate::knowledge::normalised;
use crate::message::OpenAnswer;
use crate::store::{Store, StoreError};

/// Turns that are looked through at most, the newest.
const MAX_TURNS: usize = 10_000;

/// The questions that were badly answered, the most frequent first.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Gaps;

impl Errand for Gaps {
    const NAME: &'static str = "gaps";

    type Answer = Vec<Gap>;

    async fn run(self, desk: &Desk) -> Result<Vec<Gap>, ErrandError> {
        Ok(gaps(desk.store.as_ref())?)
    }
}

/// A question that got "no lo sé", or whose answer was not liked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// The question as it was asked last, personal data masked.
    pub question: String,
    /// How often it got "no lo sé".
    pub refused: usize,
    /// How often its answer got 👎.
    pub disliked: usize,
    /// The passages that answered it last; none where none ever did.
    pub passages: Vec<String>,
    /// When it was asked, or its answer disliked, last.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub last: Timestamp,
}

impl Gap {
    /// How often it was refused or disliked.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.refused + self.disliked
    }
}

/// The gaps that the turns in `store` show, the most frequent first, and of equals the newest. Two
/// questions are the same where they differ in accents, capitals and marks alone.
fn gaps(store: &dyn Store) -> Result<Vec<Gap>, StoreError> {
    let mut gaps: HashMap<String, Gap> = HashMap::new();
    for turn in &store.gaps(MAX_TURNS)?.turns {
        for answer in turn.refused() {
            noted(&mut gaps, answer, turn.inbound.at).refused += 1;
        }
        for answer in turn.disliked() {
            let gap = noted(&mut gaps, answer, turn.inbound.at);
            gap.disliked += 1;
            if !answer.is_refused() {
                gap.passages.clone_from(&answer.passages);
            }
        }
    }
    let mut gaps: Vec<Gap> = gaps.into_values().collect();
    gaps.sort_by(|left, right| {
        let (one, other) = ((right.count(), right.last), (left.count(), left.last));
        one.cmp(&other).then_with(|| left.question.cmp(&right.question))
    });
    Ok(gaps)
}

/// The gap that `answer` belongs to, with the question as it stands there, `at` this moment.
fn noted<'a>(
    gaps: &'a mut HashMap<String, Gap>,
    answer: &OpenAnswer,
    at: Timestamp,
) -> &'a mut Gap {
    let gap = gaps.entry(normalised(&answer.question)).or_insert_with(|| Gap {
        question: String::new(),
        refused: 0,
        disliked: 0,
        passages: Vec::new(),
        last: at,
    });
    gap.question.clone_from(&answer.question);
    gap.last = at;
    gap
}
