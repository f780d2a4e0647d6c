//! A command or a choice that is only nearly the message: with words around it that carry nothing,
//! in a part of it, or mistyped.

use super::{Turn, Words};
use crate::engine::flow::Choice;
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
        let has = |choice: &Choice| words.has_any(&choice.contains);
        if let Some((id, ask)) = self.waiting().filter(|_| !asks)
            && let Some(index) = ask.options.iter().position(has)
        {
            self.choose((id, ask), &Pick::Option(index), Manner::Within, None);
            return true;
        }
        let engine = self.engine;
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
        // Another digit is another number, not a slip of the finger.
        let said = Spelling::new(&words.plain);
        let likeness = |phrase: &str| {
            let score = said.resemblance(&Spelling::new(phrase), TYPO_FLOOR)?;
            digits(phrase).eq(digits(&words.plain)).then_some(score)
        };
        let nearest = |choice: &Choice| {
            let phrases = choice.phrases().filter(|phrase| phrase.len() >= TYPO_LETTERS);
            phrases.filter_map(|phrase| likeness(phrase)).fold(0.0, f64::max)
        };
        let waiting = self.waiting();
        let screen = self.talk.screen.iter().map(|shown| {
            let score = likeness(&text::plain(&shown.label)).unwrap_or_default();
            (score, Some(shown.pick.clone()), None)
        });
        let options = waiting.into_iter().flat_map(|(_, ask)| ask.options.iter().enumerate());
        let options =
            options.map(|(index, choice)| (nearest(choice), Some(Pick::Option(index)), None));
        let commands =
            engine.flows.bot.commands.iter().map(|choice| (nearest(choice), None, Some(choice)));
        let best =
            screen.chain(options).chain(commands).max_by(|left, right| left.0.total_cmp(&right.0));
        match (best, waiting) {
            (Some((score, Some(pick), _)), Some(asked)) if score >= TYPO_FLOOR => {
                self.choose(asked, &pick, Manner::Mistyped(score), None);
                true
            }
            (Some((score, _, Some(command))), _) if score >= TYPO_FLOOR => {
                self.obey(command, Manner::Mistyped(score));
                true
            }
            _ => false,
        }
    }
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}
