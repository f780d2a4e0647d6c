//! `listen-type`: only what can be recognised without a question is listened to.

use crate::engine::check::subject::{Place, Subject};
use crate::engine::document::Path;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for flow in &subject.set.flows {
        for slot in flow.source.listen.keys() {
            let Some(kind) = subject.kind_of(slot).filter(|kind| !kind.listens) else { continue };
            let message = format!(
                "`{slot}` is of the type `{}`, which is only understood as an answer to a question",
                kind.name
            );
            let place = Place::new(&flow.document, Path::root().join("listen").join(slot));
            problems.push(place.problem_at_key("listen-type", message));
        }
    }
}
