//! Word lists: how they are read and how their phrases are found in a message.

use std::collections::{HashMap, HashSet};

use serde::de::DeserializeOwned;

use crate::text::{Text, Token, fold};

/// Reads an embedded word list.
///
/// # Panics
///
/// When the list is malformed; the lists are part of the binary, and a test reads each of them.
pub(super) fn load<T: DeserializeOwned>(toml: &str) -> T {
    toml::from_str(toml).expect("an embedded word list follows its shape")
}

/// Single words, folded.
pub(super) fn words(list: &[String]) -> HashSet<String> {
    list.iter().map(|word| fold(word)).collect()
}

/// Phrases of one or more words, each with what it means. The longest one wins.
#[derive(Debug)]
pub(super) struct Phrases<M> {
    root: Node<M>,
    /// The bytes that phrases begin with: most tokens begin none, and are told without a lookup.
    first_bytes: [bool; 256],
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
        Self { root: Node::default(), first_bytes: [false; 256] }
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
            if let Some(byte) = text.tokens().first().and_then(first_byte) {
                self.first_bytes[byte] = true;
            }
            let node = text.tokens().iter().fold(&mut self.root, |node, token| {
                node.next.entry(token.text.clone()).or_default()
            });
            node.meaning = Some(meaning);
        }
    }

    /// The longest phrase that begins at token `at`: its meaning and the token after it.
    pub(super) fn longest(&self, tokens: &[Token], at: usize) -> Option<(M, usize)> {
        if !self.first_bytes[tokens.get(at).and_then(first_byte)?] {
            return None;
        }
        let mut node = &self.root;
        let mut best = None;
        for (index, token) in tokens.iter().enumerate().skip(at) {
            match node.next.get(&token.text) {
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

fn first_byte(token: &Token) -> Option<usize> {
    token.text.bytes().next().map(usize::from)
}

/// Every phrase that a pattern stands for. In a pattern `a|b` is a choice of words, and a word or
/// choice that ends in `?` may be left out: `mayor|superior o? igual a|que`.
pub(super) fn expand(pattern: &str) -> Vec<String> {
    let mut phrases = vec![String::new()];
    for slot in pattern.split_whitespace() {
        let (choices, optional) = match slot.strip_suffix('?') {
            Some(choices) if !choices.is_empty() => (choices, true),
            _ => (slot, false),
        };
        let mut longer = if optional { phrases.clone() } else { Vec::new() };
        for phrase in &phrases {
            longer.extend(choices.split('|').map(|word| format!("{phrase} {word}")));
        }
        phrases = longer;
    }
    phrases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_its_phrases() {
        assert_eq!(
            expand("no? más|menos de"),
            [" más de", " menos de", " no más de", " no menos de"]
        );
    }

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
