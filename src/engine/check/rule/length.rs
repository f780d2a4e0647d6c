//! `text-limit`: a reply with the longest values there are fits into one message: 1,500 characters,
//! 1,024 where WhatsApp shows its choices as buttons or a list.

use crate::engine::check::canvas::{Canvas, Scene};
use crate::engine::check::facts::{Facts, Known, REFUSED, Refusals};
use crate::engine::check::usage::{Moment, Use};
use crate::engine::flow::Ask;
use crate::engine::problem::Problem;
use crate::engine::vocabulary::Sample;

/// Characters of a message of text.
const MAX_TEXT: usize = 1_500;

/// Characters of a message with buttons or a list.
const MAX_WITH_CHOICES: usize = 1_024;

pub(super) fn check(
    canvas: &Canvas<'_>,
    known: &Known,
    uses: &[Use<'_>],
    problems: &mut Vec<Problem>,
) {
    for text_use in uses {
        let limit = match text_use.moment {
            Moment::Asked { ask, .. } if has_buttons(ask) => MAX_WITH_CHOICES,
            Moment::Row(_) | Moment::Label | Moment::Reading(_) => continue,
            _ => MAX_TEXT,
        };
        let length = longest(canvas, known, text_use);
        if length > limit {
            let key = text_use.key;
            let message = format!(
                "with the longest values `{key}` has {length} characters here; a message holds \
                 {limit}"
            );
            let problem = text_use.place.problem("text-limit", message);
            problems.push(problem.hint("shorten the text, or show fewer rows in a page"));
        }
    }
}

/// Fixed choices alone are shown as buttons or a list; the rows of a menu are part of the text.
fn has_buttons(ask: &Ask) -> bool {
    let fills = ask.menu.as_ref().is_some_and(|menu| menu.fills.is_some());
    !fills && ask.options.iter().any(|choice| choice.label.is_some())
}

fn longest(canvas: &Canvas<'_>, known: &Known, text_use: &Use<'_>) -> usize {
    let slots = canvas.subject.flows.slots.keys();
    let previous = slots.clone().map(|slot| format!("previous.{slot}"));
    let all: Facts = slots.cloned().chain(previous).chain([REFUSED.to_owned()]).collect();
    let sure = known.facts(&canvas.subject, text_use.at);
    let templates = canvas.wording.of(text_use.key).iter();
    let mut names = templates.flat_map(|template| &template.names);
    let sees_refusal = names.any(|name| name.starts_with(REFUSED) || name.starts_with("options"));
    let refusals = if sees_refusal { known.refusals(text_use.at) } else { Refusals::default() };
    // Nothing else sees whether a list goes on.
    let pages: &[bool] =
        if matches!(text_use.moment, Moment::Asked { .. }) { &[true, false] } else { &[false] };
    let mut longest = 0;
    for facts in [all, sure] {
        for refusal in refusals.iter().map(Some).chain([None]) {
            for &more in pages {
                let size = Sample::Longest;
                let scene = Scene { facts: facts.clone(), refusal, more, size };
                let text = canvas.longest(text_use.key, &canvas.values(text_use, &scene));
                longest = longest.max(text.chars().count());
            }
        }
    }
    longest
}
