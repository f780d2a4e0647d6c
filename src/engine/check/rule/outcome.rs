//! `open-outcome` and `unknown-outcome`: every end of an action leads on.

use crate::engine::check::subject::Subject;
use crate::engine::flow::StepKind;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for (_, step) in subject.flows.steps() {
        let StepKind::Do(action) = &step.kind else { continue };
        let Some(offer) = subject.action(&action.action) else { continue };
        let known = || offer.outcomes.iter().map(|(outcome, _)| *outcome);
        let place = subject.step(step);
        let named = |outcome: &&str| action.outcomes.contains_key(*outcome);
        let missing: Vec<_> = known().filter(|outcome| !named(outcome)).collect();
        if !missing.is_empty() {
            let quoted: Vec<_> = missing.iter().map(|outcome| format!("`{outcome}`")).collect();
            let message = format!(
                "the action `{}` can also end with {}, and no step follows then",
                offer.name,
                quoted.join(", ")
            );
            let problem = place.join("do").problem("open-outcome", message);
            problems.push(problem.hint(format!("add `{}: STEP` under `outcomes`", missing[0])));
        }
        for outcome in action.outcomes.keys().filter(|name| !known().any(|known| known == *name)) {
            let message = format!("the action `{}` never ends with `{outcome}`", offer.name);
            let place = place.join("outcomes").join(outcome);
            let problem = place.problem_at_key("unknown-outcome", message);
            problems.push(problem.suggest(outcome, known().collect::<Vec<_>>()));
        }
    }
}
