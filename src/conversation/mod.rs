//! One turn of one user: dedupe, load, understand, step, answer, commit; in order for each user.
//!
//! The whole way of a message is `turn.rs`; each arrow of it is one function.

mod door;
mod errand;
mod inbox;
mod line;
mod open;
mod recent;
mod reply;
mod told;
mod traffic;
mod turn;
mod watch;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use crate::engine::Engine;
use crate::engine::vocabulary::Vocabulary;
use crate::knowledge::Knowledge;
use crate::message::{Answer, Arrival, Dispatch, Inbound, UserId};
use crate::store::{self, Store, StoreError};
use crate::telemetry::Journal;
use errand::Running;
pub use errand::{
    Backup, Desk, Erase, Erased, Errand, ErrandError, Export, Exported, Gap, Gaps, LetterName,
    Listed, Outbox, Post, Replay, Replayed, Users, Which,
};
use inbox::Inbox;
use line::Lines;
pub use open::{Allowance, Answered, Meaning, MeaningError, Models, Open, Terms, Wording};
use recent::Recent;
pub use reply::{Flaw, flaw};
use traffic::Traffic;
pub use traffic::TrafficLimits;
pub use watch::{CallOutcome, Ended, ModelWork, Watch};

/// Why a turn could not be taken. Nothing of it was stored, so the same message may come again.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The store cannot be written or read.
    #[error("the turn could not be stored: {0}")]
    Store(#[from] StoreError),
    /// Too many turns wait already, of this user or of all.
    #[error("too many turns are waiting")]
    Overloaded,
    /// The user was erased before the turn began, and the message with them.
    #[error("the user was erased meanwhile")]
    Erased,
    /// The turn panicked, or the process is about to end.
    #[error("the turn broke off")]
    Broken,
}

/// Whoever takes turns: what the doors know of the bot.
#[async_trait]
pub trait Converse: Send + Sync {
    /// Takes one turn. The answer is durable when it returns; a message that comes again gets the
    /// stored answer and changes nothing.
    async fn turn(&self, inbound: Inbound) -> Result<Answer, TurnError>;

    /// Whether a turn could be taken now.
    ///
    /// # Errors
    ///
    /// Why not.
    fn ready(&self) -> Result<(), String>;
}

/// Whoever takes in messages that are answered later: what the doors of such channels know of the
/// bot.
#[async_trait]
pub trait Receive: Send + Sync {
    /// Takes in messages, all or none, in their order. They are durable when this returns, and have
    /// their turns in time; one that comes again is taken in once.
    ///
    /// # Errors
    ///
    /// [`TurnError::Overloaded`] or [`TurnError::Store`]: nothing may be acknowledged.
    async fn accept(&self, arrivals: Vec<Arrival>) -> Result<(), TurnError>;

    /// Takes in one message, and gives the answer if its turn is taken `within` that time; none
    /// where the answer is sent to the message's route instead, now or before.
    ///
    /// # Errors
    ///
    /// As with [`Receive::accept`].
    async fn answer(&self, arrival: Arrival, within: Duration)
    -> Result<Option<Answer>, TurnError>;
}

/// How messages are answered later.
#[derive(Debug)]
pub struct Later {
    /// How long a quiet moment is, after which a burst of messages has its turn; none waits for
    /// none.
    pub quiet: Duration,
    /// Messages of one user that can wait for their turn.
    pub waiting_per_user: usize,
    /// Messages of all users that can wait for their turn.
    pub waiting: usize,
    /// Told of every reply that is to be sent. Whoever reads it must not fall behind: turns wait.
    pub dispatches: mpsc::Sender<Dispatch>,
}

impl Default for Later {
    /// Nobody listens, and nobody is waited for.
    fn default() -> Self {
        let dispatches = mpsc::channel(1).0;
        Self { quiet: Duration::ZERO, waiting_per_user: 64, waiting: 10_000, dispatches }
    }
}

/// The bot: flows, store and context file joined.
pub struct Conversation<V: Vocabulary>(Arc<Inner<V>>);

struct Inner<V> {
    /// What speaks; each turn takes it up once, so that it can be replaced between turns.
    engine: RwLock<Arc<Engine<V>>>,
    open: Open,
    store: Arc<dyn Store>,
    retention: SignedDuration,
    lines: Lines,
    recent: Recent,
    inbox: Inbox,
    later: Later,
    traffic: Traffic,
    watch: Arc<dyn Watch>,
    journal: Option<Arc<Journal>>,
}

/// How many messages wait in a bot, of all its users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depths {
    /// Messages whose turn is under way or waits for an earlier one of its user.
    pub turns: usize,
    /// Messages that were accepted, and whose turn has not begun.
    pub inbox: usize,
}

