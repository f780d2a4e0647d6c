//! What is looked up across all questions: which asks for a slot, and which step says why an answer
//! is refused. It is made once, so that a turn reads nothing of a step that it does not look at by
//! itself: see [`super::revision`].

use std::collections::{HashMap, HashSet};

use super::flow::{Ask, Step, StepId, StepKind};

/// The questions of all flows, by what they fill.
#[derive(Debug, Clone, Default)]
pub(super) struct Questions {
    /// For a slot, the first question that fills it.
    first: HashMap<String, StepId>,
    /// For a slot and a reason, the step that says why a value is refused: that of the first
    /// question which names one.
    refusals: HashMap<String, HashMap<String, StepId>>,
    /// The steps that say so for any question.
    excuses: HashSet<StepId>,
}

impl Questions {
    /// The questions among `steps`, whose ids are their places.
    pub(super) fn of(steps: &[Step]) -> Self {
        let mut questions = Self::default();
        let asked = (0..).map(StepId).zip(steps).filter_map(|(id, step)| match &step.kind {
            StepKind::Ask(ask) => Some((id, ask)),
            _ => None,
        });
        for (id, ask) in asked {
            questions.add(id, ask);
        }
        questions
    }

    fn add(&mut self, id: StepId, ask: &Ask) {
        self.excuses.extend(ask.refused.values());
        let Some(slot) = ask.slot() else { return };
        self.first.entry(slot.to_owned()).or_insert(id);
        let refusals = self.refusals.entry(slot.to_owned()).or_default();
        for (reason, step) in &ask.refused {
            refusals.entry(reason.clone()).or_insert(*step);
        }
    }

    /// The first question that fills `slot`.
    pub(super) fn first(&self, slot: &str) -> Option<StepId> {
        self.first.get(slot).copied()
    }

    /// The step that says why a value of `slot` is refused, where another question waits.
    pub(super) fn refusal(&self, slot: &str, reason: &str) -> Option<StepId> {
        self.refusals.get(slot)?.get(reason).copied()
    }

    /// The slots that a question fills.
    pub(super) fn slots(&self) -> impl Iterator<Item = &str> {
        self.first.keys().map(String::as_str)
    }

    /// The slots and the reasons for which a step says why a value is refused.
    pub(super) fn refusals(&self) -> impl Iterator<Item = (&str, &str)> {
        self.refusals.iter().flat_map(|(slot, reasons)| {
            reasons.keys().map(|reason| (slot.as_str(), reason.as_str()))
        })
    }

    /// Whether a step says why the answer to a question was refused.
    pub(super) fn is_excuse(&self, step: StepId) -> bool {
        self.excuses.contains(&step)
    }
}
