//! All that is stored of one user, to be handed over.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::StoreError;
use super::key::{Family, UserKeys};
use super::mailbox::Letter;
use super::space::Space;
use super::value::{self, AnswerPlace};
use crate::message::{Answer, Arrival, TurnRecord, UserId};

/// All that is stored of one user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Whose it is.
    pub user: UserId,
    /// The session.
    pub session: Option<Value>,
    /// The turns, oldest first.
    pub turns: Vec<TurnRecord>,
    /// The ids of messages that would be known again.
    pub messages: Vec<KnownMessage>,
    /// Messages that wait for their turn.
    pub waiting: Vec<Arrival>,
    /// Replies that are, or were, to be sent.
    pub replies: Vec<Letter>,
    /// Values that could not be read back and were set aside.
    pub set_aside: Vec<Raw>,
    /// Values that cannot be read back now.
    pub unreadable: Vec<Raw>,
}

/// A message id that is kept so that a repetition finds its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownMessage {
    /// The id.
    pub id: String,
    /// When it came.
    pub at: Timestamp,
    /// Its answer, where no turn record holds that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// Bytes that nobody can read, as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raw {
    /// What they once were.
    pub what: String,
    /// The bytes in Base64.
    pub base64: String,
}

impl Export {
    fn nothing(user: &UserId) -> Self {
        Self {
            user: user.clone(),
            session: None,
            turns: Vec::new(),
            messages: Vec::new(),
            waiting: Vec::new(),
            replies: Vec::new(),
            set_aside: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    /// Whether nothing is stored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::nothing(&self.user)
    }

    /// Adds one entry; what cannot be read is added as it is.
    fn add(&mut self, family: Family, rest: &[u8], bytes: &[u8]) {
        let (what, read) = match family {
            Family::Session => {
                let session = value::head(bytes).and_then(|(_, json)| value::json(json));
                ("session", session.map(|session| self.session = Some(session)))
            }
            Family::Turn => ("turn", value::record(bytes).map(|turn| self.turns.push(turn))),
            Family::Message => {
                let known = value::message_time(bytes)
                    .and_then(|at| Ok(KnownMessage::of(rest, at, value::message(bytes)?)));
                ("message id", known.map(|known| self.messages.push(known)))
            }
            Family::Waiting => ("message", value::mail(bytes).map(|mail| self.waiting.push(mail))),
            Family::Letter => ("reply", value::mail(bytes).map(|mail| self.replies.push(mail))),
            Family::Aside => return self.set_aside.push(Raw::of("set aside", bytes)),
            // The turn that it marks tells more.
            Family::Gap => return,
            Family::Other => return self.unreadable.push(Raw::of("unknown", bytes)),
        };
        if read.is_err() {
            self.unreadable.push(Raw::of(what, bytes));
        }
    }
}

impl KnownMessage {
    fn of(id: &[u8], at: Timestamp, place: AnswerPlace) -> Self {
        let answer = match place {
            AnswerPlace::Kept(answer) => Some(*answer),
            AnswerPlace::Turn(_) | AnswerPlace::Waiting => None,
        };
        Self { id: String::from_utf8_lossy(id).into_owned(), at, answer }
    }
}

impl Raw {
    fn of(what: &str, bytes: &[u8]) -> Self {
        Self { what: what.to_owned(), base64: BASE64.encode(bytes) }
    }
}

/// All that is stored of `user`.
pub(super) fn export(space: &impl Space, user: &UserId) -> Result<Export, StoreError> {
    let keys = UserKeys::of(user);
    let mut export = Export::nothing(user);
    for (key, bytes) in space.first(keys.all(), usize::MAX)? {
        export.add(keys.family(&key), keys.rest(&key), &bytes);
    }
    Ok(export)
}