impl<V: Vocabulary> Conversation<V> {
    /// A bot that speaks with `engine`, answers from `knowledge` with the help of
    /// `models`, remembers in `store` and forgets a user after `retention` of
    /// silence. Many bots may share all but the store: their lines are their own.
    pub fn new(
        engine: impl Into<Arc<Engine<V>>>,
        knowledge: impl Into<Arc<Knowledge>>,
        models: Models,
        store: Arc<dyn Store>,
        retention: SignedDuration,
    ) -> Self {
        let open = Open::new(knowledge, models);
        Self(Arc::new(Inner {
            engine: RwLock::new(engine.into()),
            open,
            store,
            retention,
            lines: Lines::default(),
            recent: Recent::default(),
            inbox: Inbox::default(),
            later: Later::default(),
            traffic: Traffic::new(TrafficLimits::NONE),
            watch: Arc::new(()),
            journal: None,
        }))
    }

    /// The same bot, which answers later as `later` says. To be called before it is shared.
    #[must_use]
    pub fn answering_later(mut self, later: Later) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.later = later;
        }
        self
    }

    /// The same bot, which answers no more than `limits` let through. To be called before it is
    /// shared.
    #[must_use]
    pub fn bounded(mut self, limits: TrafficLimits) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.traffic = Traffic::new(limits);
        }
        self
    }

    /// The same bot, which holds the sessions of the `users` who wrote last, so that their next turns
    /// need not read them. To be called before it is shared.
    #[must_use]
    pub fn holding(mut self, users: usize) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.recent = Recent::of(users);
        }
        self
    }

    /// The same bot, with somebody who is told of its turns.
    #[must_use]
    pub fn watched(mut self, watch: Arc<dyn Watch>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.watch = watch;
        }
        self
    }

    /// The same bot, whose log tells which turn of whom a line is about, also where nobody waits for
    /// the turn.
    #[must_use]
    pub fn logged(mut self, journal: Arc<Journal>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.journal = Some(journal);
        }
        self
    }

    /// How many messages wait.
    #[must_use]
    pub fn depths(&self) -> Depths {
        Depths { turns: self.0.lines.depth(), inbox: self.0.inbox.depth() }
    }

    /// Takes up the messages that waited when the process before this one ended: how many.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn resume(&self) -> Result<usize, TurnError> {
        self.0.resume()
    }

    /// Makes ready for questions; see [`Open::learn`].
    ///
    /// # Errors
    ///
    /// As with [`Open::learn`].
    pub async fn learn(&self, now: Timestamp) -> Result<usize, MeaningError> {
        self.0.open.learn(self.0.store.as_ref(), now).await
    }

    /// Returns when [`Conversation::learn`] has to be called again; see [`Open::outdated`].
    pub async fn outdated(&self) {
        self.0.open.outdated().await;
    }

    /// Where the operator's errands are run while this bot serves out of `data_dir`.
    #[must_use]
    pub fn desk(&self, data_dir: PathBuf, clock: fn() -> Timestamp) -> Desk {
        let running = Arc::clone(&self.0) as Arc<dyn Running>;
        Desk::new(Arc::clone(&self.0.store), data_dir, clock).beside(running)
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> Arc<Engine<V>> {
        self.0.engine()
    }

    /// Goes on with another engine, from the next turn on. What sessions in flight make of other
    /// flows is the engine's affair, as after a restart.
    pub fn go_on_with(&self, engine: Engine<V>) {
        *self.0.engine.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(engine);
    }
}

impl<V> Inner<V> {
    fn engine(&self) -> Arc<Engine<V>> {
        Arc::clone(&self.engine.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl<V: Vocabulary> Converse for Conversation<V> {
    async fn turn(&self, inbound: Inbound) -> Result<Answer, TurnError> {
        let inner = Arc::clone(&self.0);
        // A task of its own: a caller that goes away does not break a turn in the middle, and the
        // user's next message waits until this one is durable.
        let turn = async move { inner.turn(inbound, None).await };
        let turn = tokio::spawn(turn.in_current_span());
        turn.await.unwrap_or(Err(TurnError::Broken)).map(|taken| taken.answer)
    }

    fn ready(&self) -> Result<(), String> {
        self.0.store.ready().map_err(|error| error.to_string())
    }
}

#[async_trait]
impl<V: Vocabulary> Receive for Conversation<V> {
    async fn accept(&self, arrivals: Vec<Arrival>) -> Result<(), TurnError> {
        self.0.accept(arrivals).await
    }

    async fn answer(
        &self,
        arrival: Arrival,
        within: Duration,
    ) -> Result<Option<Answer>, TurnError> {
        self.0.accept_and_wait(arrival, within).await
    }
}

#[async_trait]
impl<V: Vocabulary> Running for Inner<V> {
    fn wake_sender(&self) {
        // Where there is no room, the sender has enough to look at, and looks again in a minute.
        let _ = self.later.dispatches.try_send(Dispatch::Look);
    }

    async fn export(&self, user: &UserId) -> Result<store::Export, TurnError> {
        let _place = self.lines.enter(user).await.ok_or(TurnError::Overloaded)?;
        Ok(self.store.export(user)?)
    }

    async fn erase(&self, user: &UserId) -> Result<bool, TurnError> {
        Inner::erase(self, user).await
    }
}
