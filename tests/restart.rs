//! The server is stopped, killed, started twice, started wrongly: a purchase goes on, and whoever
//! runs it is told.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

#[path = "process/mod.rs"]
mod process;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use process::{Answer, Connection, Failure, Place, Server};
use serde_json::{Value, json};

/// A purchase up to the question that “48” answers.
const UNTIL_THE_TERM: [&str; 4] = ["busco un Jetta", "el 1", "a crédito", "20%"];

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Cars that stay as they are when the catalogue is made anew.
fn place() -> Place {
    Place::new(&[("CATALOG_PATH", file("tests/fixtures/small.csv"))])
}

/// Says `words` under the id `id`, which must be answered.
fn say(connection: &mut Connection, id: &str, words: &str) -> Answer {
    let body = json!({"user_id": "ana", "message": words, "message_id": id});
    let answer = connection.post("/chat", "application/json", &body.to_string()).unwrap();
    assert_eq!(answer.status, 200, "{words}: {}", answer.body);
    answer
}

fn is_refused(output: &Output, code: i32) -> String {
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{told}");
    assert!(output.stdout.is_empty(), "it said that it serves");
    told
}

fn a_purchase_outlives(end: fn(Server)) {
    let place = place();
    let (server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    let before: Vec<_> =
        UNTIL_THE_TERM.iter().map(|words| say(&mut connection, words, words)).collect();
    end(server);

    let (server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    for (words, answer) in UNTIL_THE_TERM.iter().zip(&before) {
        assert_eq!(say(&mut connection, words, words), *answer, "{words}, said again");
    }
    let plan = say(&mut connection, "term", "48");
    is_the_plan(&serde_json::from_str(&plan.body).unwrap());
    end(server);

    let (_server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    assert_eq!(say(&mut connection, "term", "48"), plan);
}

/// A Jetta for $289,999 with 20 % down, over 48 months at 10 % a year.
fn is_the_plan(answer: &Value) {
    assert_eq!(answer["turn"]["state"], "purchase.plan");
    let session = &answer["session"];
    assert_eq!(session["car"], "100306");
    assert_eq!(session["down_payment"], "57999.80");
    assert_eq!(session["months"], 48);
    assert_eq!(session["plan"]["principal"], "231999.20");
    assert_eq!(session["plan"]["monthly_payment"], "5884.10");
    let text = answer["replies"][0]["text"].as_str().unwrap();
    assert!(text.contains("48 pagos de $5,884.10"), "{text}");
}

#[test]
fn a_purchase_goes_on_after_a_stop() {
    a_purchase_outlives(|server| assert!(server.stop().unwrap().success()));
}

#[test]
fn a_purchase_goes_on_after_a_kill() {
    a_purchase_outlives(|server| server.kill().unwrap());
}

#[test]
fn an_open_connection_does_not_hold_up_a_stop() {
    let place = place();
    let (server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    say(&mut connection, "m1", "hola");
    let ended = server.stop();
    assert_eq!(ended.expect("it ends within its time").code(), Some(0));
    assert!(matches!(connection.get("/health"), Err(Failure::Gone)));
}

#[test]
fn a_second_server_leaves_the_first_one_s_data_alone() {
    let place = place();
    let (_server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    let greeting = say(&mut connection, "m1", "hola");

    let told = is_refused(&place.command(&["serve"]).output().unwrap(), 1);
    assert!(told.contains(&*place.data().to_string_lossy()), "{told}");
    assert!(told.contains("in use"), "{told}");

    assert_eq!(say(&mut connection, "m1", "hola"), greeting);
    assert_eq!(connection.get("/ready").unwrap().status, 200);
}

#[test]
fn a_flow_with_a_mistake_stops_the_start_with_the_checker_s_report() {
    let folder = tempfile::tempdir().unwrap();
    let flows = folder.path().join("flows");
    copy(&file("flows"), &flows);
    let purchase = flows.join("purchase.yaml");
    let right = fs::read_to_string(&purchase).unwrap();
    let wrong = right.replacen("next: picked", "next: pickd", 1);
    assert_ne!(wrong, right, "there is nothing to break");
    fs::write(&purchase, wrong).unwrap();

    let place = Place::new(&[("FLOWS_DIR", flows)]);
    let report = is_refused(&place.command(&["flows", "check"]).output().unwrap(), 1);
    assert!(report.contains("purchase.yaml:") && report.contains("pickd"), "{report}");
    let told = is_refused(&place.command(&["serve"]).output().unwrap(), 1);
    assert_eq!(told, report);
}

#[test]
fn wrong_settings_stop_the_start_with_their_names() {
    let place = Place::new(&[("BIND", "nowhere".into()), ("LOG_FORMAT", "xml".into())]);
    let told = is_refused(&place.command(&["serve"]).output().unwrap(), 2);
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].starts_with("BIND=nowhere: "), "{told}");
    assert!(lines[1].starts_with("LOG_FORMAT=xml: "), "{told}");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let place = Place::new(&[("BIND", address.clone().into())]);
    let told = is_refused(&place.command(&["serve"]).output().unwrap(), 1);
    assert!(told.contains(&address), "{told}");
}

/// Asks, as a container does, on a machine that has no certificates.
fn health(place: &Place, address: &str) -> Output {
    let mut command = place.command(&["health", "--bind", address]);
    command.env("SSL_CERT_FILE", "/none").env("SSL_CERT_DIR", "/none").output().unwrap()
}

#[test]
fn a_container_that_asks_is_told_whether_a_server_is_ready() {
    let place = place();
    let (_server, address) = place.serve().unwrap();
    let ready = health(&place, &address.to_string());
    assert_eq!(ready.status.code(), Some(0), "{ready:?}");

    let nobody = health(&place, "127.0.0.1:1");
    let told = String::from_utf8(nobody.stderr).unwrap();
    assert_eq!(nobody.status.code(), Some(1), "{told}");
    assert!(told.starts_with("127.0.0.1:1: no answer ("), "{told}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let copied = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &copied);
        } else {
            fs::copy(entry.path(), copied).unwrap();
        }
    }
}
