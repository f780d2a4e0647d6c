//! Plays one transcript: a fresh user, a fresh store, a clock that only `! wait` moves.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::fact::After;
use super::finding::Finding;
use super::kept::{Before, KeptTurn};
use super::pattern::Texts;
use super::replies;
use super::report::Complaint;
use super::script::{Located, Move, Script, Sent, Turn};
use super::stage::{Bot, Setting, Stage};
use crate::conversation::{CallOutcome, Conversation, Converse, Ended, ModelWork, Watch, flaw};
use crate::engine::trace::Trace;
use crate::engine::vocabulary::Vocabulary;
use crate::engine::{self, Session};
use crate::message::{
    Answer, Channel, Choice, Content, Inbound, MessageId, Reply, Source, TurnRecord, UserId,
};
use crate::store::{Commit, Mail, MemoryStore, Outcome, Store, StoreError, Stored, Version};

/// Why a transcript cannot be played on.
#[derive(Debug)]
pub(super) struct Stopped {
    /// The line that asks for what cannot be had.
    pub line: usize,
    /// What is the matter.
    pub reason: String,
}

/// A turn that was taken.
#[derive(Debug, PartialEq)]
pub(super) struct Taken {
    /// The replies that came.
    pub replies: Vec<Reply>,
    /// What `{text:…}` stands for in it.
    pub texts: Texts,
    /// What is not as listed.
    pub complaints: Vec<Complaint>,
    /// What the engine did; nothing where the answer was stored.
    pub trace: Trace,
    /// It was taken on the usual flows.
    pub usual_flows: bool,
}

/// Plays `script`, which stands in the file `path`: one turn for each message. Of what is known from
/// `before`, as much as need not be played again is taken over. The sessions are kept where it `keeps`
/// them.
///
/// # Errors
///
/// A scene that cannot be set.
pub(super) async fn play<V, B>(
    script: &Script,
    path: &Path,
    stage: &Stage<V, B>,
    before: Option<Before<'_>>,
    keeps: bool,
) -> Result<Vec<KeptTurn>, Stopped>
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String>,
{
    let mut player = Player::new(script, path, stage, keeps).await?;
    let mut turns: Vec<KeptTurn> = Vec::new();
    for event in &script.moves {
        match event {
            Move::Turn(turn) => {
                let spared = before.and_then(|before| before.spared_after(&turns));
                turns.push(match spared {
                    Some(spared) => player.pass(spared),
                    None => player.take(turn).await,
                });
            }
            Move::Wait(length) => player.now += *length,
            Move::Restart => player.restart(),
            Move::Flows(_) | Move::Catalog(_) => {
                if let Some((setting, named)) = event.setting(&player.setting, path) {
                    found(&named)?;
                    let stopped = |reason| Stopped { line: named.line, reason };
                    player.bot = stage.bot(&setting).map_err(stopped)?;
                    player.setting = setting;
                    player.restart();
                }
            }
        }
    }
    Ok(turns)
}

struct Player<V: Vocabulary> {
    /// Whether the session after each turn is kept.
    keeps: bool,
    setting: Setting,
    bot: Bot<V>,
    store: Arc<MemoryStore>,
    follower: Arc<Follower>,
    conversation: Conversation<V>,
    user: UserId,
    now: Timestamp,
    messages: usize,
    last: Option<Exchange>,
    /// The buttons on the customer's screen.
    buttons: Vec<Choice>,
    /// Where the talk stands, while that is not what is stored: turns were passed over.
    elsewhere: Option<Arc<Session>>,
}

/// The newest message, its answer, and what `{text:…}` stood for in it.
#[derive(Clone)]
struct Exchange {
    inbound: Inbound,
    answer: Answer,
    texts: Texts,
}

impl<V: Vocabulary> Player<V> {
    async fn new<B>(
        script: &Script,
        path: &Path,
        stage: &Stage<V, B>,
        keeps: bool,
    ) -> Result<Self, Stopped>
    where
        B: Fn(&Setting) -> Result<Bot<V>, String>,
    {
        let scene = &script.scene;
        let setting = scene.setting(path);
        for named in scene.files(path) {
            found(&named)?;
        }
        let bot = stage.bot(&setting).map_err(|reason| {
            // What is wrong is told with the name of its file.
            let is_told =
                |named: &Located<PathBuf>| reason.contains(&*named.value.to_string_lossy());
            Stopped { line: scene.files(path).find(is_told).map_or(1, |named| named.line), reason }
        })?;
        let store = Arc::new(MemoryStore::default());
        let follower = Arc::new(Follower::default());
        let conversation = conversation(&bot, &store, &follower);
        let user = UserId::new(Channel::Chat, "transcript").expect("the key is short");
        let player = Self {
            keeps,
            setting,
            bot,
            store,
            follower,
            conversation,
            user,
            now: scene.clock,
            messages: 0,
            last: None,
            buttons: Vec::new(),
            elsewhere: None,
        };
        if let Some(file) = scene.session_file(path) {
            let stopped = |reason| Stopped { line: file.line, reason };
            let session = read_session(&file.value).map_err(stopped)?;
            player.begin_with(session).await.map_err(|error| stopped(error.to_string()))?;
        }
        Ok(player)
    }

