//! `serve --watch`: files that change under a running server.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::{Connection, Place};

/// How often, and with what pause, a change is looked for, on a machine that is busy with other
/// tests.
const LOOKS: usize = 400;
const PAUSE: Duration = Duration::from_millis(50);

fn say(address: SocketAddr, user: &str, words: &str) -> Value {
    let body = json!({"user_id": user, "message": words}).to_string();
    let mut connection = Connection::open(address).unwrap();
    let answer = connection.post("/chat", "application/json", &body).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn text(answer: &Value) -> &str {
    answer["replies"][0]["text"].as_str().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(path, to).unwrap();
        }
    }
}

/// Replaces words in a file as an editor does: beside it, then in its place.
fn edit(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{} no longer holds {old:?}", file.display());
    let aside = file.with_extension("new~");
    fs::write(&aside, text.replace(old, new)).unwrap();
    fs::rename(aside, file).unwrap();
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..LOOKS {
        if is_so() {
            return;
        }
        sleep(PAUSE);
    }
    panic!("it never came: {what}");
}

#[test]
fn good_files_are_taken_up_and_bad_ones_are_told() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let flows = folder.path().join("flows");
    copy(&project.join("tests/transcripts/migration/flows/v1"), &flows);
    let notice = "Guardo el chat {{ dealer.retention_days }} días.";
    edit(&flows.join("texts/es-MX.yaml"), "Soy un bot.", notice);
    let catalog = folder.path().join("cars.csv");
    fs::copy(project.join("tests/fixtures/small.csv"), &catalog).unwrap();
    let dealer = folder.path().join("dealer.toml");
    fs::copy(project.join("data/dealer.toml"), &dealer).unwrap();
    let settings: [(&'static str, PathBuf); 3] = [
        ("FLOWS_DIR", flows.clone()),
        ("CATALOG_PATH", catalog.clone()),
        ("DEALER_PATH", dealer.clone()),
    ];
    let place = Place::new(&settings);
    let (server, address) = place.serve_watching().unwrap();
    for words in ["busco un aveo", "1", "20%"] {
        say(address, "ana", words);
    }

    // Another text is heard in the next turn.
    let texts = flows.join("texts/es-MX.yaml");
    edit(&texts, "¿Qué auto buscas?", "¿Qué auto quieres?");
    let greeting = |user: &str| text(&say(address, user, "hola")).to_owned();
    until("the new text", || greeting("beto").contains("¿Qué auto quieres?"));

    // What is wrong is told, and the old goes on.
    let shop = flows.join("shop.yaml");
    edit(&shop, "next: quote", "next: qote");
    until("the report", || place.log().contains("did you mean `quote`?"));
    assert!(place.log().contains("goes on as before"));
    assert!(greeting("carla").contains("¿Qué auto quieres?"));

    // Mended under a new version, with another step: who waits there is told once and goes on.
    edit(&shop, "next: qote", "next: quote");
    edit(
        &shop,
        "no_match: [shop.again, shop.again, {goto: person}]\n    next: quote",
        "no_match: [shop.again, shop.again, {goto: hello}]\n    next: quote",
    );
    edit(&shop, "version: 1", "version: 2");
    edit(&texts, "¿Qué auto quieres?", "¿Cuál auto quieres?");
    until("the new version", || greeting("dora").contains("¿Cuál auto quieres?"));
    assert!(text(&say(address, "ana", "hola")).starts_with("Cambié un poco"));
    let moved = say(address, "ana", "48");
    assert_eq!(moved["turn"]["state"], "shop.plan", "{moved}");
    assert_eq!(moved["session"]["plan"]["months"], 48);

    // What is promised of the data's end stays what is done: that is decided at the start.
    edit(&dealer, "retention_days = 30", "retention_days = 9");
    // Cars too.
    edit(&catalog, "Aveo", "Spark");
    until("the new car", || {
        text(&say(address, "elsa", "busco un spark")).contains("1. Chevrolet Spark")
    });
    assert!(greeting("fer").contains("Guardo el chat 30 días."));
    server.stop();
}
