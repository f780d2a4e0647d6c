//! What crosses every boundary: who wrote, what came in, what goes out.

mod id;
mod view;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use id::{Channel, IdError, MAX_ID_BYTES, MessageId, UserId};
pub use view::View;

/// A kind of message that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// A voice note or a sound file.
    Audio,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sticker.
    Sticker,
    /// A place on the map.
    Location,
    /// A file.
    Document,
    /// Somebody's card.
    Contact,
    /// An emoji on one of our messages.
    Reaction,
    /// Anything the channel could not name.
    Unsupported,
}

impl Media {
    /// Every kind, in the order flows list them.
    pub const ALL: [Self; 9] = [
        Self::Audio,
        Self::Image,
        Self::Video,
        Self::Sticker,
        Self::Location,
        Self::Document,
        Self::Contact,
        Self::Reaction,
        Self::Unsupported,
    ];

    /// The name in flows, transcripts and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Image => "image",
            Self::Video => "video",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Document => "document",
            Self::Contact => "contact",
            Self::Reaction => "reaction",
            Self::Unsupported => "unsupported",
        }
    }
}

/// What a user sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Words, perhaps none. A tap on a choice arrives as the choice's id.
    Text(String),
    /// Something else, with the words that came along.
    Media {
        /// What it is.
        kind: Media,
        /// The words under it, often empty.
        caption: String,
    },
}

impl Content {
    /// The words, or those that came along.
    pub const fn words_mut(&mut self) -> &mut String {
        let (Self::Text(words) | Self::Media { caption: words, .. }) = self;
        words
    }
}

/// One message as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// Who wrote.
    pub user: UserId,
    /// What the channel calls this message; without one there is no telling a repetition.
    pub id: Option<MessageId>,
    /// What was written.
    pub content: Content,
    /// When the door took it.
    pub at: Timestamp,
}

/// Where an answer goes that is sent later, as its channel wrote it down. Nobody else reads it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Route(pub String);

/// Something to be done at a provider, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dispatch {
    /// This user has replies that wait to be sent.
    Send(UserId),
    /// Anybody may have such replies.
    Look,
    /// A customer waits for an answer that takes its time, and is shown that it is being written.
    Type {
        /// The customer's channel.
        channel: Channel,
        /// Where the answer will go.
        route: Route,
        /// The message it answers.
        message: MessageId,
    },
}

/// A message that is acknowledged first and answered later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The message.
    pub inbound: Inbound,
    /// Where its answer goes.
    pub route: Route,
}

/// How far a message of ours is with its provider, from the least to the furthest.
///
/// Providers tell it twice and in any order, so what is known only ever moves on. A message that
/// failed may yet be delivered, on a customer's other device; one that was delivered has not
/// failed, whatever comes later:
/// <https://docs.ycloud.com/reference-link/whatsapp-message-updated-webhook-examples>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// The provider took it.
    Sent,
    /// It did not arrive.
    Failed,
    /// It arrived. Left out where it was read at once.
    Delivered,
    /// It was read; never told where the customer turned that off.
    Read,
    /// A voice note was listened to.
    Played,
}

/// A choice under a reply: a chip, a button, a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Choice {
    /// Sent back as the message when the customer taps.
    pub id: String,
    /// What the customer reads.
    pub title: String,
}

/// One message to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reply {
    /// The words, never blank.
    #[schemars(length(min = 1))]
    pub text: String,
    /// Addresses of pictures or files.
    pub media: Vec<String>,
    /// What the numbers on the screen offer.
    pub choices: Vec<Choice>,
}

/// Where the words of an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A step of a flow or a command.
    Flow,
    /// The context file, "no lo sé" included.
    Knowledge,
    /// The context file, worded by a model.
    Llm,
    /// Nothing was understood.
    Fallback,
}

impl Source {
    /// The name in JSON and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Knowledge => "knowledge",
            Self::Llm => "llm",
            Self::Fallback => "fallback",
        }
    }
}

/// The whole answer to one message: what is sent, where the talk stands, what is known.
///
/// It is stored as it is, so that a repeated message gets the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// None blank; none at all where they were withheld, because there were too many.
    pub replies: Vec<Reply>,
    /// `flow.step` after the turn.
    pub state: String,
    /// Where the words came from.
    pub source: Source,
    /// The session as `POST /chat` shows it.
    pub session: View,
}

/// An open question, and where its answer came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAnswer {
    /// The question in the customer's words, personal data masked.
    pub question: String,
    /// The names of the passages it was answered from, the first one first; none where the context
    /// file does not say.
    pub passages: Vec<String>,
    /// Whether the passages answered by themselves or a model worded them.
    pub source: Source,
}

impl OpenAnswer {
    /// Whether the answer was "no lo sé".
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        self.passages.is_empty()
    }
}

/// What a customer thought of the answers to the open questions of the turn before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// 👍, not 👎.
    pub liked: bool,
    /// What it is about.
    pub answers: Vec<OpenAnswer>,
}

/// One turn as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// The message that opened it.
    pub inbound: Inbound,
    /// What was answered.
    pub answer: Answer,
    /// The open questions in the message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<OpenAnswer>,
    /// What the message says of the answers before it, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Opinion>,
}

impl TurnRecord {
    /// A turn without open questions.
    #[must_use]
    pub const fn new(inbound: Inbound, answer: Answer) -> Self {
        Self { inbound, answer, open: Vec::new(), opinion: None }
    }

    /// The questions of this turn that got "no lo sé".
    pub fn refused(&self) -> impl Iterator<Item = &OpenAnswer> {
        self.open.iter().filter(|answer| answer.is_refused())
    }

    /// The questions of the turn before whose answer, this turn says, was not liked.
    pub fn disliked(&self) -> impl Iterator<Item = &OpenAnswer> {
        let disliked = self.opinion.iter().filter(|opinion| !opinion.liked);
        disliked.flat_map(|opinion| &opinion.answers)
    }

    /// The questions that this turn shows to be badly answered: those that got "no lo sé", and
    /// those whose answer was not liked.
    pub fn gaps(&self) -> impl Iterator<Item = &OpenAnswer> {
        self.refused().chain(self.disliked())
    }
}
