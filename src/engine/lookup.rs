//! What a turn asks of the words that are known at many steps, those of commands, fixed answers and
//! slots; and whether other words would have told it something else.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::flow::{Bot, Choice, Slot};
use super::sayings::Sayings;
use super::step::nearest;
use super::vocabulary::MISTYPED_FLOOR;
use crate::text::{PlainRuns, Spelling};

/// What was asked, with the words, in plain form, that it was asked of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lookup {
    /// Which command they are.
    Command(String),
    /// Which command stands within them.
    Within(String),
    /// Which command they are, mistyped.
    Mistyped(String),
    /// Which fixed answer they have.
    Answer(String),
    /// What they are where words of fixed answers are mistyped in them.
    Mended(String),
    /// Which phrases of a slot's settings they have.
    Phrases {
        /// The slot.
        slot: String,
        /// What they are compared with: [`Vocabulary::phrased`].
        ///
        /// [`Vocabulary::phrased`]: super::vocabulary::Vocabulary::phrased
        forms: Vec<String>,
    },
}

/// The commands, fixed answers and phrases of slots in which two versions of flows differ.
#[derive(Debug, Clone, Default)]
pub(super) struct Reworded {
    /// There are any.
    differ: bool,
    commands: Vec<Choice>,
    answers: Sayings,
    /// All fixed answers before and now, where they differ.
    mending: [Arc<Sayings>; 2],
    /// By slot.
    phrases: HashMap<String, PlainRuns>,
}

/// The words of flows.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) bot: &'a Bot,
    /// What its fixed answers answer.
    pub(super) answers: &'a Arc<Sayings>,
    pub(super) slots: &'a IndexMap<String, Slot>,
}

impl Reworded {
    /// What of `before` is gone or does something else, and what came in; none where the others have
    /// changed places, for the first that is said is meant. Both have the same slots.
    pub(super) fn between(before: Known<'_>, now: Known<'_>) -> Option<Self> {
        let commands = differing(&before.bot.commands, &now.bot.commands)?;
        let answers = differing(&before.bot.answers, &now.bot.answers)?;
        let mending = if answers.is_empty() {
            <[Arc<Sayings>; 2]>::default()
        } else {
            [before, now].map(|known| Arc::clone(known.answers))
        };
        let mut phrases = HashMap::new();
        for (before, now) in before.slots.values().zip(now.slots.values()) {
            let differing = differing(&phrases_of(before), &phrases_of(now))?;
            if !differing.is_empty() {
                let differing = differing.into_iter().map(|(.., phrase)| phrase.to_owned());
                phrases.insert(now.name.clone(), differing.collect());
            }
        }
        let differ = !(commands.is_empty() && answers.is_empty() && phrases.is_empty());
        Some(Self { differ, commands, answers: Sayings::of(&answers), mending, phrases })
    }

    /// Whether any of what was looked up may be answered otherwise.
    pub(super) fn touch_any<'l>(&self, lookups: impl IntoIterator<Item = &'l Lookup>) -> bool {
        self.differ && lookups.into_iter().any(|lookup| self.touches(lookup))
    }

    fn touches(&self, lookup: &Lookup) -> bool {
        let mut commands = self.commands.iter();
        match lookup {
            Lookup::Command(plain) => commands.any(|command| command.is_said(plain)),
            Lookup::Within(plain) => commands.any(|command| command.contains.stand_in(plain)),
            Lookup::Mistyped(plain) => {
                let said = Spelling::new(plain.as_str());
                commands.any(|command| nearest(command, &said).is_some())
            }
            Lookup::Answer(plain) => self.answers.find(plain, |_| true).is_some(),
            Lookup::Mended(plain) => {
                let [before, now] = &self.mending;
                before.mended(plain) != now.mended(plain)
            }
            Lookup::Phrases { slot, forms } => {
                let differing = self.phrases.get(slot);
                differing.is_some_and(|phrases| forms.iter().any(|form| may_be_said(phrases, form)))
            }
        }
    }
}

/// Whether a recogniser may find any of the phrases in a form of a message.
pub(crate) fn may_be_said(phrases: &PlainRuns, form: &str) -> bool {
    let said = Spelling::new(form);
    let is_whole =
        |phrase: &str| said.resemblance(&Spelling::new(phrase), MISTYPED_FLOOR).is_some();
    phrases.stand_in(form) || phrases.iter().any(is_whole)
}

/// The phrases of a slot, each with its setting and its value.
fn phrases_of(slot: &Slot) -> Vec<(&str, &str, &str)> {
    let values = slot.phrases.iter().flat_map(|(setting, by_value)| {
        by_value.iter().map(move |(value, phrases)| (setting.as_str(), value.as_str(), phrases))
    });
    values
        .flat_map(|(setting, value, phrases)| {
            phrases.iter().map(move |phrase| (setting, value, phrase.as_str()))
        })
        .collect()
}

/// What only one of the lists has.
fn differing<T: PartialEq + Clone>(before: &[T], now: &[T]) -> Option<Vec<T>> {
    let (stayed, gone): (Vec<_>, Vec<_>) = before.iter().partition(|choice| now.contains(choice));
    let (kept, new): (Vec<_>, Vec<_>) = now.iter().partition(|choice| before.contains(choice));
    (stayed == kept).then(|| gone.into_iter().chain(new).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_may_be_said_within_words_and_mistyped() {
        let phrases = PlainRuns::from_iter(["de contado".to_owned(), String::new()]);
        for (form, is_said) in [
            ("pago de contado si se puede", true),
            ("de contdo", true),
            ("pago de contdo", false),
            ("de contador", true),
            ("pago de contadores", false),
            ("", false),
        ] {
            assert_eq!(may_be_said(&phrases, form), is_said, "{form}");
        }
    }
}
