//! The shapes of `flows/*.yaml`, as their authors write them: names not yet resolved.
//!
//! The JSON Schema that editors use is generated from these types, so their docs are what an
//! author reads while typing.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::Media;

/// `bot.yaml`: what holds at every step of every flow.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BotSource {
    /// The step (`flow.step`) where a new customer begins.
    pub start: String,
    /// The text under the very first reply to a customer: the short privacy notice.
    pub notice: String,
    /// The text on the button that opens a list of choices, where a channel has one; without it
    /// choices are numbered lines alone there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_label: Option<String>,
    /// How a session ends, comes back and moves on.
    pub session: SessionSource,
    /// The text for each kind of message that is no usable text.
    pub inbound: InboundSource,
    /// The text for an open question that nothing answers.
    pub unanswered: String,
    /// Open questions in a row before a person is offered, and the text that offers it.
    pub digressions: DigressionSource,
    /// What a customer may write at any step; only a whole message counts.
    pub commands: IndexMap<String, ChoiceSource>,
    /// Small talk and fixed questions: heard only where the step itself understood nothing.
    #[serde(default)]
    pub answers: IndexMap<String, ChoiceSource>,
    /// Choices added to a step's own at the second reply in a row that was not understood.
    #[serde(default)]
    pub rescue: Vec<ChoiceSource>,
}

/// How a session ends, comes back and moves on.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionSource {
    /// Hours of silence after which the next message is welcomed back.
    pub expires_after_hours: u32,
    /// The step that offers to resume, when the message said nothing else.
    pub resume: String,
    /// Said before the reply, when the message after a long silence was understood by itself.
    pub welcome_back: String,
    /// Said once when the flow changed under a customer and the talk goes on elsewhere.
    pub moved: String,
    /// Said when what was stored could not be read and the customer starts afresh.
    pub unreadable: String,
    /// Said before the question that an undone turn had asked.
    pub undone: String,
    /// Said where there is nothing to undo.
    pub nothing_to_undo: String,
    /// Said where a list has no further page.
    pub no_more: String,
    /// Said instead of a reply that could not be written, so that nobody meets silence.
    pub apology: String,
    /// What is said to who writes too much.
    pub too_much: String,
}

/// The text for each kind of message that is no usable text.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundSource {
    /// One text for each kind of media.
    #[schemars(schema_with = "text_for_each_media")]
    pub media: IndexMap<Media, String>,
    /// A message without words.
    pub empty: String,
    /// A message with more characters than `max_characters`.
    pub too_long: String,
    /// The longest message that is read, in characters.
    pub max_characters: usize,
}

/// Says in the schema that no kind may be missing.
fn text_for_each_media(_: &mut SchemaGenerator) -> Schema {
    let kinds = Media::ALL.map(Media::as_str);
    let text = |kind| (kind, json_schema!({"type": "string"}));
    let properties: IndexMap<_, _> = kinds.into_iter().map(text).collect();
    json_schema!({
        "type": "object",
        "properties": properties,
        "required": kinds,
        "additionalProperties": false,
    })
}

/// Open questions in a row before a person is offered.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DigressionSource {
    /// How many.
    pub limit: u8,
    /// The text that offers a person.
    pub offer: String,
}

/// A movement of the talk itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// To the question before this one.
    Back,
    /// As if the last message had not been written.
    Undo,
    /// The next page of the list.
    More,
    /// The pending question once more.
    Repeat,
    /// Where the talk stood before the long silence.
    Resume,
    /// Everything forgotten, from the start.
    Restart,
}

/// What the talk asks of the world outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// Erase all that is stored of this customer.
    Erase,
    /// No messages that the customer did not ask for.
    OptOut,
    /// The customer liked the last answer.
    ThumbsUp,
    /// The customer did not like it.
    ThumbsDown,
    /// The customer wants a person.
    Handoff,
}

/// One file of `flows/`: collected slots and named steps.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowSource {
    /// The flow's name, as in `flow.step`.
    pub flow: String,
    /// Raised whenever the structure changes; wording alone never asks for it.
    pub version: u32,
    /// What this flow collects. Slot names are common to all flows.
    #[serde(default)]
    pub slots: IndexMap<String, SlotSource>,
    /// For a slot, those that are emptied when it changes; one that the vocabulary can tell to go
    /// with it (a car with a search) only where it does not.
    #[serde(default)]
    pub depends: IndexMap<String, Vec<String>>,
    /// For a slot, the step where the talk goes on when it is given where nobody asked for it.
    #[serde(default)]
    pub listen: IndexMap<String, String>,
    /// For an older version of this flow, where its steps and slots are now.
    #[serde(default)]
    pub migrate: BTreeMap<u32, MigrateSource>,
    /// The steps; the first is where the flow begins.
    pub steps: IndexMap<String, StepSource>,
}

/// Something that is collected.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
pub struct SlotSource {
    /// What kind of value; the vocabulary offers the kinds.
    #[serde(rename = "type")]
    pub kind: String,
    /// Said when the value is given where nobody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noted: Option<String>,
    /// The question where a message can be read in two ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clarify: Option<ClarifySource>,
    /// Said when the value no longer exists (a car that was sold).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<String>,
    /// Said when the value is no longer the same (a car with another price).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<String>,
    /// Settings of this kind of value.
    #[serde(flatten)]
    pub params: IndexMap<String, Value>,
}

/// The question where a message can be read in two ways.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClarifySource {
    /// The text that asks; its `{{ options }}` are the readings.
    pub ask: String,
    /// The text that names one reading.
    pub label: String,
}