    /// Stores a session, as if a turn had just led to it.
    async fn begin_with(&self, session: Session) -> Result<(), StoreError> {
        let answer = Answer {
            replies: Vec::new(),
            state: self.bot.engine.state(&session).to_owned(),
            source: Source::Flow,
            session: self.bot.engine.view(&session),
        };
        let inbound = Inbound {
            user: self.user.clone(),
            id: None,
            content: Content::Text(String::new()),
            at: self.now,
        };
        let turn = Commit {
            expected: Version::NEW,
            outcome: Outcome::Keep(session),
            record: TurnRecord::new(inbound, answer),
            mail: Mail::default(),
            replies: 0,
            now: self.now,
        };
        self.store.commit(&turn).await
    }

    /// Passes over a turn that need not be taken, and leaves the talk where it led.
    fn pass(&mut self, spared: &KeptTurn) -> KeptTurn {
        self.messages += 1;
        self.elsewhere.clone_from(&spared.after);
        self.show(&spared.taken.replies);
        spared.clone()
    }

    /// Has what is stored be where the talk stands: the session alone. No turn of a transcript that can
    /// be told turn by turn (`Kept::holds`) looks at more: at the turns before it, or at their ids.
    async fn catch_up(&mut self) -> Result<(), StoreError> {
        let Some(session) = self.elsewhere.take() else { return Ok(()) };
        self.store = Arc::default();
        self.restart();
        let mut session = Session::clone(&session);
        self.bot.engine.renew_places(&mut session);
        self.begin_with(session).await
    }

    /// Drops everything but what was committed.
    fn restart(&mut self) {
        self.conversation = conversation(&self.bot, &self.store, &self.follower);
    }

    async fn take(&mut self, turn: &Turn) -> KeptTurn {
        let usual_flows = self.setting.flows.is_none();
        let taken = match &turn.sent {
            Sent::Message(content) => self.send(content.clone(), turn).await,
            Sent::Tap(id) => self.tap(id, turn).await,
            Sent::Duplicate => self.repeat(turn).await,
        };
        let Followed { mut trace, session } = self.follower.take();
        // A slot's value is asserted as its settings show it.
        let slots = turn.facts.iter().filter_map(|fact| fact.slot(&self.bot.engine));
        trace.consulted.slots.extend(slots.map(str::to_owned));
        let (mut exchange, mut complaints) = match taken {
            Ok(taken) => taken,
            Err(complaint) => {
                let (replies, texts) = (Vec::new(), Texts::new());
                let complaints = vec![complaint];
                let taken = Taken { replies, texts, complaints, trace, usual_flows };
                return KeptTurn { taken: Arc::new(taken), after: None };
            }
        };
        if !matches!(turn.sent, Sent::Duplicate) {
            exchange.texts = texts(&trace);
        }
        self.last = Some(exchange.clone());
        let Exchange { answer, texts, .. } = exchange;
        self.show(&answer.replies);
        if turn.compares_replies() {
            complaints.extend(replies::compare(turn, &answer.replies, &texts));
            complaints.extend(replies::unknown_texts(turn, &self.bot.engine.flows().texts));
        }
        let flaw = flaw(&answer);
        complaints.extend(flaw.map(|flaw| other(turn, Finding::Flawed(flaw))));
        let session = match session {
            Some(session) => {
                debug_assert_eq!(self.session(), session, "what was stored reads back");
                session
            }
            // An answer that was stored leads nowhere.
            None => self.session(),
        };
        let after = After { engine: &*self.bot.engine, session: &session, answer: &answer };
        complaints.extend(turn.facts.iter().filter_map(|fact| {
            let finding = fact.check(&after).err()?;
            Some(Complaint::Other { line: fact.line, finding })
        }));
        let taken = Taken { replies: answer.replies, texts, complaints, trace, usual_flows };
        let after = self.keeps.then(|| Arc::new(session.of_any_version()));
        KeptTurn { taken: Arc::new(taken), after }
    }

    async fn send(
        &mut self,
        content: Content,
        turn: &Turn,
    ) -> Result<(Exchange, Vec<Complaint>), Complaint> {
        self.catch_up().await.map_err(|error| untaken(turn, &error))?;
        self.messages += 1;
        let id: MessageId = format!("m{}", self.messages).parse().expect("the id is short");
        let inbound = Inbound { user: self.user.clone(), id: Some(id), content, at: self.now };
        let answer = self.answer(&inbound, turn).await?;
        Ok((Exchange { inbound, answer, texts: Texts::new() }, Vec::new()))
    }

