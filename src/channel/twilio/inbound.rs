//! From Twilio's fields to a message.

use jiff::Timestamp;

use super::address::user_key;
use crate::channel::{Destination, Form};
use crate::message::{Channel, Content, IdError, Inbound, Media, MessageId, UserId};

/// A form that is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No usable sender.
    #[error("From: {0}")]
    From(IdError),
    /// An id that is no id.
    #[error("MessageSid: {0}")]
    Id(IdError),
}

/// The message in a form that came at `at`.
///
/// `idempotency_token` is the header `I-Twilio-Idempotency-Token`, the same on every retry; it
/// names the message where the form does not.
///
/// # Errors
///
/// No sender, or a sender or an id longer than [`crate::message::MAX_ID_BYTES`].
pub fn inbound(
    form: &Form,
    idempotency_token: Option<&str>,
    at: Timestamp,
) -> Result<Inbound, DecodeError> {
    let from = form.get("From").unwrap_or_default();
    let user = UserId::new(Channel::Twilio, &user_key(from)).map_err(DecodeError::From)?;
    // The two older names repeat the first one.
    let id = first(form, &["MessageSid", "SmsMessageSid", "SmsSid"]).or(idempotency_token);
    let id = id.map(str::parse::<MessageId>).transpose().map_err(DecodeError::Id)?;
    Ok(Inbound { user, id, content: content(form), at })
}

/// Where the answer to a form goes: to the sender exactly as Twilio wrote it, from the number that
/// was written to.
#[must_use]
pub fn destination(form: &Form) -> Destination<String> {
    let field = |name| form.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    Destination { to: field("From").unwrap_or_default(), from: field("To") }
}

fn content(form: &Form) -> Content {
    if let Some(tapped) = first(form, &["ButtonPayload", "ListId"]) {
        return Content::Text(tapped.to_owned());
    }
    let words = first(form, &["Body", "ButtonText", "ListTitle"]).unwrap_or_default().to_owned();
    match media(form, words.is_empty()) {
        Some(kind) => Content::Media { kind, caption: words },
        None => Content::Text(words),
    }
}

/// What else than words came, if anything.
fn media(form: &Form, wordless: bool) -> Option<Media> {
    if form.get("NumMedia").is_some_and(|count| count != "0") {
        return Some(of_content_type(form.get("MediaContentType0").unwrap_or_default()));
    }
    if form.get("Latitude").is_some() && form.get("Longitude").is_some() {
        return Some(Media::Location);
    }
    match form.get("MessageType")? {
        "text" | "interactive" | "button" => None,
        "audio" | "voice" => Some(Media::Audio),
        "image" => Some(Media::Image),
        "video" => Some(Media::Video),
        "sticker" => Some(Media::Sticker),
        "location" => Some(Media::Location),
        "document" => Some(Media::Document),
        "contact" | "contacts" => Some(Media::Contact),
        "reaction" => Some(Media::Reaction),
        // A kind that is new to us: its words count, if it has any.
        _ => wordless.then_some(Media::Unsupported),
    }
}

fn of_content_type(content_type: &str) -> Media {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let family = essence.split('/').next().unwrap_or_default();
    match (essence.as_str(), family) {
        // WhatsApp sends stickers, and only stickers, as WebP.
        ("image/webp", _) => Media::Sticker,
        ("text/vcard" | "text/x-vcard" | "text/directory", _) => Media::Contact,
        (_, "audio") => Media::Audio,
        (_, "image") => Media::Image,
        (_, "video") => Media::Video,
        ("", _) => Media::Unsupported,
        _ => Media::Document,
    }
}

fn first<'f>(form: &'f Form, names: &[&str]) -> Option<&'f str> {
    names.iter().find_map(|name| form.get(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::MAX_ID_BYTES;

    fn decode(body: &str) -> Result<Inbound, DecodeError> {
        let form = Form::parse(format!("From=whatsapp%3A%2B5215512345678&{body}").as_bytes());
        inbound(&form.unwrap(), Some("token-1"), Timestamp::UNIX_EPOCH)
    }

    fn content_of(body: &str) -> Content {
        decode(body).unwrap().content
    }

    fn words(text: &str) -> Content {
        Content::Text(text.to_owned())
    }

    fn media(kind: Media, caption: &str) -> Content {
        Content::Media { kind, caption: caption.to_owned() }
    }

    #[test]
    fn words_come_as_they_are() {
        assert_eq!(content_of("Body=+hola%0A&NumMedia=0&MessageType=text"), words(" hola\n"));
        assert_eq!(content_of("Body="), words(""));
        assert_eq!(content_of(""), words(""));
    }

    #[test]
    fn a_tap_is_the_id_of_its_choice() {
        let tap = "MessageType=interactive&Body=Cotizar&ButtonText=Cotizar&ButtonPayload=2";
        assert_eq!(content_of(tap), words("2"));
        assert_eq!(content_of("Body=Versa&ListId=car-1&ListTitle=Versa"), words("car-1"));
        assert_eq!(content_of("ListTitle=Versa"), words("Versa"));
    }

    #[test]
    fn media_by_its_content_type() {
        let cases = [
            ("audio%2Fogg%3B+codecs%3Dopus", Media::Audio),
            ("image%2Fjpeg", Media::Image),
            ("IMAGE%2FWEBP", Media::Sticker),
            ("video%2Fmp4", Media::Video),
            ("application%2Fpdf", Media::Document),
            ("text%2Fvcard", Media::Contact),
            ("", Media::Unsupported),
        ];
        for (content_type, kind) in cases {
            let body = format!("Body=mira&NumMedia=1&MediaContentType0={content_type}");
            assert_eq!(content_of(&body), media(kind, "mira"), "{content_type}");
        }
    }

    #[test]
    fn kinds_without_a_file() {
        let cases = [
            ("Latitude=19.4&Longitude=-99.1", Media::Location),
            ("MessageType=contacts", Media::Contact),
            ("MessageType=reaction", Media::Reaction),
            ("MessageType=order", Media::Unsupported),
        ];
        for (body, kind) in cases {
            assert_eq!(content_of(body), media(kind, ""), "{body}");
        }
        assert_eq!(content_of("MessageType=hologram&Body=hola"), words("hola"));
    }

    #[test]
    fn the_first_id_that_is_there() {
        let id = |body: &str| decode(body).unwrap().id.unwrap().as_str().to_owned();
        assert_eq!(id("SmsSid=c&SmsMessageSid=b&MessageSid=a"), "a");
        assert_eq!(id("SmsSid=c&SmsMessageSid=b"), "b");
        assert_eq!(id("MessageSid=&SmsSid=c"), "c");
        assert_eq!(id("Body=hola"), "token-1");
    }

    #[test]
    fn no_sender_and_endless_ids_are_refused() {
        let form = Form::parse(b"Body=hola").unwrap();
        let refused = inbound(&form, None, Timestamp::UNIX_EPOCH);
        assert_eq!(refused, Err(DecodeError::From(IdError::Empty)));
        let long = format!("MessageSid={}", "a".repeat(MAX_ID_BYTES + 1));
        assert_eq!(decode(&long), Err(DecodeError::Id(IdError::TooLong)));
    }
}
