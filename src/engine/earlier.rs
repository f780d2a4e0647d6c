//! What a turn changed of a talk, so that it can be taken back.
//!
//! A talk of before is most of the talk of now: only what differs is kept of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::session::{Asked, Listing, Place, Talk, is_nothing};
use super::vocabulary::Slots;

/// Turns that `undo` can take back, at most.
const MAX_UNDO: usize = 3;

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

/// What entries of a map were before; none for those that were not there. No slot holds a null: stored,
/// it would be none as well.
type Changes<T> = BTreeMap<String, Option<T>>;

/// Keeps `before` on the stack once a turn led from it to `now`, without its screen: that is drawn
/// again from the rest. A turn that changed nothing a customer would take back leaves the stack as it
/// is.
pub(super) fn remember(stack: &mut Vec<Earlier>, before: Talk, now: &Talk) {
    if !is_changed(&before, now) {
        if before.trail != now.trail {
            retell(stack, before, now);
        }
    } else if before.at.is_none() {
        // Each is told by the next: without this one, those before it are lost too.
        stack.clear();
    } else {
        if stack.len() == MAX_UNDO {
            stack.remove(0);
        }
        stack.push(Earlier::told_by(before, now));
    }
}

/// The newest talk of the stack, which is told by `now`; none where the stack is empty.
pub(super) fn take_back(stack: &mut Vec<Earlier>, now: Talk) -> Option<Talk> {
    stack.pop().map(|newest| newest.before(now))
}

/// Tells the newest talk of the stack by `now`; it was told by `then`, and stays what it is.
pub(super) fn retell(stack: &mut [Earlier], then: Talk, now: &Talk) {
    if let Some(newest) = stack.last_mut() {
        *newest = Earlier::told_by(std::mem::take(newest).before(then), now);
    }
}

/// Whether a turn changed what a customer would take back.
fn is_changed(before: &Talk, now: &Talk) -> bool {
    before.at != now.at
        || before.slots != now.slots
        || before.pending != now.pending
        || before.listings != now.listings
}

impl Earlier {
    /// What tells `before` by `now`.
    fn told_by(before: Talk, now: &Talk) -> Self {
        let kept = before.trail.iter().zip(&now.trail).take_while(|(was, is)| was == is).count();
        let mut trail = before.trail;
        Self {
            at: before.at,
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
        }
    }

    /// The steps that it names.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        [&mut self.at, &mut self.paused].into_iter().flatten()
    }

    /// The talk before the turn that led to `now`.
    fn before(self, now: Talk) -> Talk {
        let Talk { mut slots, mut pending, mut listings, mut trail, .. } = now;
        restore(&mut slots, self.slots);
        restore(&mut pending, self.pending);
        restore(&mut listings, self.listings);
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

fn restore<T>(entries: &mut BTreeMap<String, T>, changes: Changes<T>) {
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

    /// One talk after another; many differ from the one before in a part of them.
    fn talks() -> impl Strategy<Value = Vec<Talk>> {
        proptest::collection::vec((talk(), 0..5_u8), 2..8).prop_map(|drawn| {
            let mut talks: Vec<Talk> = Vec::with_capacity(drawn.len());
            for (new, part) in drawn {
                let old = talks.last().cloned().unwrap_or_default();
                talks.push(match part {
                    0 => Talk { trail: new.trail, ..old },
                    1 => Talk { misses: new.misses, question: new.question, ..old },
                    2 => Talk { slots: new.slots, ..old },
                    _ => new,
                });
            }
            talks
        })
    }

    /// The talks as whole ones, as they would be kept if room were no matter.
    fn remember_whole(stack: &mut Vec<Talk>, before: &Talk, now: &Talk) {
        if is_changed(before, now) {
            if before.at.is_none() {
                return stack.clear();
            }
            stack.push(before.clone());
            stack.drain(..stack.len().saturating_sub(MAX_UNDO));
        }
    }

    proptest! {
        #[test]
        fn every_talk_that_is_kept_comes_back_as_it_was(
            talks in talks(),
            asked_again in talk(),
        ) {
            let (mut stack, mut whole) = (Vec::new(), Vec::new());
            for turn in talks.windows(2) {
                remember(&mut stack, turn[0].clone(), &turn[1]);
                remember_whole(&mut whole, &turn[0], &turn[1]);
            }
            let mut now = talks[talks.len() - 1].clone();
            let mut is_first = true;
            loop {
                let stored = serde_json::to_string(&stack).expect("plain data");
                stack = serde_json::from_str(&stored).expect("what was stored");
                let restored = take_back(&mut stack, now);
                prop_assert_eq!(&restored, &whole.pop());
                let Some(restored) = restored else { break };
                // Asking again may change what came back.
                now = if is_first { asked_again.clone() } else { restored.clone() };
                retell(&mut stack, restored, &now);
                is_first = false;
            }
        }
    }
}
