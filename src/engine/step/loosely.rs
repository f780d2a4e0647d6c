//! A command or a choice that is only nearly the message: with words around it that carry nothing,
//! in a part of it, or mistyped.

use super::{Turn, Words};
use crate::engine::flow::Choice;
use crate::engine::lookup::Lookup;
use crate::engine::session::Pick;
use crate::engine::trace::Manner;
use crate::engine::vocabulary::Vocabulary;
use crate::text::{self, Spelling};

/// How alike a mistyped command or choice must be.
const TYPO_FLOOR: f64 = 0.8;

/// Letters from which on a mistyped word counts: short ones are too near to others.
const TYPO_LETTERS: usize = 5;

/// Clauses of a message, from its end, of which each may be a command or a choice.
const MAX_CLAUSES: usize = 64;

impl<V: Vocabulary> Turn<'_, V> {
    pub(super) fn hear_loosely(&mut self, words: &Words<V::Message>) -> bool {
        self.hear_gist(words)
            || self.hear_clause(words)
            || self.hear_within(words)
            || self.hear_mistyped(words)
    }

    /// The message without the words that carry nothing: `más, porfa`.
    fn hear_gist(&mut self, words: &Words<V::Message>) -> bool {
        words.gist != words.plain && self.hear_exactly(&words.gist, Manner::Gist)
    }

    /// A part of the message: `mejor otro, regrésame a la lista`. The last one counts.
    fn hear_clause(&mut self, words: &Words<V::Message>) -> bool {
        // A number in the middle of a message is no pick; at its start it is: `4, ¿cuánto al mes?`
        let is_number = |clause: &String| clause.bytes().all(|byte| byte.is_ascii_digit());
        let mut clauses = words.clauses.iter().enumerate().rev().take(MAX_CLAUSES);
        clauses.any(|(index, clause)| {
            (index == 0 || !is_number(clause)) && self.hear_exactly(clause, Manner::Part)
        })
    }

    /// A command or a choice in just these words.
    pub(super) fn hear_exactly(&mut self, plain: &str, manner: Manner) -> bool {
        if let Some(command) = self.command(plain) {
            self.obey(command, manner);
            return true;
        }
        let waiting = self.waiting();
        let pick = waiting.and_then(|(_, ask)| self.pick_whole(ask, plain));
        let (Some(asked), Some(pick)) = (waiting, pick) else { return false };
        self.choose(asked, &pick, manner, None);
        true
    }

    /// Words that may stand anywhere in the message; those of the step only where it asks nothing.
    fn hear_within(&mut self, words: &Words<V::Message>) -> bool {
        let asks = self.engine.vocabulary.question(&words.message, self.scene()).is_some();
        let has = |choice: &Choice| choice.contains.stand_in(&words.plain);
        if let Some((id, ask)) = self.waiting().filter(|_| !asks)
            && let Some(index) = ask.options.iter().position(has)
        {
            self.choose((id, ask), &Pick::Option(index), Manner::Within, None);
            return true;
        }
        let engine = self.engine;
        self.notes.looked_up(|| Lookup::Within(words.plain.clone()));
        let command = engine.flows.bot.commands.iter().find(|command| has(command));
        command.map(|command| self.obey(command, Manner::Within)).is_some()
    }

    /// A command or a choice with a typo, where nothing else fits better: what has an answer as it is
    /// written is no slip of something else, `la quiero comprar` is not `quiero comprar`.
    fn hear_mistyped(&mut self, words: &Words<V::Message>) -> bool {
        if self.fixed(&words.plain).is_some() || words.plain.chars().count() < TYPO_LETTERS {
            return false;
        }
        let engine = self.engine;
        let said = Spelling::new(words.plain.as_str());
        let waiting = self.waiting();
        let screen = self.talk.screen.iter().filter_map(|shown| {
            let score = likeness(&said, &text::plain(&shown.label))?;
            Some((score, Some(shown.pick.clone()), None))
        });
        let options = waiting.into_iter().flat_map(|(_, ask)| ask.options.iter().enumerate());
        let options = options.filter_map(|(index, choice)| {
            Some((nearest(choice, &said)?, Some(Pick::Option(index)), None))
        });
        self.notes.looked_up(|| Lookup::Mistyped(words.plain.clone()));
        let commands = engine.flows.bot.commands.iter();
        let commands =
            commands.filter_map(|choice| Some((nearest(choice, &said)?, None, Some(choice))));
        let best =
            screen.chain(options).chain(commands).max_by(|left, right| left.0.total_cmp(&right.0));
        match (best, waiting) {
            (Some((score, Some(pick), _)), Some(asked)) => {
                self.choose(asked, &pick, Manner::Mistyped(score), None);
                true
            }
            (Some((score, _, Some(command))), _) => {
                self.obey(command, Manner::Mistyped(score));
                true
            }
            _ => false,
        }
    }
}

/// How alike these words and the nearest phrase of a choice are, where that may be a slip.
pub(in crate::engine) fn nearest(choice: &Choice, said: &Spelling<&str>) -> Option<f64> {
    let phrases = choice.phrases().filter(|phrase| phrase.len() >= TYPO_LETTERS);
    phrases.filter_map(|phrase| likeness(said, phrase)).max_by(f64::total_cmp)
}

/// How alike two texts are, where that may be a slip.
fn likeness(said: &Spelling<&str>, phrase: &str) -> Option<f64> {
    let score = said.resemblance(&Spelling::new(phrase), TYPO_FLOOR)?;
    // Another digit is another number, not a slip of the finger.
    digits(phrase).eq(digits(said.as_str())).then_some(score)
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}
