//! The cases that a branch has to name: what its slot can be.

use super::subject::Subject;
use crate::engine::flow::Branch;

/// The states of a slot, as a branch names them.
pub(super) const STATES: [&str; 4] = ["set", "pending", "previous", "unset"];

/// The states and values that a slot can have and the branch does not name.
pub(super) fn open_cases<'a>(subject: &Subject<'a>, branch: &Branch) -> Vec<&'a str> {
    let named = |case: &str| branch.cases.contains_key(case);
    let values = subject.fixed_values(&branch.on);
    let mut open = match values[..] {
        _ if named("set") => Vec::new(),
        [] => vec!["set"],
        _ => values.into_iter().filter(|value| !named(value)).collect(),
    };
    let states = [
        ("pending", subject.can_be_pending(&branch.on)),
        ("previous", subject.can_be_previous(&branch.on)),
        ("unset", true),
    ];
    open.extend(states.iter().filter(|(state, can_be)| *can_be && !named(state)).map(|(s, _)| *s));
    open
}

/// Whether `else` of a branch means that its slot is filled: every other state has its own case.
pub(super) fn else_means_set(subject: &Subject<'_>, branch: &Branch) -> bool {
    open_cases(subject, branch).iter().all(|case| !STATES[1..].contains(case))
}
