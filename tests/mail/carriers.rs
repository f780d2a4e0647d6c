//! What goes over the wire to each provider, and what its answers lead to.

use std::collections::BTreeMap;
use std::time::Duration;

use kavak_bot::channel::twilio::Contents;
use kavak_bot::channel::{Act, Backoff};
use kavak_bot::delivery::{Carrier, Meta, MetaAccount, Refusal, Twilio, TwilioAccount};
use kavak_bot::message::{Choice, Reply, Route};
use serde_json::Value;

use crate::wire::{Behaviour, Fake, ok, status};

const META_ROUTE: &str = r#"{"to":{"phone":"5215512345678"},"from":"1066"}"#;
const TWILIO_ROUTE: &str = r#"{"to":"whatsapp:+5215512345678","from":"whatsapp:+14155238886"}"#;

fn meta(provider: &Fake) -> Meta {
    let account = MetaAccount {
        base_url: format!("{}/v26.0", provider.url()),
        phone_number_id: "999".to_owned(),
        access_token: "meta-token".into(),
        list_label: "Ver opciones".to_owned(),
        a_second: 1_000,
        pair: Duration::from_secs(6),
    };
    Meta::new(account).unwrap()
}

fn twilio(provider: &Fake) -> Twilio {
    let account = TwilioAccount {
        base_url: provider.url(),
        sid: "AC123".to_owned(),
        auth_token: "secret".into(),
        from: None,
        status_url: Some("https://bot.example.mx/webhook/whatsapp/status".to_owned()),
        contents: Contents {
            buttons: BTreeMap::from([(2, "HXbuttons".to_owned())]),
            lists: BTreeMap::new(),
            template: Some("HXtemplate".to_owned()),
        },
        a_second: 1_000,
    };
    Twilio::new(account).unwrap()
}

fn route(text: &str) -> Route {
    Route(text.to_owned())
}

fn reply(text: &str, titles: &[&str]) -> Reply {
    let choices = (1..)
        .zip(titles)
        .map(|(id, title): (u32, &&str)| Choice { id: id.to_string(), title: (*title).to_owned() });
    Reply { text: text.to_owned(), media: Vec::new(), choices: choices.collect() }
}

fn says(line: &str, body: &str) -> Behaviour {
    Behaviour::Says(status(line, "", body))
}

/// Heads and bodies of what was posted so far.
fn posted(fake: &Fake) -> Vec<(String, String)> {
    let parts = |request: &String| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    };
    fake.requests().iter().map(parts).collect()
}

fn taken_by_meta() -> Behaviour {
    Behaviour::Says(ok(r#"{"messaging_product":"whatsapp","contacts":[{"input":"5215512345678",
           "wa_id":"5215512345678"}],"messages":[{"id":"wamid.9"}]}"#))
}

