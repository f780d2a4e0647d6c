//! The store on disk: the only file that knows `sled`.
//!
//! What it works around in sled 0.34: `flush_async` can hang for ever, so that one thread calls
//! the blocking `flush`; transactions over two trees are slow, so that there is one tree, and
//! conditions are checked by the one thread that writes; a flush does not reach the platter, so
//! that `SyncedFiles` follows it; damaged files make it panic, which is caught here, or forget
//! without a word, which its `Witness` tells.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sled::{Batch, Db, IVec};

use super::committer::Committer;
use super::folder::{self, SyncedFiles};
use super::key::{self, UserKeys};
use super::ledger::{self, Turn};
use super::space::{Entry, Space, Writes};
use super::witness::{WITNESS, Witness};
use super::{
    Attempt, Booked, Booking, CacheKey, Commit, History, Letter, LetterId, Loaded, Store,
    StoreError, Swept, Waiting, Watch, cache, calls, mailbox, sweep,
};
use crate::message::{Answer, Arrival, MessageId, UserId};

const CACHE_BYTES: u64 = 16 * 1024 * 1024;

/// A database that was just closed holds its lock for some moments more, until sled's own threads
/// are done with it: so often, with so long a pause, opening tries before it calls it locked.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// A store in a folder, which one process at a time can open.
///
/// After a write that failed, every call gives [`StoreError::NotReady`] until the store is opened
/// again, reads too: they might show what the disk never took.
///
/// Dropping it waits until what was handed over is on the disk.
pub struct SledStore {
    // In this order, so that the thread has ended before the database closes.
    committer: Committer<Database>,
    database: Arc<Database>,
}

impl SledStore {
    /// Opens the store in `folder`, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] when another process has it open, [`StoreError::Damaged`] when its
    /// files are not what they were, [`StoreError::Io`] for what the system refuses.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_watched(folder, Arc::new(()))
    }

    /// The same, with somebody who is told of each group of commits.
    ///
    /// # Errors
    ///
    /// As with [`SledStore::open`].
    pub fn open_watched(folder: &Path, watch: Arc<dyn Watch>) -> Result<Self, StoreError> {
        let io_error = |source| StoreError::Io { folder: folder.to_owned(), source };
        folder::create(folder).map_err(io_error)?;
        let database = Arc::new(Database::open(folder)?);
        let mut writer = Writer::open(Arc::clone(&database))?;
        let write = move |writes, commits| {
            let mut group = Some(writes);
            let mut written = Ok(());
            watch.group(commits, &mut || {
                written = group.take().map_or(Ok(()), |group| writer.write(group));
            });
            written.map_err(Fault::reason)
        };
        let committer = Committer::start(Arc::clone(&database), write).map_err(io_error)?;
        Ok(Self { committer, database })
    }

    /// The database, as long as it holds nothing but what the disk has taken.
    fn database(&self) -> Result<&Database, StoreError> {
        self.committer.ready()?;
        Ok(&self.database)
    }
}

#[async_trait]
impl Store for SledStore {
    fn load(&self, user: &UserId) -> Result<Loaded, StoreError> {
        ledger::load(self.database()?, user)
    }

    fn answered(&self, user: &UserId, id: &MessageId) -> Result<Option<Answer>, StoreError> {
        ledger::answered(self.database()?, user, id)
    }

    async fn commit(&self, turn: Commit) -> Result<(), StoreError> {
        let turn = Turn::of(&turn)?;
        self.committer.submit(|space| Ok(((), turn.writes(space)?))).await
    }

    fn history(&self, user: &UserId, limit: usize) -> Result<History, StoreError> {
        ledger::history(self.database()?, user, limit)
    }

    fn gaps(&self, limit: usize) -> Result<History, StoreError> {
        ledger::gaps(self.database()?, limit)
    }

    async fn accept(&self, arrivals: Vec<Arrival>) -> Result<Vec<Option<u64>>, StoreError> {
        self.committer.submit(move |space| mailbox::accept(space, &arrivals)).await
    }

    fn waiting(&self, limit: usize) -> Result<(Vec<Waiting>, usize), StoreError> {
        mailbox::waiting(self.database()?, limit)
    }

    fn outbox(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        mailbox::outbox(self.database()?, limit)
    }

    fn dead_letters(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        mailbox::dead(self.database()?, limit)
    }

    async fn tried(&self, letter: LetterId, attempt: Attempt) -> Result<(), StoreError> {
        self.committer
            .submit(move |space| Ok(((), mailbox::tried(space, &letter, &attempt)?)))
            .await
    }

    async fn replay(&self, letter: LetterId, now: Timestamp) -> Result<bool, StoreError> {
        self.committer.submit(move |space| mailbox::replay(space, &letter, now)).await
    }

    async fn book(&self, call: Booking) -> Result<Booked, StoreError> {
        self.committer.submit(move |space| calls::book(space, &call)).await
    }

    async fn give_back(&self, at: Timestamp, nanodollars: u64) -> Result<(), StoreError> {
        self.committer
            .submit(move |space| Ok(((), calls::give_back(space, at, nanodollars)?)))
            .await
    }

    fn cached(&self, key: &CacheKey) -> Result<Option<Vec<u8>>, StoreError> {
        cache::cached(self.database()?, key)
    }

    async fn cache(
        &self,
        values: Vec<(CacheKey, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.committer.submit(move |space| Ok(((), cache::cache(space, &values, now)?))).await
    }

    async fn erase(&self, user: &UserId) -> Result<(), StoreError> {
        let keys = UserKeys::of(user);
        self.committer.submit(move |space| Ok(((), ledger::erase(space, &keys)?))).await
    }

    async fn sweep(&self, now: Timestamp, retention: SignedDuration) -> Result<Swept, StoreError> {
        self.committer.submit(move |space| sweep::sweep(space, now, retention)).await
    }

    fn ready(&self) -> Result<(), StoreError> {
        self.committer.ready()
    }
}

struct Database {
    db: Db,
    folder: PathBuf,
}

impl Database {
    fn open(folder: &Path) -> Result<Self, StoreError> {
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
struct Writer {
    database: Arc<Database>,
    files: SyncedFiles,
    witness: Witness,
    groups: u64,
}

impl Writer {
    /// A writer on a database that still holds all that was acknowledged.
    fn open(database: Arc<Database>) -> Result<Self, StoreError> {
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
    fn write(&mut self, writes: Writes) -> Result<(), Fault> {
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
enum Fault {
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

    fn reason(self) -> String {
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

#[cfg(test)]
mod tests;
