//! From one of Meta's messages to one of ours.

use jiff::Timestamp;
use serde_json::Value;

use super::address::Address;
use crate::channel::Destination;
use crate::message::{Channel, Content, IdError, Inbound, Media, MessageId, UserId};

/// Contacts that are looked through for one message. Meta lists one for each customer of a webhook,
/// mostly one in all; the limit is ours, so that a huge list costs no more than a long one.
const MAX_CONTACTS: usize = 100;

/// A message, and what its answer needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What came in.
    pub inbound: Inbound,
    /// Where replies to it go, and which of the business's numbers it was sent to: an account may
    /// have several, and all of them call the same webhook.
    pub reply_to: Destination<Address>,
}

/// A message that cannot be taken. It is told apart from the others: they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No usable sender.
    #[error("from: {0}")]
    From(IdError),
    /// No usable id. Meta repeats a message for days, so one without an id would be answered as
    /// often.
    #[error("id: {0}")]
    Id(IdError),
}

/// The message in an element of `messages`, taken at `at`. `contacts` stand beside it and say more
/// of who wrote.
pub(super) fn received(
    message: &Value,
    contacts: &Value,
    phone_number_id: Option<&str>,
    at: Timestamp,
) -> Result<Received, DecodeError> {
    let to = sender(message, contacts).ok_or(DecodeError::From(IdError::Empty))?;
    let user = UserId::new(Channel::Meta, &to.user_key()).map_err(DecodeError::From)?;
    let id = message["id"].as_str().unwrap_or_default();
    let id = Some(id.parse::<MessageId>().map_err(DecodeError::Id)?);
    let inbound = Inbound { user, id, content: content(message), at };
    let reply_to = Destination { to, from: phone_number_id.map(str::to_owned) };
    Ok(Received { inbound, reply_to })
}

/// Who wrote. The phone comes first, where there is one: it has been the user's key since before
/// there were ids, and Meta advises to send to it.
fn sender(message: &Value, contacts: &Value) -> Option<Address> {
    let address = |place: &Value| Address::of(place.as_str()?);
    address(&message["from"]).or_else(|| {
        let says = |place: &&Value| place.as_str().is_some_and(|id| !id.is_empty());
        let ids = [&message["from_user_id"], &message["user_id"]];
        let id = ids.into_iter().find(says).unwrap_or(&Value::Null);
        let contact = contact(id, contacts);
        let places = [&contact["wa_id"], id, &contact["user_id"]];
        places.into_iter().find_map(address)
    })
}

/// The contact with this business-scoped id, or the only one for a message that names nobody; null
/// for none.
fn contact<'c>(id: &Value, contacts: &'c Value) -> &'c Value {
    let listed = contacts.as_array().map_or(&[][..], Vec::as_slice);
    let found = match (id, listed) {
        (Value::Null, [only]) => Some(only),
        (Value::Null, _) => None,
        _ => listed.iter().take(MAX_CONTACTS).find(|contact| contact["user_id"] == *id),
    };
    found.unwrap_or(&Value::Null)
}

/// What was written. Kinds:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages>.
fn content(message: &Value) -> Content {
    let kind = message["type"].as_str().unwrap_or_default();
    let body = &message[kind];
    match kind {
        "text" => words(&body["body"]),
        "button" => tap(&body["payload"], &body["text"]),
        "interactive" => {
            // Named by its type, like the message itself.
            let answer = &body[body["type"].as_str().unwrap_or_default()];
            tap(&answer["id"], &answer["title"])
        }
        "audio" => media(Media::Audio, &Value::Null),
        "image" => media(Media::Image, &body["caption"]),
        "video" => media(Media::Video, &body["caption"]),
        "sticker" => media(Media::Sticker, &Value::Null),
        "document" => media(Media::Document, &body["caption"]),
        // The name of a place is not what the customer says.
        "location" => media(Media::Location, &Value::Null),
        "contacts" => media(Media::Contact, &Value::Null),
        // One that is taken away comes without its emoji, or with an empty one.
        "reaction" => media(Media::Reaction, &body["emoji"]),
        // `order`, `system`, `unsupported`, and whatever comes next.
        _ => unsupported(),
    }
}

