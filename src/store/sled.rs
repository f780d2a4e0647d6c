//! The store on disk: this file and its folder alone know `sled`.
//!
//! What it works around in sled 0.34: `flush_async` can hang for ever, so that one thread calls
//! the blocking `flush`; transactions over two trees are slow, so that there is one tree, and
//! conditions are checked by the one thread that writes; a flush does not reach the platter, so
//! that `SyncedFiles` follows it; damaged files make it panic, which is caught here, or forget
//! without a word, which its `Witness` tells.

mod database;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::committer::{Committer, not_ready};
use super::folder;
use super::key::UserKeys;
use super::ledger::{self, Turn};
use super::space::{Pending, Writes};
use super::{
    Attempt, Backup, BackupError, Booked, Booking, CacheKey, Commit, Export, History, Letter,
    LetterId, Loaded, News, SetAside, Store, StoreError, Swept, Waiting, Watch, backup, cache,
    calls, export, mailbox, mend, receipt, sweep,
};
use crate::message::{Answer, Arrival, Channel, MessageId, UserId};
use database::{Database, Fault, Writer};

/// A store in a folder, which one process at a time can open.
///
/// After a write that failed, every call gives [`StoreError::NotReady`] until the store is opened
/// again ([`Store::recover`]), reads too: they might show what the disk never took.
///
/// Dropping it waits until what was handed over is on the disk.
pub struct SledStore {
    folder: PathBuf,
    /// The open store, or why there is none.
    opened: RwLock<Result<Arc<Opened>, String>>,
    /// One recovery at a time.
    recovering: Mutex<()>,
    /// Told of each group of commits.
    watch: Arc<dyn Watch>,
}

struct Opened {
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
        let opened = RwLock::new(Ok(Arc::new(Opened::open(folder, Arc::clone(&watch))?)));
        Ok(Self { folder: folder.to_owned(), opened, recovering: Mutex::default(), watch })
    }

    /// Writes outside of any turn.
    ///
    /// It blocks: call it from a thread that may.
    ///
    /// # Errors
    ///
    /// As with a commit.
    pub(super) fn write(&self, writes: Writes) -> Result<(), StoreError> {
        self.opened()?.committer.submit_and_wait(|_| Ok(((), writes)))
    }

    /// The open store, as long as it holds nothing but what the disk has taken.
    fn opened(&self) -> Result<Arc<Opened>, StoreError> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        let opened = opened.as_ref().map_err(|reason| not_ready(reason))?;
        opened.committer.ready()?;
        Ok(Arc::clone(opened))
    }

    async fn submit<T: Send + 'static>(
        &self,
        plan: impl FnOnce(&Pending<'_, Database>) -> Result<(T, Writes), StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.opened()?.committer.submit(plan).await
    }

    fn set(&self, opened: Result<Arc<Opened>, String>) {
        let mut place = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *place, opened);
        // Closing may take a while, and nobody is to wait for it.
        drop(place);
        drop(before);
    }
}

impl Opened {
    fn open(folder: &Path, watch: Arc<dyn Watch>) -> Result<Self, StoreError> {
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
}

#[async_trait]
impl Store for SledStore {
    fn load(&self, user: &UserId) -> Result<Loaded, StoreError> {
        ledger::load(&*self.opened()?.database, user)
    }

    fn answered(&self, user: &UserId, id: &MessageId) -> Result<Option<Answer>, StoreError> {
        ledger::answered(&*self.opened()?.database, user, id)
    }

    fn is_sent(&self, user: &UserId, id: &MessageId) -> Result<bool, StoreError> {
        ledger::is_sent(&*self.opened()?.database, user, id)
    }

    async fn commit(&self, turn: &Commit) -> Result<(), StoreError> {
        let turn = Turn::of(turn)?;
        self.submit(|space| Ok(((), turn.writes(space)?))).await
    }

    fn history(&self, user: &UserId, limit: usize) -> Result<History, StoreError> {
        ledger::history(&*self.opened()?.database, user, limit)
    }

    fn gaps(&self, limit: usize) -> Result<History, StoreError> {
        ledger::gaps(&*self.opened()?.database, limit)
    }

    async fn accept(&self, arrivals: Vec<Arrival>) -> Result<Vec<Option<u64>>, StoreError> {
        self.submit(move |space| mailbox::accept(space, &arrivals)).await
    }

    fn waiting(&self, limit: usize) -> Result<(Vec<Waiting>, usize), StoreError> {
        mailbox::waiting(&*self.opened()?.database, limit)
    }

