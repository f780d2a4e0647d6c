//! What a turn asks of the words that are known at every step, those of commands and fixed answers;
//! and whether other words would have told it something else.

use std::sync::Arc;

use super::flow::{Bot, Choice};
use super::sayings::Sayings;
use super::step::nearest;
use crate::text::Spelling;

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
}

/// The commands and fixed answers in which two versions of flows differ.
#[derive(Debug, Clone, Default)]
pub(super) struct Reworded {
    /// There are any.
    differ: bool,
    commands: Vec<Choice>,
    answers: Sayings,
    /// All fixed answers before and now, where they differ.
    mending: [Arc<Sayings>; 2],
}

/// A bot, and what its fixed answers answer.
type Known<'a> = (&'a Bot, &'a Arc<Sayings>);

impl Reworded {
    /// What of `before` is gone or does something else, and what came in; none where the others have
    /// changed places, for the first that is said is meant.
    pub(super) fn between(before: Known<'_>, now: Known<'_>) -> Option<Self> {
        let commands = differing(&before.0.commands, &now.0.commands)?;
        let answers = differing(&before.0.answers, &now.0.answers)?;
        let mending = if answers.is_empty() {
            <[Arc<Sayings>; 2]>::default()
        } else {
            [before, now].map(|(_, answers)| Arc::clone(answers))
        };
        let differ = !commands.is_empty() || !answers.is_empty();
        Some(Self { differ, commands, answers: Sayings::of(&answers), mending })
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
        }
    }
}

/// The choices that only one of the lists has.
fn differing(before: &[Choice], now: &[Choice]) -> Option<Vec<Choice>> {
    let (stayed, gone): (Vec<_>, Vec<_>) = before.iter().partition(|choice| now.contains(choice));
    let (kept, new): (Vec<_>, Vec<_>) = now.iter().partition(|choice| before.contains(choice));
    (stayed == kept).then(|| gone.into_iter().chain(new).cloned().collect())
}
