//! What a domain offers the engine by name: kinds of values, lists, actions.
//!
//! The engine speaks in names and opaque JSON values; only a vocabulary knows what they mean. The
//! car dealer is one vocabulary, a dentist's appointment book in the tests another.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use jiff::Timestamp;
use serde_json::Value;

use super::flow::Slot;
use super::seen::Seen;
use super::session::Listing;
use super::trace::Side;
pub use crate::message::View;
use crate::text;

/// Values by slot name or by input name.
pub type Slots = BTreeMap<String, Value>;

/// Everything a vocabulary offers, for the checker.
#[derive(Debug, Clone, Default)]
pub struct Offers {
    /// Kinds of slots.
    pub types: Vec<TypeOffer>,
    /// Lists for menus.
    pub lists: Vec<ListOffer>,
    /// Actions for `do` steps.
    pub actions: Vec<ActionOffer>,
    /// Names that every template may use besides slots (`dealer.phone`).
    pub globals: Vec<&'static str>,
    /// Filters that templates may use besides minijinja's own.
    pub filters: FilterOffer,
}

/// Filters for templates.
#[derive(Debug, Clone, Copy)]
pub struct FilterOffer {
    /// Their names.
    pub names: &'static [&'static str],
    /// What adds them to an environment.
    pub install: fn(&mut minijinja::Environment<'static>),
}

impl Default for FilterOffer {
    fn default() -> Self {
        Self { names: &[], install: |_| {} }
    }
}

/// A kind of slot.
#[derive(Debug, Clone, Default)]
pub struct TypeOffer {
    /// Its name in `type:`.
    pub name: &'static str,
    /// The settings it takes; those marked `true` must be there.
    pub params: &'static [(&'static str, bool)],
    /// For settings with fixed values, those values.
    pub param_values: &'static [(&'static str, &'static [&'static str])],
    /// Those of the settings that hold phrases, as lists by value. They are a slot's
    /// [`Slot::phrases`], and tell nothing but what [`Vocabulary::read`] makes of a message: see
    /// [`Vocabulary::phrased`].
    pub phrases: &'static [&'static str],
    /// What a template may ask of a value (`car.price`); empty where the value stands by itself.
    pub fields: &'static [&'static str],
    /// Why a value may be refused.
    pub refusals: &'static [&'static str],
    /// The setting that names the slot which a value is checked against (`percent_of: car`). While
    /// that slot is empty a value waits.
    pub base: Option<&'static str>,
    /// Those of the refusals that are given even while that slot is empty.
    pub early_refusals: &'static [&'static str],
    /// The bare numbers that its recogniser claims as an answer to its own question.
    pub bare_numbers: Option<RangeInclusive<u32>>,
    /// It can be recognised where nobody asked for it, so `listen` may name it.
    pub listens: bool,
    /// Its values lie between a least and a most: see [`Vocabulary::side`].
    pub bounded: bool,
}

/// A list for menus.
#[derive(Debug, Clone, Default)]
pub struct ListOffer {
    /// Its name in `from:`.
    pub name: &'static str,
    /// What it is made from: input, type, whether it must be there.
    pub inputs: &'static [(&'static str, &'static str, bool)],
    /// The kind of slot that a row can fill.
    pub fills: Option<&'static str>,
    /// What a row's template may use as `item.…`.
    pub fields: &'static [&'static str],
    /// The bare numbers that its rows bring with them, where they are not just counted.
    pub keys: Option<RangeInclusive<u32>>,
    /// The most rows it can have, where that is known: then its numbers never run on.
    pub max_rows: Option<usize>,
}

/// An action.
#[derive(Debug, Clone, Default)]
pub struct ActionOffer {
    /// Its name in `do:`.
    pub name: &'static str,
    /// What it reads: input, type, whether it must be there.
    pub inputs: &'static [(&'static str, &'static str, bool)],
    /// How it can end, and what each end gives: outcome, (output, type)….
    pub outcomes: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    /// Those of the outcomes that only a stored value which no message brings about leads to: a flow
    /// says where they go, and no transcript can show it.
    pub guards: &'static [&'static str],
}

