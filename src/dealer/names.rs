//! Makes and models in a message: the catalogue's own names, spoken names, and typos of both.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::Deserialize;

use crate::catalog::Catalog;
use crate::text::{Text, Token, TokenKind, fold, resemblance};

/// Tokens that a name can have at most: `mercedes benz clase c` is two names.
const MAX_NAME_TOKENS: usize = 4;

/// Letters from which on a word can be a typo of a name.
const TYPO_LETTERS: usize = 5;

/// How alike a typo must be to its name.
const TYPO_FLOOR: f64 = 0.8;

/// How much more alike the best candidate must be than the next of another name.
const TYPO_MARGIN: f64 = 0.05;

/// A make or a model, as the catalogue spells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Name {
    /// A make.
    Make(String),
    /// A model, whatever its make.
    Model(String),
}

/// A make or a model in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Which.
    pub(super) name: Name,
    /// Its tokens.
    pub(super) tokens: Range<usize>,
    /// It is also a common word, or a number: it needs support from the rest of the message.
    pub(super) needs_support: bool,
}

/// `data/dealer/names.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpokenNames {
    makes: HashMap<String, Vec<String>>,
    models: HashMap<String, Vec<String>>,
    needs_support: NeedsSupport,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedsSupport {
    names: Vec<String>,
}

/// `data/dealer/common_words.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommonWords {
    words: HashSet<String>,
}

/// Every known name by its key: folded, letters and digits only.
#[derive(Debug)]
pub(super) struct Names {
    exact: HashMap<String, Name>,
    /// Keys of words long enough to be mistyped, by length.
    by_length: HashMap<usize, Vec<String>>,
    needs_support: HashSet<String>,
    common: HashSet<String>,
}

impl Names {
    /// The names of `catalog`, and those that customers call them by.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let spoken: SpokenNames = toml::from_str(include_str!("../../data/dealer/names.toml"))
            .expect("data/dealer/names.toml is well formed: a test reads it");
        let common: CommonWords =
            toml::from_str(include_str!("../../data/dealer/common_words.toml"))
                .expect("data/dealer/common_words.toml is well formed: a test reads it");
        let mut exact = HashMap::new();
        for (make, says) in &spoken.makes {
            add(&mut exact, make, says, Name::Make);
        }
        for (model, says) in &spoken.models {
            add(&mut exact, model, says, Name::Model);
        }
        // The catalogue's spelling wins over the word list's.
        for model in catalog.models() {
            rename(&mut exact, model.model, Name::Model);
        }
        for make in catalog.makes() {
            rename(&mut exact, make.make, Name::Make);
        }
        let mut by_length: HashMap<usize, Vec<String>> = HashMap::new();
        for key in exact.keys().filter(|key| key.len() >= TYPO_LETTERS) {
            by_length.entry(key.len()).or_default().push(key.clone());
        }
        for keys in by_length.values_mut() {
            keys.sort_unstable();
        }
        let needs_support = spoken.needs_support.names.iter().map(|name| key(name)).collect();
        Self { exact, by_length, needs_support, common: common.words }
    }

    /// The makes and models in a message, in order, none within another.
    pub(super) fn read(&self, text: &Text) -> Vec<Named> {
        let tokens = text.tokens();
        let mut named = Vec::new();
        let mut start = 0;
        while start < tokens.len() {
            match self.longest_at(tokens, start).or_else(|| self.mistyped_at(tokens, start)) {
                Some(found) => {
                    start = found.tokens.end;
                    named.push(found);
                }
                None => start += 1,
            }
        }
        named
    }

    fn longest_at(&self, tokens: &[Token], start: usize) -> Option<Named> {
        let mut name_key = String::new();
        let mut best = None;
        for (end, token) in tokens.iter().enumerate().skip(start).take(MAX_NAME_TOKENS) {
            match token.kind {
                // `a 4 años` is no A4: a word of one vowel is only part of a name it is glued to.
                _ if end > start && !token.glued && is_vowel(&tokens[end - 1].text) => break,
                TokenKind::Word | TokenKind::Digits => name_key.push_str(&token.text),
                TokenKind::Symbol if token.text == "-" && end > start => continue,
                TokenKind::Symbol => break,
            }
            if let Some(name) = self.exact.get(&name_key) {
                best = Some((name, start..end + 1, self.needs_support.contains(&name_key)));
            }
        }
        let (name, tokens, needs_support) = best?;
        Some(Named { name: name.clone(), tokens, needs_support })
    }

    fn mistyped_at(&self, tokens: &[Token], start: usize) -> Option<Named> {
        let word = &tokens[start].text;
        let is_word = tokens[start].kind == TokenKind::Word;
        if !is_word || word.len() < TYPO_LETTERS || self.common.contains(word) {
            return None;
        }
        let mut best: Option<(f64, &Name)> = None;
        let mut second = 0.0_f64;
        let lengths = word.len() - 1..=word.len() + 1;
        for candidate in lengths.filter_map(|length| self.by_length.get(&length)).flatten() {
            // What is less alike is neither the best nor near it.
            let rival = TYPO_FLOOR - TYPO_MARGIN;
            let Some(score) = resemblance(word, candidate, rival) else { continue };
            let name = &self.exact[candidate];
            match best {
                Some((_, known)) if known == name => {
                    best = best.map(|(old, known)| (old.max(score), known));
                }
                Some((old, _)) if score <= old => second = second.max(score),
                _ => {
                    second = best.map_or(second, |(old, _)| second.max(old));
                    best = Some((score, name));
                }
            }
        }
        let (score, name) = best?;
        let clear = score >= TYPO_FLOOR && score - second >= TYPO_MARGIN;
        clear.then(|| Named { name: name.clone(), tokens: start..start + 1, needs_support: false })
    }
}

fn add(exact: &mut HashMap<String, Name>, own: &str, says: &[String], name: fn(String) -> Name) {
    for spelling in says.iter().map(String::as_str).chain([own]) {
        exact.insert(key(spelling), name(own.to_owned()));
    }
}

/// Gives every spelling of a name the catalogue's own.
fn rename(exact: &mut HashMap<String, Name>, own: &str, name: fn(String) -> Name) {
    let own_key = key(own);
    let old = exact.insert(own_key, name(own.to_owned()));
    if let Some(old) = old {
        for known in exact.values_mut().filter(|known| **known == old) {
            *known = name(own.to_owned());
        }
    }
}

fn is_vowel(word: &str) -> bool {
    matches!(word, "a" | "e" | "i" | "o" | "u" | "y")
}

/// A name folded, letters and digits only.
fn key(name: &str) -> String {
    let mut key = fold(name);
    key.retain(char::is_alphanumeric);
    key
}
