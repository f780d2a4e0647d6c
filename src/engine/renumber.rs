//! Steps under other numbers: one that is written between two others gives all after it another
//! [`StepId`], and versions of flows are compared all the same.

use super::flow::{Act, Ask, Bot, Choice, Rung, StepId, StepKind};

/// What names steps by their numbers.
pub(super) trait Renumber {
    /// Has each step that it names be called what `number` tells.
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId);
}

impl Renumber for StepId {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        *self = number(*self);
    }
}

impl<R: Renumber> Renumber for Option<R> {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        if let Some(named) = self {
            named.renumber(number);
        }
    }
}

impl<R: Renumber> Renumber for Vec<R> {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        for named in self {
            named.renumber(number);
        }
    }
}

impl Renumber for Bot {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        self.start.renumber(number);
        self.resume.renumber(number);
        self.commands.renumber(number);
        self.answers.renumber(number);
        self.rescue.renumber(number);
    }
}

impl Renumber for Act {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        self.goto.renumber(number);
    }
}

impl Renumber for Choice {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        self.act.renumber(number);
    }
}

impl Renumber for Rung {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        match self {
            Self::Text(_) => {}
            Self::Goto(step) => step.renumber(number),
        }
    }
}

impl Renumber for Ask {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        self.options.renumber(number);
        for step in self.refused.values_mut() {
            step.renumber(number);
        }
        self.no_match.renumber(number);
        self.next.renumber(number);
    }
}

impl Renumber for StepKind {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        match self {
            Self::Ask(ask) => ask.renumber(number),
            Self::Say { next, .. } => next.renumber(number),
            Self::Branch(branch) => {
                for step in branch.cases.values_mut() {
                    step.renumber(number);
                }
                branch.otherwise.renumber(number);
            }
            Self::Do(action) => {
                for step in action.outcomes.values_mut() {
                    step.renumber(number);
                }
            }
        }
    }
}
