//! Bodies to be posted to `/{phone_number_id}/messages`:
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/message-api>.

use serde_json::{Value, json};

use super::address::Address;
use super::interactive::interactive;
use crate::channel::length::parts;
use crate::message::{MessageId, Reply};

/// Characters of a text message:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages>.
const MAX_TEXT: usize = 4_096;

/// Files that WhatsApp shows as pictures; everything else is sent as a document.
const PICTURES: [&str; 3] = ["jpg", "jpeg", "png"];

/// One reply as the bodies to post, in order: the text, with its choices as buttons or a list where
/// they fit, then its files.
///
/// It is one body for nearly every reply, for a customer takes one message every six seconds. Only
/// a text that no message holds is cut, and each file is a message of its own, so that a picture
/// that Meta cannot fetch does not take the words along. `list_label` stands on the button that
/// opens a list, in at most 20 characters; a list without one goes out as text.
///
/// The order in which they arrive is not promised; who sends waits for one answer before the next.
#[must_use]
pub fn bodies(reply: &Reply, to: &Address, list_label: &str) -> Vec<Value> {
    let text = |text: &str| message(to, "text", &json!({"body": text, "preview_url": false}));
    let mut bodies = match interactive(reply, list_label) {
        Some(interactive) => vec![message(to, "interactive", &interactive)],
        None => parts(&reply.text, MAX_TEXT).into_iter().map(text).collect(),
    };
    bodies.extend(reply.media.iter().map(|link| file(to, link)));
    bodies
}

/// The body that marks a customer's message as read and shows that we are typing, until the reply
/// or for 25 seconds:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/typing-indicators>.
#[must_use]
pub fn read_and_typing(message: &MessageId) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": message.as_str(),
        "typing_indicator": {"type": "text"},
    })
}

fn message(to: &Address, kind: &str, content: &Value) -> Value {
    let (field, address) = to.field();
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        field: address,
        "type": kind,
        kind: content,
    })
}

fn file(to: &Address, link: &str) -> Value {
    let name = file_name(link);
    match name.rsplit_once('.') {
        Some((_, extension)) if is_picture(extension) => {
            message(to, "image", &json!({"link": link}))
        }
        Some(_) => message(to, "document", &json!({"link": link, "filename": name})),
        None => message(to, "document", &json!({"link": link})),
    }
}

