//! Whoever takes a reply to its channel, and what is said when it is not taken.

use std::time::Duration;

use async_trait::async_trait;

use crate::channel::{Act, Backoff, Fault};
use crate::message::{MessageId, Reply, Route};

/// Takes replies to one channel.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Sends `reply`, and gives the id that the provider has for it.
    ///
    /// # Errors
    ///
    /// Why it was not taken, and what to do.
    async fn carry(&self, route: &Route, reply: &Reply) -> Result<MessageId, Refusal>;

    /// Asks the customer to write again, which is all that may be sent once 24 hours have passed
    /// since the last message.
    ///
    /// # Errors
    ///
    /// Why it was not taken; [`Act::GiveUp`] where no such template is set.
    async fn carry_template(&self, route: &Route) -> Result<MessageId, Refusal>;

    /// Marks the customer's `message` as read and shows that an answer is being written.
    ///
    /// # Errors
    ///
    /// Why not; nobody tries again.
    async fn typing(&self, _: &Route, _: &MessageId) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Why a reply was not taken. Neither part quotes it or names its user: both may be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the provider says: a code, a word.
    pub reason: String,
    /// What to do.
    pub act: Act,
    /// How long the provider wants to be left alone, where it says so.
    pub at_least: Option<Duration>,
}

impl Refusal {
    /// What passes by itself.
    #[must_use]
    pub const fn passing(reason: String) -> Self {
        Self { reason, act: Act::Retry(Backoff::Transient), at_least: None }
    }

    /// What will never be taken.
    #[must_use]
    pub fn lasting(reason: &str) -> Self {
        Self { reason: reason.to_owned(), act: Act::GiveUp, at_least: None }
    }

    /// A provider's own complaint.
    #[must_use]
    pub fn of(Fault { code, act }: Fault) -> Self {
        let reason = code.map_or_else(|| "no code".to_owned(), |code| format!("code {code}"));
        Self { reason, act, at_least: None }
    }
}
