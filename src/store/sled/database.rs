//! The database itself: what calls sled, and what sled did instead of its work.

use std::any::Any;
use std::io;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use sled::{Batch, Db, IVec};

use crate::store::StoreError;
use crate::store::folder::SyncedFiles;
use crate::store::key;
use crate::store::space::{Entry, Space, Writes};
use crate::store::witness::{WITNESS, Witness};

/// Pages that are kept in memory. In there they take several times that, and most customers are
/// strangers to it anyway.
const CACHE_BYTES: u64 = 4 * 1024 * 1024;

/// A database that was just closed holds its lock for some moments more, until sled's own threads
/// are done with it: so often, with so long a pause, opening tries before it calls it locked.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// The database in a folder.
pub(super) struct Database {
    pub(super) db: Db,
    folder: PathBuf,
}

impl Database {
    /// Opens it, and makes it where there is none.
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        let config =
            sled::Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(None); // the committer flushes
        let mut opened = guarded(|| config.open());
        for _ in 1..LOCK_TRIES {
            if !opened.as_ref().is_err_and(Fault::is_locked) {
                break;
            }
            thread::sleep(LOCK_PAUSE);
            opened = guarded(|| config.open());
        }
        let db = opened.map_err(|fault| fault.in_folder(folder))?;
        Ok(Self { db, folder: folder.to_owned() })
    }

    /// How many groups of commits are in here.
    fn groups(&self) -> Result<u64, StoreError> {
        let Some(groups) = self.get(key::GROUPS)? else { return Ok(0) };
        let groups = groups.try_into().map_err(|_| self.damaged("its count is no number"))?;
        Ok(u64::from_be_bytes(groups))
    }

    /// The lowest `limit` entries above a key.
    pub(super) fn above(&self, key: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError> {
        let above = (Bound::Excluded(key), Bound::Unbounded);
        self.read(|| self.db.range::<&[u8], _>(above).take(limit).map(entry).collect())
    }

    fn damaged(&self, reason: impl Into<String>) -> StoreError {
        Fault::Broken(reason.into()).in_folder(&self.folder)
    }

    fn read<T>(&self, read: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
        guarded(read).map_err(|fault| fault.in_folder(&self.folder))
    }
}

impl Space for Database {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.read(|| self.db.get(key))?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn first(&self, prefix: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.read(|| self.db.scan_prefix(prefix).take(limit).map(entry).collect())
    }

    fn last(&self, prefix: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.read(|| self.db.scan_prefix(prefix).rev().take(limit).map(entry).collect())
    }
}

/// What the committer writes with.
pub(super) struct Writer {
    database: Arc<Database>,
    files: SyncedFiles,
    witness: Witness,
    groups: u64,
}

impl Writer {
    /// A writer on a database that still holds all that was acknowledged.
    pub(super) fn open(database: Arc<Database>) -> Result<Self, StoreError> {
        let folder = &database.folder;
        let io_error = |source| Fault::Io(source).in_folder(folder);
        let groups = database.groups()?;
        let mut witness = Witness::open(folder).map_err(io_error)?;
        let told = witness.groups().map_err(io_error)?;
        if let Some(missing) = told.checked_sub(groups).filter(|missing| *missing > 0) {
            return Err(database.damaged(format!(
                "the last {missing} groups of commits are missing; deleting the file {WITNESS} \
                 in it accepts the loss"
            )));
        }
        let files = SyncedFiles::open(folder).map_err(io_error)?;
        Ok(Self { database, files, witness, groups })
    }

    /// Applies `writes` as one, and returns once they are on the disk.
    pub(super) fn write(&mut self, writes: Writes) -> Result<(), Fault> {
        self.groups += 1;
        let mut batch = Batch::default();
        batch.insert(key::GROUPS, &self.groups.to_be_bytes());
        for (key, value) in writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        guarded(|| self.database.db.apply_batch(batch))?;
        self.files.sync_pages().map_err(Fault::Io)?;
        guarded(|| self.database.db.flush())?;
        self.files.sync_log().map_err(Fault::Io)?;
        self.witness.tell(self.groups).map_err(Fault::Io)
    }
}

fn entry(found: sled::Result<(IVec, IVec)>) -> sled::Result<Entry> {
    found.map(|(key, value)| (key.to_vec(), value.to_vec()))
}

/// What the database did instead of its work.
pub(super) enum Fault {
    Io(io::Error),
    Broken(String),
}

/// Runs `work`, where damaged files may well make sled panic. Nothing of it is used afterwards
/// except to say so, so that it does not matter in what state it was left.
fn guarded<T>(work: impl FnOnce() -> sled::Result<T>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(sled::Error::Io(error))) => Err(Fault::Io(error)),
        Ok(Err(error)) => Err(Fault::Broken(error.to_string())),
        Err(panic) => Err(Fault::Broken(panic_message(&*panic))),
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}

impl Fault {
    fn is_locked(&self) -> bool {
        // sled gives no kind of its own to this one.
        matches!(self, Self::Io(error) if error.to_string().contains("could not acquire lock"))
    }

    /// What is said of it.
    pub(super) fn reason(self) -> String {
        match self {
            Self::Io(error) => error.to_string(),
            Self::Broken(reason) => reason,
        }
    }

    fn in_folder(self, folder: &Path) -> StoreError {
        let folder = folder.to_owned();
        match self {
            locked if locked.is_locked() => StoreError::Locked { folder },
            Self::Io(source) => StoreError::Io { folder, source },
            Self::Broken(reason) => StoreError::Damaged { folder, reason },
        }
    }
}
