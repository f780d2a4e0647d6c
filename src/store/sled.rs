//! The store on disk: the only file that knows `sled`.
//!
//! What it works around in sled 0.34: `flush_async` can hang for ever, so that one thread calls
//! the blocking `flush`; transactions over two trees are slow, so that there is one tree, and
//! conditions are checked by the one thread that writes; a flush does not reach the platter, so
//! that `SyncedFiles` follows it; damaged files make it panic, which is caught here.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sled::{Batch, Db, IVec};

use super::committer::Committer;
use super::folder::{self, SyncedFiles};
use super::ledger::{self, Turn};
use super::space::{Entry, Space, Writes};
use super::{Commit, History, Loaded, Store, StoreError, Swept, key::UserKeys, sweep};
use crate::message::{Answer, MessageId, UserId};

const CACHE_BYTES: u64 = 16 * 1024 * 1024;

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
        let io_error = |source| StoreError::Io { folder: folder.to_owned(), source };
        folder::create(folder).map_err(io_error)?;
        let database = Arc::new(Database::open(folder)?);
        let mut files = SyncedFiles::open(folder).map_err(io_error)?;
        let written = Arc::clone(&database);
        let write = move |writes| written.write(writes, &mut files).map_err(Fault::reason);
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
        let db = guarded(|| config.open()).map_err(|fault| fault.in_folder(folder))?;
        Ok(Self { db, folder: folder.to_owned() })
    }

    /// Applies `writes` as one, and returns once they are on the disk.
    fn write(&self, writes: Writes, files: &mut SyncedFiles) -> Result<(), Fault> {
        let mut batch = Batch::default();
        for (key, value) in writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        guarded(|| self.db.apply_batch(batch))?;
        files.sync_pages().map_err(Fault::Io)?;
        guarded(|| self.db.flush())?;
        files.sync_log().map_err(Fault::Io)
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
    fn reason(self) -> String {
        match self {
            Self::Io(error) => error.to_string(),
            Self::Broken(reason) => reason,
        }
    }

    fn in_folder(self, folder: &Path) -> StoreError {
        let folder = folder.to_owned();
        match self {
            // sled gives no kind of its own to this one.
            Self::Io(error) if error.to_string().contains("could not acquire lock") => {
                StoreError::Locked { folder }
            }
            Self::Io(source) => StoreError::Io { folder, source },
            Self::Broken(reason) => StoreError::Damaged { folder, reason },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{Inspect, Talk};

    impl Inspect for SledStore {
        fn entries(&self) -> Vec<Entry> {
            self.database.first(&[], usize::MAX).unwrap()
        }

        fn overwrite(&self, key: &[u8], value: &[u8]) {
            self.database.db.insert(key, value).unwrap();
        }
    }

    #[tokio::test]
    async fn what_was_committed_is_there_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let talk = Talk::new("u1");
        let before = {
            let store = SledStore::open(folder.path()).unwrap();
            talk.turns(&store, 3).await;
            store.entries()
        };
        let store = SledStore::open(folder.path()).unwrap();
        assert_eq!(store.entries(), before);
        assert_eq!(store.load(talk.user()).unwrap().version.turns(), 3);
        assert_eq!(store.answered(talk.user(), &talk.id(2)).unwrap(), Some(talk.answer(2)));
        talk.turn(&store, 4).await.unwrap();
    }

    #[test]
    fn opening_right_after_closing_works_every_time() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..30 {
            drop(SledStore::open(folder.path()).unwrap());
        }
    }

    #[test]
    fn a_second_open_is_refused_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let _first = SledStore::open(folder.path()).unwrap();
        let error = SledStore::open(folder.path()).err().unwrap();
        assert!(matches!(error, StoreError::Locked { .. }), "{error}");
        assert!(error.to_string().contains(&folder.path().display().to_string()));
        assert!(error.to_string().contains("DATA_DIR"));
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/store");
        let _store = SledStore::open(&folder).unwrap();
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_file_where_the_folder_should_be_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("store");
        std::fs::write(&file, "").unwrap();
        let error = SledStore::open(&file).err().unwrap();
        assert!(matches!(error, StoreError::Io { .. }), "{error}");
        assert!(error.to_string().contains(&file.display().to_string()));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sixty_four_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SledStore::open(folder.path()).unwrap());
        let tasks: Vec<_> = (0..64)
            .map(|user| {
                let (store, talk) = (Arc::clone(&store), Talk::new(&format!("u{user}")));
                tokio::spawn(async move { talk.turns(&*store, 5).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        drop(store);
        let store = SledStore::open(folder.path()).unwrap();
        for user in 0..64 {
            let talk = Talk::new(&format!("u{user}"));
            assert_eq!(store.load(talk.user()).unwrap().version.turns(), 5);
            assert_eq!(store.history(talk.user(), 9).unwrap().turns, talk.records(1..=5));
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sixty_four_on_one_user_take_their_turns_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SledStore::open(folder.path()).unwrap());
        let talk = Arc::new(Talk::new("u1"));
        let tasks: Vec<_> = (1..=64)
            .map(|number| {
                let (store, talk) = (Arc::clone(&store), Arc::clone(&talk));
                tokio::spawn(async move {
                    let mut conflicts = 0;
                    while let Err(error) = talk.turn(&*store, number).await {
                        assert!(matches!(error, StoreError::Conflict(_)), "{error}");
                        conflicts += 1;
                    }
                    conflicts
                })
            })
            .collect();
        let mut conflicts = 0;
        for task in tasks {
            conflicts += task.await.unwrap();
        }
        assert!(conflicts > 0, "nobody met anybody: the test shows nothing");
        assert_eq!(store.load(talk.user()).unwrap().version.turns(), 64);
        let mut taken: Vec<_> = talk.numbers(&*store);
        taken.sort_unstable();
        assert_eq!(taken, (1..=64).collect::<Vec<_>>());
    }
}