/// The last part of an address's path.
fn file_name(link: &str) -> &str {
    let path = link.split_once("://").map_or(link, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split_once('/').map_or("", |(_, path)| path.rsplit('/').next().unwrap_or_default())
}

fn is_picture(extension: &str) -> bool {
    PICTURES.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::channel::meta::webhook;
    use crate::message::{Choice, Content};

    fn phone() -> Address {
        Address::Phone("5215512345678".to_owned())
    }

    fn reply(text: &str, media: &[&str]) -> Reply {
        let media = media.iter().map(|&link| link.to_owned()).collect();
        Reply { text: text.to_owned(), media, choices: Vec::new() }
    }

    #[test]
    fn words_are_one_text() {
        assert_eq!(
            bodies(&reply("¡Hola!\n1. Buscar", &[]), &phone(), "Opciones"),
            [json!({
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": "5215512345678",
                "type": "text",
                "text": {"body": "¡Hola!\n1. Buscar", "preview_url": false},
            })]
        );
    }

    #[test]
    fn who_hides_their_phone_is_the_recipient() {
        let to = Address::Scoped("MX.13491208655302741918".to_owned());
        let [body] = &bodies(&reply("¡Hola!", &[]), &to, "Opciones")[..] else { panic!() };
        assert_eq!(body["recipient"], "MX.13491208655302741918");
        assert_eq!(body["recipient_type"], "individual");
        assert_eq!(body.get("to"), None);
    }

    #[test]
    fn choices_go_out_with_the_text() {
        let choice = Choice { id: "1".to_owned(), title: "Sí".to_owned() };
        let reply = Reply { choices: vec![choice], ..reply("¿Va?", &[]) };
        let [body] = &bodies(&reply, &phone(), "Opciones")[..] else { panic!() };
        assert_eq!(body["type"], "interactive");
        assert_eq!(body["interactive"]["body"]["text"], "¿Va?");
        assert_eq!(body.get("text"), None);
    }

    #[test]
    fn files_follow_by_their_extension() {
        let links = [
            "https://x.mx/a/versa.JPG?w=1.pdf",
            "https://x.mx/ficha.pdf#2",
            "https://x.mx/ficha",
            "https://x.mx",
        ];
        let sent = bodies(&reply("Mira", &links), &phone(), "Opciones");
        let parts: Vec<_> = sent.iter().map(|body| &body[body["type"].as_str().unwrap()]).collect();
        assert_eq!(parts[0]["body"], "Mira");
        assert_eq!(sent[1]["type"], "image");
        assert_eq!(*parts[1], json!({"link": links[0]}));
        assert_eq!(sent[2]["type"], "document");
        assert_eq!(*parts[2], json!({"link": links[1], "filename": "ficha.pdf"}));
        assert_eq!(*parts[3], json!({"link": links[2]}));
        assert_eq!(*parts[4], json!({"link": links[3]}));
    }

    #[test]
    fn a_message_is_marked_as_read() {
        assert_eq!(
            read_and_typing(&"wamid.A".parse().unwrap()),
            json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A",
                "typing_indicator": {"type": "text"}})
        );
    }

    fn any_reply() -> impl Strategy<Value = Reply> {
        let choice = ("\\PC{0,3}|[a-z0-9]{1,30}|a{190,260}", "\\PC{0,26}|[a-zñ🚗 ]{1,26}")
            .prop_map(|(id, title)| Choice { id, title });
        let text = "\\PC{0,40}|[a-z🚗\n ]{900,1200}|(?s).{0,9000}";
        let media = prop::collection::vec("(https://x\\.mx/)?\\PC{0,12}(\\.png)?", 0..3);
        (text, media, prop::collection::vec(choice, 0..12))
            .prop_map(|(text, media, choices)| Reply { text, media, choices })
    }

    /// What Meta counts, from the sources of the constants above.
    fn keeps_the_limits(body: &Value) -> bool {
        let within = |value: &Value, limit| {
            let text = value.as_str().unwrap();
            !text.trim().is_empty() && text.encode_utf16().count() <= limit
        };
        let content = &body[body["type"].as_str().unwrap()];
        let action = &content["action"];
        match (body["type"].as_str().unwrap(), content["type"].as_str()) {
            ("text", None) => within(&content["body"], 4_096),
            ("image" | "document", None) => content["link"].is_string(),
            ("interactive", Some("button")) => {
                let buttons = action["buttons"].as_array().unwrap();
                within(&content["body"]["text"], 1_024)
                    && (1..=3).contains(&buttons.len())
                    && buttons.iter().all(|button| {
                        within(&button["reply"]["id"], 256) && within(&button["reply"]["title"], 20)
                    })
            }
            ("interactive", Some("list")) => {
                let rows = action["sections"][0]["rows"].as_array().unwrap();
                within(&content["body"]["text"], 1_024)
                    && within(&action["button"], 20)
                    && (1..=10).contains(&rows.len())
                    && rows.iter().all(|row| within(&row["id"], 200) && within(&row["title"], 24))
            }
            _ => false,
        }
    }

    /// What comes back when the customer taps each choice of a message.
    fn taps(body: &Value) -> Vec<Content> {
        let action = &body["interactive"]["action"];
        let buttons = action["buttons"].as_array().into_iter().flatten();
        let rows = action["sections"][0]["rows"].as_array().into_iter().flatten();
        let answers = buttons
            .map(|button| json!({"type": "button_reply", "button_reply": button["reply"]}))
            .chain(rows.map(|row| json!({"type": "list_reply", "list_reply": row})));
        let tapped = |answer: Value| {
            let message = json!({"from": "5215512345678", "id": "wamid.A", "type": "interactive",
                "interactive": answer});
            let change = json!({"field": "messages", "value": {"messages": [message]}});
            let hook =
                json!({"object": "whatsapp_business_account", "entry": [{"changes": [change]}]});
            let hook = webhook(hook.to_string().as_bytes(), Timestamp::UNIX_EPOCH).unwrap();
            hook.received[0].inbound.content.clone()
        };
        answers.map(tapped).collect()
    }

    proptest! {
        #[test]
        fn no_message_passes_a_limit(reply in any_reply(), label in "\\PC{0,22}") {
            let bodies = bodies(&reply, &phone(), &label);
            prop_assert!(bodies.iter().all(keeps_the_limits), "{:?}", bodies);
        }

        #[test]
        fn every_choice_comes_back_as_its_id(reply in any_reply()) {
            for body in bodies(&reply, &phone(), "Opciones") {
                let taps = taps(&body);
                let ids: Vec<_> =
                    reply.choices.iter().map(|choice| Content::Text(choice.id.clone())).collect();
                prop_assert!(taps.is_empty() || taps == ids);
            }
        }
    }

    proptest! {
        // Replies as the flows make them: nearly all have their choices to tap.
        #[test]
        fn choices_that_fit_are_offered(
            titles in prop::collection::hash_set("[a-z]{1,20}", 1..=10),
        ) {
            let numbered = titles.iter().enumerate();
            let choice = |(index, title): (usize, &String)| {
                Choice { id: index.to_string(), title: title.clone() }
            };
            let reply = Reply { choices: numbered.map(choice).collect(), ..reply("¿?", &[]) };
            let bodies = bodies(&reply, &phone(), "Opciones");
            prop_assert_eq!(taps(&bodies[0]).len(), titles.len());
        }
    }
}
