//! Whoever takes a reply to its channel, and what to do when it is not taken.

use std::time::Duration;

use async_trait::async_trait;

use super::backoff::Hurry;
use crate::message::{Reply, Route};

/// Takes replies to one channel.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Sends `reply`, and gives the id that the provider has for it.
    ///
    /// # Errors
    ///
    /// Why it was not taken, and what to do.
    async fn carry(&self, route: &Route, reply: &Reply) -> Result<String, Refusal>;
}

/// Why a reply was not taken. Neither part quotes it or names its user: both may be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the provider says: a code, a word.
    pub reason: String,
    /// What to do.
    pub act: Act,
}

/// What to do with a reply that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Try it again, later and later.
    Again {
        /// How the waits grow.
        hurry: Hurry,
        /// What the provider asks for, where it does.
        at_least: Option<Duration>,
    },
    /// It will never be taken.
    GiveUp,
}

impl Act {
    /// Again, as for anything that passes by itself.
    pub const USUAL: Self = Self::Again { hurry: Hurry::Usual, at_least: None };
}
