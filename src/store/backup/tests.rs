//! A backup holds everything, restores it exactly, and is refused once it is not what it was.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::format::Reading;
use super::*;
use crate::store::contract::{Inspect as _, Talk};
use crate::store::space::Writes;
use crate::store::{MemoryStore, SledStore, Store};

fn now() -> Timestamp {
    "2026-03-02T16:00:00Z".parse().unwrap()
}

/// A folder, a store in it with some turns, and its backup.
async fn backed_up(users: u32) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let store = SledStore::open(&folder.path().join("store")).unwrap();
    for user in 0..users {
        Talk::new(&format!("u{user}")).turns(&store, 3).await;
    }
    let store = Arc::new(store);
    let (writing, to) = (Arc::clone(&store), file.clone());
    let backup = tokio::task::spawn_blocking(move || writing.backup(&to, now()));
    let backup = backup.await.unwrap().unwrap();
    assert_eq!(backup.bytes, fs::metadata(&file).unwrap().len());
    assert_eq!(backup.changes, store.entries().len() as u64);
    (folder, file)
}

async fn restored(file: PathBuf, folder: PathBuf, force: bool) -> Result<Restored, RestoreError> {
    let restoring = move || restore(&file, &folder, force, now());
    tokio::task::spawn_blocking(restoring).await.unwrap()
}

#[tokio::test]
async fn what_is_restored_is_what_was_there() {
    let (folder, file) = backed_up(200).await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let other = folder.path().join("a/b/store");
    let told = restored(file.clone(), other.clone(), false).await.unwrap();
    assert_eq!((told.at, &told.moved), (now(), &None));
    let entries = |folder: &Path| SledStore::open(folder).unwrap().entries();
    let before = entries(&folder.path().join("store"));
    assert_eq!(entries(&other), before);

    // The one in memory writes the same.
    let memory = MemoryStore::default();
    for (key, value) in &before {
        memory.overwrite(key, value);
    }
    let again = folder.path().join("again");
    memory.backup(&again, now()).unwrap();
    assert_eq!(fs::read(&again).unwrap(), fs::read(&file).unwrap());
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("partial")), "{names:?}");
}

#[tokio::test]
async fn a_store_is_moved_aside_only_by_force_and_only_where_nobody_uses_it() {
    let (folder, file) = backed_up(2).await;
    let place = folder.path().join("store");
    let refused = restored(file.clone(), place.clone(), false).await;
    assert!(matches!(refused, Err(RestoreError::StoreThere { .. })), "{refused:?}");
    let store = SledStore::open(&place).unwrap();
    let refused = restored(file.clone(), place.clone(), true).await;
    assert!(matches!(refused, Err(RestoreError::InUse { .. })), "{refused:?}");
    Talk::new("later").turns(&store, 1).await;
    drop(store);
    restore::wait_until_closed(&place).unwrap();
    let moved = restored(file, place.clone(), true).await.unwrap().moved.unwrap();
    let turns = |folder: &Path| {
        let store = SledStore::open(folder).unwrap();
        store.load(Talk::new("later").user()).unwrap().version.turns()
    };
    assert_eq!((turns(&place), turns(&moved)), (0, 1));
}

#[tokio::test]
async fn a_file_that_is_not_what_it_was_is_refused_and_nothing_is_made() {
    let (folder, file) = backed_up(2).await;
    let whole = fs::read(&file).unwrap();
    let (bad, place) = (folder.path().join("bad"), folder.path().join("new"));
    let told = async |bytes: &[u8]| {
        fs::write(&bad, bytes).unwrap();
        let error = restored(bad.clone(), place.clone(), false).await.unwrap_err();
        assert!(!place.exists() && !folder.path().join("new.restoring").exists());
        error.to_string()
    };
    assert!(told(b"").await.ends_with("it is no backup of kavak-bot"));
    assert!(told(b"id,price\n1,2\n1,2\n1,2\n").await.ends_with("it is no backup of kavak-bot"));
    let newer = [b"kavak-bot backup 2\n", &whole[MAGIC.len()..]].concat();
    assert!(told(&newer).await.ends_with("unknown to this release"));
    assert!(told(&[&*whole, b"x"].concat()).await.ends_with("it goes on after its end"));
    for length in (MAGIC.len()..whole.len()).step_by(97).chain([whole.len() - 1]) {
        let told = told(&whole[..length]).await;
        assert!(told.contains("it is cut short"), "{length}: {told}");
    }
    for place in (0..whole.len()).step_by(whole.len() / 100) {
        let mut altered = whole.clone();
        altered[place] ^= 0x20;
        told(&altered).await;
    }
}