    /// Taps a button: one that is on the screen.
    async fn tap(
        &mut self,
        id: &str,
        turn: &Turn,
    ) -> Result<(Exchange, Vec<Complaint>), Complaint> {
        let finding = Finding::NoButton { id: id.to_owned(), buttons: self.buttons.clone() };
        let is_there = self.buttons.iter().any(|button| button.id == id);
        let (exchange, mut complaints) = self.send(Content::Text(id.to_owned()), turn).await?;
        complaints.extend((!is_there).then(|| other(turn, finding)));
        Ok((exchange, complaints))
    }

    /// Has the customer see these replies.
    fn show(&mut self, replies: &[Reply]) {
        self.buttons = replies.last().map(|reply| reply.choices.clone()).unwrap_or_default();
    }

    /// Sends the last message again: the same answer must come, and nothing may change.
    async fn repeat(&mut self, turn: &Turn) -> Result<(Exchange, Vec<Complaint>), Complaint> {
        let Some(mut exchange) = self.last.clone() else {
            return Err(other(turn, Finding::NothingToRepeat));
        };
        exchange.inbound.at = self.now;
        let before = self.session();
        let answer = self.answer(&exchange.inbound, turn).await?;
        let mut complaints = Vec::new();
        if answer != exchange.answer {
            complaints.push(other(turn, Finding::OtherAnswer));
        }
        if self.session() != before {
            complaints.push(other(turn, Finding::OtherSession));
        }
        exchange.answer = answer;
        Ok((exchange, complaints))
    }

    async fn answer(&self, inbound: &Inbound, turn: &Turn) -> Result<Answer, Complaint> {
        let answer = self.conversation.turn(inbound.clone()).await;
        answer.map_err(|error| untaken(turn, &error))
    }

    fn session(&self) -> Session {
        match self.store.load(&self.user).map(|loaded| loaded.session) {
            Ok(Stored::Found(session)) => session,
            _ => Session::default(),
        }
    }
}

/// A complaint about a turn as a whole.
fn other(turn: &Turn, finding: Finding) -> Complaint {
    Complaint::Other { line: turn.line, finding }
}

fn untaken(turn: &Turn, error: &dyn std::error::Error) -> Complaint {
    other(turn, Finding::Untaken(error.to_string()))
}

fn read_session(file: &Path) -> Result<Session, String> {
    let text = fs::read_to_string(file)
        .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let no_session = |error: &dyn Display| format!("{} is no session: {error}", file.display());
    let stored: Value = serde_json::from_str(&text).map_err(|error| no_session(&error))?;
    // A session says nothing of what it does not know, so that anything would pass for one.
    if stored.get("talk").is_none_or(|talk| !talk.is_object()) {
        return Err(no_session(&"it has no `talk`, as what is stored of a user does"));
    }
    serde_json::from_value(stored).map_err(|error| no_session(&error))
}

/// Whether a file that is named is there.
fn found(named: &Located<PathBuf>) -> Result<(), Stopped> {
    if named.value.exists() {
        return Ok(());
    }
    let reason = format!(
        "there is no {}; a path is seen from the folder of the transcript",
        named.value.display()
    );
    Err(Stopped { line: named.line, reason })
}

/// What `{text:…}` stands for in a turn.
fn texts(trace: &Trace) -> Texts {
    let mut texts = Texts::new();
    for (key, words) in trace.said() {
        texts.entry(key.to_owned()).or_default().push(words.to_owned());
    }
    texts
}

/// Keeps what the newest turn did.
#[derive(Default)]
struct Follower(Mutex<Followed>);

#[derive(Default)]
struct Followed {
    trace: Trace,
    /// The session that the turn led to, for what is stored would be read once more for each; none where
    /// no turn was taken.
    session: Option<Session>,
}

impl Follower {
    fn take(&self) -> Followed {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Watch for Follower {
    fn turn(&self, _: Channel, _: Ended<'_>, _: Duration) {}
    fn call(&self, _: ModelWork, _: CallOutcome) {}
    fn paid(&self, _: ModelWork, _: u64) {}

    fn follows(&self) -> bool {
        true
    }

    fn followed(&self, trace: Trace, outcome: &engine::Outcome) {
        let session = outcome.left().cloned().unwrap_or_default();
        let followed = Followed { trace, session: Some(session) };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = followed;
    }
}

fn conversation<V: Vocabulary>(
    bot: &Bot<V>,
    store: &Arc<MemoryStore>,
    follower: &Arc<Follower>,
) -> Conversation<V> {
    let Bot { engine, knowledge, models, retention } = bot.clone();
    let store = Arc::clone(store) as Arc<dyn Store>;
    let follower = Arc::clone(follower) as Arc<dyn Watch>;
    // As a server holds its customers; `! restart` shows what is read back.
    let held = 1;
    Conversation::new(engine, knowledge, models, store, retention).holding(held).watched(follower)
}
