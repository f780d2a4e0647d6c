//! `text-limit`: a reply with the longest values there are fits into one message: 1,500 characters,
//! 1,024 where WhatsApp shows its choices as buttons or a list.

use crate::engine::check::canvas::{Canvas, Scene};
use crate::engine::check::facts::{Facts, Known, REFUSED};
use crate::engine::check::usage::{Moment, Use};
use crate::engine::flow::{Ask, TextKey};
use crate::engine::problem::Problem;
use crate::engine::seen::Seen;
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
    let everything = Everything::of(canvas);
    for text_use in uses {
        let limit = match text_use.moment {
            Moment::Asked { ask, .. } if has_buttons(ask) => MAX_WITH_CHOICES,
            Moment::Row(_) | Moment::Label | Moment::Reading(_) => continue,
            _ => MAX_TEXT,
        };
        let length = longest(canvas, known, text_use, &everything);
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

/// All slots filled, nothing refused: most texts are longest there.
struct Everything {
    facts: Facts,
    lasting: Seen,
}

impl Everything {
    fn of(canvas: &Canvas<'_>) -> Self {
        let slots = canvas.subject.flows.slots.keys();
        let previous = slots.clone().map(|slot| format!("previous.{slot}"));
        let facts: Facts = slots.cloned().chain(previous).chain([REFUSED.to_owned()]).collect();
        let lasting = canvas.lasting(&scene(&facts, None, false));
        Self { facts, lasting }
    }
}

fn scene<'s>(facts: &Facts, refusal: Option<&'s (String, String)>, more: bool) -> Scene<'s> {
    Scene { facts: facts.clone(), refusal, more, size: Sample::Longest }
}

fn longest(
    canvas: &Canvas<'_>,
    known: &Known,
    text_use: &Use<'_>,
    everything: &Everything,
) -> usize {
    let wordings = canvas.subject.flows.wording.of(text_use.key);
    let fixed = wordings.iter().map(|wording| wording.fixed.as_ref());
    if let Some(fixed) = fixed.collect::<Option<Vec<&String>>>() {
        return fixed.iter().map(|text| text.chars().count()).max().unwrap_or_default();
    }
    let sure = known.facts(text_use.at);
    let refusals = sees_refusal(canvas, text_use).then(|| known.refusals(text_use.at));
    let mut longest = 0;
    let mut see = |facts: &Facts, refusal, lasting: &Seen| {
        for more in text_use.moment.pages() {
            let values = canvas.values(text_use, &scene(facts, refusal, *more), lasting);
            longest = longest.max(canvas.longest(text_use.key, &values).chars().count());
        }
    };
    see(&everything.facts, None, &everything.lasting);
    see(sure, None, &canvas.lasting(&scene(sure, None, false)));
    for facts in [&everything.facts, sure] {
        for refusal in refusals.into_iter().flatten().map(Some) {
            see(facts, refusal, &canvas.lasting(&scene(facts, refusal, false)));
        }
    }
    longest
}

/// Whether a text, or a choice that it shows, can say what was refused.
fn sees_refusal(canvas: &Canvas<'_>, text_use: &Use<'_>) -> bool {
    let says = |key: &TextKey| {
        let mut names =
            canvas.subject.flows.wording.of(key).iter().flat_map(|template| &template.names);
        names.any(|name| name.starts_with(REFUSED))
    };
    let Moment::Asked { ask, rescue } = text_use.moment else { return says(text_use.key) };
    let labels =
        canvas.subject.shown_choices(ask, rescue).filter_map(|choice| choice.label.as_ref());
    let lines = ask.menu.iter().map(|menu| &menu.line);
    says(text_use.key) || labels.chain(lines).any(says)
}
