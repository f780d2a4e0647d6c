//! `export` and `replay`: what customers wrote to a running server, played through two versions.

use std::fs;
use std::net::SocketAddr;
use std::process::Output;

use serde_json::{Value, json};

use crate::process::{Connection, Place};

fn say(address: SocketAddr, user: &str, words: &str) {
    let body = json!({"user_id": user, "message": words}).to_string();
    let mut connection = Connection::open(address).unwrap();
    assert_eq!(connection.post("/chat", "application/json", &body).unwrap().status, 200);
}

fn run(place: &Place, address: Option<SocketAddr>, arguments: &[&str]) -> Output {
    let mut command = place.command(arguments);
    if let Some(address) = address {
        command.env("BIND", address.to_string());
    }
    command.output().unwrap()
}

#[test]
fn conversations_are_exported_and_replayed_also_while_the_server_runs() {
    let place = Place::new(&[]);
    let (server, address) = place.serve().unwrap();
    for words in ["busco un versa", "el 1", "20% de enganche, mi cel es 5512345678"] {
        say(address, "ana", words);
    }
    say(address, "beto", "hola");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("conversations.jsonl").display().to_string();
    let exported = run(&place, Some(address), &["export", &file]);
    assert!(exported.status.success(), "{exported:?}");
    let lines = fs::read_to_string(&file).unwrap();
    assert_eq!(lines.lines().count(), 2);
    assert!(!lines.contains("5512345678") && !lines.contains("beto"), "{lines}");
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert!(first["messages"][0]["at"].is_string(), "{first}");

    // Yesterday's rate was another one.
    let policy = fs::read_to_string("data/credit_policy.toml").unwrap();
    let old = folder.path().join("data/credit_policy.toml");
    fs::create_dir_all(old.parent().unwrap()).unwrap();
    let rate = "annual_rate = \"0.10\"";
    assert!(policy.contains(rate));
    fs::write(old, policy.replace(rate, "annual_rate = \"0.12\"")).unwrap();
    let against = folder.path().display().to_string();

    let told = folder.path().join("report.json").display().to_string();
    let running = run(&place, Some(address), &["replay", "--against", &against, "--json", &told]);
    assert_eq!(running.status.code(), Some(1), "{running:?}");
    let report: Value = serde_json::from_slice(&fs::read(&told).unwrap()).unwrap();
    assert_eq!(report["conversations"], 2);
    assert_eq!(report["groups"][0]["parting"], "figures");
    assert_eq!(report["groups"][0]["count"], 1);

    server.stop();
    let from_store = run(&place, None, &["replay", "--against", &against]);
    assert_eq!(from_store.stdout, running.stdout);
    let from_file = run(&place, None, &["replay", &file, "--against", &against]);
    assert_eq!(from_file.status.code(), Some(1), "{from_file:?}");
    let allowed = ["replay", &file, "--against", &against, "--allow-figures", "50"];
    assert!(run(&place, None, &allowed).status.success());
}

#[test]
fn what_cannot_be_compared_is_told() {
    let place = Place::new(&[]);
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().display().to_string();
    let no_version = run(&place, None, &["replay", "x.jsonl", "--against", &empty]);
    assert_eq!(no_version.status.code(), Some(2));
    let no_store = run(&place, None, &["replay", "--against", "."]);
    assert_eq!(no_store.status.code(), Some(2));
    let file = folder.path().join("nothing.jsonl").display().to_string();
    fs::write(&file, "{}").unwrap();
    let no_recording = run(&place, None, &["replay", &file, "--against", "tests/dentist"]);
    assert_eq!(no_recording.status.code(), Some(2), "{no_recording:?}");
}
