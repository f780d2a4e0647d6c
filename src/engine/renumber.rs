//! Steps under other numbers: one that is written between two others gives all after it another
//! [`StepId`], and versions of flows are compared all the same.

use super::flow::{Act, Ask, Bot, Branch, Choice, Do, Rung, StepId, StepKind};

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
        let Self {
            start,
            resume,
            commands,
            answers,
            rescue,
            notice: _,
            list_label: _,
            texts: _,
            media: _,
            thresholds: _,
        } = self;
        start.renumber(number);
        resume.renumber(number);
        commands.renumber(number);
        answers.renumber(number);
        rescue.renumber(number);
    }
}

impl Renumber for Act {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        let Self { goto, revisit: _, control: _, set: _, clear: _, keep: _, effect: _ } = self;
        goto.renumber(number);
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
        let Self { options, refused, no_match, next, ask: _, again: _, collect: _, menu: _ } = self;
        options.renumber(number);
        for step in refused.values_mut() {
            step.renumber(number);
        }
        no_match.renumber(number);
        next.renumber(number);
    }
}

impl Renumber for StepKind {
    fn renumber(&mut self, number: &dyn Fn(StepId) -> StepId) {
        match self {
            Self::Ask(ask) => ask.renumber(number),
            Self::Say { next, text: _ } => next.renumber(number),
            Self::Branch(Branch { cases, otherwise, on: _ }) => {
                for step in cases.values_mut() {
                    step.renumber(number);
                }
                otherwise.renumber(number);
            }
            Self::Do(Do { outcomes, action: _, with: _, gives: _ }) => {
                for step in outcomes.values_mut() {
                    step.renumber(number);
                }
            }
        }
    }
}