/// Where the steps and slots of an older version are now.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrateSource {
    /// Old step to new step.
    #[serde(default)]
    pub steps: IndexMap<String, String>,
    /// Old slot to new slot.
    #[serde(default)]
    pub slots: IndexMap<String, String>,
}

/// One step. It either asks (`ask`, with `collect`, `menu` or `options`), or says (`say`), or
/// decides (`branch`), or acts (`do`).
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepSource {
    /// The text of the question; the step then waits for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// A shorter text for asking again after a digression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<String>,
    /// The slot that the answer fills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collect: Option<String>,
    /// A list to choose from, or to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub menu: Option<MenuSource>,
    /// Fixed choices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceSource>,
    /// For each reason why a value is refused, the step that says so and offers a way on.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub refused: IndexMap<String, String>,
    /// What follows the first, the second and the third answer that is not understood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_match: Vec<RungSource>,

    /// A text; the talk goes on without waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,

    /// A decision on what is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchSource>,

    /// An action by name; the vocabulary offers the actions.
    #[serde(default, rename = "do", skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// For an input of the action, the slot it is read from, where the names differ.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub with: IndexMap<String, String>,
    /// For an output of the action, the slot it is written to, where the names differ.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub gives: IndexMap<String, String>,
    /// For each outcome of the action, the step that follows.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outcomes: IndexMap<String, String>,

    /// The step that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// After `say`, in place of `next`: the question that stands is asked again, in its short form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stay: bool,
}

/// A list to choose from (`fills`), or to read.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuSource {
    /// The list; the vocabulary offers the lists.
    pub from: String,
    /// For an input of the list, the slot it is read from, where the names differ.
    #[serde(default)]
    pub with: IndexMap<String, String>,
    /// Rows in one message; `más` shows the next.
    #[schemars(range(min = 1))]
    pub page: usize,
    /// The text of one row.
    pub line: String,
    /// The slot that the chosen row fills. Without it the rows are only read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fills: Option<String>,
}

/// Words of a customer, and what they do: a numbered choice of a step, a command, an answer.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key that an author writes")]
pub struct ChoiceSource {
    /// The text of the choice. Without one it is not shown, only understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The whole message, in any of these forms; case, accents and punctuation do not count. `a|b`
    /// is a choice of words, a word or choice that ends in `?` may be left out, `$` is a
    /// number, and `*` up to two words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<String>,
    /// Runs of words that may stand anywhere in the message, where nothing else was understood; in
    /// the same forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<String>,
    /// Runs of words beside which an answer is not meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<String>,
    /// Slots that must be filled (an answer only).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Single words of which several must stand in the message (an answer only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<AmongSource>,
    /// What is said first. Without `goto` or `do`, the pending question is asked again after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// Heard before anything else, also within a longer message. The words between commas in which
    /// an urgent answer stands mean nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// An answer that is heard only where the message says nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
    /// Nothing is asked again after what is said; the choices on the screen stay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
    /// An answer that puts a decision off: a no beside it decides nothing, nor does a yes where it is
    /// `quiet`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// The step that follows: `step`, or `flow.step` in another flow. Where neither `goto`, `do`
    /// nor `say` is there, the step's `next` follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goto: Option<String>,
    /// Ask again at the step that follows even where its slot is filled; the old value stays until
    /// a new one comes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revisit: bool,
    /// A movement of the talk itself.
    #[serde(default, rename = "do", skip_serializing_if = "Option::is_none")]
    pub control: Option<Control>,
    /// Slots filled with fixed values.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub set: IndexMap<String, Value>,
    /// Slots emptied; what depends on them is emptied too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<String>,
    /// Slots that take up again the value they had before a change emptied them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// What is asked of the world outside the talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<EffectKind>,
}

/// Several of some words.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmongSource {
    /// How many of the words, at least.
    #[schemars(range(min = 1))]
    pub at_least: usize,
    /// The words.
    pub words: Vec<String>,
}

/// One rung of the ladder of replies to answers that are not understood.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum RungSource {
    /// A text, after which the step waits again.
    Text(String),
    /// A step that takes over.
    Goto {
        /// The step.
        goto: String,
    },
}

/// A decision on a slot. Its cases are the slot's fixed values, or its states: `set` (filled),
/// `pending` (said, but not yet checked), `previous` (emptied by a change, still remembered) and
/// `unset`. Every case must be there, or `else`.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchSource {
    /// The slot.
    pub on: String,
    /// For each case, the step that follows.
    pub cases: IndexMap<String, String>,
    /// The step that follows in every other case.
    #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

/// `texts/es-MX.yaml`: all wording, in groups. The name of a text is its path with dots.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct TextsSource(pub IndexMap<String, TextNode>);

/// A text, or a group of them.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum TextNode {
    /// A text.
    Text(TextSource),
    /// A group.
    Group(IndexMap<String, TextNode>),
}

/// A text of `texts/es-MX.yaml`: one template, or several with the dates in which each holds.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum TextSource {
    /// Always the same.
    Always(String),
    /// The first that holds today.
    Dated(Vec<DatedTextSource>),
}

/// A text with the days in which it holds.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedTextSource {
    /// The template.
    pub text: String,
    /// The first day, in Mexico City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub from: Option<jiff::civil::Date>,
    /// The last day, in Mexico City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub until: Option<jiff::civil::Date>,
}
