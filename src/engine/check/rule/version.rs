//! `version-lock`: a published version of a flow keeps its structure.

use crate::engine::check::subject::{Place, Subject};
use crate::engine::document::Path;
use crate::engine::lock::structure_hash;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for flow in &subject.set.flows {
        let source = &flow.source;
        let published = subject.set.lock.hash(&source.flow, source.version);
        if published.is_some_and(|hash| hash != structure_hash(source)) {
            let message = format!(
                "version {} of `{}` was published, and its steps, words or slots are others now; a \
                 talk in flight would end up elsewhere",
                source.version, source.flow
            );
            let place = Place::new(&flow.document, Path::root().join("version"));
            let problem = place.problem("version-lock", message);
            problems.push(problem.hint(format!(
                "write `version: {}`, and under `migrate` where renamed steps went",
                source.version + 1
            )));
        }
    }
}
