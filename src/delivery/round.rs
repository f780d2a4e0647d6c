//! One user's replies, sent in their order.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::backoff::after;
use super::{Carrier, Delivery, Refusal};
use crate::channel::Act;
use crate::message::{MessageId, UserId};
use crate::store::{Attempt, Failure, Letter, LetterId, LetterState, StoreError};

/// Replies of one user that are looked at for the first that can be read.
const BATCH: usize = 4;

/// How long one try may take.
const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// The pause before a user's replies are looked at again where the store could not be read or
/// written.
const STORE_PAUSE: Duration = Duration::from_secs(30);

impl Delivery {
    /// Sends the replies of `user` up to the first that must wait.
    pub(super) async fn round(self: Arc<Self>, user: UserId) {
        // Nobody closes it.
        let _place = self.rounds.acquire().await;
        loop {
            match self.send_all(&user).await {
                Ok(Some(at)) => {
                    self.schedule.wait(user, at);
                    break;
                }
                Ok(None) => {
                    if self.schedule.end(&user) {
                        break;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read or written");
                    let at = (self.clock)().saturating_add(STORE_PAUSE).unwrap_or_default();
                    self.schedule.wait(user, at);
                    break;
                }
            }
        }
        self.done.notify_one();
    }

    /// Sends until nothing waits any more, or until the moment that is given back.
    async fn send_all(&self, user: &UserId) -> Result<Option<jiff::Timestamp>, StoreError> {
        let Some(carrier) = self.carriers.get(&user.channel()) else { return Ok(None) };
        let mut stopped: Option<String> = None;
        loop {
            // Read anew each time: an erased user's replies are gone.
            let waiting = self.store.outbox_of(user, BATCH)?;
            let first = waiting.into_iter().next().filter(|_| !self.schedule.is_closed());
            let Some((id, letter)) = first else { return Ok(None) };
            if let LetterState::Due(at) = letter.state
                && at > (self.clock)()
            {
                return Ok(Some(at));
            }
            let attempt = match &stopped {
                Some(reason) => Attempt::Failed(Failure::GivenUp(reason.clone())),
                None => match send(carrier.as_ref(), &letter).await {
                    Ok(provider) => Attempt::Sent(provider),
                    Err(refusal) => {
                        // What else waits would be refused as well.
                        if refusal.act == Act::StopUser {
                            stopped = Some(refusal.reason.clone());
                        }
                        Attempt::Failed(self.failure(user, &letter, refusal))
                    }
                },
            };
            let again = match attempt {
                Attempt::Failed(Failure::Again { at, .. }) => Some(at),
                Attempt::Failed(Failure::GivenUp(_)) | Attempt::Sent(_) => None,
            };
            self.note(user, id, attempt).await?;
            if again.is_some() {
                return Ok(again);
            }
        }
    }

    /// Writes down what became of a try, and what the provider told of it meanwhile.
    async fn note(&self, user: &UserId, id: LetterId, attempt: Attempt) -> Result<(), StoreError> {
        let provider = match &attempt {
            Attempt::Sent(provider) => Some(provider.clone()),
            Attempt::Failed(_) => None,
        };
        self.store.tried(id, attempt).await?;
        let early = provider.and_then(|provider| self.early.take(user.channel(), &provider));
        if let Some(status) = early {
            self.tell(user.channel(), status).await?;
        }
        Ok(())
    }

    /// What is done with a reply that was refused; the log is told.
    pub(super) fn failure(&self, user: &UserId, letter: &Letter, refusal: Refusal) -> Failure {
        let Refusal { reason, act, at_least } = refusal;
        let channel = user.channel().as_str();
        let failures = letter.failures;
        if act == Act::NeedTemplate && !letter.as_template {
            tracing::warn!(channel, reason, "24 hours have passed: a template goes out instead");
            return Failure::Again { at: (self.clock)(), as_template: true };
        }
        let wait = after(act, failures, at_least);
        let at = wait.and_then(|wait| (self.clock)().checked_add(wait).ok());
        if let Some(at) = at {
            tracing::warn!(channel, failures, reason, "a reply was not sent; it is tried again");
            return Failure::Again { at, as_template: letter.as_template };
        }
        tracing::error!(channel, failures, reason, "a reply was given up");
        Failure::GivenUp(reason)
    }
}

async fn send(carrier: &dyn Carrier, letter: &Letter) -> Result<MessageId, Refusal> {
    let route = &letter.outgoing.route;
    let sending = async {
        if letter.as_template {
            carrier.carry_template(route).await
        } else {
            carrier.carry(route, &letter.outgoing.reply).await
        }
    };
    let late = || Refusal::passing("no answer in time".to_owned());
    timeout(SEND_TIMEOUT, sending).await.unwrap_or_else(|_| Err(late()))
}
