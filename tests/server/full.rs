//! The disk is full between a message and its turn: the turn is taken once there is room, without
//! a restart, and its reply is sent once.

use std::fs;
use std::net::SocketAddr;
use std::thread::sleep;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use crate::process::{Connection, Place};
use crate::provider::Provider;
use crate::shelf::PHONE;

const SECRET: &str = "app-secret";
const SOON: Duration = Duration::from_secs(20);

/// Hands the server a message as Meta does: the status.
fn write(address: SocketAddr, id: &str, words: &str) -> u16 {
    let message = json!({"from": PHONE, "id": id, "timestamp": "1764300000", "type": "text",
        "text": {"body": words}});
    let value = json!({"messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "525500000000", "phone_number_id": "1066"},
        "messages": [message]});
    let change = json!({"field": "messages", "value": value});
    let body = json!({"object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [change]}]})
    .to_string();
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(&body);
    let digest = mac.finalize().into_bytes();
    let start = "sha256=".to_owned();
    let signature = digest.iter().fold(start, |signed, byte| signed + &format!("{byte:02x}"));
    let headers = [("Content-Type", "application/json"), ("X-Hub-Signature-256", &signature)];
    Connection::open(address).unwrap().post_with("/webhook/meta", &headers, &body).unwrap().status
}

fn ready(address: SocketAddr) -> bool {
    Connection::open(address).unwrap().get("/ready").unwrap().status == 200
}

#[test]
fn a_message_that_waited_through_a_full_disk_has_its_turn() {
    let provider = Provider::start();
    let mut settings = provider.settings();
    settings.extend([("META_APP_SECRET", SECRET.into()), ("QUIET_SECONDS", "1".into())]);
    let place = Place::new(&settings);
    let (server, address) = place.serve_limitable().unwrap();
    let limit = server.limit();
    assert_eq!(write(address, "wamid.1", "hola"), 200);
    // Before its quiet moment is over. Nothing can be written at all, the log neither.
    limit.set(Some(1));
    assert_eq!(provider.next(Duration::from_secs(3)), None);
    assert!(!ready(address));
    assert_eq!(write(address, "wamid.2", "busco un Versa"), 503, "Meta tells it again");
    assert!(fs::metadata(place.data().join("store/probe")).is_err(), "nothing is left behind");

    limit.set(None);
    let reply = provider.next(SOON).expect("the turn is taken");
    assert!(reply.contains(PHONE), "{reply}");
    assert!(ready(address));
    assert_eq!(write(address, "wamid.1", "hola"), 200);
    assert_eq!(write(address, "wamid.2", "busco un Versa"), 200);
    assert!(provider.next(SOON).expect("the second one's").contains("Versa"));
    sleep(Duration::from_millis(1_500));
    assert_eq!(provider.next(Duration::ZERO), None, "each once");
    assert!(server.stop().unwrap().success());
}