/// The setting that lists the values of a kind with fixed ones.
pub const VALUES: &str = "values";

/// How alike a phrase of a slot's settings and the message must be at least, where a recogniser takes
/// one for the other mistyped: see [`text::resemblance`].
pub const MISTYPED_FLOOR: f64 = 0.8;

/// How closely a recogniser listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attention {
    /// The step asked for this slot: a bare number may be the answer.
    Asked,
    /// Nobody asked: only what names itself counts.
    Overheard,
}

/// What stands on the customer's screen and in the session while a message is read.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The slot that the pending question asks for.
    pub asked: Option<&'a str>,
    /// The filled slots.
    pub slots: &'a Slots,
    /// What was said before its time, by slot.
    pub pending: &'a Slots,
    /// What was listed so far, by list.
    pub listings: &'a BTreeMap<String, Listing>,
    /// The open question that was answered last; empty where something else was understood since.
    pub question: &'a str,
    /// How many numbers stand on the screen to choose by.
    pub numbers: usize,
    /// What the screen asks to be cleared up.
    pub unclear: Option<Unclear<'a>>,
}

/// A slot of which the screen asks which of several readings was meant.
#[derive(Debug, Clone, Copy)]
pub struct Unclear<'a> {
    /// Its name.
    pub slot: &'a str,
    /// The readings, as they would be taken.
    pub readings: &'a [Value],
}

/// Whether a value can be taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Admission {
    /// Yes, in this form.
    Taken(Value),
    /// Not yet: something it depends on is still unknown.
    Later,
    /// No.
    Refused {
        /// Which of the type's refusals.
        reason: &'static str,
        /// What the reply may use as `refused.…`.
        facts: Value,
    },
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What fills the slot.
    pub value: Value,
    /// What the row's template may use as `item.…`.
    pub fields: Seen,
    /// The number the customer picks it by, where it is not just counted. Its line names it.
    pub key: Option<u32>,
}

/// Some rows of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// The rows.
    pub items: Vec<Item>,
    /// How many rows the list has in all.
    pub total: usize,
}

/// How an action ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Acted {
    /// Which of the action's outcomes.
    pub outcome: &'static str,
    /// What it gives, by output name.
    pub outputs: Slots,
}

/// Whether a stored value is still true.
#[derive(Debug, Clone, PartialEq)]
pub enum Freshness {
    /// It is.
    Fresh,
    /// It is now this.
    Changed(Value),
    /// It is no more.
    Gone,
}

/// How large a sample value should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sample {
    /// As usual: for previews.
    Typical,
    /// As long as it can get with the present data: for limits.
    Longest,
}

/// What a part of a message is, whatever the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// It names something that a step could take: a value, a wish.
    Matter,
    /// It asks, and names nothing that a step could take.
    Question,
    /// Neither.
    Talk,
}

