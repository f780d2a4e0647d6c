//! The ways from step to step, each with its reason: what the checker walks and the graph draws.

use super::flow::{Ask, Choice, Flows, Rung, Step, StepId, StepKind};

/// A way from one step to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge<'a> {
    /// Where it leads.
    pub(super) to: StepId,
    /// When it is taken.
    pub(super) why: Why<'a>,
}

/// When a way is taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Why<'a> {
    /// Always.
    Next,
    /// The answer filled this slot.
    Filled(&'a str),
    /// This choice was made, or this command given.
    Choice(&'a Choice),
    /// The value for a slot was refused.
    Refused {
        /// The slot.
        slot: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// Nothing was understood, three times.
    Ladder,
    /// The slot has this value or is in this state.
    Case {
        /// The slot.
        slot: &'a str,
        /// The value or state.
        case: &'a str,
    },
    /// The slot is in none of the cases.
    Else,
    /// The action ended so.
    Outcome(&'a str),
    /// This slot was given where nobody asked for it.
    Heard(&'a str),
    /// The customer came back after a long silence.
    Silence,
}

/// The ways that lead out of one step by its own lines, in their order.
pub(super) fn edges(step: &Step) -> Vec<Edge<'_>> {
    match &step.kind {
        StepKind::Say { next, .. } => {
            next.iter().map(|next| Edge { to: *next, why: Why::Next }).collect()
        }
        StepKind::Ask(ask) => ask_edges(ask),
        StepKind::Branch(branch) => {
            let slot = branch.on.as_str();
            let mut cases: Vec<_> = branch.cases.iter().collect();
            cases.sort_unstable();
            let cases =
                cases.into_iter().map(|(case, to)| Edge { to: *to, why: Why::Case { slot, case } });
            let otherwise = branch.otherwise.map(|to| Edge { to, why: Why::Else });
            cases.chain(otherwise).collect()
        }
        StepKind::Do(action) => {
            let mut outcomes: Vec<_> = action.outcomes.iter().collect();
            outcomes.sort_unstable();
            outcomes
                .into_iter()
                .map(|(outcome, to)| Edge { to: *to, why: Why::Outcome(outcome) })
                .collect()
        }
    }
}

fn ask_edges(ask: &Ask) -> Vec<Edge<'_>> {
    let filled = ask.next.into_iter().flat_map(|to| {
        filled_slots(ask).into_iter().map(move |slot| Edge { to, why: Why::Filled(slot) })
    });
    let chosen = ask.options.iter().filter_map(|choice| {
        let to = match choice.act.goto {
            None if stays(choice) => None,
            None => ask.next,
            goto => goto.filter(|_| choice.act.control.is_none()),
        };
        Some(Edge { to: to?, why: Why::Choice(choice) })
    });
    let mut refused: Vec<_> = ask.refused.iter().collect();
    refused.sort_unstable();
    let refused = refused.into_iter().filter_map(|(reason, to)| {
        Some(Edge { to: *to, why: Why::Refused { slot: ask.slot()?, reason } })
    });
    let ladder = ask.no_match.iter().filter_map(|rung| match rung {
        Rung::Goto(to) => Some(Edge { to: *to, why: Why::Ladder }),
        Rung::Text(_) => None,
    });
    filled.chain(chosen).chain(refused).chain(ladder).collect()
}

/// The slots that an answer can fill: collected, and filled from the menu.
pub(super) fn filled_slots(ask: &Ask) -> Vec<&str> {
    let collected = ask.collect.as_deref();
    let filled = ask.menu.as_ref().and_then(|menu| menu.fills.as_deref());
    let other = filled.filter(|slot| Some(*slot) != collected);
    collected.into_iter().chain(other).collect()
}

/// A choice without a target of its own that does not go on with the step's `next` either.
fn stays(choice: &Choice) -> bool {
    choice.act.control.is_some() || choice.say.is_some()
}

/// The ways that lead out of every question: commands, answers, choices of last resort, slots that
/// are overheard, and the return after a long silence.
pub(super) fn everywhere(flows: &Flows) -> Vec<Edge<'_>> {
    let bot = &flows.bot;
    let said = bot.commands.iter().chain(&bot.answers).chain(&bot.rescue).filter_map(|choice| {
        let to = choice.act.goto.filter(|_| choice.act.control.is_none());
        Some(Edge { to: to?, why: Why::Choice(choice) })
    });
    let heard = flows.listen.iter().map(|(slot, to)| Edge { to: *to, why: Why::Heard(slot) });
    let silence = Edge { to: bot.resume, why: Why::Silence };
    said.chain(heard).chain([silence]).collect()
}