fn words(text: &Value) -> Content {
    text.as_str().map_or_else(unsupported, |text| Content::Text(text.to_owned()))
}

/// A tap is the id of its choice; where that is missing, what stood on the button.
fn tap(id: &Value, title: &Value) -> Content {
    let said = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    words(if said(id) { id } else { title })
}

fn media(kind: Media, caption: &Value) -> Content {
    Content::Media { kind, caption: caption.as_str().unwrap_or_default().to_owned() }
}

fn unsupported() -> Content {
    media(Media::Unsupported, &Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::message::MAX_ID_BYTES;

    fn decode(message: &Value, contacts: &Value) -> Result<Received, DecodeError> {
        received(message, contacts, Some("106540352242922"), Timestamp::UNIX_EPOCH)
    }

    /// A message of one kind, with the fields that all have.
    fn content_of(kind: &str, body: &Value) -> Content {
        let message = json!({
            "from": "5215512345678",
            "id": "wamid.HBgNNTIx",
            "timestamp": "1749416383",
            "type": kind,
            kind: body,
        });
        decode(&message, &Value::Null).unwrap().inbound.content
    }

    fn text(text: &str) -> Content {
        Content::Text(text.to_owned())
    }

    fn captioned(kind: Media, caption: &str) -> Content {
        Content::Media { kind, caption: caption.to_owned() }
    }

    #[test]
    fn words_come_as_they_are() {
        assert_eq!(content_of("text", &json!({"body": " ¿Versa 🚗?\n"})), text(" ¿Versa 🚗?\n"));
        assert_eq!(content_of("text", &json!({"body": ""})), text(""));
    }

    #[test]
    fn a_tap_is_the_id_of_its_choice() {
        let row = json!({"type": "list_reply",
            "list_reply": {"id": "2", "title": "Jetta 2019", "description": "$289,999"}});
        assert_eq!(content_of("interactive", &row), text("2"));
        let button = json!({"type": "button_reply", "button_reply": {"id": "1", "title": "Sí"}});
        assert_eq!(content_of("interactive", &button), text("1"));
        let nameless = json!({"type": "button_reply", "button_reply": {"id": "", "title": "Sí"}});
        assert_eq!(content_of("interactive", &nameless), text("Sí"));
    }

    #[test]
    fn a_template_s_button_is_its_payload() {
        let button = json!({"payload": "menu", "text": "Ver autos"});
        assert_eq!(content_of("button", &button), text("menu"));
        assert_eq!(content_of("button", &json!({"text": "Ver autos"})), text("Ver autos"));
        assert_eq!(content_of("button", &json!({})), captioned(Media::Unsupported, ""));
    }

    #[test]
    fn media_with_their_captions() {
        let file = |caption: &str| json!({"id": "1", "mime_type": "a/b", "caption": caption});
        for (kind, media) in
            [("image", Media::Image), ("video", Media::Video), ("document", Media::Document)]
        {
            assert_eq!(content_of(kind, &file("¿este?")), captioned(media, "¿este?"));
            assert_eq!(content_of(kind, &json!({"id": "1"})), captioned(media, ""));
        }
        let voice = json!({"id": "1", "mime_type": "audio/ogg; codecs=opus", "voice": true});
        assert_eq!(content_of("audio", &voice), captioned(Media::Audio, ""));
        let sticker = json!({"id": "1", "mime_type": "image/webp", "animated": false});
        assert_eq!(content_of("sticker", &sticker), captioned(Media::Sticker, ""));
        let place = json!({"latitude": 19.4, "longitude": -99.1, "name": "Kavak Jetta"});
        assert_eq!(content_of("location", &place), captioned(Media::Location, ""));
        let cards = json!([{"name": {"formatted_name": "Ana"}}]);
        assert_eq!(content_of("contacts", &cards), captioned(Media::Contact, ""));
    }

    #[test]
    fn a_reaction_is_its_emoji_and_none_where_it_was_taken_away() {
        let reaction = json!({"message_id": "wamid.A", "emoji": "👍"});
        assert_eq!(content_of("reaction", &reaction), captioned(Media::Reaction, "👍"));
        for gone in [json!({"message_id": "wamid.A"}), json!({"emoji": ""})] {
            assert_eq!(content_of("reaction", &gone), captioned(Media::Reaction, ""));
        }
    }

    #[test]
    fn what_is_new_to_us_is_unsupported() {
        let cases = [
            ("order", json!({"product_items": []})),
            ("system", json!({"body": "User changed number", "type": "user_changed_number"})),
            ("unsupported", json!({"type": "video_note"})),
            ("hologram", json!({"body": "hola"})),
            ("text", json!("hola")),
            ("interactive", json!({"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}})),
            ("", json!(null)),
        ];
        for (kind, body) in cases {
            assert_eq!(content_of(kind, &body), captioned(Media::Unsupported, ""), "{kind}");
        }
    }

    fn who(message: &Value, contacts: &Value) -> Option<(String, Address)> {
        let mut message = message.clone();
        message["id"] = json!("wamid.A");
        let received = decode(&message, contacts).ok()?;
        Some((received.inbound.user.key().to_owned(), received.reply_to.to))
    }

    #[test]
    fn a_phone_is_the_key_and_the_address_stays_as_it_came() {
        let contacts = json!([{"profile": {"name": "José"}, "wa_id": "5215512345678",
            "user_id": "MX.13491208655302741918"}]);
        let message = json!({"from": "5215512345678", "from_user_id": "MX.13491208655302741918"});
        let phone = || Address::Phone("5215512345678".to_owned());
        assert_eq!(who(&message, &contacts), Some(("525512345678".to_owned(), phone())));
        let bare = json!({"from": "5215512345678"});
        assert_eq!(who(&bare, &Value::Null), Some(("525512345678".to_owned(), phone())));
        let by_id = json!({"from": "", "from_user_id": "MX.13491208655302741918"});
        assert_eq!(who(&by_id, &contacts), Some(("525512345678".to_owned(), phone())));
    }

    #[test]
    fn who_hides_their_phone_is_known_by_their_id() {
        let id = "MX.13491208655302741918";
        let scoped = Some((id.to_owned(), Address::Scoped(id.to_owned())));
        let contacts = json!([{"profile": {"name": "José", "username": "@jose"}, "wa_id": "",
            "user_id": id}]);
        for message in [
            json!({"from": "", "from_user_id": id}),
            json!({"from_user_id": id}),
            json!({"from_user_id": "", "user_id": id}),
            json!({"from": id}),
        ] {
            assert_eq!(who(&message, &json!([])), scoped, "{message}");
            assert_eq!(who(&message, &contacts), scoped, "{message}");
        }
        assert_eq!(who(&json!({}), &contacts), scoped);
    }

    #[test]
    fn nobody_gets_the_address_of_somebody_else() {
        let contacts = json!([{"wa_id": "5215500000000"}, {"user_id": "MX.2"}]);
        assert_eq!(who(&json!({}), &contacts), None);
        let other = json!([{"wa_id": "5215500000000", "user_id": "MX.2"}]);
        let message = json!({"from": "", "from_user_id": "MX.3"});
        assert_eq!(who(&message, &other).unwrap().0, "MX.3");
    }

    #[test]
    fn no_sender_and_no_id_and_endless_ones_are_refused() {
        let refused = |message: Value| decode(&message, &Value::Null).unwrap_err();
        assert_eq!(refused(json!({"id": "a"})), DecodeError::From(IdError::Empty));
        assert_eq!(refused(json!("hola")), DecodeError::From(IdError::Empty));
        assert_eq!(refused(json!({"from": "52"})), DecodeError::Id(IdError::Empty));
        let long = "a".repeat(MAX_ID_BYTES + 1);
        assert_eq!(refused(json!({"from": &long, "id": "a"})), DecodeError::From(IdError::TooLong));
        assert_eq!(refused(json!({"from": "52", "id": &long})), DecodeError::Id(IdError::TooLong));
    }
}
