//! The resolved graph: what the interpreter walks. Every name in it exists; the checker saw to it.

use std::collections::HashMap;
use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::questions::Questions;
use super::sayings::Sayings;
use super::source::{Control, EffectKind};
use super::threshold::Thresholds;
use super::wording::Wording;
use crate::message::Media;
use crate::text::{PlainRuns, Wholes};

/// A step of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub(super) u32);

/// The name of a text: a key of `texts/es-MX.yaml` that exists.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextKey(pub(super) String);

impl TextKey {
    /// The key as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TextKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// All flows together, resolved.
#[derive(Debug, Clone)]
pub struct Flows {
    /// What holds at every step.
    pub bot: Bot,
    /// The flows by name.
    pub flows: IndexMap<String, Flow>,
    /// All slots by name, in the order of their files.
    pub slots: IndexMap<String, Slot>,
    /// Every step of every flow; a [`StepId`] is an index here.
    pub(super) steps: Vec<Step>,
    /// `flow.step` to step.
    pub(super) names: HashMap<String, StepId>,
    /// For a slot, those emptied when it changes: closed under itself, without the slot.
    pub depends: HashMap<String, Vec<String>>,
    /// For a slot, where the talk goes on when it is overheard; in the order of the files.
    pub listen: IndexMap<String, StepId>,
    /// What is looked up across all questions.
    pub(super) questions: Questions,
    /// The bot's commands by the whole messages that they are, made of them once: the index of each.
    pub(super) commands: Wholes<u32>,
    /// The bot's fixed answers by what they answer.
    pub(super) answers: Arc<Sayings>,
    /// The wording: key to variants, first that holds wins.
    pub texts: IndexMap<String, Vec<TextVariant>>,
    /// The same, compiled.
    pub(super) wording: Wording,
}

impl Index<StepId> for Flows {
    type Output = Step;
    fn index(&self, id: StepId) -> &Step {
        &self.steps[id.0 as usize]
    }
}

impl Flows {
    /// The step called `flow.step`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<StepId> {
        self.names.get(name).copied()
    }

    /// The commands that a whole message in plain form is, in order.
    pub fn commands_said(&self, plain: &str) -> impl Iterator<Item = &Choice> {
        self.commands.get(plain).map(|index| &self.bot.commands[index as usize])
    }

    /// Every step with its id, in the order of the files.
    pub fn steps(&self) -> impl Iterator<Item = (StepId, &Step)> {
        (0..).map(StepId).zip(&self.steps)
    }
}

/// One flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Its version.
    pub version: u32,
    /// Its first step.
    pub start: StepId,
    /// For an older version, where its steps and slots are now.
    pub migrate: HashMap<u32, Migration>,
}

/// Where the steps and slots of an older version are now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Migration {
    /// Old step name (without the flow) to step.
    pub steps: HashMap<String, StepId>,
    /// Old slot name to slot name.
    pub slots: HashMap<String, String>,
}

/// What holds at every step.
#[derive(Debug, Clone)]
pub struct Bot {
    /// Where a new customer begins.
    pub start: StepId,
    /// Under the very first reply.
    pub notice: TextKey,
    /// On the button that opens a list of choices.
    pub list_label: Option<TextKey>,
    /// The step that offers to resume.
    pub resume: StepId,
    /// The texts that the engine itself says.
    pub texts: BotTexts,
    /// The text for each kind of media.
    pub media: HashMap<Media, TextKey>,
    /// What is too long, too much, too often.
    pub thresholds: Thresholds,
    /// Global commands, in order.
    pub commands: Vec<Choice>,
    /// Small talk and fixed questions, in order.
    pub answers: Vec<Choice>,
    /// Choices added at the second reply that was not understood.
    pub rescue: Vec<Choice>,
}

/// The texts that the engine itself says; see [`super::source::SessionSource`] and its neighbours.
#[derive(Debug, Clone)]
pub struct BotTexts {
    /// Before the reply to an understood message after a long silence.
    pub welcome_back: TextKey,
    /// Once, when the flow changed under a customer.
    pub moved: TextKey,
    /// When what was stored could not be read.
    pub unreadable: TextKey,
    /// Before the question that an undone turn had asked.
    pub undone: TextKey,
    /// Where there is nothing to undo.
    pub nothing_to_undo: TextKey,
    /// Where a list has no further page.
    pub no_more: TextKey,
    /// Instead of a reply that could not be written.
    pub apology: TextKey,
    /// What is said to who writes too much.
    pub too_much: TextKey,
    /// For a message without words.
    pub empty: TextKey,
    /// For a message that is too long to be read.
    pub too_long: TextKey,
    /// For an open question that nothing answers.
    pub unanswered: TextKey,
    /// Offers a person after several open questions in a row.
    pub digression_offer: TextKey,
}

impl BotTexts {
    /// All of them, in their order.
    pub(super) const fn keys(&self) -> [&TextKey; 12] {
        let Self {
            welcome_back,
            moved,
            unreadable,
            undone,
            nothing_to_undo,
            no_more,
            apology,
            too_much,
            empty,
            too_long,
            unanswered,
            digression_offer,
        } = self;
        [
            welcome_back,
            moved,
            unreadable,
            undone,
            nothing_to_undo,
            no_more,
            apology,
            too_much,
            empty,
            too_long,
            unanswered,
            digression_offer,
        ]
    }
}

/// A move: what is changed and where the talk goes on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Act {
    /// The step that follows.
    pub goto: Option<StepId>,
    /// Ask there even where the slot is filled.
    pub revisit: bool,
    /// A movement of the talk itself.
    pub control: Option<Control>,
    /// Slots filled with fixed values.
    pub set: Vec<(String, Value)>,
    /// Slots emptied.
    pub clear: Vec<String>,
    /// Slots that take up their previous value.
    pub keep: Vec<String>,
    /// What is asked of the world outside.
    pub effect: Option<EffectKind>,
}

