//! From step to step, until one waits.

use super::{MAX_HOPS, Turn};
use crate::engine::edge::{Edge, Why};
use crate::engine::flow::{Branch, Do, StepId, StepKind};
use crate::engine::trace::{Event, Manner, Way, Weight};
use crate::engine::vocabulary::{Admission, Slots, Vocabulary};

/// The name under which an action or a list reads the facts of the last refusal.
const REFUSAL: &str = "refused";

impl<'e, V: Vocabulary> Turn<'e, V> {
    /// Walks from `at` to the next question and asks it. With `revisit` the first question on the
    /// way is asked even where its slot is filled.
    pub(super) fn walk(&mut self, mut at: StepId, mut revisit: bool) {
        for _ in 0..MAX_HOPS {
            let step = self.look(at);
            let edge = match &step.kind {
                StepKind::Say { text, next } => {
                    self.say(text);
                    let Some(next) = next else {
                        self.notes.note(|| Event::Entered(step.name.clone()));
                        return self.reask();
                    };
                    Edge { to: *next, why: Why::Next }
                }
                StepKind::Branch(branch) => self.decide(branch, at),
                StepKind::Do(action) => self.act_on(action, at),
                StepKind::Ask(ask) if revisit => return self.enter(at, ask),
                StepKind::Ask(ask) => match self.passes(ask.collect.as_deref(), ask.next) {
                    Passage::Stop => return self.enter(at, ask),
                    Passage::On(edge) => edge,
                    Passage::Refused { slot, reason } => match ask.refused.get(reason) {
                        Some(refused) => {
                            revisit = true;
                            Edge { to: *refused, why: Why::Refused { slot, reason } }
                        }
                        None => return self.enter(at, ask),
                    },
                },
            };
            if !matches!(step.kind, StepKind::Ask(_)) {
                self.notes.note(|| Event::Entered(step.name.clone()));
            }
            self.note_way(Some(at), edge);
            at = edge.to;
        }
        self.fault(format!("{MAX_HOPS} steps without a question"));
    }

    /// Goes the way of `edge`, which leads from the step `from` or from every question.
    pub(super) fn go(&mut self, from: Option<StepId>, edge: Edge<'_>, revisit: bool) {
        self.note_way(from, edge);
        self.walk(edge.to, revisit);
    }

    fn note_way(&mut self, from: Option<StepId>, Edge { to, why }: Edge<'_>) {
        let flows = &self.engine.flows;
        self.notes.note(|| Event::Went(Way::new(flows, from, to, why)));
    }

    /// Whether a question can be passed because its answer was already given.
    fn passes(&mut self, slot: Option<&'e str>, next: Option<StepId>) -> Passage<'e> {
        let (Some(name), Some(next)) = (slot, next) else { return Passage::Stop };
        if self.talk.slots.contains_key(name) {
            return Passage::On(Edge { to: next, why: Why::Filled(name) });
        }
        let Some(value) = self.talk.pending.get(name) else { return Passage::Stop };
        let slot = &self.engine.flows.slots[name];
        let admission = self.admit(slot, value);
        match admission {
            Admission::Refused { reason, facts } => {
                let refused = self.talk.pending.remove(name);
                self.note_weight(
                    slot,
                    &refused.unwrap_or_default(),
                    Manner::Kept,
                    Weight::Refused(reason),
                );
                self.talk.refusal = facts;
                Passage::Refused { slot: name, reason }
            }
            Admission::Taken(_) | Admission::Later => Passage::Stop,
        }
    }

    /// Where a step leads as things stand: past the branches on the way.
    pub(super) fn through_branches(&self, mut at: StepId) -> StepId {
        for _ in 0..MAX_HOPS {
            match &self.look(at).kind {
                StepKind::Branch(branch) => at = self.decide(branch, at).to,
                _ => break,
            }
        }
        at
    }

    fn decide(&self, branch: &'e Branch, at: StepId) -> Edge<'e> {
        let filled = self.talk.slots.get(&branch.on);
        let state = match filled {
            Some(_) => "set",
            None if self.talk.pending.contains_key(&branch.on) => "pending",
            None if self.can_be_kept(&branch.on) => "previous",
            None => "unset",
        };
        let by_value = filled.and_then(|value| branch.cases.get_key_value(value.as_str()?));
        match by_value.or_else(|| branch.cases.get_key_value(state)) {
            Some((case, to)) => Edge { to: *to, why: Why::Case { slot: &branch.on, case } },
            None => Edge { to: branch.otherwise.unwrap_or(at), why: Why::Else },
        }
    }

    /// Whether the value that a change emptied could be taken up again.
    fn can_be_kept(&self, name: &str) -> bool {
        let Some(value) = self.talk.previous.get(name) else { return false };
        let slot = &self.engine.flows.slots[name];
        let admission = self.admit(slot, value);
        !matches!(admission, Admission::Refused { .. })
    }

    fn act_on(&mut self, action: &Do, at: StepId) -> Edge<'e> {
        let inputs = self.inputs(&action.with);
        let mut acted = self.engine.vocabulary.act(&action.action, &inputs, self.now);
        for (output, slot) in &action.gives {
            if let Some(value) = acted.outputs.remove(output) {
                self.give(slot, value);
            }
        }
        let to = action.outcomes.get(acted.outcome).copied().unwrap_or(at);
        Edge { to, why: Why::Outcome(acted.outcome) }
    }

    /// The values of the named inputs, each from the slot it is bound to.
    pub(super) fn inputs(&self, with: &[(String, String)]) -> Slots {
        let value = |slot: &str| match slot {
            REFUSAL => Some(&self.talk.refusal),
            _ => self.talk.slots.get(slot),
        };
        with.iter()
            .filter_map(|(input, slot)| value(slot).map(|value| (input.clone(), value.clone())))
            .collect()
    }
}

/// What to do at a question.
enum Passage<'e> {
    /// Ask it.
    Stop,
    /// It is answered: go on.
    On(Edge<'e>),
    /// What was said before its time cannot be taken.
    Refused { slot: &'e str, reason: &'static str },
}
