//! Replies on their way out: from the outbox of the store to the channels that are answered later.
//!
//! Each user's replies leave in their order, one after the other; those of different users beside
//! one another. A reply is sent at least once: it is marked as sent after the provider took it, so
//! that a process that ends in between sends it again. What fails is tried again, later and later,
//! and given up in the end: `kavak-bot outbox` lists it and has it tried once more.
//!
//! In reading order: `carrier`, what a channel offers; `meta` and `twilio`, which post (`post`,
//! `pace`, `pair`); `backoff`, what becomes of a reply that was not taken; `round`, one user's replies;
//! `tracking`, what providers tell afterwards.

mod backoff;
mod carrier;
mod meta;
mod pace;
mod pair;
mod post;
mod round;
mod schedule;
mod tracking;
mod twilio;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore, mpsc};

use crate::message::{Channel, Dispatch, UserId};
use crate::store::Store;
pub use carrier::{Carrier, Refusal};
pub use meta::{Meta, MetaAccount};
pub use pace::Pace;
use schedule::Schedule;
use tracking::Early;
pub use tracking::Track;
pub use twilio::{Twilio, TwilioAccount};

/// Replies that one look into the whole outbox takes up, at most.
const MAX_LETTERS: usize = 10_000;

/// How often the whole outbox is looked through, for what nobody told of.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Users who are sent to at the same time, at most.
const MAX_ROUNDS: usize = 64;

/// How long the rounds under way may take to end.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// An account that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A setting holds what no header can carry.
    #[error("{0} holds characters that cannot be sent")]
    Token(&'static str),
    /// The system has no TLS roots, or the like.
    #[error("no client could be built: {0}")]
    Build(#[from] reqwest::Error),
}

/// Sends what waits in the outbox.
pub struct Delivery {
    store: Arc<dyn Store>,
    carriers: HashMap<Channel, Arc<dyn Carrier>>,
    clock: fn() -> Timestamp,
    schedule: Schedule,
    /// Told when a user's round has ended.
    done: Notify,
    rounds: Semaphore,
    early: Early,
}

impl Delivery {
    /// Sends what waits in `store` with the carriers of its channels.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        carriers: HashMap<Channel, Arc<dyn Carrier>>,
        clock: fn() -> Timestamp,
    ) -> Self {
        Self {
            store,
            carriers,
            clock,
            schedule: Schedule::default(),
            done: Notify::new(),
            rounds: Semaphore::new(MAX_ROUNDS),
            early: Early::default(),
        }
    }

    /// Sends, and runs the `dispatches` that it is told of, until it is dropped.
    pub async fn run(self: Arc<Self>, mut dispatches: mpsc::Receiver<Dispatch>) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut is_told = true;
        loop {
            let pause = self.start_due();
            tokio::select! {
                dispatch = dispatches.recv(), if is_told => match dispatch {
                    Some(dispatch) => self.run_dispatch(dispatch),
                    None => is_told = false,
                },
                _ = look.tick() => self.look(),
                () = self.done.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Starts nothing new, and waits for what is under way, some seconds at most.
    pub async fn stop(&self) {
        self.schedule.close();
        let ended = async {
            while !self.schedule.is_idle() {
                self.done.notified().await;
            }
        };
        if tokio::time::timeout(STOP_TIMEOUT, ended).await.is_err() {
            tracing::warn!("stopped while replies were being sent; they are sent again");
        }
    }

    fn run_dispatch(self: &Arc<Self>, dispatch: Dispatch) {
        match dispatch {
            Dispatch::Send(user) => self.start(user),
            Dispatch::Look => self.look(),
            Dispatch::Type { channel, route, message } => {
                let Some(carrier) = self.carriers.get(&channel).map(Arc::clone) else { return };
                tokio::spawn(async move {
                    if let Err(refusal) = carrier.typing(&route, &message).await {
                        let reason = refusal.reason;
                        tracing::debug!(reason, "a customer is not shown that we are typing");
                    }
                });
            }
        }
    }

    /// Starts the rounds of all who have replies that wait.
    fn look(self: &Arc<Self>) {
        match self.store.recipients(MAX_LETTERS) {
            Ok(users) => users.into_iter().for_each(|user| self.start(user)),
            Err(error) => tracing::error!(%error, "the outbox cannot be read"),
        }
    }

    /// Starts the rounds that are due, and tells how long no other is.
    fn start_due(self: &Arc<Self>) -> Duration {
        let now = (self.clock)();
        let (due, next) = self.schedule.due(now);
        for user in due {
            self.start(user);
        }
        let wait =
            next.map(|next| Duration::try_from(next.duration_since(now)).unwrap_or_default());
        wait.map_or(LOOK_EVERY, |wait| wait.min(LOOK_EVERY))
    }

    /// Starts a round of `user`, unless one is under way or must wait.
    fn start(self: &Arc<Self>, user: UserId) {
        if self.carriers.contains_key(&user.channel()) && self.schedule.begin(&user) {
            tokio::spawn(Arc::clone(self).round(user));
        }
    }
}
