//! The body of a webhook: messages of customers, and what became of ours.

use jiff::Timestamp;
use serde_json::Value;

use super::fault::of_report;
use super::inbound::{DecodeError, Received, received};
use super::status::status;
use crate::channel::{Fault, Status};

/// A body that is no webhook.
#[derive(Debug, thiserror::Error)]
#[error("the body is not JSON: {0}")]
pub struct PayloadError(#[from] serde_json::Error);

/// What one webhook brought, in the order it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Webhook {
    /// What customers wrote, to any number of the account.
    pub received: Vec<Received>,
    /// How far messages of ours are.
    pub statuses: Vec<Status>,
    /// What Meta complains of without naming a message.
    pub faults: Vec<Fault>,
    /// Messages that could not be taken; the others were.
    pub broken: Vec<DecodeError>,
}

/// Reads a body whose signature was checked, at the time `at`.
///
/// Everything is read leniently: Meta adds fields and kinds without notice, and an error here would
/// have it send the same again for days. Subjects other than messages bring nothing. Above all,
/// what a person of the business writes on a phone (`smb_message_echoes`) is no customer's message.
///
/// # Errors
///
/// A body that is not JSON.
pub fn webhook(body: &[u8], at: Timestamp) -> Result<Webhook, PayloadError> {
    let body: Value = serde_json::from_slice(body)?;
    let mut webhook = Webhook::default();
    if body["object"] != "whatsapp_business_account" {
        return Ok(webhook);
    }
    let changes = elements(&body["entry"]).flat_map(|entry| elements(&entry["changes"]));
    for change in changes.filter(|change| change["field"] == "messages") {
        webhook.take(&change["value"], at);
    }
    Ok(webhook)
}

impl Webhook {
    fn take(&mut self, value: &Value, at: Timestamp) {
        let number = value["metadata"]["phone_number_id"].as_str().filter(|id| !id.is_empty());
        for message in elements(&value["messages"]) {
            match received(message, &value["contacts"], number, at) {
                Ok(received) => self.received.push(received),
                Err(error) => self.broken.push(error),
            }
        }
        self.statuses.extend(elements(&value["statuses"]).filter_map(status));
        self.faults.extend(elements(&value["errors"]).map(of_report));
    }
}

