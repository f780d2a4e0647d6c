//! What is on the disk when a process is killed, and when the disk takes no more.
//!
//! Each test starts this same binary again as a child that commits turns and prints a line for
//! each one acknowledged, ends it the hard way, and opens what it left behind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use kavak_bot::engine::Session;
use kavak_bot::message::{
    Answer, Channel, Content, Inbound, MessageId, Reply, Source, TurnRecord, UserId, View,
};
use kavak_bot::store::{Commit, Mail, Outcome, SledStore, Store, StoreError};

const FOLDER: &str = "STORE_KILL_FOLDER";
const USERS: u32 = 16;
const ROUNDS: usize = 10;

/// How many turns of each user were acknowledged.
type Acknowledged = BTreeMap<u32, u64>;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_happens_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Acknowledged::new();
    let mut seed = 20_260_302_u64;
    for _ in 0..ROUNDS {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let lines = 1 + (seed >> 33) % 400;
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_is_killed", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        read_and_kill(child, Some(lines), &mut acknowledged);
        check(folder.path(), &acknowledged);
    }
    assert!(acknowledged.len() > 1, "the children did too little to show anything");
}

/// A limit on the size of files stands for a disk that is full: both make a write fail half way.
#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_reopening_finds_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Acknowledged::new();
    let child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_fills_the_disk", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    read_and_kill(child, None, &mut acknowledged);
    assert!(acknowledged.values().sum::<u64>() > 1, "the disk was full before it began");
    check(folder.path(), &acknowledged);

    let store = SledStore::open(folder.path()).unwrap();
    let written = runtime().block_on(commit_next(&store, 0));
    assert!(written.is_ok(), "there is room again: {written:?}");
}

#[test]
#[ignore = "started by the test above as a process of its own"]
fn child_that_is_killed() {
    let Some(store) = store_of_child() else { return };
    runtime().block_on(async {
        let worker = |user| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { commit_until_it_fails(&store, user).await })
        };
        let mut workers: Vec<_> = (0..USERS).map(worker).collect();
        let error = workers.pop().unwrap().await.unwrap();
        panic!("nothing was to fail here: {error}");
    });
}

#[test]
#[ignore = "started by the test above as a process of its own"]
fn child_that_fills_the_disk() {
    let Some(store) = store_of_child() else { return };
    let error = runtime().block_on(commit_until_it_fails(&store, 0));
    let is_not_ready = |error: &StoreError| matches!(error, StoreError::NotReady { .. });
    assert!(is_not_ready(&error), "{error}");
    assert!(is_not_ready(&store.ready().unwrap_err()));
    assert!(is_not_ready(&store.load(&user_id(0)).unwrap_err()));
    let later = runtime().block_on(commit_next(&store, 1));
    assert!(is_not_ready(&later.unwrap_err()));
}

/// Reads what the child acknowledges, and kills it after so many lines or lets it end by itself.
fn read_and_kill(mut child: Child, lines: Option<u64>, acknowledged: &mut Acknowledged) {
    let mut seen = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let Some(line) = line.strip_prefix("acknowledged ") else { continue };
        let (user, turn) = line.split_once(' ').unwrap();
        acknowledged.insert(user.parse().unwrap(), turn.parse().unwrap());
        seen += 1;
        if Some(seen) == lines {
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert_eq!(status.success(), lines.is_none(), "the child ended by itself: {status}");
}

/// Every acknowledged turn is there with its answer, at most one more of each user was under way,
/// and no turn is there twice.
fn check(folder: &Path, acknowledged: &Acknowledged) {
    let store = SledStore::open(folder).unwrap();
    for user in 0..USERS {
        let known = acknowledged.get(&user).copied().unwrap_or(0);
        let id = user_id(user);
        let found = store.load(&id).unwrap().version.turns();
        assert!(found >= known, "user {user} lost {} turns", known - found);
        for turn in 1..=found {
            let answer = store.answered(&id, &message_id(turn)).unwrap();
            assert_eq!(answer, Some(record(user, turn).answer), "user {user}, turn {turn}");
        }
        let expected: Vec<_> = (1..=found).map(|turn| record(user, turn)).collect();
        assert_eq!(store.history(&id, usize::MAX).unwrap().turns, expected);
    }
}

#[expect(clippy::disallowed_methods, reason = "how a child learns which folder is its own")]
fn store_of_child() -> Option<Arc<SledStore>> {
    let folder = std::env::var_os(FOLDER)?;
    Some(Arc::new(SledStore::open(Path::new(&folder)).unwrap()))
}

async fn commit_until_it_fails(store: &SledStore, user: u32) -> StoreError {
    loop {
        match commit_next(store, user).await {
            Ok(turn) => acknowledge(user, turn),
            Err(error) => return error,
        }
    }
}

async fn commit_next(store: &SledStore, user: u32) -> Result<u64, StoreError> {
    let expected = store.load(&user_id(user))?.version;
    let turn = expected.turns() + 1;
    let record = record(user, turn);
    let now = record.inbound.at;
    let outcome = Outcome::Keep(Session::default());
    store
        .commit(&Commit { expected, outcome, record, mail: Mail::default(), replies: 0, now })
        .await?;
    Ok(turn)
}

/// In one write, so that a line is there as a whole or not at all.
fn acknowledge(user: u32, turn: u64) {
    let line = format!("acknowledged {user} {turn}\n");
    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
}

fn user_id(user: u32) -> UserId {
    UserId::new(Channel::Twilio, &format!("whatsapp:+52155000000{user:02}")).unwrap()
}

fn message_id(turn: u64) -> MessageId {
    format!("SM{turn}").parse().unwrap()
}

fn record(user: u32, turn: u64) -> TurnRecord {
    let inbound = Inbound {
        user: user_id(user),
        id: Some(message_id(turn)),
        content: Content::Text("busco un Versa".to_owned()),
        at: "2026-03-02T16:00:00Z".parse().unwrap(),
    };
    let text = format!("Respuesta {turn} para {user}. {}", "Versa 2019 · $189,999 · ".repeat(20));
    let answer = Answer {
        replies: vec![Reply { text, media: Vec::new(), choices: Vec::new() }],
        state: "purchase.choose".to_owned(),
        source: Source::Flow,
        session: View::of(&serde_json::json!({"car": null})),
    };
    TurnRecord::new(inbound, answer)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap()
}
