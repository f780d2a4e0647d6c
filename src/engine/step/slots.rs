//! Slots: what a change of one does to the others, and what was said before its time.

use std::collections::HashSet;

use serde_json::Value;

use super::Turn;
use crate::engine::edge::{Edge, Why};
use crate::engine::flow::{Ask, Slot, StepId};
use crate::engine::session::Talk;
use crate::engine::signpost::Signpost;
use crate::engine::trace::{Event, Manner, Weight};
use crate::engine::vocabulary::{Admission, Vocabulary};

/// What became of the values read for one slot.
pub(super) enum Reading<'e> {
    /// Nothing was said about it.
    Silent,
    /// It is filled.
    Filled,
    /// It is kept until it can be checked.
    Kept,
    /// Two or more values fit.
    Open(Vec<Value>),
    /// It was refused; there is nothing to say where no step says so.
    Refused(Option<Refusal<'e>>),
}

/// How a value stands to the one that its slot held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It is another one.
    Anew,
    /// It is the same.
    Again,
}

/// Why a value was refused. Of several in one message only one is told.
pub(super) struct Refusal<'e> {
    /// The question whose line it is, where that one waits.
    pub(super) from: Option<StepId>,
    /// The way to the step that says so.
    pub(super) edge: Edge<'e>,
    /// What it may say about the value.
    pub(super) facts: Value,
}

