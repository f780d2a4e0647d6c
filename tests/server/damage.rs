//! Values of a store are damaged behind its back: they are set aside, and everybody else goes on.

use std::thread::sleep;
use std::time::Duration;

use kavak_bot::message::Channel;
use kavak_bot::store::Store as _;
use serde_json::Value;

use crate::process::Place;
use crate::provider::Provider;
use crate::shelf::{self, PHONE};

const SOON: Duration = Duration::from_secs(20);

/// The files of the store. One that was just closed holds its lock for some moments more.
fn files(place: &Place) -> sled::Db {
    let open = || sled::open(place.data().join("store"));
    for _ in 0..100 {
        if let Ok(database) = open() {
            return database;
        }
        sleep(Duration::from_millis(50));
    }
    open().unwrap()
}

/// Damages each value with `text` in it, in the files themselves: how many.
fn damage(place: &Place, text: &str) -> usize {
    let database = files(place);
    let has_text = |value: &[u8]| value.windows(text.len()).any(|part| part == text.as_bytes());
    let mut damaged = 0;
    for entry in database.iter() {
        let (key, value) = entry.unwrap();
        if has_text(&value) {
            database.insert(key, &value[..value.len() / 2]).unwrap();
            damaged += 1;
        }
    }
    database.flush().unwrap();
    damaged
}

#[test]
fn damaged_mail_is_set_aside_and_the_rest_goes_on() {
    let provider = Provider::start();
    let place = Place::new(&provider.settings());
    let (ana, beto) =
        (shelf::user(Channel::Meta, PHONE), shelf::user(Channel::Meta, "525500000001"));
    let store = shelf::open(&place);
    shelf::block(async {
        shelf::turn(&store, &ana, &["uno", "dos"]).await;
        shelf::turn(&store, &beto, &["tres"]).await;
        let waiting = [("m1", "zzz damaged"), ("m2", "hola")];
        let waiting = waiting.map(|(id, words)| shelf::arrival(&ana, id, words));
        store.accept(waiting.into()).await.unwrap();
    });
    drop(store);
    // The reply itself, and the turn record that holds it too.
    assert_eq!(damage(&place, "\"text\":\"uno\""), 2);
    assert_eq!(damage(&place, "zzz damaged"), 1);

    let (server, address) = place.serve().unwrap();
    let text =
        |body: String| serde_json::from_str::<Value>(&body).unwrap()["text"]["body"].to_string();
    let mut sent: Vec<String> = (0..2).map(|_| text(provider.next(SOON).unwrap())).collect();
    sent.sort_unstable();
    assert_eq!(sent, ["\"dos\"", "\"tres\""]);
    assert!(provider.next(SOON).is_some(), "the message behind the damaged one has its turn");

    let mut export = place.command(&["user", "export", PHONE]);
    let export = export.env("BIND", address.to_string()).output().unwrap();
    let export: Value = serde_json::from_slice(&export.stdout).unwrap();
    let count = |what: &str| export[0][what].as_array().unwrap().len();
    assert_eq!((count("set_aside"), count("unreadable"), count("waiting")), (2, 1, 0), "{export}");
    let log = place.log();
    assert!(log.contains("set aside") && log.contains("message that waited"), "{log}");
    assert!(!log.contains(PHONE) && !log.contains("zzz"), "{log}");
    assert!(server.stop().unwrap().success());
}

#[test]
fn a_damaged_session_costs_one_customer_the_thread() {
    let place = Place::new(&[]);
    let (server, address) = place.serve().unwrap();
    let say = |address, user: &str, words: &str| {
        let body = serde_json::json!({"user_id": user, "message": words}).to_string();
        let mut connection = crate::process::Connection::open(address).unwrap();
        let answer = connection.post("/chat", "application/json", &body).unwrap();
        assert_eq!(answer.status, 200);
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        answer["turn"]["state"].as_str().unwrap().to_owned()
    };
    say(address, "ana", "busco un Versa");
    let before = say(address, "beto", "busco un Jetta");
    assert!(server.stop().unwrap().success());
    assert!(damage(&place, "Versa") > 0);
    let (_server, address) = place.serve().unwrap();
    say(address, "ana", "busco un Jetta");
    assert_eq!(say(address, "beto", "ñññ"), before, "nothing happened to others");
    assert!(place.log().contains("a session cannot be read and was set aside"));
}
