//! Somebody tries to pass for another customer: the same ids on other channels, ids made to look
//! like theirs, their message ids. Nobody gets at a session, a reply or a stored answer that is not
//! their own. (Cookies are forged at the page's own door, `tests/http_doors/page.rs`.)

use std::path::Path;

use kavak_bot::message::{Channel, UserId};
use kavak_bot::store::Store as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::process::{Answer, Connection, Place};
use crate::shelf;

/// The victim's telephone, as Twilio and Meta know it.
const PHONE: &str = "525512345678";

/// What the victim writes: a car is picked, and its down payment asked for.
const SAID: [(&str, &str); 3] =
    [("SM1", "busco un Jetta"), ("SM2", "el 1"), ("wamid.1", "a crédito")];

/// User ids of the chat API that are meant to be the victim.
const PRETENDED: [&str; 14] = [
    "525512345678",
    "5215512345678",
    "+525512345678",
    "whatsapp:+5215512345678",
    "twilio:525512345678",
    "twilio/525512345678",
    "Twilio 525512345678",
    "meta:525512345678",
    "s525512345678",
    "../twilio/525512345678",
    "twilio\u{1}525512345678",
    "525512345678\u{1f}",
    "５２５５１２３４５６７８",
    "%35%32%35512345678",
];

fn form(from: &str, id: &str, words: &str) -> String {
    let fields = [("From", from), ("To", "whatsapp:+525500000000"), ("MessageSid", id)];
    let fields = fields.into_iter().chain([("Body", words), ("NumMedia", "0")]);
    let pairs: Vec<String> = fields
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    pairs.join("&")
}

fn by_twilio(connection: &mut Connection, from: &str, id: &str, words: &str) -> Answer {
    let kind = "application/x-www-form-urlencoded";
    let answer = connection.post("/webhook/whatsapp", kind, &form(from, id, words)).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

fn by_chat(connection: &mut Connection, body: &Value) -> Option<Value> {
    let answer = connection.post("/chat", "application/json", &body.to_string()).unwrap();
    match answer.status {
        200 => Some(serde_json::from_str(&answer.body).unwrap()),
        // An id that is none is nobody's.
        400 => None,
        status => panic!("{status}: {}", answer.body),
    }
}

/// Whether an answer shows nothing but a talk that just began.
fn is_a_stranger(answer: &Value) -> bool {
    answer["session"]["car"].is_null() && answer["session"]["results"] == json!([])
}

#[test]
fn nobody_passes_for_another() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/small.csv");
    let place = Place::new(&[("CATALOG_PATH", fixture)]);
    let (server, address) = place.serve().unwrap();
    let mut connection = Connection::open(address).unwrap();
    let from = format!("whatsapp:+{PHONE}");
    let answers = SAID.map(|(id, words)| by_twilio(&mut connection, &from, id, words));
    assert!(answers[2].body.contains("enganche"), "{}", answers[2].body);

    let mut strangers = 0;
    for user in PRETENDED {
        for id in [None, Some("SM1"), Some("SM2"), Some("wamid.1")] {
            let body = json!({"user_id": user, "message": "sí", "message_id": id});
            let Some(answer) = by_chat(&mut connection, &body) else { continue };
            assert!(is_a_stranger(&answer), "{user}, {id:?}: {answer}");
            strangers += 1;
        }
    }
    assert!(strangers > 4 * PRETENDED.len() / 2, "{strangers}");
    // Another telephone with the victim's message ids, and with a number that begins alike.
    for other in ["whatsapp:+525512345679", "whatsapp:+52551234567", "whatsapp:+5255123456780"] {
        for (id, _) in SAID {
            let answer = by_twilio(&mut connection, other, id, "hola");
            assert!(answers.iter().all(|own| own.body != answer.body), "{other}: {}", answer.body);
        }
    }

    // The victim noticed nothing: every message has its own answer, and the talk goes on.
    for ((id, words), answer) in SAID.into_iter().zip(&answers) {
        assert_eq!(by_twilio(&mut connection, &from, id, words), *answer);
    }
    let term = by_twilio(&mut connection, "whatsapp:+5215512345678", "SM4", "20%");
    assert!(term.body.contains("plazo"), "the same telephone as Mexico writes it: {}", term.body);
    assert!(server.stop().unwrap().success());

    let store = shelf::open(&place);
    let victim = UserId::new(Channel::Twilio, PHONE).unwrap();
    assert_eq!(store.history(&victim, 99).unwrap().turns.len(), SAID.len() + 1);
    let elsewhere = UserId::new(Channel::Meta, PHONE).unwrap();
    assert!(store.export(&elsewhere).unwrap().is_empty());
}
