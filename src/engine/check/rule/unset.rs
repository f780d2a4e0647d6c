//! `unset-slot`: nothing reads a slot that some way to it has not filled. Texts are tried out: each
//! is rendered with what is sure to be known where it is said, and must not miss anything.

use std::collections::BTreeSet;

use minijinja::{Error, ErrorKind};

use crate::engine::check::canvas::{Canvas, Scene};
use crate::engine::check::facts::{Arrival, Facts, Known, REFUSED, Refusals, required_inputs};
use crate::engine::check::subject::Subject;
use crate::engine::check::usage::{Moment, Use};
use crate::engine::edge::Why;
use crate::engine::flow::{Ask, Step, StepId, StepKind};
use crate::engine::problem::Problem;
use crate::engine::vocabulary::Sample;
use crate::engine::wording::Template;

/// The inputs of lists and actions are filled.
pub(super) fn check_inputs(subject: &Subject<'_>, known: &Known, problems: &mut Vec<Problem>) {
    for (id, step) in subject.flows.steps() {
        check_inputs_of(subject, known, id, step, problems);
    }
}

/// The texts miss nothing where they are said.
pub(super) fn check(
    canvas: &Canvas<'_>,
    known: &Known,
    uses: &[Use<'_>],
    problems: &mut Vec<Problem>,
) {
    for text_use in uses {
        for template in canvas.subject.flows.wording.of(text_use.key) {
            check_text(canvas, known, text_use, template, problems);
        }
    }
}

/// The inputs that a list or an action cannot do without are filled.
fn check_inputs_of(
    subject: &Subject<'_>,
    known: &Known,
    id: StepId,
    step: &Step,
    problems: &mut Vec<Problem>,
) {
    let place = subject.step(step);
    let (what, place) = match &step.kind {
        StepKind::Do(action) => (format!("the action `{}`", action.action), place.join("do")),
        StepKind::Ask(Ask { menu: Some(menu), .. }) => {
            (format!("the list `{}`", menu.from), place.join("menu").join("from"))
        }
        _ => return,
    };
    let facts = known.facts(Some(id));
    for slot in required_inputs(subject, step) {
        if known.reaches(id) && !facts.contains(&slot) {
            let message = format!("{what} needs `{slot}`, which may not be known here");
            let problem = place.problem("unset-slot", message);
            problems.push(problem.hint(way_without(subject, known, Some(id), &slot)));
        }
    }
}

/// A text misses nothing where it is said.
fn check_text(
    canvas: &Canvas<'_>,
    known: &Known,
    text_use: &Use<'_>,
    template: &Template,
    problems: &mut Vec<Problem>,
) {
    let subject = &canvas.subject;
    if template.fixed.is_some() || text_use.at.is_some_and(|id| !known.reaches(id)) {
        return;
    }
    let mut sure = known.facts(text_use.at).clone();
    sure.extend(own_facts(subject, text_use.moment));
    let wanted = wanted_facts(subject, template);
    // Where it is not sure that anything was refused, the refusals of earlier steps tell nothing.
    let refusals = sure.contains(REFUSED).then(|| known.refusals(text_use.at));
    let fails = |facts: &Facts| failure(canvas, text_use, template, facts, refusals);

    let everything = &sure | &wanted;
    if let Some(error) = fails(&everything) {
        return problems.extend(unrenderable(subject, text_use, template, &error));
    }
    let missing: Vec<_> = wanted.difference(&sure).collect();
    let without = |fact: &str| -> Facts {
        everything.iter().filter(|known| *known != fact).cloned().collect()
    };
    let mut blamed: Vec<_> =
        missing.iter().filter(|fact| fails(&without(fact)).is_some()).copied().collect();
    if blamed.is_empty() && !missing.is_empty() && fails(&sure).is_some() {
        blamed.clone_from(&missing);
    }
    let place = subject.wording(text_use.key.as_str(), template.index);
    for fact in blamed {
        let moment = match text_use.at {
            Some(id) => format!("at `{}`", subject.flows[id].name),
            None => "at every question".to_owned(),
        };
        let message = format!("this text is said {moment}, where `{fact}` may not be known");
        let problem = place.problem_at_word(fact, "unset-slot", message);
        let way = way_without(subject, known, text_use.at, fact);
        problems.push(problem.hint(format!("{way}; write `{{% if {fact} %}}…{{% endif %}}`")));
    }
}

/// What is known because of the moment itself.
fn own_facts(subject: &Subject<'_>, moment: Moment<'_>) -> Facts {
    match moment {
        Moment::SaidWith(slots) => slots.iter().cloned().collect(),
        Moment::Gone(slot) => Facts::from([slot.to_owned()]),
        Moment::Changed(slot) => Facts::from([slot.to_owned(), format!("previous.{slot}")]),
        Moment::Overheard(slot) if subject.base(slot).is_none() => Facts::from([slot.to_owned()]),
        _ => Facts::new(),
    }
}

/// The facts that a text asks about, in the form of [`Facts`].
fn wanted_facts(subject: &Subject<'_>, template: &Template) -> BTreeSet<String> {
    let wanted = |name: &String| {
        let mut parts = name.split('.');
        let (head, second) = (parts.next()?, parts.next());
        match (head, second) {
            ("previous" | "given", Some(slot)) => Some(format!("{head}.{slot}")),
            (REFUSED, _) => Some(REFUSED.to_owned()),
            (slot, _) => subject.flows.slots.contains_key(slot).then(|| slot.to_owned()),
        }
    };
    template.names.iter().filter_map(wanted).collect()
}

/// How rendering a text fails, in one of the scenes that these facts leave open.
fn failure(
    canvas: &Canvas<'_>,
    text_use: &Use<'_>,
    template: &Template,
    facts: &Facts,
    refusals: Option<&Refusals>,
) -> Option<Error> {
    let refused: Vec<_> = match refusals {
        Some(refusals) if !refusals.is_empty() => refusals.iter().map(Some).collect(),
        _ => vec![None],
    };
    refused.into_iter().find_map(|refusal| {
        let scene = |more| Scene { facts: facts.clone(), refusal, more, size: Sample::Typical };
        let lasting = canvas.lasting(&scene(false));
        let values = |more| canvas.values(text_use, &scene(more), &lasting);
        let pages = text_use.moment.pages().iter();
        pages
            .copied()
            .find_map(|more| canvas.subject.flows.wording.render(template, values(more)).err())
    })
}

/// A text that fails although nothing is missing. Unknown names have their own rule.
fn unrenderable(
    subject: &Subject<'_>,
    text_use: &Use<'_>,
    template: &Template,
    error: &Error,
) -> Option<Problem> {
    if error.kind() == ErrorKind::UnknownFilter {
        return None;
    }
    let names = &template.names;
    if error.kind() == ErrorKind::UndefinedError && names.iter().all(|name| !is_refusal(name)) {
        return None;
    }
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let message = format!("this text cannot be said: {detail}");
    let place = subject.wording(text_use.key.as_str(), template.index);
    Some(place.problem_at_line(error.line().unwrap_or(1), "placeholder", message))
}

fn is_refusal(name: &str) -> bool {
    name.split('.').next() == Some(REFUSED)
}

/// One way on which a fact is missing, from the last question on, for the author to see.
fn way_without(subject: &Subject<'_>, known: &Known, at: Option<StepId>, fact: &str) -> String {
    let Some(mut at) = at else { return "a talk can come to a question without it".to_owned() };
    let mut way = vec![subject.flows[at].name.as_str()];
    let mut cause = None;
    while let Some(arrival) = known.witness(subject, at, fact) {
        let from = &subject.flows[arrival.from];
        at = arrival.from;
        if way.contains(&from.name.as_str()) {
            break;
        }
        cause = cause_of(&arrival).or(cause);
        way.insert(0, &from.name);
        if matches!(from.kind, StepKind::Ask(_)) {
            break;
        }
    }
    let way = way.join(" → ");
    match cause {
        Some(cause) => format!("it is missing on the way {way}, {cause}"),
        None => format!("it is missing on the way {way}"),
    }
}

/// Why a talk leaves a question, where that is not plain from the way itself.
fn cause_of(arrival: &Arrival<'_>) -> Option<String> {
    match arrival.why {
        Why::Choice(choice) => match (&choice.label, choice.phrases().next()) {
            (Some(label), _) => Some(format!("by the choice `{label}`")),
            (None, Some(phrase)) => Some(format!("where the customer writes “{phrase}”")),
            (None, None) => None,
        },
        Why::Heard(slot) => Some(format!("where `{slot}` is heard")),
        Why::Refused { slot, reason } => Some(format!("where `{slot}` is refused as `{reason}`")),
        Why::Silence => Some("after a long silence".to_owned()),
        Why::Ladder => Some("where nothing is understood".to_owned()),
        _ => None,
    }
}
