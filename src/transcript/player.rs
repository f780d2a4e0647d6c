//! Plays one transcript: a fresh user, a fresh store, a clock that only `! wait` moves.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::fact::After;
use super::finding::Finding;
use super::pattern::Texts;
use super::replies;
use super::report::Complaint;
use super::script::{Move, Script, Sent, Turn};
use super::stage::{Bot, Setting, Stage};
use crate::conversation::{CallOutcome, Conversation, Converse, Ended, ModelWork, Watch, flaw};
use crate::engine::Session;
use crate::engine::trace::Trace;
use crate::engine::vocabulary::Vocabulary;
use crate::message::{
    Answer, Channel, Content, Inbound, MessageId, Reply, Source, TurnRecord, UserId,
};
use crate::store::{Commit, Mail, MemoryStore, Outcome, Store, Stored, Version};

/// Why a transcript cannot be played on.
#[derive(Debug)]
pub(super) struct Stopped {
    /// The line that asks for what cannot be had.
    pub line: usize,
    /// What is the matter.
    pub reason: String,
}

/// A turn that was taken.
pub(super) struct Taken<'s> {
    /// The turn as listed.
    pub turn: &'s Turn,
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

/// Plays `script`, which stands in the file `path`.
///
/// # Errors
///
/// A scene that cannot be set.
pub(super) async fn play<'s, V, B>(
    script: &'s Script,
    path: &Path,
    stage: &Stage<V, B>,
) -> Result<Vec<Taken<'s>>, Stopped>
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String>,
{
    let mut player = Player::new(script, path, stage).await?;
    let mut taken = Vec::new();
    for event in &script.moves {
        match event {
            Move::Turn(turn) => taken.push(player.take(turn).await),
            Move::Wait(length) => player.now += *length,
            Move::Restart => player.restart(),
            Move::Flows(_) | Move::Catalog(_) => {
                if let Some((setting, line)) = event.setting(&player.setting, path) {
                    player.bot = bot(stage, &setting, line)?;
                    player.setting = setting;
                    player.restart();
                }
            }
        }
    }
    Ok(taken)
}

struct Player<V: Vocabulary> {
    setting: Setting,
    bot: Bot<V>,
    store: Arc<MemoryStore>,
    follower: Arc<Follower>,
    conversation: Conversation<V>,
    user: UserId,
    now: Timestamp,
    messages: usize,
    last: Option<Exchange>,
}

/// The newest message, its answer, and what `{text:…}` stood for in it.
#[derive(Clone)]
struct Exchange {
    inbound: Inbound,
    answer: Answer,
    texts: Texts,
}

impl<V: Vocabulary> Player<V> {
    async fn new<B>(script: &Script, path: &Path, stage: &Stage<V, B>) -> Result<Self, Stopped>
    where
        B: Fn(&Setting) -> Result<Bot<V>, String>,
    {
        let scene = &script.scene;
        let setting = scene.setting(path);
        let named = scene.flows.iter().chain(&scene.catalog).chain(&scene.model);
        let line = named.map(|named| named.line).min();
        let bot = bot(stage, &setting, line.unwrap_or(1))?;
        let store = Arc::new(MemoryStore::default());
        let follower = Arc::new(Follower::default());
        let conversation = conversation(&bot, &store, &follower);
        let user = UserId::new(Channel::Chat, "transcript").expect("the key is short");
        let player = Self {
            setting,
            bot,
            store,
            follower,
            conversation,
            user,
            now: scene.clock,
            messages: 0,
            last: None,
        };
        if let Some(session) = scene.session_file(path) {
            let stopped = |reason| Stopped { line: session.line, reason };
            player.begin_with(&session.value).await.map_err(stopped)?;
        }
        Ok(player)
    }

    /// Stores the session of a file, as if a turn had just led to it.
    async fn begin_with(&self, file: &Path) -> Result<(), String> {
        let text = fs::read_to_string(file)
            .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
        let session: Session = serde_json::from_str(&text)
            .map_err(|error| format!("{} is no session: {error}", file.display()))?;
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
        self.store.commit(&turn).await.map_err(|error| error.to_string())
    }

    /// Drops everything but what was committed.
    fn restart(&mut self) {
        self.conversation = conversation(&self.bot, &self.store, &self.follower);
    }

    async fn take<'s>(&mut self, turn: &'s Turn) -> Taken<'s> {
        let usual_flows = self.setting.flows.is_none();
        let taken = match &turn.sent {
            Sent::Message(content) => self.send(content.clone(), turn).await,
            Sent::Duplicate => self.repeat(turn).await,
        };
        let trace = self.follower.take();
        let (mut exchange, mut complaints) = match taken {
            Ok(taken) => taken,
            Err(complaint) => {
                let (replies, texts) = (Vec::new(), Texts::new());
                let complaints = vec![complaint];
                return Taken { turn, replies, texts, complaints, trace, usual_flows };
            }
        };
        if matches!(turn.sent, Sent::Message(_)) {
            exchange.texts = texts(&trace);
        }
        self.last = Some(exchange.clone());
        let Exchange { answer, texts, .. } = exchange;
        if turn.compares_replies() {
            complaints.extend(replies::compare(turn, &answer.replies, &texts));
            complaints.extend(replies::unknown_texts(turn, &self.bot.engine.flows().texts));
        }
        let flaw = flaw(&answer);
        complaints.extend(flaw.map(|flaw| other(turn, Finding::Flawed(flaw))));
        // Only facts look at it.
        let session = if turn.facts.is_empty() { Session::default() } else { self.session() };
        let after = After { engine: &*self.bot.engine, session: &session, answer: &answer };
        complaints.extend(turn.facts.iter().filter_map(|fact| {
            let finding = fact.check(&after).err()?;
            Some(Complaint::Other { line: fact.line, finding })
        }));
        Taken { turn, replies: answer.replies, texts, complaints, trace, usual_flows }
    }

    async fn send(
        &mut self,
        content: Content,
        turn: &Turn,
    ) -> Result<(Exchange, Vec<Complaint>), Complaint> {
        self.messages += 1;
        let id: MessageId = format!("m{}", self.messages).parse().expect("the id is short");
        let inbound = Inbound { user: self.user.clone(), id: Some(id), content, at: self.now };
        let answer = self.answer(&inbound, turn).await?;
        Ok((Exchange { inbound, answer, texts: Texts::new() }, Vec::new()))
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
        answer.map_err(|error| other(turn, Finding::Untaken(error.to_string())))
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
struct Follower(Mutex<Trace>);

impl Follower {
    fn take(&self) -> Trace {
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

    fn followed(&self, trace: Trace) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = trace;
    }
}

fn bot<V, B>(stage: &Stage<V, B>, setting: &Setting, line: usize) -> Result<Bot<V>, Stopped>
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String>,
{
    stage.bot(setting).map_err(|reason| Stopped { line, reason })
}

fn conversation<V: Vocabulary>(
    bot: &Bot<V>,
    store: &Arc<MemoryStore>,
    follower: &Arc<Follower>,
) -> Conversation<V> {
    let Bot { engine, knowledge, models, retention } = bot.clone();
    let store = Arc::clone(store) as Arc<dyn Store>;
    let follower = Arc::clone(follower) as Arc<dyn Watch>;
    Conversation::new(engine, knowledge, models, store, retention).watched(follower)
}
