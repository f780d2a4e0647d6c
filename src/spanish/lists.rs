//! Word lists: how they are read and how their phrases are found in a message.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::short_form::full_form;
use crate::text::{Spelling, Text, Token, expand, fold};

/// Reads an embedded word list.
///
/// # Panics
///
/// When the list is malformed; the lists are part of the binary, and a test reads each of them.
pub(super) fn load<T: DeserializeOwned>(toml: &str) -> T {
    toml::from_str(toml).expect("an embedded word list follows its shape")
}

/// Folded words, each with what it means.
///
/// Most words of a message are in none of the lists: what a list's words begin with, and how long
/// they are, tells so without hashing.
#[derive(Debug)]
pub(super) struct WordMap<M> {
    meanings: HashMap<String, M>,
    /// For each first byte, the lengths of the words that begin with it, as bits.
    lengths: Box<[u64; 256]>,
}

/// Folded words.
pub(super) type WordSet = WordMap<()>;

/// Longer words share a bit.
const LONGEST: usize = 63;

impl<M> WordMap<M> {
    /// What a folded word means.
    pub(super) fn get(&self, word: &str) -> Option<&M> {
        let first = word.bytes().next().map_or(0, usize::from);
        let known = self.lengths[first] >> word.len().min(LONGEST) & 1 == 1;
        if known { self.meanings.get(word) } else { None }
    }

    /// Whether a folded word is among them.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    /// The meaning of a word, put there where it is missing.
    fn entry(&mut self, word: &str) -> &mut M
    where
        M: Default,
    {
        self.expect(word);
        self.meanings.entry(word.to_owned()).or_default()
    }

    fn expect(&mut self, word: &str) {
        let first = word.bytes().next().map_or(0, usize::from);
        self.lengths[first] |= 1 << word.len().min(LONGEST);
    }
}

impl<M> Default for WordMap<M> {
    fn default() -> Self {
        Self { meanings: HashMap::new(), lengths: Box::new([0; 256]) }
    }
}

impl<M> Extend<(String, M)> for WordMap<M> {
    fn extend<I: IntoIterator<Item = (String, M)>>(&mut self, words: I) {
        for (word, meaning) in words {
            self.expect(&word);
            self.meanings.insert(word, meaning);
        }
    }
}

impl<M> FromIterator<(String, M)> for WordMap<M> {
    fn from_iter<I: IntoIterator<Item = (String, M)>>(words: I) -> Self {
        let mut map = Self::default();
        map.extend(words);
        map
    }
}

/// Single words, folded.
pub(super) fn words(list: &[String]) -> WordSet {
    list.iter().map(|word| (fold(word), ())).collect()
}

/// Long words that are known with one slip in them, too, where their first letter stands.
pub(super) struct Slips<M> {
    words: Vec<(Spelling<String>, M)>,
    /// Words of their own that look like one of them with a slip.
    look_alikes: WordSet,
}

impl<M: Copy> Slips<M> {
    /// The slips of folded `words`, but for `look_alikes`.
    pub(super) fn of(words: impl IntoIterator<Item = (String, M)>, look_alikes: &[String]) -> Self {
        let words = words.into_iter().map(|(word, meaning)| (Spelling::new(word), meaning));
        Self { words: words.collect(), look_alikes: self::words(look_alikes) }
    }

    /// What a folded word means if it is one of them with a slip.
    pub(super) fn meaning(&self, word: &str) -> Option<M> {
        if self.look_alikes.contains(word) || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        let (first, spelling) = (word.chars().next()?, Spelling::new(word));
        let meant = |(known, meaning): &(Spelling<String>, M)| {
            let is_meant = known.as_str().starts_with(first) && spelling.is_slip_of(known);
            is_meant.then_some(*meaning)
        };
        self.words.iter().find_map(meant)
    }
}

/// Phrases of one or more words, each with what it means. The longest one wins.
#[derive(Debug)]
pub(super) struct Phrases<M> {
    /// By the first word.
    first: WordMap<Node<M>>,
}

#[derive(Debug)]
struct Node<M> {
    meaning: Option<M>,
    next: HashMap<String, Node<M>>,
}

impl<M> Default for Node<M> {
    fn default() -> Self {
        Self { meaning: None, next: HashMap::new() }
    }
}

impl<M: Copy> Phrases<M> {
    pub(super) fn new() -> Self {
        Self { first: WordMap::default() }
    }

    /// Phrases that all mean the same, in the patterns of [`expand`].
    pub(super) fn of(patterns: &[String], meaning: M) -> Self {
        let mut phrases = Self::new();
        phrases.add(patterns, meaning);
        phrases
    }

    /// Adds phrases that all mean `meaning`.
    pub(super) fn add(&mut self, patterns: &[String], meaning: M) {
        for phrase in patterns.iter().flat_map(|pattern| expand(pattern)) {
            let text = Text::new(&phrase);
            let Some((first, rest)) = text.tokens().split_first() else { continue };
            let node = rest.iter().fold(self.first.entry(&first.text), |node, token| {
                node.next.entry(token.text.clone()).or_default()
            });
            node.meaning = Some(meaning);
        }
    }

    /// The longest phrase that begins at token `at`: its meaning and the token after it. Words may
    /// be written short: `menos d`.
    pub(super) fn longest(&self, tokens: &[Token], at: usize) -> Option<(M, usize)> {
        let first = &tokens.get(at)?.text;
        let in_full = || self.first.get(full_form(first)?);
        let mut node = self.first.get(first).or_else(in_full)?;
        let mut best = node.meaning.map(|meaning| (meaning, at + 1));
        for (index, token) in tokens.iter().enumerate().skip(at + 1) {
            let in_full = || node.next.get(full_form(&token.text)?);
            match node.next.get(&token.text).or_else(in_full) {
                Some(next) => node = next,
                None => break,
            }
            if let Some(meaning) = node.meaning {
                best = Some((meaning, index + 1));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let mut phrases = Phrases::of(&["por lo menos".to_owned()], 1);
        phrases.add(&["por".to_owned()], 2);
        let text = Text::new("por lo menos 30, por lo visto");
        assert_eq!(phrases.longest(text.tokens(), 0), Some((1, 3)));
        assert_eq!(phrases.longest(text.tokens(), 5), Some((2, 6)));
        assert_eq!(phrases.longest(text.tokens(), 1), None);
    }
}
