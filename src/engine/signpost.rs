//! Where the talk goes whatever question waits, and what no single step tells: a turn follows these by
//! name, so that it is known which of them it depends on.

use super::flow::{Flows, StepId};

/// One of the places that tell where the talk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signpost<S = String> {
    /// Where a new customer begins.
    Start,
    /// What offers to resume after a long silence.
    Resume,
    /// The first step of this flow.
    Flow(S),
    /// Where the talk goes on when this slot is overheard.
    Overheard(S),
    /// The first question that fills this slot.
    Question(S),
    /// For a slot and a reason, what says why a value is refused where another question waits.
    Refusal(S, S),
}

impl Signpost<&str> {
    /// The same by names of its own.
    pub(super) fn into_owned(self) -> Signpost {
        match self {
            Self::Start => Signpost::Start,
            Self::Resume => Signpost::Resume,
            Self::Flow(flow) => Signpost::Flow(flow.to_owned()),
            Self::Overheard(slot) => Signpost::Overheard(slot.to_owned()),
            Self::Question(slot) => Signpost::Question(slot.to_owned()),
            Self::Refusal(slot, reason) => Signpost::Refusal(slot.to_owned(), reason.to_owned()),
        }
    }
}

impl Flows {
    /// The step that a signpost points to, where there is one.
    pub(super) fn pointed(&self, signpost: Signpost<&str>) -> Option<StepId> {
        match signpost {
            Signpost::Start => Some(self.bot.start),
            Signpost::Resume => Some(self.bot.resume),
            Signpost::Flow(flow) => self.flows.get(flow).map(|flow| flow.start),
            Signpost::Overheard(slot) => self.listen.get(slot).copied(),
            Signpost::Question(slot) => self.questions.first(slot),
            Signpost::Refusal(slot, reason) => self.questions.refusal(slot, reason),
        }
    }

    /// All signposts.
    pub(super) fn signposts(&self) -> impl Iterator<Item = Signpost<&str>> {
        let flows = self.flows.keys().map(String::as_str).map(Signpost::Flow);
        let overheard = self.listen.keys().map(String::as_str).map(Signpost::Overheard);
        let questions = self.questions.slots().map(Signpost::Question);
        let refusals =
            self.questions.refusals().map(|(slot, reason)| Signpost::Refusal(slot, reason));
        let fixed = [Signpost::Start, Signpost::Resume];
        fixed.into_iter().chain(flows).chain(overheard).chain(questions).chain(refusals)
    }
}
