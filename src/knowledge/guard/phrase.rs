//! Phrases found among the words of a text, and those that may only be repeated.

use super::breach::Breach;
use super::lists::{Guarded, LISTS};
use super::reading::Reading;
use crate::text::{expand, fold};

/// Words between a negator and the phrase that it turns, and one.
const DENYING: usize = 4;

/// A phrase of a word list, as [`expand`] writes it; besides, `garantiz*` is any word that begins
/// so and `*amos` any that ends so.
pub(super) struct Phrase(Vec<Piece>);

enum Piece {
    Word(String),
    Beginning(String),
    Ending(String),
}

impl Piece {
    fn new(word: &str) -> Self {
        match (word.strip_suffix('*'), word.strip_prefix('*')) {
            (Some(beginning), _) => Self::Beginning(fold(beginning)),
            (None, Some(ending)) => Self::Ending(fold(ending)),
            (None, None) => Self::Word(fold(word)),
        }
    }

    fn is(&self, word: &str) -> bool {
        match self {
            Self::Word(known) => known == word,
            Self::Beginning(beginning) => word.starts_with(beginning.as_str()),
            Self::Ending(ending) => word.len() > ending.len() && word.ends_with(ending.as_str()),
        }
    }
}

impl Phrase {
    /// The phrases that a pattern stands for.
    pub(super) fn all(pattern: &str) -> Vec<Self> {
        let phrases = expand(pattern).into_iter();
        phrases.map(|phrase| Self(phrase.split(' ').map(Piece::new).collect())).collect()
    }

    /// How many of `words` it takes where they begin with it.
    pub(super) fn opens(&self, words: &[&str]) -> Option<usize> {
        let length = self.0.len();
        let begins =
            words.len() >= length && self.0.iter().zip(words).all(|(piece, word)| piece.is(word));
        begins.then_some(length)
    }

    /// Whether `words` end with it.
    pub(super) fn closes(&self, words: &[&str]) -> bool {
        let start = words.len().checked_sub(self.0.len());
        start.is_some_and(|start| self.opens(&words[start..]).is_some())
    }
}

/// The most words that one of `phrases` takes at the head of `words`.
pub(super) fn longest(phrases: &[Phrase], words: &[&str]) -> Option<usize> {
    phrases.iter().filter_map(|phrase| phrase.opens(words)).max()
}

/// Refuses phrases of the answer that no cited passage has and names that none has.
pub(super) fn check(said: &Reading, source: &Reading) -> Result<(), Breach> {
    let (words, known) = (said.words(), source.all_words());
    for at in 0..words.len() {
        let rest = &words[at..];
        for guarded in &LISTS.guarded {
            if let Some(length) = strange(guarded, &words, at, &known) {
                let span = rest[..length].join(" ");
                return Err(Breach::Phrase { kind: guarded.kind.clone(), span });
            }
        }
        let Some(length) = longest(&LISTS.names, rest) else { continue };
        if !repeats(&rest[..length], &known) {
            return Err(Breach::Name { span: rest[..length].join(" ") });
        }
    }
    Ok(())
}

/// How many words the phrase of `guarded` takes that begins at a word and that `known` has not.
fn strange(guarded: &Guarded, words: &[&str], at: usize, known: &[&str]) -> Option<usize> {
    let rest = &words[at..];
    let same_sense =
        |place: usize| !guarded.turns || is_denied(words, at) || !is_denied(known, place);
    let stands = |phrase: &Phrase| {
        (0..known.len()).any(|it| phrase.opens(&known[it..]).is_some() && same_sense(it))
    };
    for alike in &guarded.alike {
        let Some(length) = longest(alike, rest) else { continue };
        if !alike.iter().any(stands) {
            return Some(length);
        }
    }
    let length = longest(&guarded.verbatim, rest)?;
    let repeated =
        (0..known.len()).any(|it| known[it..].starts_with(&rest[..length]) && same_sense(it));
    (!repeated).then_some(length)
}

/// Whether a negator stands before a word, near enough to turn it.
fn is_denied(words: &[&str], at: usize) -> bool {
    words[at.saturating_sub(DENYING)..at].iter().any(|word| LISTS.negators.contains(*word))
}

/// Whether `known` has `words` one after the other.
fn repeats(words: &[&str], known: &[&str]) -> bool {
    known.windows(words.len()).any(|window| window == words)
}
