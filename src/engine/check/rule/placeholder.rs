//! `placeholder`: every name and filter in a text is one that can be filled where it is said.

use crate::engine::check::facts::REFUSED;
use crate::engine::check::subject::Subject;
use crate::engine::check::usage::{Moment, Use};
use crate::engine::problem::{Problem, nearest};
use crate::engine::wording::Broken;

/// Names that every text may use, whatever is known.
const ALWAYS: [&str; 5] = ["heard", "asked", "paused", "previous", "given"];

/// minijinja's own functions.
const FUNCTIONS: [&str; 3] = ["range", "dict", "namespace"];

/// What a text may ask of `page`.
const PAGE: [&str; 4] = ["total", "first", "last", "more"];

pub(super) fn check(subject: &Subject<'_>, uses: &[Use<'_>], problems: &mut Vec<Problem>) {
    let wording = &subject.flows.wording;
    for Broken { key, index, line, what } in &wording.broken {
        let message = format!("the text `{key}` is no template: {what}");
        let place = subject.wording(key, *index);
        problems.push(place.problem_at_line(*line, "placeholder", message));
    }
    for text_use in uses {
        for template in wording.of(text_use.key) {
            let place = subject.wording(text_use.key.as_str(), template.index);
            for name in &template.names {
                let Some(fault) = fault(subject, text_use.moment, name) else { continue };
                let problem = place.problem_at_word(name, "placeholder", fault.message);
                problems.push(match fault.meant {
                    Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
                    None => problem,
                });
            }
            for filter in wording.unknown_filters(template) {
                let message = format!("there is no filter `{filter}`");
                let problem = place.problem_at_word(filter, "placeholder", message);
                problems
                    .push(problem.suggest(filter, subject.offers.filters.names.iter().copied()));
            }
        }
    }
}

struct Fault {
    message: String,
    meant: Option<String>,
}

/// What is wrong with a name (`car.price`) in a text that is said at this moment.
fn fault(subject: &Subject<'_>, moment: Moment<'_>, name: &str) -> Option<Fault> {
    let (head, rest) = name.split_once('.').unwrap_or((name, ""));
    let field = rest.split('.').next().unwrap_or_default();
    match head {
        _ if FUNCTIONS.contains(&head) || head == REFUSED => None,
        "heard" | "asked" | "paused" => None,
        "given" | "previous" => {
            if field.is_empty() || subject.flows.slots.contains_key(field) {
                return None;
            }
            let slots = subject.flows.slots.keys().map(String::as_str);
            let meant = nearest(field, slots).map(|slot| format!("{head}.{slot}"));
            Some(Fault { message: format!("there is no slot `{field}`"), meant })
        }
        "options" if matches!(moment, Moment::Asked { .. } | Moment::Clarify) => None,
        "page" if matches!(moment, Moment::Asked { .. }) => unknown_field(head, field, &PAGE),
        "item" => match moment {
            Moment::Row(menu) => {
                let list = subject.list(&menu.from);
                list.and_then(|list| unknown_field(head, field, list.fields))
            }
            Moment::Reading(slot) => {
                let kind = subject.kind_of(slot);
                kind.and_then(|kind| unknown_field(head, field, kind.fields))
            }
            _ => Some(out_of_place(head, "in the lines of a list and the labels of `clarify`")),
        },
        "options" | "page" => Some(out_of_place(head, "in the texts of a question")),
        _ => match subject.kind_of(head) {
            Some(kind) => unknown_field(head, field, kind.fields),
            None => unknown_name(subject, head, field),
        },
    }
}

fn unknown_field(head: &str, field: &str, fields: &[&str]) -> Option<Fault> {
    if field.is_empty() || fields.contains(&field) {
        return None;
    }
    let message = match fields {
        [] => format!("`{head}` has no parts; write `{{{{ {head} }}}}`"),
        _ => format!("`{head}` has no part `{field}`"),
    };
    let meant = nearest(field, fields.iter().copied()).map(|meant| format!("{head}.{meant}"));
    Some(Fault { message, meant })
}

/// A name that is no slot: one of the vocabulary's own, or unknown.
fn unknown_name(subject: &Subject<'_>, head: &str, field: &str) -> Option<Fault> {
    let globals = &subject.offers.globals;
    let full = format!("{head}.{field}");
    let known = globals.iter().any(|global| {
        *global == head || *global == full || (field.is_empty() && in_group(global, head))
    });
    if known || subject.flows.slots.contains_key(head) {
        return None;
    }
    if globals.iter().any(|global| in_group(global, head)) {
        let meant = nearest(&full, globals.iter().copied()).map(str::to_owned);
        return Some(Fault { message: format!("`{head}` has no part `{field}`"), meant });
    }
    let slots = subject.flows.slots.keys().map(String::as_str);
    let own = ALWAYS.iter().copied().chain([REFUSED, "options", "page", "item"]);
    let groups = globals.iter().filter_map(|global| global.split('.').next());
    let meant = nearest(head, slots.chain(groups).chain(own)).map(str::to_owned);
    Some(Fault { message: format!("nothing fills `{head}`"), meant })
}

fn in_group(global: &str, head: &str) -> bool {
    global.strip_prefix(head).is_some_and(|rest| rest.starts_with('.'))
}

fn out_of_place(name: &str, place: &str) -> Fault {
    Fault { message: format!("`{name}` is only known {place}"), meant: None }
}
