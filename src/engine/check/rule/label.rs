//! `label-limit`: choices fit where WhatsApp shows them: 24 characters a row, ten rows a list.
//! Source: WhatsApp's interactive list messages.

use crate::engine::check::canvas::{Canvas, Scene};
use crate::engine::check::facts::Facts;
use crate::engine::check::subject::Subject;
use crate::engine::check::usage::{Moment, Use};
use crate::engine::problem::Problem;
use crate::engine::vocabulary::Sample;

/// Characters of a label.
const MAX_LABEL: usize = 24;

/// Choices of a question, with the rows of a page.
const MAX_CHOICES: usize = 10;

/// The labels among `uses` are short enough.
pub(super) fn check(canvas: &Canvas<'_>, uses: &[Use<'_>], problems: &mut Vec<Problem>) {
    let facts: Facts = canvas.subject.flows.slots.keys().cloned().collect();
    let scene = Scene { facts, refusal: None, more: false, size: Sample::Longest };
    let lasting = canvas.lasting(&scene);
    for label in uses.iter().filter(|text_use| matches!(text_use.moment, Moment::Label)) {
        let words = canvas.longest(label.key, &lasting);
        let length = words.chars().count();
        if length > MAX_LABEL {
            let message =
                format!("the label “{words}” has {length} characters; WhatsApp shows {MAX_LABEL}");
            problems.push(label.place.problem("label-limit", message));
        }
    }
}

/// There are no more choices than can be shown.
pub(super) fn check_count(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for (_, step, ask) in subject.questions() {
        let labelled = ask.options.iter().filter(|choice| choice.label.is_some()).count();
        let rows = ask.menu.as_ref().filter(|menu| menu.fills.is_some()).map_or(0, |menu| {
            let known = subject.list(&menu.from).and_then(|list| list.max_rows);
            known.map_or(menu.page, |rows| rows.min(menu.page))
        });
        if labelled + rows > MAX_CHOICES {
            let message = format!(
                "the step `{}` offers {} choices at once; WhatsApp shows {MAX_CHOICES}",
                step.name,
                labelled + rows
            );
            let problem = subject.step(step).problem_at_key("label-limit", message);
            problems.push(match rows {
                0 => problem.hint("ask in two steps"),
                _ => problem.hint("make the `page` smaller"),
            });
        }
    }
}