#[tokio::test]
async fn what_is_no_backup_is_not_overwritten() {
    let (folder, file) = backed_up(1).await;
    let store = SledStore::open(&folder.path().join("store")).unwrap();
    let letter = folder.path().join("letter");
    fs::write(&letter, "dear").unwrap();
    let (first, second, third) = tokio::task::spawn_blocking(move || {
        let nowhere = folder.path().join("none/backup");
        let told = (store.backup(&letter, now()), store.backup(&nowhere, now()));
        assert_eq!(fs::read_to_string(&letter).unwrap(), "dear");
        (told.0, told.1, store.backup(&file, now()))
    })
    .await
    .unwrap();
    assert!(matches!(first, Err(BackupError::Occupied { .. })), "{first:?}");
    let told = second.unwrap_err().to_string();
    assert!(told.contains("none/backup") && told.contains("No such file"), "{told}");
    assert!(third.is_ok(), "an older backup is replaced: {third:?}");
}

/// Users whose turns go on while backups are written, one after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_under_load_is_one_moment_after_it_began() {
    const USERS: u32 = 24;
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SledStore::open(&folder.path().join("store")).unwrap());
    // Enough for the walk to take a while.
    for user in 0..300 {
        Talk::new(&format!("old{user}")).turns(&*store, 2).await;
    }
    let over = Arc::new(AtomicBool::new(false));
    let acknowledged: Arc<Vec<AtomicU32>> =
        Arc::new((0..USERS).map(|_| AtomicU32::new(0)).collect());
    let talks: Vec<_> = (0..USERS)
        .map(|user| {
            let (store, over) = (Arc::clone(&store), Arc::clone(&over));
            let acknowledged = Arc::clone(&acknowledged);
            tokio::spawn(async move {
                let (ours, theirs) =
                    (Talk::new(&format!("u{user}")), Talk::new(&format!("gone{user}")));
                while !over.load(Ordering::SeqCst) {
                    let turn = acknowledged[user as usize].load(Ordering::SeqCst) + 1;
                    ours.turn(&*store, turn).await.unwrap();
                    acknowledged[user as usize].store(turn, Ordering::SeqCst);
                    // Keys that come and go.
                    theirs.turn(&*store, 1).await.unwrap();
                    store.erase(theirs.user()).await.unwrap();
                }
            })
        })
        .collect();
    let mut later = 0;
    for round in 0..6 {
        let before: Vec<u32> =
            acknowledged.iter().map(|turn| turn.load(Ordering::SeqCst)).collect();
        let file = folder.path().join("backup");
        let (writing, to) = (Arc::clone(&store), file.clone());
        tokio::task::spawn_blocking(move || writing.backup(&to, now())).await.unwrap().unwrap();
        let place = folder.path().join(format!("restored{round}"));
        restored(file, place.clone(), false).await.unwrap();
        let restored = SledStore::open(&place).unwrap();
        for (user, before) in (0..USERS).zip(before) {
            let talk = Talk::new(&format!("u{user}"));
            let turns = restored.load(talk.user()).unwrap().version.turns();
            let turns = u32::try_from(turns).unwrap();
            assert!(turns >= before, "user {user} lost {} turns", before - turns);
            later += turns - before;
            assert_eq!(talk.numbers(&restored), (1..=turns).collect::<Vec<_>>(), "user {user}");
            for turn in 1..=turns {
                let answer = restored.answered(talk.user(), &talk.id(turn)).unwrap();
                assert_eq!(answer, Some(talk.answer(turn)));
            }
            let gone = restored.export(Talk::new(&format!("gone{user}")).user()).unwrap();
            assert_eq!(gone.session.is_some(), gone.turns.len() == 1, "half a turn: {gone:?}");
        }
        for user in 0..300 {
            assert_eq!(Talk::new(&format!("old{user}")).numbers(&restored), [1, 2]);
        }
    }
    over.store(true, Ordering::SeqCst);
    for talk in talks {
        talk.await.unwrap();
    }
    assert!(later > 0, "nobody wrote meanwhile: the test shows nothing");
}

