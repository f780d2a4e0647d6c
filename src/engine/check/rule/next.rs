//! `missing-next`: a question that can be answered leads on.

use crate::engine::check::subject::Subject;
use crate::engine::edge::filled_slots;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for (_, step, ask) in subject.questions().filter(|(_, _, ask)| ask.next.is_none()) {
        if let Some(slot) = filled_slots(ask).first() {
            let message = format!("the answer fills `{slot}`, and no step follows");
            let problem = subject.step(step).problem_at_key("missing-next", message);
            problems.push(problem.hint("add `next: STEP`"));
        }
        for written in subject.options(step, ask) {
            let choice = written.choice;
            let leads = choice.act.goto.is_some() || choice.act.control.is_some();
            if !leads && choice.say.is_none() {
                let message = "this choice leads nowhere, and its step has no `next`";
                let problem = written.place.problem("missing-next", message);
                problems
                    .push(problem.hint("add `goto: STEP` to the choice, or `next` to the step"));
            }
        }
    }
}
