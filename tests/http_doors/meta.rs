//! Meta's webhook: the handshake, the signature, and 200 only for what is taken in.

use hmac::{Hmac, KeyInit, Mac};
use kavak_bot::channel::{Act, Fault};
use kavak_bot::message::{Channel, Content, Progress};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::server::{Answered, Server};

const PATH: &str = "/webhook/meta";
const SECRET: &str = "app-secret";

fn sign(body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(body);
    let digest = mac.finalize().into_bytes();
    digest.iter().fold("sha256=".to_owned(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// A webhook with these messages, to the number 1066.
fn webhook(messages: &Value) -> String {
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "525512345678", "phone_number_id": "1066"},
        "contacts": [{"profile": {"name": "Ana"}, "wa_id": "5215587654321"}],
        "messages": messages,
    });
    let change = json!({"field": "messages", "value": value});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]})
        .to_string()
}

fn text(id: &str, words: &str) -> Value {
    json!({"from": "5215587654321", "id": id, "timestamp": "1764300000", "type": "text",
           "text": {"body": words}})
}

async fn post(server: &Server, body: &str) -> Answered {
    server.post_json(PATH, &[("x-hub-signature-256", &sign(body))], body).await
}

async fn signed() -> Server {
    Server::start(&[("META_APP_SECRET", SECRET), ("META_PHONE_NUMBER_ID", "1066")]).await
}

#[tokio::test]
async fn every_message_of_a_batch_is_taken_in_with_its_route() {
    let server = signed().await;
    let tap = json!({"from": "5215587654321", "id": "wamid.2", "timestamp": "1764300001",
        "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": "2", "title": "Versa"}}});
    let answer = post(&server, &webhook(&json!([text("wamid.1", "hola"), tap]))).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    let accepted = server.accepted();
    assert_eq!(accepted.len(), 2);
    let inbound = &accepted[0].inbound;
    assert_eq!((inbound.user.channel(), inbound.user.key()), (Channel::Meta, "525587654321"));
    assert_eq!(inbound.id.as_ref().unwrap().as_str(), "wamid.1");
    assert_eq!(accepted[1].inbound.content, Content::Text("2".to_owned()));
    assert!(accepted[0].route.0.contains("5215587654321"), "as it was received");
}

#[tokio::test]
async fn what_became_of_our_messages_is_taken_in() {
    let server = signed().await;
    let statuses = json!([
        {"id": "wamid.A", "status": "delivered", "recipient_id": "5215587654321"},
        {"id": "wamid.B", "status": "failed", "errors": [{"code": 131_047}]},
    ]);
    let body = webhook(&json!([])).replace("\"messages\":[]", &format!("\"statuses\":{statuses}"));
    assert_eq!(post(&server, &body).await.status, 200);
    let told = server.told();
    assert_eq!(told.len(), 2);
    assert_eq!((told[0].0, told[0].1.progress), (Channel::Meta, Progress::Delivered));
    assert_eq!(told[1].1.fault, Some(Fault { code: Some(131_047), act: Act::NeedTemplate }));
}

#[tokio::test]
async fn what_was_not_stored_gets_no_200() {
    let server = signed().await;
    let answer = post(&server, &webhook(&json!([text("wamid.1", "full")]))).await;
    answer.is_error(503, "unavailable");
    assert!(server.accepted().is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_not_sent_again() {
    let server = signed().await;
    let other = webhook(&json!([text("wamid.1", "hola")])).replace("1066", "2077");
    let empty = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    for body in ["not json", "{}", "[]", empty, &webhook(&json!([{"id": 7}])), &other] {
        assert_eq!(post(&server, body).await.status, 200, "{body}");
    }
    assert!(server.accepted().is_empty(), "the other number's messages are not ours");
}

#[tokio::test]
async fn only_meta_comes_in() {
    let server = signed().await;
    let body = webhook(&json!([text("wamid.1", "hola")]));
    server.post_json(PATH, &[], &body).await.is_error(403, "forbidden");
    let other = sign(&body.replace("hola", "holi"));
    let headers = [("x-hub-signature-256", other.as_str())];
    server.post_json(PATH, &headers, &body).await.is_error(403, "forbidden");
    assert!(server.accepted().is_empty());
}

#[tokio::test]
async fn without_a_secret_it_is_open_at_home_and_shut_to_others() {
    let server = Server::start(&[]).await;
    let body = webhook(&json!([text("wamid.1", "hola")]));
    assert_eq!(server.post_json(PATH, &[], &body).await.status, 200);
    let forwarded = [("x-forwarded-for", "10.0.0.1")];
    server.post_json(PATH, &forwarded, &body).await.is_error(403, "forbidden");
    let exposed = Server::start(&[("PUBLIC_BASE_URL", "https://bot.example.mx")]).await;
    exposed.post_json(PATH, &[], &body).await.is_error(403, "forbidden");
}

#[tokio::test]
async fn the_handshake_gives_the_challenge_back() {
    let server = Server::start(&[("META_VERIFY_TOKEN", "hush")]).await;
    let ask = |mode: &str, token: &str, challenge: &str| {
        format!("{PATH}?hub.mode={mode}&hub.challenge={challenge}&hub.verify_token={token}")
    };
    let answer = server.get(&ask("subscribe", "hush", "1158201444")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "1158201444"));
    assert!(answer.headers["content-type"].starts_with("text/plain"));
    for (mode, token, challenge) in [
        ("subscribe", "loud", "1"),
        ("unsubscribe", "hush", "1"),
        ("subscribe", "hush", "%3Cscript%3E"),
        ("subscribe", "hush", ""),
    ] {
        server.get(&ask(mode, token, challenge)).await.is_error(403, "forbidden");
    }
    server.get(PATH).await.is_error(403, "forbidden");
    let closed = Server::start(&[]).await;
    closed.get(&ask("subscribe", "", "1")).await.is_error(403, "forbidden");
}

#[tokio::test]
async fn a_body_over_three_megabytes_is_refused() {
    let server = signed().await;
    let body = "x".repeat(3 * 1024 * 1024 + 1);
    post(&server, &body).await.is_error(413, "too_large");
}
