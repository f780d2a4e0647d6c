//! `outbox` and `outbox replay`, with and without a server.

use std::net::SocketAddr;
use std::process::Output;
use std::time::Duration;

use kavak_bot::message::Channel;
use serde_json::Value;

use crate::process::Place;
use crate::provider::Provider;
use crate::shelf::{self, PHONE};

const SOON: Duration = Duration::from_secs(10);

/// A place with one reply that waits, two that were given up.
fn place(settings: &[(&'static str, std::path::PathBuf)]) -> Place {
    let place = Place::new(settings);
    let store = shelf::open(&place);
    shelf::block(async {
        let ana = shelf::user(Channel::Meta, PHONE);
        shelf::turn(&store, &ana, &["uno", "dos"]).await;
        shelf::give_up(&store, "uno").await;
        shelf::give_up(&store, "dos").await;
        let beto = shelf::user(Channel::Twilio, "525587654321");
        shelf::turn(&store, &beto, &["tres"]).await;
    });
    place
}

fn run(place: &Place, address: Option<SocketAddr>, arguments: &[&str]) -> Output {
    let mut command = place.command(arguments);
    if let Some(address) = address {
        command.env("BIND", address.to_string());
    }
    command.output().unwrap()
}

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn is_told(place: &Place, address: Option<SocketAddr>) {
    let told = run(place, address, &["outbox"]);
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(text.ends_with("waiting: 1, given up: 2\n"), "{text}");
    assert!(text.contains("meta:…5678") && text.contains("131026"), "{text}");
    assert!(!text.contains(PHONE) && !text.contains("uno"), "{text}");

    let listed = json(&run(place, address, &["outbox", "--json"]));
    assert_eq!(listed["waiting"][0]["user"], "twilio:…4321");
    assert_eq!(listed["dead"][0]["failures"], 1);
    assert_eq!(listed["dead"][0]["reason"], "code 131026");
    assert!(listed["dead"][0]["age_seconds"].as_i64().unwrap() > 0);

    let shown = json(&run(place, address, &["outbox", "--json", "--show-users"]));
    assert_eq!(shown["dead"][0]["user"], format!("meta:{PHONE}"));
}

#[test]
fn the_outbox_is_told_by_the_store_and_by_the_server() {
    let place = place(&[]);
    is_told(&place, None);
    let (_server, address) = place.serve().unwrap();
    is_told(&place, Some(address));
}

#[test]
fn what_was_given_up_is_replayed_without_a_server() {
    let place = place(&[]);
    let listed = json(&run(&place, None, &["outbox", "--json"]));
    let id = listed["dead"][0]["id"].as_str().unwrap();
    assert_eq!(run(&place, None, &["outbox", "replay", "00000000"]).status.code(), Some(1));
    assert_eq!(run(&place, None, &["outbox", "replay", "whatever"]).status.code(), Some(2));
    assert_eq!(run(&place, None, &["outbox", "replay"]).status.code(), Some(2));
    assert_eq!(json(&run(&place, None, &["outbox", "replay", id, "--json"]))["replayed"], 1);
    let listed = json(&run(&place, None, &["outbox", "--json"]));
    assert_eq!(listed["waiting"].as_array().unwrap().len(), 2);
    assert_eq!(listed["dead"].as_array().unwrap().len(), 1);
}

#[test]
fn a_replay_wakes_the_sender_of_a_server() {
    let provider = Provider::start();
    let place = place(&provider.settings());
    let (_server, address) = place.serve().unwrap();
    assert_eq!(provider.next(Duration::from_millis(300)), None, "they were given up");
    let replayed = json(&run(&place, Some(address), &["outbox", "replay", "--all", "--json"]));
    assert_eq!(replayed["replayed"], 2);
    for text in ["uno", "dos"] {
        let sent: Value = serde_json::from_str(&provider.next(SOON).unwrap()).unwrap();
        assert_eq!(sent["text"]["body"], text);
    }
}
