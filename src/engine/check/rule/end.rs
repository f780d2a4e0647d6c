//! `no-end` and `endless-cycle`: from every step the talk comes to a question, and never runs in a
//! circle without one.

use std::collections::HashSet;

use crate::engine::check::subject::Subject;
use crate::engine::edge::edges;
use crate::engine::flow::{StepId, StepKind};
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    let mut in_cycle = HashSet::new();
    for (id, step) in subject.flows.steps() {
        let Some(cycle) = cycle_through(subject, id).filter(|_| !in_cycle.contains(&id)) else {
            continue;
        };
        in_cycle.extend(cycle.iter().copied());
        let mut names: Vec<_> = cycle.iter().map(|id| subject.flows[*id].name.as_str()).collect();
        names.push(&step.name);
        let message = format!("the talk can go round here without end: {}", names.join(" → "));
        let problem = subject.step(step).problem_at_key("endless-cycle", message);
        problems.push(problem.hint("put a step with `ask` into the circle, or lead out of it"));
    }
    for (id, step) in subject.flows.steps() {
        if !in_cycle.contains(&id) && !reaches_question(subject, id) {
            let message =
                format!("from the step `{}` the talk never comes to a question", step.name);
            let problem = subject.step(step).problem_at_key("no-end", message);
            problems.push(problem.hint("lead to a step with `ask`"));
        }
    }
}

/// The steps that follow where nobody is asked anything.
fn hops(subject: &Subject<'_>, id: StepId) -> Vec<StepId> {
    match &subject.flows[id].kind {
        StepKind::Ask(_) => Vec::new(),
        _ => edges(&subject.flows[id]).iter().map(|edge| edge.to).collect(),
    }
}

/// The shortest circle from a step back to itself that passes no question, without the last step.
fn cycle_through(subject: &Subject<'_>, start: StepId) -> Option<Vec<StepId>> {
    let mut seen = HashSet::new();
    let mut paths = vec![vec![start]];
    while !paths.is_empty() {
        let mut longer = Vec::new();
        for path in paths {
            for next in path.last().map(|last| hops(subject, *last)).unwrap_or_default() {
                if next == start {
                    return Some(path);
                }
                if seen.insert(next) {
                    longer.push([&path[..], &[next]].concat());
                }
            }
        }
        paths = longer;
    }
    None
}

fn reaches_question(subject: &Subject<'_>, start: StepId) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        // One that stays asks again what stands.
        if matches!(subject.flows[id].kind, StepKind::Ask(_) | StepKind::Say { next: None, .. }) {
            return true;
        }
        if seen.insert(id) {
            open.extend(hops(subject, id));
        }
    }
    false
}
