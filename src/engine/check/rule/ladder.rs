//! `no-ladder`: every question has three replies to answers that are not understood, and the third
//! leads on, so that nobody is asked the same thing for ever.

use crate::engine::check::subject::Subject;
use crate::engine::flow::{Ask, Rung};
use crate::engine::problem::Problem;

/// Replies to answers that are not understood.
const RUNGS: usize = 3;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for (_, step, ask) in subject.questions() {
        let Some(what) = fault(ask) else { continue };
        let place = subject.step(step);
        let place = if ask.no_match.is_empty() { place } else { place.join("no_match") };
        let message = format!("the step `{}` waits for an answer and {what}", step.name);
        let problem = place.problem_at_key("no-ladder", message);
        problems.push(problem.hint("write `no_match: [TEXT, TEXT, {goto: STEP}]`"));
    }
}

fn fault(ask: &Ask) -> Option<String> {
    let is_goto = |rung: &Rung| matches!(rung, Rung::Goto(_));
    match &ask.no_match[..] {
        [] => Some("says nothing when it is not understood".to_owned()),
        rungs if rungs.len() != RUNGS => {
            Some(format!("has a ladder of {}; it should have {RUNGS} rungs", rungs.len()))
        }
        [early @ .., last] => match (early.iter().any(is_goto), is_goto(last)) {
            (_, false) => Some("the last rung of its ladder leads nowhere".to_owned()),
            (true, _) => Some("leaves before the last rung of its ladder".to_owned()),
            (false, true) => None,
        },
    }
}
