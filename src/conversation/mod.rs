//! One turn of one user: dedupe, load, understand, step, answer, commit; in order for each user.

use async_trait::async_trait;

use crate::message::{Answer, Inbound};

/// Why a turn could not be taken. Nothing of it was stored, so the same message may come again.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The store cannot be written or read.
    #[error("the turn could not be stored: {0}")]
    Store(String),
    /// Too many turns wait already.
    #[error("too many turns are waiting")]
    Overloaded,
}

/// Whoever takes turns: what the doors know of the bot.
#[async_trait]
pub trait Converse: Send + Sync {
    /// Takes one turn. The answer is durable when it returns; a message that comes again gets the
    /// stored answer and changes nothing.
    async fn turn(&self, inbound: Inbound) -> Result<Answer, TurnError>;

    /// Whether a turn could be taken now; if not, why.
    fn ready(&self) -> Result<(), String>;
}
