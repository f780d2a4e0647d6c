//! `unreachable-step`: every step can be reached.

use std::collections::HashSet;

use crate::engine::check::subject::Subject;
use crate::engine::edge::{edges, everywhere};
use crate::engine::flow::StepId;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    let reached = reached(subject);
    for (_, step) in subject.flows.steps().filter(|(id, _)| !reached.contains(id)) {
        let message = format!("nothing leads to the step `{}`", step.name);
        let problem = subject.step(step).problem_at_key("unreachable-step", message);
        problems.push(problem.hint("lead to it from another step, or delete it"));
    }
}

fn reached(subject: &Subject<'_>) -> HashSet<StepId> {
    let flows = subject.flows;
    let migrated = flows
        .flows
        .values()
        .flat_map(|flow| flow.migrate.values())
        .flat_map(|migration| migration.steps.values().copied());
    let mut open: Vec<StepId> = everywhere(flows).iter().map(|edge| edge.to).collect();
    open.push(flows.bot.start);
    open.extend(migrated);
    let mut reached = HashSet::new();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            // A flow that changed under a customer begins anew.
            open.extend(flows.flows.get(&flows[id].flow).map(|flow| flow.start));
            open.extend(edges(&flows[id]).iter().map(|edge| edge.to));
        }
    }
    reached
}
