//! `options-shown`: a question with numbered choices shows them, also in the second reply to what is
//! not understood: that one always brings the choices of last resort.

use crate::engine::check::subject::{Place, Subject};
use crate::engine::flow::{Rung, TextKey};
use crate::engine::problem::Problem;
use crate::engine::wording::Wording;

/// The rung of the ladder that brings the choices of last resort.
const RESCUE: usize = 1;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    let wording = &subject.flows.wording;
    for (_, step, ask) in subject.questions() {
        let place = subject.step(step);
        if ask.menu.is_some() || ask.options.iter().any(|option| option.label.is_some()) {
            hold(wording, &ask.ask, &step.name, &place.join("ask"), problems);
        }
        if let Some(Rung::Text(key)) = ask.no_match.get(RESCUE)
            && !subject.flows.bot.rescue.is_empty()
        {
            hold(wording, key, &step.name, &place.join("no_match").join(RESCUE), problems);
        }
    }
}

/// Holds that the text `key`, which the step names at `place`, shows the choices.
fn hold(
    wording: &Wording,
    key: &TextKey,
    step: &str,
    place: &Place<'_>,
    problems: &mut Vec<Problem>,
) {
    let texts = wording.of(key);
    if texts.iter().all(|text| text.names.iter().any(|name| name == "options")) {
        return;
    }
    let message = format!("the step `{step}` has choices, and its text `{key}` does not show them");
    let problem = place.problem("options-shown", message);
    problems.push(problem.hint("write `{{ options }}` into the text"));
}
