//! The answer to a message that Meta took.

use serde_json::Value;

use crate::message::MessageId;

/// A message that Meta took: not yet delivered, which its statuses tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What its statuses will call it.
    pub message: MessageId,
    /// The customer as WhatsApp knows them, which may differ from the number that was sent to; none
    /// where a business-scoped id was.
    pub wa_id: Option<String>,
}

/// An answer of success that does not say what was sent. The message may be on its way, so sending
/// it again could send it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer names no message")]
pub struct SentError;

/// Reads the body of a success (200).
///
/// # Errors
///
/// A body that names no message.
pub fn sent(body: &[u8]) -> Result<Sent, SentError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| SentError)?;
    let id = body["messages"][0]["id"].as_str().ok_or(SentError)?;
    let wa_id = body["contacts"][0]["wa_id"].as_str().filter(|id| !id.is_empty());
    Ok(Sent { message: id.parse().map_err(|_| SentError)?, wa_id: wa_id.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Result<(String, Option<String>), SentError> {
        sent(body.as_bytes()).map(|sent| (sent.message.as_str().to_owned(), sent.wa_id))
    }

    #[test]
    fn the_message_and_whom_it_went_to() {
        let phone = r#"{"messaging_product":"whatsapp",
            "contacts":[{"input":"525512345678","wa_id":"5215512345678"}],
            "messages":[{"id":"wamid.HBgNNTIx","message_status":"accepted"}]}"#;
        assert_eq!(read(phone), Ok(("wamid.HBgNNTIx".into(), Some("5215512345678".into()))));
        let scoped = r#"{"messaging_product":"whatsapp",
            "contacts":[{"input":"MX.1","user_id":"MX.1"}],"messages":[{"id":"wamid.A"}]}"#;
        assert_eq!(read(scoped), Ok(("wamid.A".into(), None)));
    }

    #[test]
    fn an_answer_that_names_no_message_is_told() {
        for body in ["", "{}", "[]", r#"{"messages":[]}"#, r#"{"messages":[{"id":""}]}"#] {
            assert_eq!(read(body), Err(SentError), "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_answer_breaks_it(body in any::<Vec<u8>>()) {
            prop_assert_eq!(sent(&body), Err(SentError));
        }
    }
}
