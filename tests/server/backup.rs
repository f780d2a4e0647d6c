//! `backup` of a server under load, `restore` elsewhere; a damaged store names its backup.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Output;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::scope;

use kavak_bot::message::Channel;
use kavak_bot::store::Store as _;
use serde_json::{Value, json};

use crate::process::{Connection, Place};
use crate::shelf;

const USERS: usize = 4;

fn run(place: &Place, address: Option<SocketAddr>, arguments: &[&str]) -> Output {
    let mut command = place.command(arguments);
    if let Some(address) = address {
        command.env("BIND", address.to_string());
    }
    command.output().unwrap()
}

fn say(connection: &mut Connection, user: usize, turn: u64) {
    let words = if turn.is_multiple_of(2) { "hola" } else { "busco un Versa" };
    let body = json!({"user_id": format!("u{user}"), "message": words, "message_id": id(turn)});
    let answer = connection.post("/chat", "application/json", &body.to_string()).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
}

fn id(turn: u64) -> String {
    format!("m{turn}")
}

#[test]
fn a_backup_under_load_holds_every_turn_acknowledged_before() {
    let place = Place::new(&[]);
    let (_server, address) = place.serve().unwrap();
    let other = Place::new(&[]);
    let file = other.data().with_file_name("backup");
    let over = AtomicBool::new(false);
    let acknowledged: [AtomicU64; USERS] = Default::default();
    let before: Vec<u64> = scope(|scope| {
        for (user, acknowledged) in acknowledged.iter().enumerate() {
            let over = &over;
            scope.spawn(move || {
                let mut connection = Connection::open(address).unwrap();
                while !over.load(Ordering::SeqCst) {
                    let turn = acknowledged.load(Ordering::SeqCst) + 1;
                    say(&mut connection, user, turn);
                    acknowledged.store(turn, Ordering::SeqCst);
                }
            });
        }
        while acknowledged.iter().any(|turns| turns.load(Ordering::SeqCst) < 20) {
            std::thread::yield_now();
        }
        let before = acknowledged.iter().map(|turns| turns.load(Ordering::SeqCst)).collect();
        let made = run(&place, Some(address), &["backup", file.to_str().unwrap(), "--json"]);
        over.store(true, Ordering::SeqCst);
        assert_eq!(made.status.code(), Some(0), "{made:?}");
        let told: Value = serde_json::from_slice(&made.stdout).unwrap();
        assert_eq!(told["bytes"], fs::metadata(&file).unwrap().len());
        before
    });

    let restored = run(&other, None, &["restore", file.to_str().unwrap()]);
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    let (ours, theirs) = (shelf::open(&other), run(&other, None, &["outbox"]));
    assert_eq!(theirs.status.code(), Some(1), "this test holds the store");
    for (user, before) in before.into_iter().enumerate() {
        let id = shelf::user(Channel::Chat, &format!("u{user}"));
        let turns = ours.load(&id).unwrap().version.turns();
        assert!(turns >= before, "u{user}: {turns} of {before} turns");
        let history = ours.history(&id, usize::MAX).unwrap();
        assert_eq!((history.turns.len() as u64, history.unreadable), (turns, 0));
        for (number, turn) in (1..).zip(&history.turns) {
            assert_eq!(turn.inbound.id.as_ref().unwrap().as_str(), self::id(number));
            let answered = ours.answered(&id, turn.inbound.id.as_ref().unwrap()).unwrap();
            assert_eq!(answered.as_ref(), Some(&turn.answer));
        }
    }
    drop(ours);
    let again = run(&other, None, &["restore", file.to_str().unwrap()]);
    let told = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert!(told.contains("--force"), "{told}");
    other.serve().unwrap();
}

#[test]
fn a_damaged_store_is_refused_with_the_command_that_restores_it() {
    let place = Place::new(&[]);
    let (server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    say(&mut connection, 0, 1);
    let file = place.data().with_file_name("daily.backup");
    let made = run(&place, Some(address), &["backup", "daily.backup"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    assert!(file.exists(), "the command's folder counts, not the server's");
    say(&mut connection, 0, 2);
    assert!(server.stop().unwrap().success());
    damage(&place.data().join("store/db"));

    let refused = run(&place, None, &["serve"]);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{told}");
    assert!(told.contains("damaged") && told.contains("restore"), "{told}");
    assert!(told.contains(file.to_str().unwrap()), "{told}");
    let refused = run(&place, None, &["outbox"]);
    assert_eq!(String::from_utf8(refused.stderr).unwrap(), told);

    // A restore that breaks off between the two stores leaves none, and nothing starts anew.
    let store = place.data().join("store");
    fs::create_dir(store.with_file_name("store.restoring")).unwrap();
    fs::rename(&store, store.with_file_name("store.aside")).unwrap();
    let refused = run(&place, None, &["serve"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("broke off"));
    fs::rename(store.with_file_name("store.aside"), &store).unwrap();

    let restored = run(&place, None, &["restore", "daily.backup", "--force"]);
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    let (_server, address) = place.serve().unwrap();
    let exported = run(&place, Some(address), &["user", "export", "chat:u0"]);
    let exported: Value = serde_json::from_slice(&exported.stdout).unwrap();
    assert_eq!(exported[0]["turns"].as_array().unwrap().len(), 1);
}

/// The last kilobyte that was written is lost.
fn damage(log: &Path) {
    let bytes = fs::read(log).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    let file = fs::File::options().write(true).open(log).unwrap();
    file.set_len(used as u64 - 1_024).unwrap();
}
