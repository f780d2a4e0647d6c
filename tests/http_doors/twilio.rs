//! The webhook.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kavak_bot::channel::{Act, Fault};
use kavak_bot::message::{Channel, Content, Progress};
use sha1::Sha1;

use crate::server::{Answered, Server};

const FORM: &str = "From=whatsapp%3A%2B5215512345678&MessageSid=SM1&Body=a+%26+b&Unknown=x";

/// What is signed of it: names and values, sorted.
const FORM_SIGNED: &str = "Bodya & bFromwhatsapp:+5215512345678MessageSidSM1Unknownx";

#[track_caller]
fn is_message(answer: &Answered, text: &str) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message><Body>{text}</Body>\
         </Message></Response>"
    );
    assert_eq!(answer.body, xml);
}

#[tokio::test]
async fn a_form_in_twiml_out_at_every_path() {
    let server = Server::start(&[]).await;
    for path in ["/webhook/whatsapp", "/twilio/whatsapp", "/webhook"] {
        is_message(&server.post_form(path, &[], FORM).await, "eco: a &amp; b");
        let heard = server.heard().pop().unwrap();
        assert_eq!(heard.user.channel(), Channel::Twilio);
        assert_eq!(heard.user.key(), "525512345678");
        assert_eq!(heard.id.unwrap().as_str(), "SM1");
        assert_eq!(heard.content, Content::Text("a & b".to_owned()));
    }
}

#[tokio::test]
async fn a_retry_is_known_by_its_header_where_the_form_has_no_id() {
    let server = Server::start(&[]).await;
    let token = [("I-Twilio-Idempotency-Token", "t-1")];
    server.post_form("/webhook", &token, "From=%2B1&Body=hola").await;
    assert_eq!(server.heard()[0].id.as_ref().unwrap().as_str(), "t-1");
}

#[tokio::test]
async fn forms_that_cannot_be_read_are_4xx() {
    let server = Server::start(&[]).await;
    for form in ["Body=hola", "From=&Body=hola", "From=%2B1&Body=%FF"] {
        server.post_form("/webhook", &[], form).await.is_error(400, "bad_form");
    }
    let json = server.post_json("/webhook", &[], "{}").await;
    json.is_error(415, "unsupported_media_type");
    let big = format!("From=%2B1&Body={}", "a".repeat(64 * 1024));
    server.post_form("/webhook", &[], &big).await.is_error(413, "too_large");
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn a_turn_that_fails_still_answers_the_customer() {
    let server = Server::start(&[]).await;
    for word in ["full", "crowded", "broken"] {
        let answer = server.post_form("/webhook", &[], &format!("From=%2B1&Body={word}")).await;
        is_message(&answer, "No pude guardar tu mensaje. ¿Me lo mandas otra vez?");
    }
}

#[tokio::test]
async fn with_a_token_only_what_twilio_signed_comes_in() {
    let server = Server::start(&[
        ("TWILIO_AUTH_TOKEN", "other,12345"),
        ("PUBLIC_BASE_URL", "https://bot.example.mx"),
    ])
    .await;
    server.post_form("/webhook", &[], FORM).await.is_error(403, "forbidden");
    let moved = sign("12345", "https://bot.example.mx/other");
    let moved = [("X-Twilio-Signature", moved.as_str())];
    server.post_form("/webhook", &moved, FORM).await.is_error(403, "forbidden");
    assert!(server.heard().is_empty());
    let signature = sign("12345", "https://bot.example.mx/webhook?a='b'&c=%20");
    let signed = [("X-Twilio-Signature", signature.as_str())];
    let answer = server.post_form("/webhook?a='b'&c=%20", &signed, FORM).await;
    is_message(&answer, "eco: a &amp; b");
    let other_query = server.post_form("/webhook?a=%27b%27&c=%20", &signed, FORM).await;
    other_query.is_error(403, "forbidden");
    let status = server.post_form("/webhook/whatsapp/status", &[], FORM).await;
    status.is_error(403, "forbidden");
}

#[tokio::test]
async fn without_a_base_address_the_one_asked_for_counts() {
    let server = Server::start(&[("TWILIO_AUTH_TOKEN", "12345")]).await;
    let here = sign("12345", &format!("http://{}/webhook", server.address));
    let answer = server.post_form("/webhook", &[("X-Twilio-Signature", &here)], FORM).await;
    is_message(&answer, "eco: a &amp; b");
    let tunnel = sign("12345", "https://t.example.mx/webhook");
    let headers = [
        ("X-Twilio-Signature", tunnel.as_str()),
        ("Host", "t.example.mx"),
        ("X-Forwarded-Proto", "https"),
    ];
    is_message(&server.post_form("/webhook", &headers, FORM).await, "eco: a &amp; b");
}

#[tokio::test]
async fn exposed_without_a_token_it_is_shut() {
    let exposed = Server::start(&[("BIND", "0.0.0.0:8000")]).await;
    for path in ["/webhook/whatsapp", "/twilio/whatsapp", "/webhook", "/webhook/whatsapp/status"] {
        exposed.post_form(path, &[], FORM).await.is_error(403, "forbidden");
    }
    let local = Server::start(&[]).await;
    for header in [("Host", "bot.example.mx"), ("X-Forwarded-Proto", "https")] {
        local.post_form("/webhook", &[header], FORM).await.is_error(403, "forbidden");
    }
    assert!(local.heard().is_empty());
}

#[tokio::test]
async fn status_callbacks_get_an_empty_answer() {
    let server = Server::start(&[]).await;
    let form = "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=63016";
    let answer = server.post_form("/webhook/whatsapp/status", &[], form).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert!(server.heard().is_empty());
    let [(channel, status)] = &server.told()[..] else { panic!("{:?}", server.told()) };
    assert_eq!((*channel, status.progress), (Channel::Twilio, Progress::Failed));
    assert_eq!(status.fault, Some(Fault { code: Some(63_016), act: Act::NeedTemplate }));
}

#[tokio::test]
async fn with_an_account_what_takes_its_time_is_answered_empty() {
    let sid = format!("AC{}", "0".repeat(32));
    let server =
        Server::start(&[("TWILIO_AUTH_TOKEN", "12345"), ("TWILIO_ACCOUNT_SID", &sid)]).await;
    let url = format!("http://{}/webhook", server.address);
    for (words, expected) in [("hola", Some("eco: hola")), ("later", None)] {
        let params = format!("Body{words}FromwhatsApp:+1MessageSidSM{words}Towhatsapp:+2");
        let signature = sign_params("12345", &url, &params);
        let form =
            format!("From=whatsApp%3A%2B1&To=whatsapp%3A%2B2&MessageSid=SM{words}&Body={words}");
        let signed = [("X-Twilio-Signature", signature.as_str())];
        let answer = server.post_form("/webhook", &signed, &form).await;
        if let Some(text) = expected {
            is_message(&answer, text);
        } else {
            let empty = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
            assert_eq!((answer.status, answer.body.as_str()), (200, empty));
        }
    }
    let routes: Vec<String> = server.accepted().into_iter().map(|it| it.route.0).collect();
    let route = r#"{"to":"whatsApp:+1","from":"whatsapp:+2"}"#;
    assert_eq!(routes, [route, route], "exactly as received");
}

fn sign_params(token: &str, url: &str, params: &str) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    STANDARD.encode(mac.chain_update(url).chain_update(params).finalize().into_bytes())
}

/// [`FORM`]'s signature as the documentation words it: address, then sorted names and values.
fn sign(token: &str, url: &str) -> String {
    sign_params(token, url, FORM_SIGNED)
}
