//! What a provider tells of a message that it took.

use super::fault::Fault;
use crate::message::{MessageId, Progress};

/// One step of one message that we sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The id that the provider gave our message when it took it.
    pub message: MessageId,
    /// How far it is.
    pub progress: Progress,
    /// Why it failed, where it did and the provider says.
    pub fault: Option<Fault>,
}
