//! `open-refusal` and `unknown-refusal`: every reason why an answer is refused is explained.

use crate::engine::check::subject::Subject;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for (_, step, ask) in subject.questions() {
        let reasons = ask.slot().and_then(|slot| subject.kind_of(slot));
        let reasons = reasons.map_or(&[][..], |kind| kind.refusals);
        let place = subject.step(step);
        let missing: Vec<_> =
            reasons.iter().filter(|reason| !ask.refused.contains_key(**reason)).collect();
        if let Some(first) = missing.first() {
            let names: Vec<_> = missing.iter().map(|reason| format!("`{reason}`")).collect();
            let message = format!(
                "the answer to `{}` can be refused as {}, and no step says so",
                step.name,
                names.join(", ")
            );
            let problem = place.problem_at_key("open-refusal", message);
            problems.push(problem.hint(format!("add `{first}: STEP` under `refused`")));
        }
        for reason in ask.refused.keys().filter(|reason| !reasons.contains(&reason.as_str())) {
            let message = format!("no answer to `{}` is ever refused as `{reason}`", step.name);
            let place = place.join("refused").join(reason);
            let problem = place.problem_at_key("unknown-refusal", message);
            problems.push(problem.suggest(reason, reasons.iter().copied()));
        }
    }
}
