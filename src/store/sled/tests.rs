//! What a store on disk must do besides the contract: come back, refuse, survive damage.

use std::fs::File;

use tempfile::TempDir;

use super::*;
use crate::store::contract::{Inspect, Talk};
use crate::store::key;
use crate::store::space::{Entry, Space as _};
use crate::store::witness::WITNESS;

impl Inspect for SledStore {
    fn entries(&self) -> Vec<Entry> {
        let mut entries = self.opened().unwrap().database.first(&[], usize::MAX).unwrap();
        entries.retain(|(key, _)| key != key::GROUPS);
        entries
    }

    fn overwrite(&self, key: &[u8], value: &[u8]) {
        self.opened().unwrap().database.db.insert(key, value).unwrap();
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

#[tokio::test]
async fn turns_that_sled_moves_out_of_its_log_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let talk = Talk::new("u1");
    let mut records = Vec::new();
    {
        let store = SledStore::open(folder.path()).unwrap();
        for number in 1..=40 {
            let mut commit = talk.commit(number, store.load(talk.user()).unwrap().version);
            commit.record.answer.replies[0].text = "ñandú ".repeat(7_000);
            records.push(commit.record.clone());
            store.commit(&commit).await.unwrap();
        }
    }
    let moved_out = std::fs::read_dir(folder.path().join("blobs")).unwrap().count();
    assert!(moved_out > 0, "all is in the log: the test shows nothing");
    let store = SledStore::open(folder.path()).unwrap();
    assert_eq!(store.history(talk.user(), 100).unwrap().turns, records);
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

/// A folder with the turns of some users, closed again.
async fn folder_of_turns() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    for user in 0..20 {
        Talk::new(&format!("u{user}")).turns(&store, 5).await;
    }
    folder
}

fn assert_refused_as_damaged(folder: &Path) {
    let error = SledStore::open(folder).err().expect("a damaged store does not open");
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains(&folder.display().to_string()));
    assert!(error.to_string().contains("backup"));
}

#[tokio::test]
async fn a_log_that_was_cut_short_is_refused_until_the_loss_is_accepted() {
    let folder = folder_of_turns().await;
    let log = File::options().write(true).open(folder.path().join("db")).unwrap();
    log.set_len(20_000).unwrap();
    assert_refused_as_damaged(folder.path());
    assert_refused_as_damaged(folder.path());
    std::fs::remove_file(folder.path().join(WITNESS)).unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    Talk::new("new").turns(&store, 1).await;
}

#[tokio::test]
async fn a_damaged_description_of_the_database_is_refused() {
    let folder = folder_of_turns().await;
    std::fs::write(folder.path().join("conf"), "not a description at all").unwrap();
    assert_refused_as_damaged(folder.path());
}

#[tokio::test]
async fn whatever_byte_is_damaged_the_store_is_refused_or_whole() {
    let whole = folder_of_turns().await;
    let log = std::fs::read(whole.path().join("db")).unwrap();
    let used = log.iter().rposition(|byte| *byte != 0).unwrap();
    let mut refused = 0;
    for place in (0..used).step_by(used / 40) {
        let folder = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(whole.path()).unwrap() {
            let file = file.unwrap();
            if file.file_type().unwrap().is_file() {
                std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
            }
        }
        let mut damaged = log.clone();
        damaged[place] ^= 0x55;
        std::fs::write(folder.path().join("db"), damaged).unwrap();
        let Ok(store) = SledStore::open(folder.path()) else {
            refused += 1;
            continue;
        };
        for user in 0..20 {
            let talk = Talk::new(&format!("u{user}"));
            assert_eq!(talk.numbers(&store), [1, 2, 3, 4, 5], "byte {place}, user {user}");
        }
    }
    assert!(refused > 0, "no damage was noticed");
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
