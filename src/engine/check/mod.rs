//! From the files of `flows/` to the graph that the interpreter walks, or to the list of all that
//! is wrong with them.
//!
//! Three passes, each over everything: the shape of the files ([`set`]), the names in them
//! ([`mod@resolve`]), the rules, one a file ([`rule`]). A name that is not there is reported and then taken for
//! its nearest neighbour, so that one misspelling does not hide what the rules have to say.

mod canvas;
mod cases;
mod facts;
mod resolve;
mod rule;
mod sample;
mod set;
mod sources;
mod subject;
mod usage;
mod wording;

use std::io;
use std::path::{Path, PathBuf};

use self::resolve::resolve;
use self::set::FlowSet;
pub use self::sources::Sources;
use self::subject::Subject;
use super::flow::Flows;
use super::lock::LOCK_FILE;
use super::problem::{Problem, Report};
use super::vocabulary::Vocabulary;

/// Why there are no flows to walk.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A file or folder could not be read or written.
    #[error("{} cannot be read or written: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The files are wrong.
    #[error("{0}")]
    Refused(Report),
}

/// Reads and checks the flows of a folder.
///
/// # Errors
///
/// A folder that cannot be read, or the report of everything that is wrong in it.
pub fn load(folder: &Path, vocabulary: &impl Vocabulary) -> Result<Flows, CheckError> {
    let sources = Sources::read(folder)?;
    check(&sources, vocabulary).map_err(|problems| CheckError::Refused(Report::new(problems)))
}

/// Publishes the present structure of every flow in the folder's `flows.lock`: versions that were
/// published before stay as they are.
///
/// # Errors
///
/// Files that cannot be read, read back or written.
pub fn publish(folder: &Path) -> Result<(), CheckError> {
    let sources = Sources::read(folder)?;
    let mut problems = Vec::new();
    let set = FlowSet::read(&sources, &mut problems);
    let Some(set) = set.filter(|_| problems.is_empty()) else {
        return Err(CheckError::Refused(Report::new(problems)));
    };
    let mut lock = set.lock;
    for flow in &set.flows {
        lock.publish(&flow.source);
    }
    let path = folder.join(LOCK_FILE);
    std::fs::write(&path, lock.print()).map_err(|source| CheckError::Unreadable { path, source })
}

/// Checks flows that are in memory. Pure.
///
/// # Errors
///
/// Everything that is wrong with them.
pub fn check(sources: &Sources, vocabulary: &impl Vocabulary) -> Result<Flows, Vec<Problem>> {
    let mut problems = Vec::new();
    let set = FlowSet::read(sources, &mut problems);
    let offers = vocabulary.offers();
    let flows = set.as_ref().and_then(|set| resolve(set, offers, &mut problems));
    if let (Some(set), Some(flows)) = (&set, &flows) {
        rule::apply(&Subject { set, flows, offers }, vocabulary, &mut problems);
    }
    match flows {
        Some(flows) if problems.is_empty() => Ok(flows),
        _ => Err(problems),
    }
}