#[tokio::test]
async fn two_at_a_time_are_one_too_many() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(&folder.path().join("store")).unwrap();
    tokio::task::spawn_blocking(move || {
        let tap = store.tap();
        assert!(tap.open());
        let refused = store.backup(&folder.path().join("backup"), now());
        assert!(matches!(refused, Err(BackupError::Busy)), "{refused:?}");
        assert!(!folder.path().join("backup").exists());
    })
    .await
    .unwrap();
}

type Entries = BTreeMap<Vec<u8>, Vec<u8>>;

/// A store whose writer gets on with its work at every step of a walk.
#[derive(Default)]
struct Busy {
    entries: Entries,
    /// Groups to come, and one that can be seen already and is not yet noted.
    groups: VecDeque<Writes>,
    seen: Option<Writes>,
}

impl Busy {
    /// The group that can be seen is noted, and the next one can be seen.
    fn step(&mut self, tap: &Tap) {
        self.settle(tap);
        self.seen = self.groups.pop_front();
        for (key, value) in self.seen.clone().into_iter().flatten() {
            match value {
                Some(value) => self.entries.insert(key, value),
                None => self.entries.remove(&key),
            };
        }
    }

    fn settle(&mut self, tap: &Tap) {
        self.seen.take().into_iter().for_each(|writes| tap.note(writes));
    }
}

proptest! {
    #[test]
    fn whatever_is_written_meanwhile_the_copy_is_the_store_at_its_end(
        entries in btree_map(vec(0..6_u8, 1..3), vec(any::<u8>(), 0..2), 0..40),
        groups in vec(vec((vec(0..6_u8, 1..3), option::of(vec(any::<u8>(), 0..2))), 1..6), 0..30),
    ) {
        let group = |changes: Vec<(Vec<u8>, Option<Vec<u8>>)>| {
            let mut writes = Writes::default();
            for (key, value) in changes {
                match value {
                    Some(value) => writes.put(key, value),
                    None => writes.remove(key),
                }
            }
            writes
        };
        let groups = groups.into_iter().map(group).collect();
        let busy = RefCell::new(Busy { entries, groups, seen: None });
        let tap = Tap::default();
        tap.open();
        let walk = |last: &[u8], _| {
            busy.borrow_mut().step(&tap);
            let above = (Bound::Excluded(last), Bound::Unbounded);
            let busy = busy.borrow();
            let piece = busy.entries.range::<[u8], _>(above).take(3);
            Ok(piece.map(|(key, value)| (key.clone(), value.clone())).collect())
        };
        let settle = || {
            busy.borrow_mut().settle(&tap);
            Ok(())
        };
        let mut sink = Sink::begin(Vec::new(), now()).unwrap();
        copy(&tap, walk, settle, &mut sink).unwrap();
        let (bytes, _) = sink.end().unwrap();
        let (mut copied, mut reading) = (Entries::new(), Reading::begin(&*bytes).unwrap());
        while let Some((key, value)) = reading.next().unwrap() {
            match value {
                Some(value) => copied.insert(key, value),
                None => copied.remove(&key),
            };
        }
        prop_assert_eq!(copied, busy.into_inner().entries);
    }
}

#[test]
fn notes_that_pile_up_end_the_backup_and_not_the_commits() {
    let tap = Tap::default();
    assert!(tap.open());
    let mut writes = Writes::default();
    writes.put(vec![1], vec![0; 1024 * 1024]);
    for _ in 0..100 {
        tap.note(writes.clone());
    }
    let mut sink = Sink::begin(Vec::new(), now()).unwrap();
    let copied = copy(&tap, |_, _| Ok(Vec::new()), || Ok(()), &mut sink);
    assert!(matches!(copied, Err(BackupError::TooSlow)), "{copied:?}");
    assert!(!tap.is_open());
}

#[test]
fn the_newest_backup_is_the_one_noted_last() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Newest::find(folder.path()), None);
    for changes in [1, 2] {
        let newest = Newest(Backup { file: "/b".into(), at: now(), changes, bytes: 1 });
        newest.note(folder.path()).unwrap();
        assert_eq!(Newest::find(folder.path()), Some(newest));
    }
    fs::write(folder.path().join("backup.json"), "?").unwrap();
    assert_eq!(Newest::find(folder.path()), None);
}
