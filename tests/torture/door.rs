//! The two doors that answer in the same breath.

use kavak_bot::message::{Channel, UserId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::process::{Answer, Connection, Failure};

/// A way in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Door {
    /// `POST /chat`.
    Chat,
    /// Twilio's webhook.
    Webhook,
}

impl Door {
    pub(crate) const BOTH: [Self; 2] = [Self::Chat, Self::Webhook];

    /// Says something as customer `number`. Ids are counted for each customer apart, so that the
    /// same id of another one means another message.
    pub(crate) fn say(
        self,
        connection: &mut Connection,
        number: usize,
        id: usize,
        words: &str,
    ) -> Result<Answer, Failure> {
        let key = self.key(number);
        match self {
            Self::Chat => {
                let id = self.message_id(id);
                let body = json!({"user_id": key, "message": words, "message_id": id});
                connection.post("/chat", "application/json", &body.to_string())
            }
            Self::Webhook => {
                let id = self.message_id(id);
                let words = utf8_percent_encode(words, NON_ALPHANUMERIC);
                let body = format!("From=whatsapp%3A%2B{key}&Body={words}&MessageSid={id}");
                let content_type = "application/x-www-form-urlencoded";
                connection.post("/webhook/whatsapp", content_type, &body)
            }
        }
    }

    /// An answer without the name of its user, which alone tells two users' answers apart.
    pub(crate) fn nameless(self, number: usize, body: &str) -> String {
        match self {
            Self::Chat => {
                body.replacen(&format!(r#""user_id":"{}""#, self.key(number)), r#""user_id":"""#, 1)
            }
            Self::Webhook => body.to_owned(),
        }
    }

    /// How the store knows customer `number`.
    pub(crate) fn user(self, number: usize) -> UserId {
        let channel = match self {
            Self::Chat => Channel::Chat,
            Self::Webhook => Channel::Twilio,
        };
        UserId::new(channel, &self.key(number)).unwrap()
    }

    /// How the store knows a message.
    pub(crate) fn message_id(self, id: usize) -> String {
        match self {
            Self::Chat => format!("m{id}"),
            Self::Webhook => format!("SM{id:032}"),
        }
    }

    fn key(self, number: usize) -> String {
        match self {
            Self::Chat => format!("customer-{number}"),
            Self::Webhook => format!("5255{number:08}"),
        }
    }
}
