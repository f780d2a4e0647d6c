//! Replies on their way out: from the outbox of the store to the channels that are answered later.
//!
//! Each user's replies leave in their order, one after the other; those of different users beside
//! one another. A reply is sent at least once: it is marked as sent after the provider took it, so
//! that a process that ends in between sends it again. What fails is tried again, later and later,
//! and given up in the end: `kavak-bot outbox` lists it and has it tried once more.

mod backoff;
mod carrier;
mod meta;
mod pace;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::message::{Channel, UserId};
use crate::store::{Attempt, Letter, LetterId, LetterState, Store};
pub use backoff::Hurry;
use backoff::after;
pub use carrier::{Act, Carrier, Refusal};
pub use meta::{Meta, MetaAccount, MetaError};
pub use pace::Pace;

/// Replies that one look into the outbox takes up, at most.
const MAX_LETTERS: usize = 10_000;

/// How long the outbox is left alone where nothing is due and nothing is posted.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// How long one try may take.
const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// Sends what waits in the outbox.
pub struct Delivery {
    store: Arc<dyn Store>,
    carriers: HashMap<Channel, Arc<dyn Carrier>>,
    clock: fn() -> Timestamp,
    /// Told when there is something new.
    posted: Arc<Notify>,
    /// Told when a user's replies were gone through.
    done: Notify,
    /// Users whose replies are being sent.
    busy: Mutex<HashSet<UserId>>,
}

impl Delivery {
    /// Sends what waits in `store` with the carriers of its channels; `posted` tells of more.
    pub fn new(
        store: Arc<dyn Store>,
        carriers: HashMap<Channel, Arc<dyn Carrier>>,
        posted: Arc<Notify>,
        clock: fn() -> Timestamp,
    ) -> Self {
        let (done, busy) = (Notify::new(), Mutex::default());
        Self { store, carriers, clock, posted, done, busy }
    }

    /// Sends until it is dropped.
    pub async fn run(self: Arc<Self>) {
        loop {
            let pause = match self.look() {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read");
                    LONGEST_PAUSE
                }
            };
            tokio::select! {
                () = self.posted.notified() => {}
                () = self.done.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Starts sending what is due, and tells how long nothing else is.
    fn look(self: &Arc<Self>) -> Result<Duration, crate::store::StoreError> {
        let now = (self.clock)();
        let mut pause = LONGEST_PAUSE;
        let mut letters = self.store.outbox(MAX_LETTERS)?.into_iter().peekable();
        while let Some((id, letter)) = letters.next() {
            let user = id.user.clone();
            let mut own = vec![(id, letter)];
            while let Some(next) = letters.next_if(|(id, _)| id.user == user) {
                own.push(next);
            }
            let wait = due_in(&own[0].1, now);
            if !wait.is_zero() {
                pause = pause.min(wait);
            } else if self.carriers.contains_key(&user.channel())
                && self.busy().insert(user.clone())
            {
                tokio::spawn(Arc::clone(self).send_all(user, own));
            }
        }
        Ok(pause)
    }

    /// Sends one user's replies in their order, up to the first that fails.
    async fn send_all(self: Arc<Self>, user: UserId, letters: Vec<(LetterId, Letter)>) {
        for (id, letter) in letters {
            let attempt = self.send(&user, &letter).await;
            let goes_on = !matches!(attempt, Attempt::Again(_));
            if let Err(error) = self.store.tried(id, attempt).await {
                tracing::error!(%error, "what became of a reply could not be stored");
                break;
            }
            if !goes_on {
                break;
            }
        }
        self.busy().remove(&user);
        self.done.notify_one();
    }

    async fn send(&self, user: &UserId, letter: &Letter) -> Attempt {
        let channel = user.channel();
        let Some(carrier) = self.carriers.get(&channel) else {
            return Attempt::GivenUp("no carrier for the channel".to_owned());
        };
        let Letter { outgoing, failures, .. } = letter;
        let sent = timeout(SEND_TIMEOUT, carrier.carry(&outgoing.route, &outgoing.reply)).await;
        let refusal = match sent {
            Ok(Ok(provider)) => return Attempt::Sent(provider),
            Ok(Err(refusal)) => refusal,
            Err(_) => Refusal { reason: "no answer in time".to_owned(), act: Act::USUAL },
        };
        let Refusal { reason, act } = refusal;
        let channel = channel.as_str();
        let again = match act {
            Act::Again { hurry, at_least } => after(hurry, *failures, at_least),
            Act::GiveUp => None,
        };
        let again = again.and_then(|wait| (self.clock)().checked_add(wait).ok());
        if let Some(at) = again {
            tracing::warn!(channel, failures, reason, "a reply was not sent; it is tried again");
            return Attempt::Again(at);
        }
        tracing::error!(channel, failures, reason, "a reply was given up");
        Attempt::GivenUp(reason)
    }

    fn busy(&self) -> MutexGuard<'_, HashSet<UserId>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long it is until a reply is due; nothing where it is.
fn due_in(letter: &Letter, now: Timestamp) -> Duration {
    match letter.state {
        LetterState::Due(at) => Duration::try_from(at.duration_since(now)).unwrap_or_default(),
        LetterState::Sent(_) | LetterState::Dead(_) => LONGEST_PAUSE,
    }
}
