//! Forms to be posted to `/Accounts/{sid}/Messages.json`:
//! <https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource>.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::channel::choices::ChoiceLimits;
use crate::channel::length::{length, parts};
use crate::message::{Choice, MessageId, Reply};

/// Characters of a body: <https://www.twilio.com/docs/api/errors/21617>.
const MAX_BODY: usize = 1_600;

/// Characters of the words over buttons or a list:
/// <https://www.twilio.com/docs/content/twiliolist-picker>.
const MAX_CONTENT_BODY: usize = 1_024;

/// Reply buttons: <https://www.twilio.com/docs/content/twilio-quick-reply>.
const BUTTONS: ChoiceLimits = ChoiceLimits { choices: 1..=3, title: 20, id: 200 };

/// Rows of a list: <https://www.twilio.com/docs/content/twiliolist-picker>.
const ROWS: ChoiceLimits = ChoiceLimits { choices: 1..=10, title: 24, id: 200 };

/// The contents that an operator made at Twilio, by their SIDs. Each is made once for a number of
/// choices; its variables are the words (1), then title and id of each choice (2 and 3, 4 and 5, …).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// Quick replies, by how many buttons they have.
    pub buttons: BTreeMap<usize, String>,
    /// List pickers, by how many rows they have.
    pub lists: BTreeMap<usize, String>,
    /// An approved template without variables that asks the customer to write again, for when 24
    /// hours have passed since the last message: nothing else may be sent then.
    pub template: Option<String>,
}

/// What is posted for one message: names and values.
pub type Fields = Vec<(&'static str, String)>;

impl Contents {
    /// One reply as the fields to post, in order: its words, with its choices where a content was
    /// made for them, and its files with the first message.
    #[must_use]
    pub fn messages(&self, reply: &Reply) -> Vec<Fields> {
        if let Some(sid) = self.fitting(reply) {
            let variables = variables(&reply.text, &reply.choices);
            return vec![vec![
                ("ContentSid", sid.to_owned()),
                ("ContentVariables", Value::Object(variables).to_string()),
            ]];
        }
        let mut messages: Vec<Fields> =
            parts(&reply.text, MAX_BODY).into_iter().map(body).collect();
        if messages.is_empty() {
            messages.push(Fields::new());
        }
        let media = reply.media.iter().map(|address| ("MediaUrl", address.clone()));
        messages[0].extend(media);
        messages
    }

    /// What asks the customer to write again; none where no template was made.
    #[must_use]
    pub fn template(&self) -> Option<Fields> {
        self.template.clone().map(|sid| vec![("ContentSid", sid)])
    }

    /// The content that can show this reply.
    fn fitting(&self, reply: &Reply) -> Option<&str> {
        let count = reply.choices.len();
        let plain = reply.media.is_empty()
            && !reply.text.trim().is_empty()
            && length(&reply.text) <= MAX_CONTENT_BODY;
        if !plain {
            return None;
        }
        let buttons = self.buttons.get(&count).filter(|_| BUTTONS.take(&reply.choices));
        let list = || self.lists.get(&count).filter(|_| ROWS.take(&reply.choices));
        buttons.or_else(list).map(String::as_str)
    }
}

/// The id in the answer to a message that was taken (201); none where the answer names none.
#[must_use]
pub fn sent(body: &[u8]) -> Option<MessageId> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body["sid"].as_str()?.parse().ok()
}

fn body(text: &str) -> Fields {
    vec![("Body", text.to_owned())]
}

fn variables(text: &str, choices: &[Choice]) -> Map<String, Value> {
    let texts = choices.iter().flat_map(|choice| [&choice.title, &choice.id]);
    let texts = std::iter::once(text).chain(texts.map(String::as_str));
    (1..).zip(texts).map(|(number, text): (u32, &str)| (number.to_string(), text.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str, titles: &[&str]) -> Reply {
        let choices = (1..).zip(titles).map(|(id, title): (u32, &&str)| Choice {
            id: id.to_string(),
            title: (*title).to_owned(),
        });
        Reply { text: text.to_owned(), media: Vec::new(), choices: choices.collect() }
    }

    fn contents() -> Contents {
        Contents {
            buttons: BTreeMap::from([(2, "HXbuttons".to_owned())]),
            lists: BTreeMap::from([(4, "HXlist".to_owned())]),
            template: None,
        }
    }

    #[test]
    fn choices_go_out_as_a_content_that_was_made_for_their_number() {
        let messages = contents().messages(&reply("¿Cotizamos?", &["Sí", "No"]));
        let variables = r#"{"1":"¿Cotizamos?","2":"Sí","3":"1","4":"No","5":"2"}"#;
        assert_eq!(
            messages,
            [[("ContentSid", "HXbuttons".to_owned()), ("ContentVariables", variables.to_owned())]]
        );
        let four = contents().messages(&reply("¿Plazo?", &["36", "48", "60", "72"]));
        assert_eq!(four[0][0].1, "HXlist");
    }

    #[test]
    fn what_fits_no_content_goes_out_as_words() {
        let long = "Una etiqueta demasiado larga";
        let text = "x".repeat(MAX_CONTENT_BODY + 1);
        for reply in [
            reply("¿Cuál?", &["Uno"]),
            reply("¿Cuál?", &["Uno", long]),
            reply("¿Cuál?", &["Sí", "Sí"]),
            reply(&text, &["Sí", "No"]),
        ] {
            assert_eq!(contents().messages(&reply), [[("Body", reply.text.clone())]]);
        }
    }

    #[test]
    fn files_go_with_the_words_and_long_words_in_parts() {
        let mut reply = reply(&"palabra ".repeat(300), &[]);
        reply.media = vec!["https://x.mx/plan.pdf".to_owned()];
        let messages = Contents::default().messages(&reply);
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0][1], ("MediaUrl", "https://x.mx/plan.pdf".to_owned()));
        assert!(messages.iter().all(|message| length(&message[0].1) <= MAX_BODY));
    }

    #[test]
    fn the_answer_names_the_message() {
        assert_eq!(sent(br#"{"sid":"SM1","status":"queued"}"#).unwrap().as_str(), "SM1");
        assert_eq!(sent(b"{}"), None);
        assert_eq!(sent(b"ok"), None);
    }
}