impl<'e, V: Vocabulary> Turn<'e, V> {
    /// Takes the likeliest of `values` that can be taken.
    pub(super) fn offer(
        &mut self,
        slot: &'e Slot,
        values: Vec<Value>,
        manner: Manner,
    ) -> Reading<'e> {
        let mut taken: Vec<(Value, Value)> = Vec::new();
        let mut later = None;
        let mut refused = None;
        for value in values {
            let admission = self.admit(slot, &value);
            self.note_weight(slot, &value, manner, Weight::of(&admission));
            match admission {
                Admission::Taken(admitted) => {
                    if taken.iter().all(|(_, other)| *other != admitted) {
                        taken.push((value, admitted));
                    }
                }
                Admission::Later => later = later.or(Some(value)),
                Admission::Refused { reason, facts } => refused = refused.or(Some((reason, facts))),
            }
        }
        if taken.len() > 1 && slot.clarify.is_some() {
            return Reading::Open(taken.into_iter().map(|(_, admitted)| admitted).collect());
        }
        if let Some((_, admitted)) = taken.into_iter().next() {
            self.put(&slot.name, admitted);
            return Reading::Filled;
        }
        if let Some(value) = later {
            self.talk.pending.insert(slot.name.clone(), value);
            return Reading::Kept;
        }
        let Some((reason, facts)) = refused else { return Reading::Silent };
        let step = self.refusal_step(&slot.name, reason);
        Reading::Refused(step.map(|(from, to)| {
            let why = Why::Refused { slot: &slot.name, reason };
            Refusal { from, edge: Edge { to, why }, facts }
        }))
    }

    /// Whether a value can be taken as things stand.
    pub(super) fn admit(&self, slot: &Slot, value: &Value) -> Admission {
        self.notes.used(slot);
        self.engine.vocabulary.admit(slot, value, &self.talk.slots)
    }

    /// Notes where a value lies and what becomes of it.
    pub(super) fn note_weight(
        &mut self,
        slot: &Slot,
        value: &Value,
        manner: Manner,
        verdict: Weight,
    ) {
        let (vocabulary, slots) = (&self.engine.vocabulary, &self.talk.slots);
        self.notes.note(|| Event::Weighed {
            slot: slot.name.clone(),
            kind: slot.kind.clone(),
            manner,
            side: vocabulary.side(slot, value, slots),
            verdict,
        });
    }

    /// The step that says why a value of this slot is refused: the waiting question's, with that
    /// question, else that of the first question which collects the slot.
    fn refusal_step(&self, slot: &str, reason: &str) -> Option<(Option<StepId>, StepId)> {
        let says =
            |ask: &Ask| ask.refused.get(reason).copied().filter(|_| ask.slot() == Some(slot));
        let waiting = self.waiting().and_then(|(id, ask)| Some((Some(id), says(ask)?)));
        let other = || self.pointed(Signpost::Refusal(slot, reason));
        waiting.or_else(|| other().map(|step| (None, step)))
    }

    /// Fills a slot. What depends on it is emptied and remembered; what was said before its time
    /// is tried again.
    pub(super) fn put(&mut self, name: &str, value: Value) {
        self.talk.pending.remove(name);
        self.talk.previous.remove(name);
        if self.talk.slots.get(name) == Some(&value) {
            return self.empty_dependents(name, Said::Again);
        }
        self.talk.slots.insert(name.to_owned(), value);
        self.empty_dependents(name, Said::Anew);
        self.settle();
    }

    /// Fills a slot with what nobody said: a fixed value, or one that an action gives. Where it
    /// cannot be taken it waits for its question, which says why where it is refused.
    pub(super) fn give(&mut self, name: &str, value: Value) {
        let slot = &self.engine.flows.slots[name];
        match self.admit(slot, &value) {
            Admission::Taken(value) => self.put(name, value),
            Admission::Later | Admission::Refused { .. } => {
                self.empty(name);
                self.talk.pending.insert(name.to_owned(), value);
            }
        }
    }

    /// Empties a slot and what depends on it. The values are remembered.
    pub(super) fn empty(&mut self, name: &str) {
        self.talk.pending.remove(name);
        if let Some(value) = self.talk.slots.remove(name) {
            self.talk.previous.insert(name.to_owned(), value);
        }
        self.empty_dependents(name, Said::Anew);
    }

    /// Empties what depends on a slot that was just said, but for what goes with it.
    fn empty_dependents(&mut self, name: &str, said: Said) {
        if said == Said::Anew {
            self.talk.listings.retain(|_, listing| !listing.inputs.contains_key(name));
        }
        let depends = &self.engine.flows.depends;
        let mut lasting: HashSet<&String> = HashSet::new();
        let mut gone: HashSet<&String> = HashSet::new();
        for dependent in depends.get(name).into_iter().flatten() {
            let own = depends.get(dependent).into_iter().flatten();
            let lasts = self.goes_with(dependent).unwrap_or(said == Said::Again);
            if lasting.contains(dependent) || lasts && !gone.contains(dependent) {
                lasting.extend(own);
                continue;
            }
            gone.extend(own);
            self.talk.listings.retain(|_, listing| !listing.inputs.contains_key(dependent));
            if let Some(value) = self.talk.slots.remove(dependent) {
                self.talk.previous.insert(dependent.clone(), value);
            }
        }
    }

    /// What the vocabulary says of the value of a slot, where it has one.
    fn goes_with(&self, name: &str) -> Option<bool> {
        let Talk { slots, .. } = &self.talk;
        let slot = &self.engine.flows.slots[name];
        self.notes.used(slot);
        self.engine.vocabulary.goes_with(slot, slots.get(name)?, slots)
    }

    /// Fills every slot whose kept value can be taken now.
    fn settle(&mut self) {
        for slot in self.engine.flows.slots.values() {
            let Some(value) = self.talk.pending.get(&slot.name) else { continue };
            let admission = self.admit(slot, value);
            if let Admission::Taken(value) = admission {
                self.note_weight(slot, &value, Manner::Kept, Weight::Taken);
                self.talk.pending.remove(&slot.name);
                self.talk.previous.remove(&slot.name);
                self.talk.slots.insert(slot.name.clone(), value);
            }
        }
    }

    /// Takes up again the value that a change emptied: it counts as said, and is checked anew.
    pub(super) fn keep(&mut self, name: &str) {
        if let Some(value) = self.talk.previous.remove(name) {
            self.talk.pending.insert(name.to_owned(), value);
            self.settle();
        }
    }
}
