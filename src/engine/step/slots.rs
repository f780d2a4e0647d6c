//! Slots: what a change of one does to the others, and what was said before its time.

use serde_json::Value;

use super::Turn;
use crate::engine::flow::{Slot, StepId, StepKind};
use crate::engine::vocabulary::{Admission, Vocabulary};

/// What became of the values read for one slot.
pub(super) enum Reading {
    /// Nothing was said about it.
    Silent,
    /// It is filled.
    Filled,
    /// It is kept until it can be checked.
    Kept,
    /// Two or more values fit.
    Open(Vec<Value>),
    /// It was refused; there is nothing to say where no step says so.
    Refused(Option<Refusal>),
}

/// Why a value was refused. Of several in one message only one is told.
pub(super) struct Refusal {
    /// The step that says so.
    pub(super) step: StepId,
    /// What it may say about the value.
    pub(super) facts: Value,
}

impl<V: Vocabulary> Turn<'_, V> {
    /// Takes the likeliest of `values` that can be taken.
    pub(super) fn offer(&mut self, slot: &Slot, values: Vec<Value>) -> Reading {
        let mut taken: Vec<(Value, Value)> = Vec::new();
        let mut later = None;
        let mut refused = None;
        for value in values {
            match self.engine.vocabulary.admit(slot, &value, &self.talk.slots) {
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
        Reading::Refused(step.map(|step| Refusal { step, facts }))
    }

    /// The step that says why a value of this slot is refused: the waiting question's, else that
    /// of the first question which collects the slot.
    fn refusal_step(&self, slot: &str, reason: &str) -> Option<StepId> {
        let waiting = self.waiting().map(|(_, ask)| ask);
        let others = self.engine.flows.steps().filter_map(|(_, step)| match &step.kind {
            StepKind::Ask(ask) => Some(ask),
            _ => None,
        });
        waiting
            .into_iter()
            .chain(others)
            .filter(|ask| ask.slot() == Some(slot))
            .find_map(|ask| ask.refused.get(reason).copied())
    }

    /// Fills a slot. What depends on it is emptied and remembered; what was said before its time
    /// is tried again.
    pub(super) fn put(&mut self, name: &str, value: Value) {
        self.talk.pending.remove(name);
        self.talk.previous.remove(name);
        if self.talk.slots.get(name) == Some(&value) {
            return;
        }
        self.empty_dependents(name);
        self.talk.slots.insert(name.to_owned(), value);
        self.settle();
    }

    /// Empties a slot and what depends on it. The values are remembered.
    pub(super) fn empty(&mut self, name: &str) {
        self.talk.pending.remove(name);
        if let Some(value) = self.talk.slots.remove(name) {
            self.talk.previous.insert(name.to_owned(), value);
        }
        self.empty_dependents(name);
    }

    fn empty_dependents(&mut self, name: &str) {
        self.talk.listings.retain(|_, listing| !listing.inputs.contains_key(name));
        let dependents = self.engine.flows.depends.get(name);
        for dependent in dependents.into_iter().flatten() {
            self.talk.listings.retain(|_, listing| !listing.inputs.contains_key(dependent));
            if let Some(value) = self.talk.slots.remove(dependent) {
                self.talk.previous.insert(dependent.clone(), value);
            }
        }
    }

    /// Fills every slot whose kept value can be taken now.
    fn settle(&mut self) {
        for slot in self.engine.flows.slots.values() {
            let Some(value) = self.talk.pending.get(&slot.name) else { continue };
            let admission = self.engine.vocabulary.admit(slot, value, &self.talk.slots);
            if let Admission::Taken(value) = admission {
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
