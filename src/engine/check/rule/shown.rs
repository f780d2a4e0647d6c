//! `options-shown`: a question with numbered choices shows them.

use crate::engine::check::subject::Subject;
use crate::engine::check::wording::Wording;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, wording: &Wording, problems: &mut Vec<Problem>) {
    for (_, step, ask) in subject.questions() {
        let numbered = ask.menu.is_some() || ask.options.iter().any(|o| o.label.is_some());
        let texts = wording.of(&ask.ask);
        if !numbered || texts.iter().all(|text| text.names.iter().any(|name| name == "options")) {
            continue;
        }
        let message = format!(
            "the step `{}` has choices, and its text `{}` does not show them",
            step.name, ask.ask
        );
        let problem = subject.step(step).join("ask").problem("options-shown", message);
        problems.push(problem.hint("write `{{ options }}` into the text"));
    }
}
