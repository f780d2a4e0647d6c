//! `two-numbers`: a bare number means one thing at each question.

use std::ops::RangeInclusive;

use crate::engine::check::subject::Subject;
use crate::engine::flow::Ask;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for (_, step, ask) in subject.questions() {
        if let Some((message, hint)) = conflict(subject, ask) {
            let problem = subject.step(step).problem_at_key("two-numbers", message);
            problems.push(problem.hint(hint));
        }
    }
}

/// Numbers that something at a question claims.
struct Claim {
    by: String,
    numbers: RangeInclusive<u32>,
}

fn conflict(subject: &Subject<'_>, ask: &Ask) -> Option<(String, &'static str)> {
    let labelled = ask.options.iter().filter(|choice| choice.label.is_some()).count();
    let menu = ask.menu.as_ref().filter(|menu| menu.fills.is_some());
    let list = menu.and_then(|menu| subject.list(&menu.from));
    let has_pages = menu.zip(list).is_some_and(|(menu, list)| {
        list.keys.is_none() && list.max_rows.is_none_or(|rows| rows > menu.page)
    });
    if let Some(menu) = menu.filter(|_| has_pages && labelled > 0) {
        let message = format!(
            "the numbers of `{}` run on from page to page, and the choices are numbered too",
            menu.from
        );
        return Some((
            message,
            "leave the labels of the choices away, or ask them in another step",
        ));
    }
    let rows = menu.zip(list).map(|(menu, list)| {
        let count = list.max_rows.unwrap_or(menu.page).min(menu.page);
        let counted = 1..=u32::try_from(count).unwrap_or(u32::MAX);
        let numbers = list.keys.clone().unwrap_or(counted);
        Claim { by: format!("the rows of `{}`", menu.from), numbers }
    });
    let last_row = rows.as_ref().map_or(0, |rows| *rows.numbers.end());
    let own = u32::try_from(labelled).unwrap_or(u32::MAX);
    let choices = (labelled > 0).then(|| Claim {
        by: "the choices".to_owned(),
        numbers: last_row + 1..=last_row.saturating_add(own),
    });
    let slot = ask.collect.as_deref();
    let asked = slot.and_then(|slot| {
        let numbers = subject.kind_of(slot)?.bare_numbers.clone()?;
        Some(Claim { by: format!("the answer for `{slot}`"), numbers })
    });
    // The keys of a list are the very numbers that its slot understands: 4 is 4 years both ways.
    let keyed = list.is_some_and(|list| list.keys.is_some());
    let same = keyed && menu.is_some_and(|menu| menu.fills.as_deref() == slot);
    let others = rows.into_iter().filter(|_| !same).chain(choices);
    let asked = asked?;
    others.into_iter().find(|other| overlap(&asked.numbers, &other.numbers)).map(|other| {
        let start = asked.numbers.start().max(other.numbers.start());
        let message = format!("{start} can mean two things here: {} and {}", asked.by, other.by);
        (message, "ask the two things in two steps")
    })
}

fn overlap(left: &RangeInclusive<u32>, right: &RangeInclusive<u32>) -> bool {
    left.start().max(right.start()) <= left.end().min(right.end())
}
