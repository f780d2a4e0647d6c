//! Which files are transcripts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How the name of a transcript ends.
pub const ENDING: &str = "chat";

/// A path that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read: {source}", path.display())]
pub struct Unreadable {
    /// The path.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// The files that `paths` name, and the transcripts in the folders that they name, in the order of
/// their names.
///
/// # Errors
///
/// A path that is not there, or a folder that cannot be read.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Unreadable> {
    let mut files = Vec::new();
    for path in paths {
        let unreadable = |source| Unreadable { path: path.clone(), source };
        if fs::metadata(path).map_err(unreadable)?.is_dir() {
            walk(path, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Unreadable> {
    let unreadable = |source| Unreadable { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        // Gone meanwhile, it is no transcript.
        let Ok(kind) = entry.file_type() else { continue };
        // Where a link leads is asked apart: all others are known without looking at each.
        if kind.is_dir() || (kind.is_symlink() && path.is_dir()) {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING)) {
            files.push(path);
        }
    }
    Ok(())
}
