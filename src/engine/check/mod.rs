//! From the files of `flows/` to the graph that the interpreter walks, or to the list of all that
//! is wrong with them.
//!
//! Three passes, each over everything: the shape of the files ([`set`]), the names in them
//! ([`mod@resolve`]), the rules, one a file ([`rule`]); a [`Blueprint`] has all of them behind it but the
//! rules of wording. A name that is not there is reported and then taken for
//! its nearest neighbour, so that one misspelling does not hide what the rules have to say.

mod blueprint;
mod canvas;
mod cases;
mod facts;
mod resolve;
mod rule;
mod sample;
mod set;
mod sources;
mod subject;
mod tried;
mod usage;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::blueprint::Blueprint;
use self::set::FlowSet;
pub use self::sources::Sources;
pub use self::tried::Tried;
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

impl From<Vec<Problem>> for CheckError {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Refused(Report::new(problems))
    }
}

/// Reads and checks the flows of a folder.
///
/// # Errors
///
/// A folder that cannot be read, or the report of everything that is wrong in it.
pub fn load(folder: &Path, vocabulary: &impl Vocabulary) -> Result<Arc<Flows>, CheckError> {
    Ok(Blueprint::read(folder, vocabulary.offers())?.check(vocabulary)?)
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
        return Err(problems.into());
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
pub fn check(sources: &Sources, vocabulary: &impl Vocabulary) -> Result<Arc<Flows>, Vec<Problem>> {
    Blueprint::of(sources, vocabulary.offers()).check(vocabulary)
}