/// Phrases in plain form, by setting and value.
pub type Phrases = IndexMap<String, IndexMap<String, Vec<String>>>;

/// Something that is collected.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Its kind, one that the vocabulary offers.
    pub kind: String,
    /// Settings of its kind, but for those that hold phrases.
    pub params: IndexMap<String, Value>,
    /// Those that hold phrases.
    pub phrases: Phrases,
    /// Said when overheard.
    pub noted: Option<TextKey>,
    /// The question and the label where a message can be read in two ways.
    pub clarify: Option<(TextKey, TextKey)>,
    /// Said when the value no longer exists.
    pub gone: Option<TextKey>,
    /// Said when the value is no longer the same.
    pub changed: Option<TextKey>,
}

impl Slot {
    /// Its texts, in their order.
    pub(super) fn texts(&self) -> [Option<&TextKey>; 5] {
        let Self { name: _, kind: _, params: _, phrases: _, noted, clarify, gone, changed } = self;
        let (ask, label) = clarify.as_ref().map(|(ask, label)| (ask, label)).unzip();
        [noted.as_ref(), ask, label, gone.as_ref(), changed.as_ref()]
    }
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// `flow.step`.
    pub name: String,
    /// The flow's name.
    pub flow: String,
    /// A hash of its structure, without wording: tells whether a step changed between versions.
    pub print: u64,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// Asks, and waits for the customer.
    Ask(Ask),
    /// Says, and goes on.
    Say {
        /// What is said.
        text: TextKey,
        /// The step that follows; without one the question that stands is asked again.
        next: Option<StepId>,
    },
    /// Decides on a slot.
    Branch(Branch),
    /// Acts.
    Do(Do),
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The question.
    pub ask: TextKey,
    /// A shorter form after a digression.
    pub again: Option<TextKey>,
    /// The slot that the answer fills.
    pub collect: Option<String>,
    /// A list to choose from, or to read.
    pub menu: Option<Menu>,
    /// Fixed choices.
    pub options: Vec<Choice>,
    /// For each reason of a refusal, the step that says so.
    pub refused: HashMap<String, StepId>,
    /// The ladder.
    pub no_match: Vec<Rung>,
    /// The step that follows a filled slot or an option without a step of its own.
    pub next: Option<StepId>,
}

impl Ask {
    /// The slot that an answer fills: collected, or filled from the menu.
    #[must_use]
    pub fn slot(&self) -> Option<&str> {
        let filled = || self.menu.as_ref().and_then(|menu| menu.fills.as_deref());
        self.collect.as_deref().or_else(filled)
    }
}

/// A list to choose from, or to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// The list's name in the vocabulary.
    pub from: String,
    /// Input to slot, for every input of the list.
    pub with: Vec<(String, String)>,
    /// Rows in one message.
    pub page: usize,
    /// The text of one row.
    pub line: TextKey,
    /// The slot that the chosen row fills.
    pub fills: Option<String>,
}

/// Stands for any number in the words of an answer.
pub const ANY_NUMBER: &str = "$";

/// Stands for up to two words, whatever they are, in the words of an answer.
pub const ANY_WORDS: &str = "*";

/// Words of a customer, and what they do: a numbered choice of a step, a command, an answer.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key that an author writes")]
pub struct Choice {
    /// What reports call it: its key in `bot.yaml`, else its label or its first phrase.
    pub name: String,
    /// Its text; without one it is only understood.
    pub label: Option<TextKey>,
    /// For each pattern of whole messages, what it stands for, in plain form
    /// ([`crate::text::Text::plain`]).
    pub phrases: Vec<Vec<String>>,
    /// Runs of words that may stand anywhere, in plain form.
    pub contains: PlainRuns,
    /// Runs of words beside which it is not meant, in plain form.
    pub unless: PlainRuns,
    /// Slots that must be filled.
    pub needs: Vec<String>,
    /// Single words of which several must stand in the message, and how many.
    pub among: (Vec<String>, usize),
    /// What is said first.
    pub say: Option<TextKey>,
    /// Heard before anything else, also within a longer message.
    pub urgent: bool,
    /// Nothing is asked again after it.
    pub quiet: bool,
    /// A no beside it decides nothing, nor does a yes where it is quiet.
    pub undecided: bool,
    /// Heard only where nothing else is said.
    pub alone: bool,
    /// What it does.
    pub act: Act,
}

impl Choice {
    /// Every whole message that makes this choice.
    pub fn phrases(&self) -> impl Iterator<Item = &String> {
        self.phrases.iter().flatten()
    }

    /// Whether a whole message in plain form makes this choice.
    #[must_use]
    pub fn is_said(&self, plain: &str) -> bool {
        self.phrases().any(|phrase| phrase == plain)
    }
}

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rung {
    /// A text; the step waits again.
    Text(TextKey),
    /// A step that takes over.
    Goto(StepId),
}

/// A decision on a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The slot.
    pub on: String,
    /// The step for each fixed value or state.
    pub cases: HashMap<String, StepId>,
    /// The step in every other case.
    pub otherwise: Option<StepId>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Do {
    /// Its name in the vocabulary.
    pub action: String,
    /// Input to slot, for every input.
    pub with: Vec<(String, String)>,
    /// Output to slot, for every output.
    pub gives: Vec<(String, String)>,
    /// The step for each outcome.
    pub outcomes: HashMap<String, StepId>,
}

/// One wording of a text and the days in which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextVariant {
    /// The template.
    pub template: String,
    /// The first day, in Mexico City.
    pub from: Option<jiff::civil::Date>,
    /// The last day, in Mexico City.
    pub until: Option<jiff::civil::Date>,
}
