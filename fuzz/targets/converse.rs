//! Whole conversations over the flows and the catalogue that ship, from the first message to the
//! committed answer, in memory: every message gets a proper answer, and what is stored is what the
//! pure step gave.

#![no_main]

use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp};
use kavak_bot::conversation::{Conversation, Converse as _, Models, flaw};
use kavak_bot::dealer::Dealer;
use kavak_bot::engine::source::EffectKind;
use kavak_bot::engine::{Engine, Session};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::message::{Answer, Channel, Content, Inbound, UserId};
use kavak_bot::store::{MemoryStore, Store as _, Stored};
use kavak_bot_fuzz::Line;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

/// Lines of one conversation, at most.
const MAX_LINES: usize = 40;

/// After so long a silence a user is forgotten.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What passes between two messages.
const PAUSE: SignedDuration = SignedDuration::from_secs(20);

static ENGINE: LazyLock<Arc<Engine<Dealer>>> = LazyLock::new(|| Arc::new(kavak_bot_fuzz::engine()));

static KNOWLEDGE: LazyLock<Arc<Knowledge>> =
    LazyLock::new(|| Arc::new(kavak_bot_fuzz::knowledge()));

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime"));

fuzz_target!(|bytes: &[u8]| {
    let lines = String::from_utf8_lossy(bytes);
    let mut talk = Talk::new();
    for line in lines.split('\n').take(MAX_LINES) {
        match Line::read(line) {
            Line::Message(content) => talk.say(content),
            Line::Duplicate => talk.repeat(),
            Line::Wait(wait) => talk.now += wait,
        }
    }
});

/// One customer's talk with the bot.
struct Talk {
    bot: Conversation<Dealer>,
    store: Arc<MemoryStore>,
    user: UserId,
    now: Timestamp,
    messages: usize,
    last: Option<(Inbound, Answer)>,
}

impl Talk {
    fn new() -> Self {
        let store = Arc::<MemoryStore>::default();
        let (engine, knowledge) = (Arc::clone(&ENGINE), Arc::clone(&KNOWLEDGE));
        Self {
            bot: Conversation::new(
                engine,
                knowledge,
                Models::default(),
                Arc::clone(&store) as _,
                RETENTION,
            ),
            store,
            user: UserId::new(Channel::Chat, "fuzz").expect("a key"),
            now: "2026-03-02T16:00:00Z".parse().expect("a moment"),
            messages: 0,
            last: None,
        }
    }

    fn say(&mut self, content: Content) {
        self.now += PAUSE;
        self.messages += 1;
        let id = format!("m{}", self.messages).parse().expect("a message id");
        let inbound = Inbound { user: self.user.clone(), id: Some(id), content, at: self.now };
        let before = self.session();
        let outcome = ENGINE.step(before, &ENGINE.hear(&inbound.content), self.now);
        let answer = self.answer(&inbound);
        assert_eq!(outcome.faults, Vec::<String>::new(), "every text can be written");
        assert_proper(&answer);
        let erased = outcome.effects.contains(&EffectKind::Erase);
        let expected = if erased { Session::default() } else { outcome.session };
        assert_eq!(self.session(), expected, "what is stored is what the step gave");
        self.last = Some((inbound, answer));
    }

    fn repeat(&mut self) {
        let Some((inbound, answer)) = self.last.take() else { return };
        let before = self.session();
        assert_eq!(self.answer(&inbound), answer, "the same message gets the same answer");
        assert_eq!(self.session(), before, "and changes nothing");
        self.last = Some((inbound, answer));
    }

    fn answer(&self, inbound: &Inbound) -> Answer {
        RUNTIME.block_on(self.bot.turn(inbound.clone())).expect("a turn")
    }

    /// The session as the next turn will find it.
    fn session(&self) -> Session {
        match self.store.load(&self.user).expect("a store that reads").session {
            Stored::New => Session::default(),
            Stored::Found(session) if self.is_over(&session) => Session::default(),
            Stored::Found(session) => session,
            Stored::Unreadable(reason) => panic!("a session that cannot be read: {reason}"),
        }
    }

    fn is_over(&self, session: &Session) -> bool {
        session.last_seen.is_some_and(|seen| self.now.duration_since(seen) > RETENTION)
    }
}

fn assert_proper(answer: &Answer) {
    assert_eq!(flaw(answer), None, "{answer:?}");
    let known = ENGINE.flows().find(&answer.state);
    assert!(known.is_some(), "a step that exists: {}", answer.state);
}
