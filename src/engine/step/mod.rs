//! One message: (flows, session, what was heard, vocabulary, now) to (session, replies, effects).
//!
//! It runs to completion: after a message the talk stands at a step that waits, and never passes
//! more than [`MAX_HOPS`] steps to get there.

mod act;
mod apart;
mod arrive;
mod ask;
mod hear;
mod heard;
mod loosely;
mod preview;
mod slots;
mod values;
mod walk;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::earlier::{self, Earlier};
use super::flow::{Ask, Flows, Slot, Step, StepId, StepKind, TextKey};
use super::seen::{Seen, seen};
use super::session::{Place, Session, Talk};
use super::signpost::Signpost;
use super::source::EffectKind;
use super::threshold::Measure;
use super::trace::{Event, Notes, Trace};
use super::vocabulary::{Scene, Vocabulary};
use crate::message::{self, Content, Media, Source, View};
use crate::text;
pub use heard::Heard;
use heard::{What, Words};
pub(super) use loosely::nearest;

/// Steps that one message may pass before it must wait: the checker refuses endless cycles, this
/// bounds the rest.
pub const MAX_HOPS: usize = 32;

/// Characters of the customer's own words that a reply quotes at most.
const MAX_QUOTED: usize = 60;

/// Mexico City has kept UTC−6 the whole year since 2022; dated texts follow its calendar.
pub const MEXICO_CITY_OFFSET_HOURS: i8 = -6;

/// The interpreter of one set of flows.
pub struct Engine<V> {
    flows: Arc<Flows>,
    vocabulary: Arc<V>,
    /// What every text may use, as templates see it.
    globals: HashMap<String, Seen>,
}

/// What one message led to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The session after it.
    pub session: Session,
    /// What is said, in order. An open question leaves a gap for its answer.
    pub parts: Vec<Part>,
    /// What the numbers on the screen offer.
    pub choices: Vec<message::Choice>,
    /// What is asked of the world outside.
    pub effects: Vec<EffectKind>,
    /// Whether the flow spoke or nothing was understood.
    pub source: Source,
    /// Texts that could not be rendered; the apology stands in their place.
    pub faults: Vec<String>,
}

impl Outcome {
    /// The session that is left behind; none where all that is stored of the user is erased.
    #[must_use]
    pub fn left(&self) -> Option<&Session> {
        (!self.effects.contains(&EffectKind::Erase)).then_some(&self.session)
    }
}

/// A piece of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words of a flow.
    Text(String),
    /// The place of the answer to an open question.
    Open {
        /// The question, in the customer's words.
        question: String,
        /// The open question before it, where nothing else was understood since; else empty.
        before: String,
        /// What is said where nothing answers it; empty where nothing need be said.
        unanswered: String,
        /// What is said after an answer; most often nothing.
        offer: String,
    },
}

impl<V: Vocabulary> Engine<V> {
    /// An engine for checked flows.
    #[must_use]
    pub fn new(flows: Arc<Flows>, vocabulary: impl Into<Arc<V>>) -> Self {
        let vocabulary = vocabulary.into();
        let globals = vocabulary.globals().as_object().into_iter().flatten();
        let globals = globals.map(|(name, value)| (name.clone(), seen(value.clone()))).collect();
        Self { flows, vocabulary, globals }
    }

