//! `dates`: on every day exactly one wording of a text is meant.

use crate::engine::check::subject::Subject;
use crate::engine::flow::TextVariant;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for (key, variants) in &subject.flows.texts {
        let place = subject.text(key);
        let is_open = |variant: &TextVariant| variant.from.is_none() && variant.until.is_none();
        for (index, variant) in variants.iter().enumerate() {
            if variant.from > variant.until && variant.until.is_some() {
                let message = "this wording ends before it begins";
                problems.push(place.join(index).join("until").problem("dates", message));
            }
            if is_open(variant) && index + 1 < variants.len() {
                let message = "this wording always holds, so those after it are never said";
                let problem = place.join(index).problem("dates", message);
                problems.push(problem.hint("put it last"));
            }
        }
        if !variants.last().is_some_and(is_open) {
            let message = format!("on some days `{key}` says nothing");
            let problem = place.problem_at_key("dates", message);
            problems.push(problem.hint("end with a wording that has neither `from` nor `until`"));
        }
    }
}
