//! What the real server counts of a talk, and how full it says that it is.

use serde_json::json;

use crate::process::{Connection, Place};

#[test]
fn a_talk_is_counted() {
    let place = Place::new(&[]);
    let (_server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    for (id, message) in [("1", "hola"), ("2", "xyzzy plugh"), ("2", "xyzzy plugh")] {
        let body = json!({"user_id": "ana", "message": message, "message_id": id}).to_string();
        assert_eq!(connection.post("/chat", "application/json", &body).unwrap().status, 200);
    }
    let told = connection.get("/metrics").unwrap().body;
    let value = |name: &str| -> f64 {
        let lines = told.lines().filter(|line| line.starts_with(name));
        lines.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
    };
    for (name, expected) in [
        ("kavak_bot_turns_total", 2.0),
        ("kavak_bot_no_match_turns_total{channel=\"chat\"}", 1.0),
        ("kavak_bot_repeated_messages_total{channel=\"chat\"}", 1.0),
        ("kavak_bot_turn_seconds_count", 2.0),
        ("kavak_bot_outbox_replies", 0.0),
        ("kavak_bot_dead_letters", 0.0),
        ("kavak_bot_turns_open", 0.0),
    ] {
        assert!((value(name) - expected).abs() < f64::EPSILON, "{name} in\n{told}");
    }
    assert!(value("kavak_bot_store_flush_seconds_count") >= 2.0, "{told}");
    assert!(value("kavak_bot_store_bytes") > 1_000.0, "{told}");
}