    /// The flows.
    #[must_use]
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// The vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> &V {
        &self.vocabulary
    }

    /// Takes one turn of the talk.
    #[must_use]
    pub fn step(&self, session: Session, heard: &Heard<V::Message>, now: Timestamp) -> Outcome {
        let mut turn = Turn::new(self, session, now);
        turn.take_any(heard);
        turn.close();
        turn.finish()
    }

    /// The same turn as [`Engine::step`] takes, and what was done in it.
    #[must_use]
    pub fn follow(
        &self,
        session: Session,
        heard: &Heard<V::Message>,
        now: Timestamp,
    ) -> (Outcome, Trace) {
        let mut turn = Turn::new(self, session, now);
        turn.notes = Notes::taken();
        turn.take_any(heard);
        turn.close();
        // A session that stands nowhere is shown as at the start.
        if turn.talk.at.is_none() {
            turn.start();
        }
        let trace = std::mem::take(&mut turn.notes).take(&self.flows);
        (turn.finish(), trace)
    }

    /// Has a session name the steps as they are now, as if these flows had led to it.
    pub fn renew_places(&self, session: &mut Session) {
        for place in session.places() {
            let Some(id) = self.flows.find(&place.step) else { continue };
            *place = self.place(&self.flows[id]);
        }
    }

    fn place(&self, step: &Step) -> Place {
        let version = self.flows.flows.get(&step.flow).map_or(0, |flow| flow.version);
        Place { step: step.name.clone(), version, print: step.print }
    }

    /// A turn that could not be taken: the customer reads the apology, and nothing else changes.
    #[must_use]
    pub fn apologise(&self, session: Session, now: Timestamp) -> Outcome {
        let mut turn = Turn::new(self, session, now);
        turn.say(&self.flows.bot.texts.apology);
        turn.restore_choices();
        turn.close();
        turn.finish()
    }

    /// Whether a message is a command, whatever the step.
    #[must_use]
    pub fn is_command(&self, content: &Content) -> bool {
        let Content::Text(words) = content else { return false };
        let plain = text::plain(words);
        self.flows.commands_said(&plain).next().is_some()
    }

    /// A text that needs nothing of the talk.
    #[must_use]
    pub fn say(&self, key: &TextKey, now: Timestamp) -> String {
        let mut turn = Turn::new(self, Session::default(), now);
        turn.write(key, &[])
    }

    /// The session as the chat API shows it.
    #[must_use]
    pub fn view(&self, session: &Session) -> View {
        self.vocabulary.view(shown(session))
    }

    /// How many things on sale the list on the customer's screen has shown, all its pages together.
    #[must_use]
    pub fn shown_on_sale(&self, session: &Session) -> usize {
        self.vocabulary.shown_on_sale(shown(session))
    }

    /// `flow.step` where the session waits.
    #[must_use]
    pub fn state<'a>(&'a self, session: &'a Session) -> &'a str {
        let start = || self.flows[self.flows.bot.start].name.as_str();
        session.talk.at.as_ref().map_or_else(start, |place| &place.step)
    }
}

/// What a session shows while nobody is asked anything.
fn shown(session: &Session) -> Scene<'_> {
    let Talk { slots, pending, listings, question, .. } = &session.talk;
    Scene { asked: None, slots, pending, listings, question, numbers: 0, unclear: None }
}

fn quote(words: &str) -> String {
    let mut clipped: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = clipped.char_indices().nth(MAX_QUOTED) {
        clipped.truncate(end);
        clipped.push('…');
    }
    clipped
}

/// The state of one turn while it is taken.
struct Turn<'e, V: Vocabulary> {
    engine: &'e Engine<V>,
    /// The session as it came, but for its screen.
    before: Session,
    talk: Talk,
    /// The newest first reply has to carry the notice.
    first: bool,
    now: Timestamp,
    today: Date,
    parts: Vec<Part>,
    choices: Vec<message::Choice>,
    effects: Vec<EffectKind>,
    source: Source,
    quoted: String,
    /// The open question that is being answered, where it is one of several.
    asked: String,
    /// The slot of which the screen asks which reading was meant, and the readings, while values are
    /// heard.
    unclear: Option<(&'e Slot, Vec<Value>)>,
    faults: Vec<String>,
    /// Undo and restart say themselves which earlier talks are left.
    earlier: Option<Vec<Earlier>>,
    /// What is done, where somebody follows.
    notes: Notes,
}

