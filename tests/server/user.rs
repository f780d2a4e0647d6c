//! `user export` and `user erase`, with and without a server.

use std::net::SocketAddr;
use std::process::{Output, Stdio};
use std::thread::scope;

use kavak_bot::message::Channel;
use serde_json::{Value, json};

use crate::process::{Connection, Place};
use crate::shelf::{self, PHONE};

fn run(place: &Place, address: Option<SocketAddr>, arguments: &[&str]) -> Output {
    let mut command = place.command(arguments);
    if let Some(address) = address {
        command.env("BIND", address.to_string());
    }
    command.stdin(Stdio::null()).output().unwrap()
}

fn exported(place: &Place, address: Option<SocketAddr>, id: &str) -> Vec<Value> {
    let output = run(place, address, &["user", "export", id]);
    match output.status.code() {
        Some(0) => serde_json::from_slice(&output.stdout).unwrap(),
        Some(1) => Vec::new(),
        code => panic!("{code:?}: {output:?}"),
    }
}

fn code(place: &Place, address: Option<SocketAddr>, arguments: &[&str]) -> Option<i32> {
    run(place, address, arguments).status.code()
}

fn say(address: SocketAddr, user: &str, words: &str) -> u16 {
    let body = json!({"user_id": user, "message": words}).to_string();
    let mut connection = Connection::open(address).unwrap();
    connection.post("/chat", "application/json", &body).unwrap().status
}

#[test]
fn one_person_is_exported_and_erased_on_both_channels() {
    let place = Place::new(&[]);
    let store = shelf::open(&place);
    shelf::block(async {
        for channel in [Channel::Meta, Channel::Twilio] {
            shelf::turn(&store, &shelf::user(channel, PHONE), &["uno", "dos"]).await;
        }
        shelf::turn(&store, &shelf::user(Channel::Chat, PHONE), &["tres"]).await;
        shelf::give_up(&store, "dos").await;
    });
    drop(store);
    let is_whole = |address| {
        let told = exported(&place, address, "whatsapp:+52 1 55 1234 5678");
        assert_eq!(told.len(), 2, "{told:?}");
        for export in &told {
            assert_eq!(export["turns"][0]["inbound"]["content"]["text"], "busco un Versa");
            assert_eq!(export["replies"].as_array().unwrap().len(), 2);
            assert_eq!(export["messages"][0]["id"], "wamid.in.0");
            assert!(export["session"].is_object(), "{export}");
        }
    };
    is_whole(None);
    assert_eq!(code(&place, None, &["user", "erase", PHONE]), Some(2), "nobody can be asked");
    assert_eq!(code(&place, None, &["user", "export", "telegram:1"]), Some(2));

    let (server, address) = place.serve().unwrap();
    is_whole(Some(address));
    assert_eq!(code(&place, Some(address), &["user", "erase", "55 1234 5678", "--yes"]), Some(0));
    assert!(exported(&place, Some(address), PHONE).is_empty());
    assert_eq!(code(&place, Some(address), &["user", "erase", PHONE, "--yes"]), Some(1));
    server.kill().unwrap();

    assert!(exported(&place, None, PHONE).is_empty(), "it is durable");
    let other = format!("chat:{PHONE}");
    assert_eq!(exported(&place, None, &other).len(), 1, "another user, whatever the name");
    assert_eq!(code(&place, None, &["user", "erase", &other, "--yes"]), Some(0));
    assert!(exported(&place, None, &other).is_empty());
}

#[test]
fn a_user_can_be_erased_in_the_middle_of_a_talk() {
    let place = Place::new(&[]);
    let (_server, address) = place.serve().unwrap();
    scope(|scope| {
        scope.spawn(|| {
            for turn in 0..60 {
                assert_eq!(say(address, "ana", "busco un Versa"), 200, "turn {turn}");
            }
        });
        for _ in 0..5 {
            let code = code(&place, Some(address), &["user", "erase", "chat:ana", "--yes"]);
            assert!(matches!(code, Some(0 | 1)), "{code:?}");
        }
    });
    code(&place, Some(address), &["user", "erase", "chat:ana", "--yes"]);
    assert!(exported(&place, Some(address), "chat:ana").is_empty());
    assert_eq!(say(address, "ana", "hola"), 200);
    assert_eq!(
        exported(&place, Some(address), "chat:ana")[0]["turns"].as_array().unwrap().len(),
        1
    );
}
