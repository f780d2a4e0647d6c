//! `record`: a conversation with a running server becomes a transcript that passes as it is.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};

use crate::process::{Connection, Place};

const RATE: &str = "annual_rate = \"0.10\"";

fn say(address: SocketAddr, user: &str, words: &str) {
    let body = json!({"user_id": user, "message": words}).to_string();
    let mut connection = Connection::open(address).unwrap();
    assert_eq!(connection.post("/chat", "application/json", &body).unwrap().status, 200);
}

fn run(place: &Place, address: SocketAddr, arguments: &[&str]) -> Output {
    place.command(arguments).env("BIND", address.to_string()).output().unwrap()
}

/// The transcript and its cars in a folder.
fn written(folder: &Path) -> (PathBuf, String, String) {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_transcript = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "chat");
    let file = files.into_iter().find(is_transcript).unwrap();
    let cars = fs::read_to_string(file.with_extension("csv")).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    (file, text, cars)
}

#[test]
fn a_recorded_conversation_passes_and_guards_its_figures() {
    let place = Place::new(&[]);
    let (server, address) = place.serve().unwrap();
    let purchase = ["busco un versa", "el 1", "mi cel es 55 1234 5678", "20%", "48", "[raro"];
    for words in purchase {
        say(address, "ana", words);
    }
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().display().to_string();
    let title = ["--title", "Ana complains"];
    let arguments = [&["record", "chat:ana", "--to", &to], &title[..]].concat();
    let recorded = run(&place, address, &arguments);
    assert!(recorded.status.success(), "{recorded:?}");
    let again = run(&place, address, &arguments);
    assert_eq!(again.status.code(), Some(2), "{again:?}");

    let (file, text, cars) = written(folder.path());
    // A transcript with a better name still needs the cars.
    let renamed = folder.path().join("better.chat");
    fs::rename(&file, &renamed).unwrap();
    let again = run(&place, address, &arguments);
    assert_eq!(again.status.code(), Some(2), "{again:?}");
    fs::rename(&renamed, &file).unwrap();
    assert!(text.starts_with("# Ana complains\n@ clock 20"), "{text}");
    assert!(text.contains("> busco un versa\n< Encontré"), "{text}");
    assert!(!text.contains("1234 5678"), "{text}");
    // The Versas are enough: the list counts them, and nothing else was asked for.
    let is_versa = |line: &str| line.contains(",Nissan,Versa,");
    assert!(cars.lines().count() > 5 && cars.lines().skip(1).all(is_versa), "{cars}");

    let file = file.display().to_string();
    let tested = run(&place, address, &["test", &file]);
    assert!(tested.status.success(), "{tested:?}");
    let policy = fs::read_to_string("data/credit_policy.toml").unwrap();
    assert!(policy.contains(RATE));
    let dearer = folder.path().join("policy.toml");
    fs::write(&dearer, policy.replace(RATE, "annual_rate = \"0.12\"")).unwrap();
    let dearer = dearer.display().to_string();
    let tested = run(&place, address, &["test", &file, "--policy", &dearer]);
    assert_eq!(tested.status.code(), Some(1), "{tested:?}");

    // With the other rate the bot answers otherwise than it did: that is told.
    let elsewhere = folder.path().join("elsewhere").display().to_string();
    let otherwise = ["record", "chat:ana", "--to", &elsewhere, "--policy", &dearer];
    let otherwise = run(&place, address, &otherwise);
    assert_eq!(otherwise.status.code(), Some(1), "{otherwise:?}");
    let told = String::from_utf8(otherwise.stdout).unwrap();
    assert!(told.contains("answered otherwise then"), "{told}");

    let nobody = run(&place, address, &["record", "chat:nobody", "--to", &to]);
    assert_eq!(nobody.status.code(), Some(1));
    server.stop();
}

/// One request of the page, and the whole answer, headers first.
fn on_page(address: SocketAddr, path: &str, cookie: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_talk_of_the_page_is_recorded_by_its_button() {
    let place = Place::new(&[]);
    let (server, address) = place.serve().unwrap();
    let mut cookie = String::new();
    for words in ["busco un versa", "el 1", "mi cel es 55 1234 5678"] {
        let body = json!({"message": words}).to_string();
        let answer = on_page(address, "/page/message", &cookie, &body);
        let set = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        cookie = set.split(';').next().unwrap().to_owned();
    }
    let answer = on_page(address, "/page/record", &cookie, "");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let recorded: Value = serde_json::from_str(body).unwrap();
    assert_eq!(recorded["same"], true, "{recorded:#}");

    let folder = tempfile::tempdir().unwrap();
    for file in ["transcript", "cars"] {
        let name = recorded[file]["name"].as_str().unwrap();
        fs::write(folder.path().join(name), recorded[file]["text"].as_str().unwrap()).unwrap();
    }
    let (file, text, _) = written(folder.path());
    assert!(text.contains("> busco un versa\n< Encontré") && !text.contains("1234 5678"), "{text}");
    let tested = run(&place, address, &["test", &file.display().to_string()]);
    assert!(tested.status.success(), "{tested:?}");
    server.stop();
}
