//! `knowledge gaps` while the server runs, once it has stopped, and where there is nothing.

use std::net::SocketAddr;

use crate::process::{Connection, Failure, Place};
use serde_json::{Value, json};

/// A message is said again where it was not answered in time: built for tests and on a busy
/// machine, a bot that just started learns for many seconds how people ask.
const TRIES: usize = 12;

fn say(address: SocketAddr, user: &str, words: &str) -> Result<(), Failure> {
    let body = json!({"user_id": user, "message": words, "message_id": words}).to_string();
    for _ in 1..TRIES {
        let answer = Connection::open(address)?.post("/chat", "application/json", &body)?;
        match answer.status {
            200 => return Ok(()),
            503 => {}
            status => panic!("{status} {}", answer.body),
        }
    }
    panic!("`{words}` was never answered");
}

/// What the command lists, and what it says of errors.
fn gaps(place: &Place, address: Option<SocketAddr>) -> (Vec<Value>, String) {
    let mut command = place.command(&["knowledge", "gaps", "--json"]);
    if let Some(address) = address {
        command.env("BIND", address.to_string());
    }
    let output = command.output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let listed = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (listed, String::from_utf8(output.stderr).unwrap())
}

#[test]
fn gaps_are_told_by_the_server_and_by_the_store() {
    let place = Place::new(&[]);
    let (server, address) = place.serve().unwrap();
    say(address, "ana", "¿cuántos empleados tiene Kavak?").unwrap();
    say(address, "beto", "CUANTOS EMPLEADOS TIENE KAVAK?").unwrap();
    say(address, "ana", "¿qué garantía tienen los autos?").unwrap();
    say(address, "ana", "👎").unwrap();

    let (told, errors) = gaps(&place, Some(address));
    assert_eq!(errors, "");
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0]["refused"], 2);
    assert_eq!(told[0]["question"], "CUANTOS EMPLEADOS TIENE KAVAK?");
    assert_eq!(told[1]["disliked"], 1);
    assert_eq!(told[1]["passages"], json!(["garantia/basica"]));

    let (none, errors) = gaps(&place, Some("127.0.0.1:9".parse().unwrap()));
    assert!(none.is_empty() && errors.contains("127.0.0.1:9"), "{errors}");

    server.stop();
    assert_eq!(gaps(&place, None).0, told);
}

#[test]
fn a_folder_without_a_store_is_told_and_left_as_it_is() {
    let place = Place::new(&[]);
    let (none, errors) = gaps(&place, None);
    assert!(none.is_empty());
    assert!(errors.contains("DATA_DIR"), "{errors}");
    assert!(!place.data().exists());
}
