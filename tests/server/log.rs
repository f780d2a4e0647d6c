//! What the real server logs of a talk: which turn of whom, and nothing of what was said.

use serde_json::{Value, json};

use crate::process::{Connection, Place};

/// Says `words` to a server of `place`, which is stopped again, as each of `users`.
fn say(place: &Place, users: &[&str], words: &str) {
    let (server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    for user in users {
        let body = json!({"user_id": user, "message": words, "message_id": words}).to_string();
        assert_eq!(connection.post("/chat", "application/json", &body).unwrap().status, 200);
    }
    assert!(server.stop().unwrap().success());
}

#[test]
fn a_turn_has_an_id_and_its_user_a_name_that_says_nothing() {
    let place = Place::new(&[("LOG_LEVEL", "info".into()), ("LOG_FORMAT", "json".into())]);
    say(&place, &["5215587654321", "ana", "5215587654321"], "busco un versa");
    say(&place, &["5215587654321"], "privatewords");
    let log = place.log();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |message: &str| -> Vec<&Value> {
        lines.iter().filter(|line| line["message"] == message).collect()
    };
    let taken = of("a turn was taken");
    let spans: Vec<&Value> = taken.iter().map(|line| &line["span"]).collect();
    assert_eq!(taken.len(), 3, "{log}");
    assert_eq!(taken[0]["state"], "purchase.choose");
    assert_eq!(taken[0]["source"], "flow");
    assert!(taken[0]["ms"].as_f64().unwrap() > 0.0);
    assert_eq!(spans[0]["channel"], "chat");
    assert_eq!(spans[0]["user"], spans[2]["user"], "the same user, also after a restart");
    assert_ne!(spans[0]["user"], spans[1]["user"]);
    assert_ne!(spans[0]["turn"], spans[1]["turn"]);
    assert_ne!(spans[0]["turn"], spans[2]["turn"]);
    assert_eq!(taken[0]["spans"][0]["name"], "request");
    let again = of("a message came again and got its stored answer");
    assert_eq!(again[0]["span"]["user"], spans[0]["user"]);
    for secret in ["87654321", "ana\"", "private", "busco"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
