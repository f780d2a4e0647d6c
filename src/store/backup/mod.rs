//! A store in one file: written while it serves, read back into an empty folder.
//!
//! - `format`: the bytes of the file.
//! - `copy`: a consistent copy of a store that goes on writing.
//! - `newest`: which backup is the newest one.
//! - `restore`: a store out of a file.

mod copy;
mod format;
mod newest;
mod restore;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::folder::sync_names;
pub(super) use copy::{Tap, copy, unwritten};
pub(super) use format::Sink;
use format::{FormatError, MAGIC};
pub use newest::Newest;
pub use restore::{RestoreError, Restored, broke_off, restore};

/// A backup that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The file.
    pub file: PathBuf,
    /// When it was begun: every turn acknowledged before is in it.
    pub at: Timestamp,
    /// How many entries and later changes it holds.
    pub changes: u64,
    /// The size of the file.
    pub bytes: u64,
}

/// Why there is no backup. What stood at its place before still does.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be written.
    #[error("the backup {} cannot be written: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Something else stands at its place.
    #[error("{} is no backup, and is not overwritten: choose another name", path.display())]
    Occupied {
        /// Its place.
        path: PathBuf,
    },
    /// Another backup is being written.
    #[error("another backup is being written")]
    Busy,
    /// The disk of the backup is so slow that what is committed meanwhile piles up.
    #[error("turns are committed faster than the backup is written: try again, or elsewhere")]
    TooSlow,
}

/// Writes a backup begun at `at` to `file`, with `contents`: first beside it, then, once it is on
/// the disk, in its place.
pub(super) fn write(
    file: &Path,
    at: Timestamp,
    contents: impl FnOnce(&mut Sink<BufWriter<File>>) -> Result<(), BackupError>,
) -> Result<Backup, BackupError> {
    let io_error = |source| BackupError::File { path: file.to_owned(), source };
    if !may_be_replaced(file).map_err(io_error)? {
        return Err(BackupError::Occupied { path: file.to_owned() });
    }
    let partial = beside(file).map_err(io_error)?;
    let written = write_partial(&partial, at, contents, io_error).and_then(|(changes, bytes)| {
        fs::rename(&partial, file).map_err(io_error)?;
        sync_names(folder_of(file)).map_err(io_error)?;
        Ok(Backup { file: file.to_owned(), at, changes, bytes })
    });
    if written.is_err() {
        // Where it is not there the first step failed already.
        let _ = fs::remove_file(&partial);
    }
    written
}

fn write_partial(
    partial: &Path,
    at: Timestamp,
    contents: impl FnOnce(&mut Sink<BufWriter<File>>) -> Result<(), BackupError>,
    io_error: impl Fn(io::Error) -> BackupError + Copy,
) -> Result<(u64, u64), BackupError> {
    let file = owned_file(partial).map_err(io_error)?;
    let mut sink = Sink::begin(BufWriter::new(file), at).map_err(io_error)?;
    contents(&mut sink).map_err(|error| match error {
        // It is told by the name that the operator knows.
        BackupError::File { source, .. } => io_error(source),
        other => other,
    })?;
    let (buffer, changes) = sink.end().map_err(io_error)?;
    let file = buffer.into_inner().map_err(|error| io_error(error.into_error()))?;
    file.sync_all().map_err(io_error)?;
    let bytes = file.metadata().map_err(io_error)?.len();
    Ok((changes, bytes))
}

/// Whether nothing stands at `file`, or an older backup.
fn may_be_replaced(file: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    match File::open(file) {
        Ok(old) => old.take(MAGIC.len() as u64).read_to_end(&mut start)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    Ok(start == MAGIC)
}

/// A new file that its owner alone can read; one that was left there goes.
fn owned_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Where a file is written before it takes its place.
fn beside(file: &Path) -> io::Result<PathBuf> {
    let name = file.file_name().ok_or(ErrorKind::InvalidInput)?;
    let mut partial = std::ffi::OsString::from(".");
    partial.push(name);
    partial.push(".partial");
    Ok(file.with_file_name(partial))
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