#[tokio::test]
async fn meta_is_posted_the_documented_shape() {
    let provider = Fake::start(vec![taken_by_meta()]).await;
    let carrier = meta(&provider);
    let id = carrier.carry(&route(META_ROUTE), &reply("¿Cotizamos?", &["Sí", "No"])).await.unwrap();
    assert_eq!(id.as_str(), "wamid.9");
    carrier.typing(&route(META_ROUTE), &"wamid.in".parse().unwrap()).await.unwrap();
    let requests = posted(&provider);
    let (head, body) = &requests[0];
    assert!(head.starts_with("POST /v26.0/1066/messages HTTP/1.1"), "{head}");
    assert!(head.contains("authorization: Bearer meta-token"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["messaging_product"], "whatsapp");
    assert_eq!(body["to"], "5215512345678");
    assert_eq!(body["interactive"]["action"]["buttons"][1]["reply"]["title"], "No");
    let typing: Value = serde_json::from_str(&requests[1].1).unwrap();
    assert_eq!((&typing["status"], &typing["message_id"]), (&"read".into(), &"wamid.in".into()));
    assert_eq!(typing["typing_indicator"]["type"], "text");
}

#[tokio::test]
async fn twilio_is_posted_the_documented_form() {
    let provider = Fake::start(vec![says("201 Created", r#"{"sid":"SM9"}"#)]).await;
    let carrier = twilio(&provider);
    let id = carrier.carry(&route(TWILIO_ROUTE), &reply("¿Qué tal? 1 & 2", &[])).await.unwrap();
    assert_eq!(id.as_str(), "SM9");
    carrier.carry(&route(TWILIO_ROUTE), &reply("¿Cotizamos?", &["Sí", "No"])).await.unwrap();
    carrier.carry_template(&route(TWILIO_ROUTE)).await.unwrap();
    let requests = posted(&provider);
    let (head, body) = &requests[0];
    assert!(head.starts_with("POST /2010-04-01/Accounts/AC123/Messages.json HTTP/1.1"), "{head}");
    // AC123:secret
    assert!(head.contains("authorization: Basic QUMxMjM6c2VjcmV0"), "{head}");
    assert_eq!(
        body,
        "To=whatsapp%3A%2B5215512345678&From=whatsapp%3A%2B14155238886\
         &Body=%C2%BFQu%C3%A9+tal%3F+1+%26+2\
         &StatusCallback=https%3A%2F%2Fbot.example.mx%2Fwebhook%2Fwhatsapp%2Fstatus"
    );
    assert!(requests[1].1.contains("&ContentSid=HXbuttons&ContentVariables=%7B%221%22%3A"));
    assert!(requests[2].1.contains("&ContentSid=HXtemplate&"));
}

#[tokio::test]
async fn every_refusal_leads_to_the_right_act() {
    let cases = [
        ("429 Too Many Requests", "20429", Act::Retry(Backoff::Throughput)),
        ("400 Bad Request", "63018", Act::Retry(Backoff::Throughput)),
        ("400 Bad Request", "63016", Act::NeedTemplate),
        ("400 Bad Request", "21610", Act::StopUser),
        ("400 Bad Request", "21658", Act::GiveUp),
        ("401 Unauthorized", "20003", Act::Authorize),
        ("503 Service Unavailable", "0", Act::Retry(Backoff::Transient)),
    ];
    for (line, code, act) in cases {
        let body = format!(r#"{{"code":{code},"message":"whatsapp:+5215512345678 …"}}"#);
        let wait = "retry-after: 7\r\n";
        let provider = Fake::start(vec![Behaviour::Says(status(line, wait, &body))]).await;
        let refusal = twilio(&provider).carry(&route(TWILIO_ROUTE), &reply("hola", &[])).await;
        let at_least = Some(Duration::from_secs(7));
        let reason = format!("code {code}");
        assert_eq!(refusal, Err(Refusal { reason, act, at_least }), "{line} {code}");
    }
    let body = r#"{"error":{"code":131056,"message":"to 5215512345678"}}"#;
    let provider = Fake::start(vec![says("400 Bad Request", body)]).await;
    let refusal = meta(&provider).carry(&route(META_ROUTE), &reply("hola", &[])).await.unwrap_err();
    assert_eq!(refusal.act, Act::Retry(Backoff::Pair));
    assert_eq!(refusal.reason, "code 131056", "nothing of the customer");
}

#[tokio::test]
async fn what_breaks_on_the_way_is_tried_again_and_what_may_be_on_its_way_is_not() {
    let provider = Fake::start(vec![Behaviour::Says(String::new())]).await;
    let refusal = meta(&provider).carry(&route(META_ROUTE), &reply("hola", &[])).await.unwrap_err();
    assert_eq!(refusal.act, Act::Retry(Backoff::Transient));
    let provider = Fake::start(vec![says("200 OK", "<html>")]).await;
    let refusal = meta(&provider).carry(&route(META_ROUTE), &reply("hola", &[])).await.unwrap_err();
    assert_eq!(refusal.act, Act::GiveUp);
    let provider = Fake::start(vec![says("302 Found", "")]).await;
    let refusal = twilio(&provider).carry(&route("nonsense"), &reply("hola", &[])).await;
    assert_eq!(refusal.unwrap_err().act, Act::GiveUp);
    assert!(provider.requests().is_empty());
}
