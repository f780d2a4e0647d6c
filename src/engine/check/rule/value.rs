//! `set-value`: a choice sets a slot only to a value that it can have.

use crate::engine::check::subject::Subject;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for written in subject.all_choices() {
        for (slot, value) in &written.choice.act.set {
            let known = subject.fixed_values(slot);
            let said = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !known.is_empty() && !known.contains(&said.as_str()) {
                let message = format!("`{slot}` never has the value `{said}`");
                let place = written.place.join("set").join(slot);
                problems.push(place.problem("set-value", message).suggest(&said, known));
            }
        }
    }
}