/// A domain: its recognisers, lists and actions.
///
/// All of it is pure: the same arguments give the same result.
pub trait Vocabulary: Send + Sync + 'static {
    /// What is understood of one message, computed once and read by every recogniser.
    type Message: Send + Sync;

    /// Everything offered, for the checker.
    fn offers(&self) -> &Offers;

    /// Understands a message, whatever the step.
    fn understand(&self, text: &str) -> Self::Message;

    /// The plain form of `text` without the words that carry nothing (`más, porfa`): what is compared
    /// with commands and choices where the whole message is none.
    fn gist(&self, text: &str) -> String {
        text::plain(text)
    }

    /// The gist of a `message` that is understood already: that of its `text`.
    fn gist_of(&self, _message: &Self::Message, text: &str) -> String {
        self.gist(text)
    }

    /// `plain` with the words that are written short (`q`, `xq`) in full: what is compared with
    /// fixed answers.
    fn in_full(&self, plain: &str) -> String {
        plain.to_owned()
    }

    /// Where the parts of a message stand, in bytes: what it says one after the other.
    fn parts(&self, text: &str) -> Vec<Range<usize>> {
        text::clauses(text)
    }

    /// What a part of a message is.
    fn kind_of(&self, part: &str) -> PartKind;

    /// The yes or the no that a part is, where it is nothing else.
    fn yes_or_no(&self, _part: &str) -> Option<bool> {
        None
    }

    /// The open question that a message is, or what it adds to the one before, in the customer's
    /// words.
    fn question(&self, message: &Self::Message, scene: Scene<'_>) -> Option<String>;

    /// The values that `message` may mean for `slot`, likeliest first; none where it says nothing
    /// about it. They are not yet checked: [`Vocabulary::admit`] does that.
    fn read(
        &self,
        slot: &Slot,
        attention: Attention,
        message: &Self::Message,
        scene: Scene<'_>,
    ) -> Vec<Value>;

    /// What of a `message` the phrases of settings are compared with, in plain form. A phrase says
    /// something only where it stands in one of these, whole words alone, or is all of one of
    /// them, mistyped as far as [`MISTYPED_FLOOR`] allows; what else is read does not depend on which
    /// phrases there are, only on which such settings a slot has. By that is known what an edit of
    /// them touches. None where no kind has such settings.
    fn phrased(&self, message: &Self::Message) -> Vec<String>;

    /// Checks a value that was read, picked or taken up again against what is known.
    fn admit(&self, slot: &Slot, value: &Value, slots: &Slots) -> Admission;

    /// Whether a filled slot goes with what it depends on, which was just said: where it does it
    /// stays, where it does not it is emptied, though no more than what was known was said. None
    /// where it is emptied by any change.
    fn goes_with(&self, _slot: &Slot, _value: &Value, _slots: &Slots) -> Option<bool> {
        None
    }

    /// Where a value lies between the bounds of its slot, for reports; none where it has none, or
    /// they are not known yet.
    fn side(&self, _slot: &Slot, _value: &Value, _slots: &Slots) -> Option<Side> {
        None
    }

    /// Which of the choices on the screen the message picks, by ordinal or by name. A bare number
    /// or a whole label is the engine's business.
    fn pick(
        &self,
        message: &Self::Message,
        choices: &[Option<&Value>],
        scene: Scene<'_>,
    ) -> Option<usize>;

    /// The rows of a list that come after those `shown`, at most `limit`.
    fn list(&self, list: &str, inputs: &Slots, shown: &[Value], limit: usize) -> Page;

    /// Carries out an action.
    fn act(&self, action: &str, inputs: &Slots, now: Timestamp) -> Acted;

    /// Whether a stored value of this slot is still true.
    fn refresh(&self, slot: &Slot, value: &Value) -> Freshness;

    /// What a template sees of a slot's value.
    fn present(&self, slot: &Slot, value: &Value) -> Seen;

    /// What every template sees besides slots.
    fn globals(&self) -> &Value;

    /// The session as the chat API shows it.
    fn view(&self, scene: Scene<'_>) -> View;

    /// How many things on sale the list on the customer's screen has shown, all its pages together.
    fn shown_on_sale(&self, scene: Scene<'_>) -> usize;

    /// A sample value of a slot, for previews and limits.
    fn sample(&self, slot: &Slot, size: Sample) -> Value;

    /// Messages that say something about a slot, one for each way in which that can be taken: below
    /// its bounds, at them, beyond them. With these one looks for conversations that nobody has
    /// tried.
    fn said(&self, _slot: &Slot) -> Vec<String> {
        Vec::new()
    }

    /// Sample rows of a list, as many as a page takes.
    fn sample_rows(&self, list: &str, size: Sample, limit: usize) -> Vec<Item>;

    /// Sample facts of a refusal.
    fn sample_refusal(&self, slot: &Slot, reason: &str, size: Sample) -> Value;
}
