//! Words that turn numbers into ranges: `menos de`, `hasta`, `o más`, `como máximo`, `entre`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::lists::{self, Phrases, WordSet};
use super::short_form::full_form;
use crate::text::{Text, Token, expand};

/// What a comparator says about its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Min,
    Max,
    Exact,
    About,
}

/// On which side of its number a comparator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    After,
    Either,
}

/// A comparator: what it says, and where its number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comparator {
    pub(super) bound: Bound,
    pub(super) place: Place,
}

/// What stands between two numbers of one list or interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    And,
    Or,
    To,
    Dash,
    Comma,
    Slash,
}

/// What opens an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opener {
    /// `entre`.
    Between,
    /// `de`, `desde`.
    From,
}

/// The comparators of the language.
pub(super) static COMPARATORS: LazyLock<Comparators> = LazyLock::new(|| {
    Comparators::new(&lists::load(include_str!("../../data/spanish/ranges.toml")))
});

pub(super) struct Comparators {
    pub(super) phrases: Phrases<Comparator>,
    /// Words that join two bounds into one range.
    pub(super) joins: WordSet,
    links: Phrases<Link>,
    openers: Phrases<Opener>,
    skipped: WordSet,
    /// Every word of every comparator, and those that may stand beside them.
    parts: WordSet,
    negations: WordSet,
    negated_verbs: WordSet,
}

/// So many words may stand between a comparator and its number.
const MAX_SKIPPED: usize = 3;

/// So many verbs may stand between a negation and its comparator: `no me gustaría pagar más de`.
const MAX_VERBS: usize = 3;

impl Comparators {
    /// Whether a word may stand between what announces a number and the number.
    pub(super) fn may_stand_between(&self, word: &str) -> bool {
        self.parts.contains(word)
    }

    /// Whether a word may stand between a comparator and its number, also written short.
    fn skips(&self, word: &str) -> bool {
        self.skipped.contains(word)
            || full_form(word).is_some_and(|full| self.skipped.contains(full))
    }

    /// The tokens from `at` on where a number may begin: `at` itself, and after words that count
    /// nothing (`menos de los 300`).
    pub(super) fn starts(&self, tokens: &[Token], at: usize) -> impl Iterator<Item = usize> {
        let is_skipped = |token: &&Token| self.skips(&token.text);
        let skipped =
            tokens[at.min(tokens.len())..].iter().take(MAX_SKIPPED).take_while(is_skipped).count();
        at..=at + skipped
    }

    /// What links a number that ends before token `from` to one that begins at `to`, where nothing
    /// else stands between.
    pub(super) fn link(&self, tokens: &[Token], from: usize, to: usize) -> Option<Link> {
        let (mut link, mut end) = self.links.longest(&tokens[..to], from)?;
        if link == Link::Comma
            && let Some((after_comma, after)) = self.links.longest(&tokens[..to], end)
        {
            (link, end) = (after_comma, after);
        }
        self.starts(tokens, end).any(|start| start == to).then_some(link)
    }

    /// What opens an interval whose first number begins at `at`, and its token.
    pub(super) fn opener(&self, tokens: &[Token], at: usize) -> Option<(Opener, usize)> {
        for index in (0..at).rev().take(MAX_SKIPPED) {
            if let Some((opener, _)) = self.openers.longest(&tokens[..at], index) {
                return Some((opener, index));
            }
            if !self.skips(&tokens[index].text) {
                return None;
            }
        }
        None
    }

    /// Where the negation of a comparator at token `at` begins: `no`, `no` with verbs.
    pub(super) fn negation(&self, tokens: &[Token], at: usize) -> Option<usize> {
        let is_verb = |index: &usize| self.negated_verbs.contains(&tokens[*index].text);
        let verbs = (0..at).rev().take(MAX_VERBS).take_while(is_verb).count();
        let index = at.checked_sub(verbs + 1)?;
        self.negations.contains(&tokens[index].text).then_some(index)
    }

    fn new(file: &File) -> Self {
        let mut phrases = Phrases::new();
        let mut parts = lists::words(&file.links.skipped);
        let bounds = [
            (&file.min, Bound::Min),
            (&file.max, Bound::Max),
            (&file.exact, Bound::Exact),
            (&file.about, Bound::About),
        ];
        for (sides, bound) in bounds {
            let sides = [
                (&sides.before, Place::Before),
                (&sides.after, Place::After),
                (&sides.either, Place::Either),
            ];
            for (patterns, place) in sides {
                phrases.add(patterns, Comparator { bound, place });
                let all = patterns.iter().flat_map(|pattern| expand(pattern));
                let tokens = all.flat_map(|phrase| Text::new(&phrase).tokens().to_vec());
                parts.extend(tokens.map(|token| (token.text, ())));
            }
        }
        let mut links = Phrases::new();
        links.add(&file.links.and, Link::And);
        links.add(&file.links.or, Link::Or);
        links.add(&file.links.to, Link::To);
        links.add(&file.links.dash, Link::Dash);
        links.add(&file.links.comma, Link::Comma);
        links.add(&file.links.slash, Link::Slash);
        let mut openers = Phrases::of(&file.links.between, Opener::Between);
        openers.add(&file.links.from, Opener::From);
        Self {
            phrases,
            joins: lists::words(&file.links.joins),
            links,
            openers,
            skipped: lists::words(&file.links.skipped),
            parts,
            negations: lists::words(&file.negation.words),
            negated_verbs: lists::words(&file.negation.verbs),
        }
    }
}

impl Bound {
    /// What it says after `no`.
    pub(super) const fn negated(self) -> Self {
        match self {
            Self::Min => Self::Max,
            Self::Max => Self::Min,
            Self::Exact | Self::About => self,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    min: Sides,
    max: Sides,
    exact: Sides,
    about: Sides,
    links: Links,
    negation: Negation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sides {
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    either: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Links {
    and: Vec<String>,
    or: Vec<String>,
    to: Vec<String>,
    dash: Vec<String>,
    comma: Vec<String>,
    slash: Vec<String>,
    joins: Vec<String>,
    between: Vec<String>,
    from: Vec<String>,
    skipped: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Negation {
    words: Vec<String>,
    verbs: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_reads_and_the_longest_comparator_wins() {
        let find = |message: &str| COMPARATORS.phrases.longest(Text::new(message).tokens(), 0);
        let (comparator, end) = find("menor o igual a 30").expect("a comparator");
        assert_eq!((comparator.bound, comparator.place, end), (Bound::Max, Place::Before, 4));
        assert_eq!(
            find("como máximo 20").map(|(comparator, _)| comparator.place),
            Some(Place::Either)
        );
        assert_eq!(find("azul"), None);
    }
}