/// The elements of a list; none of what is no list.
fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;
    use crate::channel::{Act, Backoff};
    use crate::message::{Content, IdError, Progress};

    fn read(body: &Value) -> Webhook {
        webhook(body.to_string().as_bytes(), Timestamp::UNIX_EPOCH).unwrap()
    }

    fn change(value: &Value) -> Value {
        let mut value = value.clone();
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] = json!({"display_phone_number": "15550783881",
            "phone_number_id": "106540352242922"});
        json!({"field": "messages", "value": value})
    }

    fn envelope(changes: &[Value]) -> Value {
        let entry = json!({"id": "102290129340398", "changes": changes});
        json!({"object": "whatsapp_business_account", "entry": [entry]})
    }

    fn message(id: &str, body: &str) -> Value {
        json!({"from": "5215512345678", "id": id, "timestamp": "1749416383", "type": "text",
            "text": {"body": body}})
    }

    fn words(webhook: &Webhook) -> Vec<&str> {
        let contents = webhook.received.iter().map(|received| &received.inbound.content);
        let words = contents.map(|content| match content {
            Content::Text(words) | Content::Media { caption: words, .. } => words.as_str(),
        });
        words.collect()
    }

    #[test]
    fn one_message_with_all_that_comes_along() {
        let contacts = json!([{"profile": {"name": "José"}, "wa_id": "5215512345678"}]);
        let value = json!({"contacts": contacts, "messages": [message("wamid.A", "hola")]});
        let webhook = read(&envelope(&[change(&value)]));
        let [received] = webhook.received.as_slice() else { panic!("{webhook:?}") };
        assert_eq!(received.inbound.user.to_string(), "meta:525512345678");
        assert_eq!(received.inbound.id.as_ref().unwrap().as_str(), "wamid.A");
        assert_eq!(received.inbound.at, Timestamp::UNIX_EPOCH);
        assert_eq!(received.reply_to.from.as_deref(), Some("106540352242922"));
        assert_eq!((webhook.statuses.len(), webhook.broken.len()), (0, 0));
    }

    #[test]
    fn every_entry_and_every_change_in_order() {
        let messages = |ids: &[&str]| {
            let messages: Vec<Value> = ids.iter().map(|id| message(id, id)).collect();
            change(&json!({"messages": messages}))
        };
        let mut body = envelope(&[messages(&["a", "b"]), messages(&["c"])]);
        let more = envelope(&[messages(&["d"])])["entry"][0].clone();
        body["entry"].as_array_mut().unwrap().push(more);
        assert_eq!(words(&read(&body)), ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_broken_message_does_not_take_the_others_along() {
        let messages = json!([message("a", "uno"), {"type": "text"}, 7, message("", "dos"),
            message("b", "tres")]);
        let webhook = read(&envelope(&[json!(null), change(&json!({"messages": messages}))]));
        assert_eq!(words(&webhook), ["uno", "tres"]);
        let sender = DecodeError::From(IdError::Empty);
        assert_eq!(webhook.broken, [sender, sender, DecodeError::Id(IdError::Empty)]);
    }

    #[test]
    fn what_became_of_our_messages() {
        let statuses = json!([
            {"id": "wamid.A", "status": "sent", "recipient_id": "5215512345678"},
            {"id": "wamid.A", "status": "warped"},
            {"id": "wamid.B", "status": "failed", "errors": [{"code": 131_026}]},
        ]);
        let webhook = read(&envelope(&[change(&json!({"statuses": statuses}))]));
        let seen: Vec<_> =
            webhook.statuses.iter().map(|s| (s.message.as_str(), s.progress)).collect();
        assert_eq!(seen, [("wamid.A", Progress::Sent), ("wamid.B", Progress::Failed)]);
        assert_eq!(webhook.statuses[1].fault.unwrap().act, Act::StopUser);
    }

    #[test]
    fn what_meta_complains_of() {
        let value = json!({"errors": [{"code": 130_429, "title": "Rate limit hit"}]});
        let webhook = read(&envelope(&[change(&value)]));
        assert_eq!(webhook.faults[0].act, Act::Retry(Backoff::Throughput));
    }

    #[test]
    fn other_subjects_bring_nothing() {
        let mut echo = change(&json!({"messages": [message("a", "soy el vendedor")]}));
        echo["field"] = json!("smb_message_echoes");
        let mut page = envelope(&[change(&json!({"messages": [message("a", "hola")]}))]);
        page["object"] = json!("page");
        for body in [envelope(&[echo]), page, json!({}), json!([]), json!("entry")] {
            assert_eq!(read(&body), Webhook::default(), "{body}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let deep = "[".repeat(100_000);
        for body in [&b""[..], b"{", b"\xff", b"a=b", deep.as_bytes()] {
            assert!(webhook(body, Timestamp::UNIX_EPOCH).is_err());
        }
    }

    /// Any JSON, with the names that are looked for, so that it gets past the first of them.
    fn any_json() -> impl Strategy<Value = Value> {
        let name = prop_oneof![
            prop::sample::select(vec![
                "object",
                "entry",
                "changes",
                "field",
                "value",
                "messages",
                "contacts",
                "statuses",
                "errors",
                "metadata",
                "from",
                "id",
                "type",
                "text",
                "interactive",
                "button_reply",
                "body",
                "user_id",
                "wa_id",
                "status",
                "code",
                "emoji",
                "caption",
            ])
            .prop_map(str::to_owned),
            any::<String>(),
        ];
        let word = prop::sample::select(vec![
            "whatsapp_business_account",
            "messages",
            "text",
            "interactive",
            "button_reply",
            "sent",
            "failed",
            "5215512345678",
            "MX.1",
            "wamid.A",
            "",
        ]);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            word.prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(8, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..6)
                    .prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_gives_a_result(
            body in any_json(),
            odd in any_json(),
            status in any_json(),
            contact in any_json(),
        ) {
            read(&body);
            let sound = message("wamid.A", "hola");
            let value = json!({"contacts": [contact], "messages": [odd, sound, body],
                "statuses": [status], "errors": body});
            let webhook = read(&envelope(&[change(&value), body]));
            prop_assert!(words(&webhook).contains(&"hola"));
            prop_assert!(webhook.received.len() + webhook.broken.len() >= 3);
        }
    }
}
