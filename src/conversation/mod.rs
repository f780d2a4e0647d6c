//! One turn of one user: dedupe, load, understand, step, answer, commit; in order for each user.
//!
//! The whole way of a message is [`Conversation::turn`]; each arrow of it is one function.

mod door;
mod errand;
mod inbox;
mod line;
mod open;
mod reply;
mod told;
mod traffic;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use crate::engine::source::EffectKind;
use crate::engine::vocabulary::Vocabulary;
use crate::engine::{Engine, Outcome, Part, Session};
use crate::knowledge::Knowledge;
use crate::message::{
    Answer, Arrival, Channel, Content, Dispatch, Inbound, OpenAnswer, Opinion, Reply, Source,
    TurnRecord, UserId,
};
use crate::store::{self, Commit, Mail, Outgoing, Store, StoreError, Stored, Version};
use crate::telemetry::Journal;
use errand::Running;
pub use errand::{
    Backup, Desk, Erase, Erased, Errand, ErrandError, Export, Exported, Gap, Gaps, LetterName,
    Listed, Outbox, Post, Replay, Replayed, Which,
};
use inbox::{Inbox, ReplyTo};
use line::Lines;
use open::Asker;
pub use open::{Allowance, Answered, Meaning, MeaningError, Models, Open, Terms, Wording};
use told::{How, Taken};
pub use traffic::TrafficLimits;
use traffic::{Leave, Traffic};
pub use watch::{CallOutcome, Ended, ModelWork, Watch};

/// Characters of a message that are recorded, at most: what is longer was not read either.
const MAX_RECORDED: usize = 4_000;

