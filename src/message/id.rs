//! Who wrote, through which door, and what the door calls a message.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A door of the bot. The same person behind two doors is two users: a `/chat` user never opens a
/// WhatsApp session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// `POST /chat`.
    Chat,
    /// The page at `/`.
    Web,
    /// WhatsApp through Twilio.
    Twilio,
    /// WhatsApp through Meta's Cloud API.
    Meta,
    /// `kavak-bot chat`.
    Terminal,
}

impl Channel {
    /// Whether each message that leaves through it costs money.
    #[must_use]
    pub const fn costs(self) -> bool {
        matches!(self, Self::Twilio | Self::Meta)
    }

    /// Whether anybody at all may come in through it, without being known to the operator.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Web | Self::Twilio | Self::Meta)
    }

    /// The name in store keys, logs and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Web => "web",
            Self::Twilio => "twilio",
            Self::Meta => "meta",
            Self::Terminal => "terminal",
        }
    }
}

/// The longest user key and message id taken from outside, in bytes: longer ones are refused at
/// the door, so that a store key stays small.
pub const MAX_ID_BYTES: usize = 256;

/// One user of one channel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UserId {
    channel: Channel,
    key: String,
}

/// An id from outside that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing but blanks.
    #[error("must not be empty")]
    Empty,
    /// More than [`MAX_ID_BYTES`].
    #[error("must have at most {MAX_ID_BYTES} bytes")]
    TooLong,
}

fn checked(id: &str) -> Result<String, IdError> {
    match id {
        _ if id.trim().is_empty() => Err(IdError::Empty),
        _ if id.len() > MAX_ID_BYTES => Err(IdError::TooLong),
        _ => Ok(id.to_owned()),
    }
}

impl Channel {
    /// The channel of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Chat, Self::Web, Self::Twilio, Self::Meta, Self::Terminal];
        all.into_iter().find(|channel| channel.as_str() == name)
    }
}

impl UserId {
    /// The user that `channel` knows as `key`.
    ///
    /// # Errors
    ///
    /// An empty key, or one of more than [`MAX_ID_BYTES`].
    pub fn new(channel: Channel, key: &str) -> Result<Self, IdError> {
        Ok(Self { channel, key: checked(key)? })
    }

    /// The door this user comes through.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// What the channel calls this user: an id, a phone number.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for UserId {
    /// `chat:u1`. Never for a log: the key may be a phone number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.channel.as_str(), self.key)
    }
}

/// The id a channel gave a message. It only means something together with its user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageId(String);

impl MessageId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MessageId {
    type Err = IdError;
    fn from_str(id: &str) -> Result<Self, IdError> {
        checked(id).map(Self)
    }
}