    fn outbox(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        mailbox::outbox(&*self.opened()?.database, limit)
    }

    fn outbox_of(
        &self,
        user: &UserId,
        limit: usize,
    ) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        mailbox::outbox_of(&*self.opened()?.database, user, limit)
    }

    fn users(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        ledger::users(&*self.opened()?.database, limit)
    }

    fn recipients(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        mailbox::recipients(&*self.opened()?.database, limit)
    }

    fn sent(
        &self,
        channel: Channel,
        id: &MessageId,
    ) -> Result<Option<(LetterId, Letter)>, StoreError> {
        receipt::sent(&*self.opened()?.database, channel, id)
    }

    async fn told(&self, letter: LetterId, news: News) -> Result<(), StoreError> {
        self.submit(move |space| Ok(((), receipt::told(space, &letter, &news)?))).await
    }

    fn replies(&self, now: Timestamp) -> Result<u64, StoreError> {
        ledger::replies(&*self.opened()?.database, now)
    }

    fn dead_letters(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        mailbox::dead(&*self.opened()?.database, limit)
    }

    async fn tried(&self, letter: LetterId, attempt: Attempt) -> Result<(), StoreError> {
        self.submit(move |space| Ok(((), mailbox::tried(space, &letter, &attempt)?))).await
    }

    async fn replay(&self, letter: LetterId, now: Timestamp) -> Result<bool, StoreError> {
        self.submit(move |space| mailbox::replay(space, &letter, now)).await
    }

    async fn mend(&self) -> Result<Vec<SetAside>, StoreError> {
        self.submit(move |space| mend::mend(space)).await
    }

    async fn book(&self, call: Booking) -> Result<Booked, StoreError> {
        self.submit(move |space| calls::book(space, &call)).await
    }

    async fn settle(&self, at: Timestamp, booked: u64, spent: u64) -> Result<(), StoreError> {
        self.submit(move |space| Ok(((), calls::settle(space, at, booked, spent)?))).await
    }

    fn cached(&self, key: &CacheKey) -> Result<Option<Vec<u8>>, StoreError> {
        cache::cached(&*self.opened()?.database, key)
    }

    async fn cache(
        &self,
        values: Vec<(CacheKey, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.submit(move |space| Ok(((), cache::cache(space, &values, now)?))).await
    }

    fn export(&self, user: &UserId) -> Result<Export, StoreError> {
        export::export(&*self.opened()?.database, user)
    }

    async fn erase(&self, user: &UserId) -> Result<(), StoreError> {
        let keys = UserKeys::of(user);
        self.submit(move |space| Ok(((), ledger::erase(space, &keys)?))).await
    }

    async fn sweep(&self, now: Timestamp, retention: SignedDuration) -> Result<Swept, StoreError> {
        self.submit(move |space| sweep::sweep(space, now, retention)).await
    }

    fn backup(&self, file: &Path, now: Timestamp) -> Result<Backup, BackupError> {
        // What is copied is one opening of the store: it may be opened again meanwhile.
        let opened = self.opened()?;
        backup::write(file, now, |sink| {
            let Opened { committer, database } = &*opened;
            let tap = committer.tap().clone();
            let opening = tap.clone();
            let was_closed =
                committer.submit_and_wait(move |_| Ok((opening.open(), Writes::default())))?;
            if !was_closed {
                return Err(BackupError::Busy);
            }
            let walk = |last: &[u8], limit| {
                committer.ready()?;
                database.above(last, limit)
            };
            let settle = || committer.submit_and_wait(|_| Ok(((), Writes::default())));
            backup::copy(&tap, walk, settle, sink)
        })
    }

    fn ready(&self) -> Result<(), StoreError> {
        self.opened().map(|_| ())
    }

    fn recover(&self) -> Result<(), StoreError> {
        let _one = self.recovering.lock().unwrap_or_else(PoisonError::into_inner);
        if self.opened().is_ok() {
            return Ok(());
        }
        let probed = folder::probe(&self.folder);
        probed.map_err(|source| StoreError::Io { folder: self.folder.clone(), source })?;
        self.set(Err("it is being opened again".to_owned()));
        let opened = Opened::open(&self.folder, Arc::clone(&self.watch));
        match opened {
            Ok(opened) => self.set(Ok(Arc::new(opened))),
            Err(error) => {
                self.set(Err(error.to_string()));
                return Err(error);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
impl SledStore {
    pub(super) fn tap(&self) -> backup::Tap {
        self.opened().unwrap().committer.tap().clone()
    }
}

#[cfg(test)]
mod tests;
