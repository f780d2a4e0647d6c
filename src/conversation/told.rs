//! A turn, told to whoever counts and to the log.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use tokio::time::Instant;
use tracing::Span;

use super::inbox::ReplyTo;
use super::watch::Ended;
use super::{Inner, TurnError};
use crate::engine::vocabulary::Vocabulary;
use crate::message::{Answer, Inbound, UserId};

/// A turn that was taken.
pub(super) struct Taken {
    pub(super) answer: Answer,
    pub(super) how: How,
}

/// How a message came by its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It had its turn, and whoever waits is given the answer.
    Given,
    /// It had its turn, and the answer is sent.
    Sent,
    /// It had its turn when it came before.
    Before,
}

impl<V: Vocabulary> Inner<V> {
    /// Takes one turn. Its answer is given back or, where there is a place that it goes to, written
    /// down to be sent there.
    pub(super) async fn turn(
        &self,
        inbound: Inbound,
        reply_to: Option<ReplyTo>,
    ) -> Result<Taken, TurnError> {
        let channel = inbound.user.channel();
        let began = Instant::now();
        // On the heap: it would be moved with each of the futures around it.
        let turn = AssertUnwindSafe(Box::pin(self.take(inbound, reply_to))).catch_unwind();
        // What a panic said stays unsaid: it may quote the message.
        let taken = turn.await.unwrap_or(Err(TurnError::Broken));
        let took = began.elapsed();
        let ended = match &taken {
            Ok(Taken { answer, how: How::Given | How::Sent }) => {
                let Answer { state, source, .. } = answer;
                let ms = took.as_secs_f64() * 1_000.0;
                tracing::info!(state, source = source.as_str(), ms, "a turn was taken");
                Ended::Answered(answer)
            }
            Ok(Taken { how: How::Before, .. }) => {
                tracing::info!("a message came again and got its stored answer");
                Ended::Repeated
            }
            // Told at the boundary.
            Err(error) => Ended::Failed(error),
        };
        self.watch.turn(channel, ended, took);
        taken
    }

    /// The span of a turn that no door waits for.
    pub(super) fn span(&self, user: &UserId) -> Span {
        self.journal.as_ref().map_or_else(Span::none, |journal| journal.turn(user))
    }
}
