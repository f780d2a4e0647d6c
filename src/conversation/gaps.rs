//! What the bot could not answer, or answered badly, told across its users.

use std::collections::HashMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::knowledge::normalised;
use crate::store::{Store, StoreError};

/// Turns that are looked through at most, the newest.
const MAX_TURNS: usize = 10_000;

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
///
/// # Errors
///
/// When the store cannot be read.
pub fn gaps(store: &dyn Store) -> Result<Vec<Gap>, StoreError> {
    let mut gaps: HashMap<String, Gap> = HashMap::new();
    for turn in store.gaps(MAX_TURNS)?.turns {
        for answer in turn.gaps() {
            let gap = gaps.entry(normalised(&answer.question)).or_insert_with(|| Gap {
                question: String::new(),
                refused: 0,
                disliked: 0,
                passages: Vec::new(),
                last: turn.inbound.at,
            });
            gap.question.clone_from(&answer.question);
            gap.last = turn.inbound.at;
            if answer.is_refused() {
                gap.refused += 1;
            } else {
                gap.disliked += 1;
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
