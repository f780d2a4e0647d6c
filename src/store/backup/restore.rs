//! A store out of a backup.

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::format::Reading;
use super::{FormatError, folder_of};
use crate::store::folder::{self, sync_names};
use crate::store::sled::SledStore;
use crate::store::space::Writes;
use crate::store::{Store as _, StoreError};

/// Bytes that are written together. sled keeps every version of the pages that a batch changes until
/// the batch is done: at 4 MiB the restore of a backup of 40 MB took 830 MB of memory, so it takes 8.
const PIECE_BYTES: usize = 16 * 1024;

/// Looks at a store that was just closed, and the pause between two.
const CLOSE_TRIES: u32 = 40;
const CLOSE_PAUSE: Duration = Duration::from_millis(25);

/// A store that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When its backup was begun.
    pub at: Timestamp,
    /// How many changes were made.
    pub changes: u64,
    /// Where the store is that stood in its place.
    pub moved: Option<PathBuf>,
}

/// Why nothing was restored. What stood there before still does.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file is not what it was, or never was one.
    #[error("the backup {} cannot be restored: {reason}", path.display())]
    Backup {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: FormatError,
    },
    /// There is a store.
    #[error("there is a store in {} already: --force moves it aside", folder.display())]
    StoreThere {
        /// Its folder.
        folder: PathBuf,
    },
    /// A process uses the store.
    #[error("the store in {} is in use: stop the running server first", folder.display())]
    InUse {
        /// Its folder.
        folder: PathBuf,
    },
    /// The restored store cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system refuses.
    #[error("the store in {} cannot be put in place: {source}", folder.display())]
    Io {
        /// Its folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Makes the store in `folder` out of the backup in `file`. The whole file is checked before
/// anything is made, and the store is whole before it stands there. A store that is there already
/// is moved aside if `force` says so, under a name that ends with `now`.
///
/// # Errors
///
/// See [`RestoreError`].
pub fn restore(
    file: &Path,
    folder: &Path,
    force: bool,
    now: Timestamp,
) -> Result<Restored, RestoreError> {
    let io_error = |source| RestoreError::Io { folder: folder.to_owned(), source };
    let there = folder.try_exists().map_err(io_error)?;
    if there && !force {
        return Err(RestoreError::StoreThere { folder: folder.to_owned() });
    }
    if there && folder::is_in_use(folder).map_err(io_error)? {
        return Err(RestoreError::InUse { folder: folder.to_owned() });
    }
    read(file, |_| Ok(()))?;
    let new = unfinished(folder);
    match fs::remove_dir_all(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(io_error(error)),
        _ => {}
    }
    let (at, changes) = fill(file, &new)?;
    wait_until_closed(&new).map_err(io_error)?;
    let moved = there.then(|| named(folder, &format!("before-{}", now.strftime("%Y%m%dT%H%M%SZ"))));
    if let Some(moved) = &moved {
        fs::rename(folder, moved).map_err(io_error)?;
    }
    fs::rename(&new, folder).map_err(io_error)?;
    sync_names(folder_of(folder)).map_err(io_error)?;
    Ok(Restored { at, changes, moved })
}

/// Whether a restore into `folder` broke off, so that no store stands there: it must not be taken
/// for a place where there never was one.
#[must_use]
pub fn broke_off(folder: &Path) -> bool {
    !folder.exists() && unfinished(folder).exists()
}

/// Where the store is made.
fn unfinished(folder: &Path) -> PathBuf {
    named(folder, "restoring")
}

/// A store in a new folder, closed again.
fn fill(file: &Path, folder: &Path) -> Result<(Timestamp, u64), RestoreError> {
    let store = SledStore::open(folder)?;
    let (mut piece, mut bytes) = (Writes::default(), 0);
    let read = read(file, |(key, value)| {
        bytes += key.len() + value.as_ref().map_or(0, Vec::len);
        match value {
            Some(value) => piece.put(key, value),
            None => piece.remove(key),
        }
        if bytes >= PIECE_BYTES {
            bytes = 0;
            store.write(std::mem::take(&mut piece))?;
        }
        Ok(())
    })?;
    store.write(piece)?;
    store.ready()?;
    Ok(read)
}

/// sled's own threads are done with a database some moments after it was closed.
pub(super) fn wait_until_closed(folder: &Path) -> io::Result<()> {
    for _ in 0..CLOSE_TRIES {
        if !folder::is_in_use(folder)? {
            break;
        }
        thread::sleep(CLOSE_PAUSE);
    }
    Ok(())
}

/// Reads the whole file: when it was begun, and how many changes it holds.
fn read(
    file: &Path,
    mut each: impl FnMut(super::format::Change) -> Result<(), RestoreError>,
) -> Result<(Timestamp, u64), RestoreError> {
    let wrong = |reason| RestoreError::Backup { path: file.to_owned(), reason };
    let open = File::open(file).map_err(|error| wrong(FormatError::Io(error)))?;
    let mut reading = Reading::begin(BufReader::new(open)).map_err(wrong)?;
    while let Some(change) = reading.next().map_err(wrong)? {
        each(change)?;
    }
    Ok((reading.at(), reading.changes()))
}

/// A folder beside `folder`, named after it.
fn named(folder: &Path, end: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(end);
    folder.with_file_name(name)
}
