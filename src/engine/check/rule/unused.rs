//! `unused-text`: every text is said somewhere; a text that is not was forgotten, or its name is
//! misspelt.

use std::collections::HashSet;

use crate::engine::check::subject::Subject;
use crate::engine::check::usage::Use;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, uses: &[Use<'_>], problems: &mut Vec<Problem>) {
    let said: HashSet<_> = uses.iter().map(|text_use| text_use.key.as_str()).collect();
    for key in subject.flows.texts.keys().filter(|key| !said.contains(key.as_str())) {
        let message = format!("no flow says the text `{key}`");
        let problem = subject.text(key).problem_at_key("unused-text", message);
        problems.push(problem.hint("delete it, or name it in a flow"));
    }
}
