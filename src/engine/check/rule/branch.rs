//! `open-branch` and `unknown-case`: a branch says where to go in every case there can be.

use crate::engine::check::cases::{STATES, open_cases};
use crate::engine::check::subject::Subject;
use crate::engine::flow::{Branch, Step, StepKind};
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for (_, step) in subject.flows.steps() {
        if let StepKind::Branch(branch) = &step.kind {
            check_known(subject, step, branch, problems);
            check_total(subject, step, branch, problems);
        }
    }
}

fn check_known(subject: &Subject<'_>, step: &Step, branch: &Branch, problems: &mut Vec<Problem>) {
    let values = subject.fixed_values(&branch.on);
    let known = || values.iter().copied().chain(STATES);
    for case in branch.cases.keys().filter(|case| !known().any(|known| known == *case)) {
        let message = match values[..] {
            [] => format!("`{}` is never in the state `{case}`", branch.on),
            _ => format!("`{}` never has the value `{case}`", branch.on),
        };
        let place = subject.step(step).join("branch").join("cases").join(case);
        let problem = place.problem_at_key("unknown-case", message);
        problems.push(problem.suggest(case, known().collect::<Vec<_>>()));
    }
}

fn check_total(subject: &Subject<'_>, step: &Step, branch: &Branch, problems: &mut Vec<Problem>) {
    if branch.otherwise.is_some() {
        return;
    }
    let open: Vec<_> = open_cases(subject, branch).iter().map(|case| format!("`{case}`")).collect();
    if !open.is_empty() {
        let message = format!(
            "the branch on `{}` leaves open what happens when it is {}",
            branch.on,
            open.join(", ")
        );
        let problem = subject.step(step).join("branch").problem("open-branch", message);
        problems.push(problem.hint("add the missing cases, or `else: STEP`"));
    }
}
