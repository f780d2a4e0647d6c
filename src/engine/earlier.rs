//! What a turn changed of a talk, so that it can be taken back.
//!
//! A talk of before is most of the talk of now: only what differs is kept of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::session::{Asked, Listing, Place, Talk, is_nothing};
use super::vocabulary::Slots;

/// A talk of before, told by the one that came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Earlier {
    at: Option<Place>,
    #[serde(skip_serializing_if = "is_nothing")]
    slots: Changes<Value>,
    #[serde(skip_serializing_if = "is_nothing")]
    pending: Changes<Value>,
    #[serde(skip_serializing_if = "is_nothing")]
    listings: Changes<Listing>,
    /// How many questions of the trail are still in front of it, and those that came after them.
    kept: usize,
    #[serde(skip_serializing_if = "is_nothing")]
    trail: Vec<Asked>,
    // What also turns change that nobody takes back; there is hardly ever anything in it.
    #[serde(skip_serializing_if = "is_nothing")]
    previous: Slots,
    #[serde(skip_serializing_if = "is_nothing")]
    refusal: Value,
    #[serde(skip_serializing_if = "is_nothing")]
    misses: u8,
    #[serde(skip_serializing_if = "is_nothing")]
    digressions: u8,
    #[serde(skip_serializing_if = "is_nothing")]
    question: String,
    #[serde(skip_serializing_if = "is_nothing")]
    paused: Option<Place>,
}

/// What entries of a map were before; none for those that were not there.
type Changes<T> = BTreeMap<String, Option<T>>;

impl Earlier {
    /// What tells `before` by `now`, without its screen: that is drawn again from the rest. None where
    /// the turn between them changed nothing that a customer would take back.
    pub(super) fn between(before: Talk, now: &Talk) -> Option<Self> {
        let kept = before.trail.iter().zip(&now.trail).take_while(|(was, is)| was == is).count();
        let changes_trail = kept < before.trail.len().max(now.trail.len());
        let mut trail = before.trail;
        let earlier = Self {
            slots: changes(before.slots, &now.slots),
            pending: changes(before.pending, &now.pending),
            listings: changes(before.listings, &now.listings),
            kept,
            trail: trail.split_off(kept),
            previous: before.previous,
            refusal: before.refusal,
            misses: before.misses,
            digressions: before.digressions,
            question: before.question,
            paused: before.paused,
            at: before.at,
        };
        let changed = earlier.at != now.at
            || changes_trail
            || !earlier.slots.is_empty()
            || !earlier.pending.is_empty()
            || !earlier.listings.is_empty();
        changed.then_some(earlier)
    }

    /// The steps that it names.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        [&mut self.at, &mut self.paused].into_iter().flatten()
    }

    /// The talk before the turn that led to `now`.
    pub(super) fn before(self, now: Talk) -> Talk {
        let Talk { mut slots, mut pending, mut listings, mut trail, .. } = now;
        take_back(&mut slots, self.slots);
        take_back(&mut pending, self.pending);
        take_back(&mut listings, self.listings);
        trail.truncate(self.kept);
        trail.extend(self.trail);
        Talk {
            at: self.at,
            slots,
            pending,
            previous: self.previous,
            screen: Vec::new(),
            listings,
            refusal: self.refusal,
            misses: self.misses,
            digressions: self.digressions,
            question: self.question,
            trail,
            paused: self.paused,
        }
    }
}

fn changes<T: PartialEq>(before: BTreeMap<String, T>, now: &BTreeMap<String, T>) -> Changes<T> {
    let came = now.keys().filter(|name| !before.contains_key(*name)).cloned();
    let mut changes: Changes<T> = came.map(|name| (name, None)).collect();
    let others = before.into_iter().filter(|(name, was)| now.get(name) != Some(was));
    changes.extend(others.map(|(name, was)| (name, Some(was))));
    changes
}

fn take_back<T>(entries: &mut BTreeMap<String, T>, changes: Changes<T>) {
    for (name, was) in changes {
        match was {
            Some(was) => entries.insert(name, was),
            None => entries.remove(&name),
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn slots() -> impl Strategy<Value = Slots> {
        proptest::collection::btree_map("[ab]", (0..3).prop_map(|n| json!({ "amount": n })), 0..3)
    }

    fn talk() -> impl Strategy<Value = Talk> {
        let at = (0..3_u64).prop_map(|print| Place { step: "f.s".to_owned(), version: 1, print });
        let trail =
            ("[ab]", slots()).prop_map(|(step, was)| Asked { step, slots: Vec::new(), was });
        let listing = (slots(), 0..3_usize).prop_map(|(inputs, total)| Listing {
            inputs,
            values: Vec::new(),
            page_start: 0,
            total,
        });
        let listings = proptest::collection::btree_map("[ab]", listing, 0..2);
        let trail = proptest::collection::vec(trail, 0..4);
        let rest = (0..3_u8, "[ab]?");
        (proptest::option::of(at), slots(), slots(), listings, trail, rest).prop_map(
            |(at, slots, pending, listings, trail, (misses, question))| Talk {
                at,
                slots,
                pending,
                listings,
                misses,
                question,
                trail,
                ..Talk::default()
            },
        )
    }

    proptest! {
        #[test]
        fn what_was_stored_of_a_talk_gives_it_back(before in talk(), now in talk()) {
            let Some(earlier) = Earlier::between(before.clone(), &now) else {
                let quiet = |talk| Talk { misses: 0, question: String::new(), ..talk };
                prop_assert_eq!(quiet(before), quiet(now));
                return Ok(());
            };
            let stored = serde_json::to_string(&earlier).expect("plain data");
            let earlier: Earlier = serde_json::from_str(&stored).expect("what was stored");
            prop_assert_eq!(earlier.before(now), before);
        }
    }
}
