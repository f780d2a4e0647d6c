//! `label-limit`: choices fit where WhatsApp shows them: 24 characters a row, ten rows a list.
//! Source: WhatsApp's interactive list messages.

use crate::engine::check::canvas::{Canvas, Scene};
use crate::engine::check::facts::Facts;
use crate::engine::problem::Problem;
use crate::engine::vocabulary::Sample;

/// Characters of a label.
const MAX_LABEL: usize = 24;

/// Choices of a question, with the rows of a page.
const MAX_CHOICES: usize = 10;

pub(super) fn check(canvas: &Canvas<'_>, problems: &mut Vec<Problem>) {
    let subject = &canvas.subject;
    let facts: Facts = subject.flows.slots.keys().cloned().collect();
    let scene = Scene { facts, refusal: None, more: false, size: Sample::Longest };
    let lasting = canvas.lasting(&scene);
    for written in subject.all_choices() {
        let Some(label) = canvas.label(written.choice, &lasting) else { continue };
        let length = label.chars().count();
        if length > MAX_LABEL {
            let message =
                format!("the label “{label}” has {length} characters; WhatsApp shows {MAX_LABEL}");
            problems.push(written.place.join("label").problem("label-limit", message));
        }
    }
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
