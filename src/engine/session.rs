//! What is remembered of one user between two messages. It is plain data, stored as it is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::earlier::Earlier;
use super::vocabulary::Slots;

/// Questions that `back` can go back to, at most.
pub(super) const MAX_TRAIL: usize = 12;

/// Rows that the numbers of one list can point to, at most: forty pages of five.
pub(super) const MAX_LISTED: usize = 200;

/// What is remembered of one user between two messages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Where the talk stands and what is known.
    pub talk: Talk,
    /// The talk before each of the last turns that changed it, oldest first, each told by the next; the
    /// newest by the talk as it is. What was stored as whole talks, under `undo`, is not read: whoever
    /// wrote before that ended can take back nothing of it.
    pub earlier: Vec<Earlier>,
    /// When the last message came.
    pub last_seen: Option<Timestamp>,
}

impl Session {
    /// The steps that it names, each with the version of its flow.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        let Self { talk: Talk { at, paused, .. }, earlier, last_seen: _ } = self;
        let earlier = earlier.iter_mut().flat_map(Earlier::places);
        [at, paused].into_iter().flatten().chain(earlier)
    }

    /// The same session, which tells the steps by their names alone: two that two versions of a flow led
    /// to are the same where all else is.
    #[must_use]
    pub fn of_any_version(mut self) -> Self {
        for place in self.places() {
            (place.version, place.print) = (0, 0);
        }
        self
    }
}

/// Where a talk stands and what is known in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Talk {
    /// The step that waits; none before the first reply.
    pub at: Option<Place>,
    /// The filled slots.
    pub slots: Slots,
    /// What was said before its time, not yet checked.
    #[serde(skip_serializing_if = "is_nothing")]
    pub pending: Slots,
    /// What a change emptied, so that it can be taken up again.
    #[serde(skip_serializing_if = "is_nothing")]
    pub previous: Slots,
    /// What the numbers under the newest question point to.
    #[serde(skip_serializing_if = "is_nothing")]
    pub screen: Vec<Shown>,
    /// The newest listing of each list, as far as it was shown.
    #[serde(skip_serializing_if = "is_nothing")]
    pub listings: BTreeMap<String, Listing>,
    /// What a reply may say about the value that was refused last.
    #[serde(skip_serializing_if = "is_nothing")]
    pub refusal: Value,
    /// Replies in a row that were not understood.
    #[serde(skip_serializing_if = "is_nothing")]
    pub misses: u8,
    /// Open questions in a row.
    #[serde(skip_serializing_if = "is_nothing")]
    pub digressions: u8,
    /// The last open question, clipped, while nothing else was understood since: what `y ¿cuánto
    /// cuesta?` goes on with.
    #[serde(skip_serializing_if = "is_nothing")]
    pub question: String,
    /// The questions before this one, oldest first.
    #[serde(skip_serializing_if = "is_nothing")]
    pub trail: Vec<Asked>,
    /// Where the talk stood before a long silence.
    #[serde(skip_serializing_if = "is_nothing")]
    pub paused: Option<Place>,
}

/// Whether a part of a talk is left out where it is stored: it is read as this.
pub(super) fn is_nothing<T: Default + PartialEq>(part: &T) -> bool {
    *part == T::default()
}

/// A question that was asked before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// `flow.step`.
    pub step: String,
    /// The slots that were filled while it waited: with fewer it may lead where they are missing.
    pub slots: Vec<String>,
    /// What those of them held that the message which led on changed, or took the ground from, and
    /// what these were made of.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub was: Slots,
}

impl Asked {
    /// Puts what changed at a `later` question beside what changed at this one: what it changes of
    /// what was known here is still as it was then.
    pub(super) fn take_over(&mut self, later: Self) {
        for (name, value) in later.was {
            if self.slots.contains(&name) {
                self.was.entry(name).or_insert(value);
            }
        }
    }
}

/// A step of a version of a flow, by name: sessions outlive the flows they were made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `flow.step`.
    pub step: String,
    /// The flow's version.
    pub version: u32,
    /// The step's [`print`](super::flow::Step::print).
    pub print: u64,
}

/// A choice on the customer's screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The number that picks it.
    pub id: String,
    /// What the customer reads.
    pub label: String,
    /// What it means.
    pub pick: Pick,
}

/// What a choice on the screen means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// A fixed choice of the step, by its index.
    Option(usize),
    /// A choice added after two misses, by its index.
    Rescue(usize),
    /// A value for a slot.
    Value {
        /// The slot.
        slot: String,
        /// The value.
        value: Value,
    },
}

/// A list as far as it was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// What the list was made from: with other inputs it is another list.
    pub inputs: Slots,
    /// The rows shown so far, in order.
    pub values: Vec<Value>,
    /// Where the newest page starts in `values`.
    pub page_start: usize,
    /// How many rows there are in all.
    pub total: usize,
}