impl<'e, V: Vocabulary> Turn<'e, V> {
    fn new(engine: &'e Engine<V>, mut session: Session, now: Timestamp) -> Self {
        let mexico_city = TimeZone::fixed(jiff::tz::offset(MEXICO_CITY_OFFSET_HOURS));
        // Nobody asks what stood on the screen before.
        let screen = std::mem::take(&mut session.talk.screen);
        Self {
            engine,
            talk: Talk { screen, ..session.talk.clone() },
            first: session.last_seen.is_none(),
            before: session,
            now,
            today: now.to_zoned(mexico_city).date(),
            parts: Vec::new(),
            choices: Vec::new(),
            effects: Vec::new(),
            source: Source::Flow,
            quoted: String::new(),
            asked: String::new(),
            unclear: None,
            faults: Vec::new(),
            earlier: None,
            notes: Notes::default(),
        }
    }

    /// The question where the talk waits, if its step still exists.
    fn waiting(&self) -> Option<(StepId, &'e Ask)> {
        let place = self.talk.at.as_ref()?;
        let id = self.engine.flows.find(&place.step)?;
        match &self.look(id).kind {
            StepKind::Ask(ask) => Some((id, ask)),
            _ => None,
        }
    }

    /// A step. There is no other way to what it does: whoever looks at a step depends on it, also
    /// where nothing comes of it.
    fn look(&self, id: StepId) -> &'e Step {
        self.notes.looked_at(id);
        &self.engine.flows[id]
    }

    /// The step that a signpost points to. Beside this and the two below there is no way to where one
    /// points.
    fn pointed(&self, signpost: Signpost<&str>) -> Option<StepId> {
        self.notes.followed(signpost);
        self.engine.flows.pointed(signpost)
    }

    /// Where a new customer begins.
    fn start(&self) -> StepId {
        self.notes.followed(Signpost::Start);
        self.engine.flows.bot.start
    }

    /// What offers to resume.
    fn offer_to_resume(&self) -> StepId {
        self.notes.followed(Signpost::Resume);
        self.engine.flows.bot.resume
    }

    /// Whether it passes its threshold. Nothing else in a turn looks at these.
    fn is_too_much(&self, measure: Measure) -> bool {
        self.notes.measured(measure);
        self.engine.flows.bot.thresholds.are_passed_by(measure)
    }

    fn place(&self, id: StepId) -> Place {
        self.engine.place(self.look(id))
    }

    fn take_any(&mut self, heard: &Heard<V::Message>) {
        let bot = &self.engine.flows.bot;
        let at = self.talk.at.as_ref().map(|place| &place.step);
        self.notes.note(|| Event::Came { at: at.cloned(), kind: heard.kind() });
        // That was told when it was heard.
        self.notes.measured(Measure::Characters(heard.characters));
        match &heard.what {
            What::Words(words) => {
                self.quoted = quote(&words.original);
                self.take(words);
            }
            What::Media(kind) => self.answer_media(*kind),
            What::Empty => self.answer_unreadable(&bot.texts.empty),
            What::TooLong => self.answer_unreadable(&bot.texts.too_long),
        }
    }

    fn answer_media(&mut self, kind: Media) {
        let bot = &self.engine.flows.bot;
        self.answer_unreadable(bot.media.get(&kind).unwrap_or(&bot.texts.empty));
    }

    fn answer_unreadable(&mut self, key: &TextKey) {
        self.say(key);
        self.reask();
    }

    /// Says what stands under the very first reply.
    fn close(&mut self) {
        if self.first {
            self.say(&self.engine.flows.bot.notice);
        }
    }

    fn finish(mut self) -> Outcome {
        let earlier = self.earlier.take();
        let earlier = earlier.unwrap_or_else(|| self.remember());
        Outcome {
            session: Session { talk: self.talk, earlier, last_seen: Some(self.now) },
            parts: self.parts,
            choices: self.choices,
            effects: self.effects,
            source: self.source,
            faults: self.faults,
        }
    }

    /// The earlier talks, with the one before this turn where the turn changed something.
    fn remember(&mut self) -> Vec<Earlier> {
        let Session { talk: before, mut earlier, .. } = std::mem::take(&mut self.before);
        earlier::remember(&mut earlier, before, &self.talk);
        earlier
    }
}
