//! A talk with the dentist's bot, as a test writes it.

use std::path::Path;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use kavak_bot::engine::check::load;
use kavak_bot::engine::{Engine, Outcome, Part, Session};
use kavak_bot::message::{Content, Media, Source};
use serde_json::Value;

use super::clinic::Clinic;
use super::vocabulary::Dentist;

pub(crate) const FLOWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dentist/flows");

static ENGINE: LazyLock<Engine<Dentist>> = LazyLock::new(|| {
    let dentist = Dentist::new(Clinic::of_the_tests());
    let flows = load(Path::new(FLOWS), &dentist).unwrap_or_else(|error| panic!("{error}"));
    Engine::new(flows, dentist)
});

pub(crate) struct Talk {
    engine: &'static Engine<Dentist>,
    pub(crate) session: Session,
    pub(crate) now: Timestamp,
    /// What the last message led to.
    pub(crate) outcome: Option<Outcome>,
}

impl Talk {
    /// A customer who never wrote before.
    pub(crate) fn new() -> Self {
        Self::with(&ENGINE)
    }

    pub(crate) fn with(engine: &'static Engine<Dentist>) -> Self {
        let now = "2026-03-02T16:00:00Z".parse().expect("a time");
        Self { engine, session: Session::default(), now, outcome: None }
    }

    /// A customer who wrote these messages before.
    pub(crate) fn after(messages: &[&str]) -> Self {
        let mut talk = Self::new();
        for message in messages {
            talk.say(message);
        }
        talk
    }

    /// Sends words; the whole reply.
    pub(crate) fn say(&mut self, words: &str) -> String {
        self.send(&Content::Text(words.to_owned()))
    }

    pub(crate) fn send_media(&mut self, kind: Media, caption: &str) -> String {
        self.send(&Content::Media { kind, caption: caption.to_owned() })
    }

    pub(crate) fn wait_hours(&mut self, hours: i64) {
        self.now += SignedDuration::from_hours(hours);
    }

    fn send(&mut self, content: &Content) -> String {
        let outcome = self.engine.step(self.session.clone(), &self.engine.hear(content), self.now);
        self.session = outcome.session.clone();
        let words = outcome.parts.iter().map(|part| match part {
            Part::Text(text) => text.as_str(),
            Part::Open { unanswered, .. } => unanswered,
        });
        let reply = words.collect::<Vec<_>>().join("\n");
        self.outcome = Some(outcome);
        reply
    }

    /// The open questions of the last turn.
    pub(crate) fn questions(&self) -> Vec<&str> {
        let parts = self.outcome.iter().flat_map(|outcome| &outcome.parts);
        let questions = parts.filter_map(|part| match part {
            Part::Open { question, .. } => Some(question.as_str()),
            Part::Text(_) => None,
        });
        questions.collect()
    }

    /// What is offered after an answer to the open question of the last turn.
    pub(crate) fn offer(&self) -> &str {
        let parts = self.outcome.iter().flat_map(|outcome| &outcome.parts);
        let mut offers = parts.filter_map(|part| match part {
            Part::Open { offer, .. } => Some(offer.as_str()),
            Part::Text(_) => None,
        });
        offers.next_back().unwrap_or_default()
    }

    /// The step that waits, without its flow.
    pub(crate) fn step(&self) -> &str {
        let state = self.engine.state(&self.session);
        state.strip_prefix("appointment.").unwrap_or(state)
    }

    /// The value of a slot; null where it is empty.
    pub(crate) fn slot(&self, name: &str) -> Value {
        self.session.talk.slots.get(name).cloned().unwrap_or_default()
    }

    /// Treatment, day and hour.
    pub(crate) fn known(&self) -> [Value; 3] {
        ["treatment", "day", "hour"].map(|name| self.slot(name))
    }

    pub(crate) fn source(&self) -> Option<Source> {
        self.outcome.as_ref().map(|outcome| outcome.source)
    }

    /// The labels that the numbers on the screen pick.
    pub(crate) fn choices(&self) -> Vec<&str> {
        let outcome = self.outcome.iter();
        outcome.flat_map(|outcome| &outcome.choices).map(|choice| choice.title.as_str()).collect()
    }
}