/// How long a model may take where TwiML alone can answer: Twilio is given that within 2 s.
const TWIML_PATIENCE: Duration = Duration::from_millis(1_500);

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
    engine: Arc<Engine<V>>,
    open: Open,
    store: Arc<dyn Store>,
    retention: SignedDuration,
    lines: Lines,
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
            engine: engine.into(),
            open,
            store,
            retention,
            lines: Lines::default(),
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
    pub fn engine(&self) -> &Engine<V> {
        &self.0.engine
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

impl<V: Vocabulary> Inner<V> {
    /// The turn itself, from the head of its user's line to the commit.
    async fn take(&self, inbound: Inbound, reply_to: Option<ReplyTo>) -> Result<Taken, TurnError> {
        let _place = self.lines.enter(&inbound.user).await.ok_or(TurnError::Overloaded)?;
        let era = reply_to.as_ref().map(|reply_to| reply_to.era);
        if era.is_some_and(|era| !self.inbox.is_current(&inbound.user, era)) {
            return Err(TurnError::Erased);
        }
        if let Some(answer) = self.answered(&inbound)? {
            return Ok(Taken { answer, how: How::Before });
        }
        let loaded = self.store.load(&inbound.user)?;
        let (session, lost) = match loaded.session {
            Stored::New if !self.admits(&inbound) => return Err(TurnError::Overloaded),
            Stored::New => (Session::default(), false),
            // The sweep takes it away in its own time; for the customer it is gone now.
            Stored::Found(session) if self.is_over(&session, inbound.at) => {
                (Session::default(), false)
            }
            Stored::Found(session) => (session, false),
            Stored::Unreadable(reason) => {
                tracing::error!(error = %reason, "a session cannot be read and was set aside");
                (Session::default(), true)
            }
        };
        let outcome = if reply_to.as_ref().is_some_and(|reply_to| reply_to.apologises) {
            self.engine.apologise(session, inbound.at)
        } else {
            let heard = self.engine.hear(&inbound.content);
            self.engine.step(session, &heard, inbound.at)
        };
        if let Some(reply_to) = reply_to.as_ref().filter(|_| self.open.takes_time(&outcome.parts)) {
            self.show_typing(&inbound, reply_to);
        }
        let patience = patience(&inbound, reply_to.as_ref());
        let (answer, open) = self.answer(&outcome, lost, &inbound, patience).await;
        let answer = self.let_through(answer, &inbound)?;
        let mail = reply_to.map(|reply_to| mail(reply_to, &answer)).unwrap_or_default();
        let how = if mail.sends.is_empty() { How::Given } else { How::Sent };
        let user = inbound.user.clone();
        self.commit(inbound, loaded.version, outcome, &answer, open, mail).await?;
        if how == How::Sent {
            // Where nobody listens it is found in the outbox.
            let _ = self.later.dispatches.send(Dispatch::Send(user)).await;
        }
        Ok(Taken { answer, how })
    }

    /// Whether one more user may come in that nobody knows.
    fn admits(&self, Inbound { user, at, .. }: &Inbound) -> bool {
        !user.channel().is_public() || self.traffic.admits(*at)
    }

    /// The answer, with its words withheld where there were too many before it.
    fn let_through(
        &self,
        answer: Answer,
        Inbound { user, at, .. }: &Inbound,
    ) -> Result<Answer, TurnError> {
        if !user.channel().is_public() {
            return Ok(answer);
        }
        let listed = answer.session["results"].as_array().map_or(0, Vec::len);
        let costs = user.channel().costs();
        let today = if costs { Some(self.store.replies(*at)?) } else { None };
        let replies = match self.traffic.weigh(user, *at, listed, today) {
            Leave::Said => return Ok(answer),
            Leave::TooMuch => {
                let text = self.engine.say(&self.engine.flows().bot.texts.too_much, *at);
                vec![Reply { text, media: Vec::new(), choices: Vec::new() }]
            }
            Leave::Withheld => Vec::new(),
        };
        Ok(Answer { replies, ..answer })
    }

    /// Has the customer shown that the answer is being written, where the channel can.
    fn show_typing(&self, inbound: &Inbound, reply_to: &ReplyTo) {
        let Some(message) = inbound.id.clone() else { return };
        let (channel, route) = (inbound.user.channel(), reply_to.route.clone());
        // Where there is no room for it, it is only left out.
        let _ = self.later.dispatches.try_send(Dispatch::Type { channel, route, message });
    }

    fn is_over(&self, session: &Session, now: Timestamp) -> bool {
        let silence = session.last_seen.map(|seen| now.duration_since(seen));
        silence.is_some_and(|silence| silence > self.retention)
    }

    /// The answer that this message already got.
    fn answered(&self, inbound: &Inbound) -> Result<Option<Answer>, TurnError> {
        let Some(id) = &inbound.id else { return Ok(None) };
        Ok(self.store.answered(&inbound.user, id)?)
    }

    /// What is sent: the flow's words, with the open questions answered from the context file; and
    /// what is kept of those.
    async fn answer(
        &self,
        outcome: &Outcome,
        lost: bool,
        inbound: &Inbound,
        patience: Duration,
    ) -> (Answer, Vec<OpenAnswer>) {
        let now = inbound.at;
        for fault in &outcome.faults {
            tracing::error!(fault, "a reply could not be written; the customer got the apology");
        }
        let mut parts = Vec::new();
        if lost {
            parts.push(self.engine.say(&self.engine.flows().bot.texts.unreadable, now));
        }
        let asker = Asker { user: &inbound.user, now, patience };
        let answers = self.open.answers(&outcome.parts, self.store.as_ref(), asker).await;
        parts.extend(reply::words(&outcome.parts, &answers));
        let open = records(&outcome.parts, answers);
        let is_worded = open.iter().any(|answer| answer.source == Source::Llm);
        let answer = Answer {
            replies: reply::messages(&parts, &outcome.choices),
            state: self.engine.state(&outcome.session).to_owned(),
            source: if is_worded { Source::Llm } else { outcome.source },
            session: self.engine.view(&outcome.session),
        };
        (answer, open)
    }

    /// What the message says of the open answers before it: 👍 or 👎 in the turn after them.
    fn opinion(&self, user: &UserId, effects: &[EffectKind]) -> Result<Option<Opinion>, TurnError> {
        let liked = effects.contains(&EffectKind::ThumbsUp);
        if !liked && !effects.contains(&EffectKind::ThumbsDown) {
            return Ok(None);
        }
        let before = self.store.history(user, 1)?.turns.pop();
        let answers = before.map(|turn| turn.open).unwrap_or_default();
        Ok((!answers.is_empty()).then_some(Opinion { liked, answers }))
    }

    async fn commit(
        &self,
        mut inbound: Inbound,
        expected: Version,
        outcome: Outcome,
        answer: &Answer,
        open: Vec<OpenAnswer>,
        mail: Mail,
    ) -> Result<(), TurnError> {
        clip(&mut inbound.content);
        let now = inbound.at;
        let opinion = self.opinion(&inbound.user, &outcome.effects)?;
        let erases = outcome.effects.contains(&EffectKind::Erase);
        let turn = Commit {
            expected,
            outcome: if erases {
                store::Outcome::Erase
            } else {
                store::Outcome::Keep(outcome.session)
            },
            replies: if inbound.user.channel().costs() { count(answer) } else { 0 },
            record: TurnRecord { inbound, answer: answer.clone(), open, opinion },
            mail,
            now,
        };
        if !erases {
            return Ok(self.store.commit(turn).await?);
        }
        let user = turn.record.inbound.user.clone();
        // As with an operator's errand: what waits goes too.
        let _gates = self.inbox.enter([&user]).await;
        self.store.commit(turn).await?;
        self.inbox.forget(&user);
        Ok(())
    }
}

/// How long a customer can wait for the words of a model: as long as those may take, except where
/// the answer must leave by the door that the message came in by, and that shuts.
fn patience(inbound: &Inbound, reply_to: Option<&ReplyTo>) -> Duration {
    match inbound.user.channel() {
        Channel::Twilio if reply_to.is_none() => TWIML_PATIENCE,
        _ => Duration::MAX,
    }
}

/// What a turn settles, and its answer as it is to be sent.
fn mail(ReplyTo { route, settles, door, .. }: ReplyTo, answer: &Answer) -> Mail {
    if door.is_some_and(|door| door.claim()) {
        return Mail { settles, sends: Vec::new() };
    }
    let send = |reply: &Reply| Outgoing { route: route.clone(), reply: reply.clone() };
    Mail { settles, sends: answer.replies.iter().map(send).collect() }
}

fn count(answer: &Answer) -> u32 {
    u32::try_from(answer.replies.len()).unwrap_or(u32::MAX)
}

/// What is kept of `answers`, which stand in the order of the `parts` that ask. A question that the
/// step forgave was none where nothing answers it: nobody was told "no lo sé".
fn records(parts: &[Part], answers: Vec<Answered>) -> Vec<OpenAnswer> {
    let is_forgiven = parts.iter().filter_map(|part| match part {
        Part::Open { unanswered, .. } => Some(unanswered.is_empty()),
        Part::Text(_) => None,
    });
    let said = answers.into_iter().zip(is_forgiven);
    let said = said.filter(|(answer, is_forgiven)| answer.text.is_some() || !is_forgiven);
    said.map(|(answer, _)| answer.record).collect()
}

fn clip(content: &mut Content) {
    let (Content::Text(words) | Content::Media { caption: words, .. }) = content;
    if let Some((end, _)) = words.char_indices().nth(MAX_RECORDED) {
        words.truncate(end);
    }
}
