//! The context file and the files of questions that it includes, as they lie on the disk.

use std::path::{Path, PathBuf};

use super::asked;
use super::context::{self, ContextFile};
use super::passage::Entry;
use super::problem::{ContextError, LoadError, Problem};

/// What was loaded.
pub(super) struct Loaded {
    /// The passages, with the questions of all files.
    pub(super) entries: Vec<Entry>,
    /// The files, the context file first.
    pub(super) paths: Vec<PathBuf>,
}

/// Loads the context file at `path` and all that it includes; those paths are seen from its folder.
///
/// # Errors
///
/// A file that cannot be read, or everything that is wrong with the first file that is.
pub(super) fn load(path: &Path) -> Result<Loaded, LoadError> {
    let text = read(path)?;
    let wrong = |path: &Path, problems: Vec<Problem>| {
        let error = ContextError { problems };
        LoadError::Context { path: path.to_owned(), error }
    };
    let file = context::read(&text).map_err(|problems| wrong(path, problems))?;
    let ContextFile { mut entries, includes } = file;
    let mut paths = vec![path.to_owned()];
    for include in includes {
        let included = path.parent().unwrap_or(Path::new("")).join(include);
        let text = read(&included)?;
        asked::add(&text, paths.len(), &mut entries)
            .map_err(|problems| wrong(&included, problems))?;
        paths.push(included);
    }
    Ok(Loaded { entries, paths })
}

fn read(path: &Path) -> Result<String, LoadError> {
    std::fs::read_to_string(path)
        .map_err(|source| LoadError::Read { path: path.to_owned(), source })
}
