//! What the words of the cited passages stand for, and which of it a word of the answer means.

use std::collections::HashMap;

use super::lists::{LEXICON, LISTS};
use super::reading::Reading;

/// Letters that two stems must share from their head to be one word in two forms.
const SHARED: usize = 5;

/// What hangs on an infinitive.
const PRONOUNS: [&str; 10] = ["los", "las", "les", "nos", "lo", "la", "le", "me", "te", "se"];

/// The concepts of the cited passages, by number.
pub(super) struct Concepts {
    by_key: HashMap<String, usize>,
    stems: Vec<(String, usize)>,
}

impl Concepts {
    /// The concepts of `source`.
    pub(super) fn new(source: &Reading) -> Self {
        let mut concepts = Self { by_key: HashMap::new(), stems: Vec::new() };
        for token in source.tokens() {
            let is_order = LISTS.orders.contains(&token.text);
            if LISTS.function_words.contains(&token.text) && !is_order {
                continue;
            }
            let (stem, meaning) = LEXICON.forms(&token.text);
            let keys = keys(&token.text, &stem, meaning);
            let known = keys.iter().find_map(|key| concepts.by_key.get(key).copied());
            let number = known.unwrap_or(concepts.stems.len());
            for key in keys {
                concepts.by_key.entry(key).or_insert(number);
            }
            concepts.stems.push((stem, number));
        }
        concepts
    }

    /// How many there are at most.
    pub(super) fn len(&self) -> usize {
        self.stems.len()
    }

    /// The concept that `word` means, if any.
    pub(super) fn of(&self, word: &str) -> Option<usize> {
        let exactly = |word: &str| {
            let (stem, meaning) = LEXICON.forms(word);
            keys(word, &stem, meaning).iter().find_map(|key| self.by_key.get(key).copied())
        };
        exactly(word).or_else(|| exactly(bare(word))).or_else(|| {
            let stem = LEXICON.forms(word).0;
            let near = self.stems.iter().find(|(other, _)| is_near(&stem, other));
            near.map(|(_, number)| *number)
        })
    }
}

/// A folded word's own keys, nearest first.
fn keys(word: &str, stem: &str, meaning: Option<&str>) -> Vec<String> {
    let kin = LISTS.kin.get(stem).map(|first| format!("kin {first}"));
    let meaning = meaning.map(|meaning| format!("meaning {meaning}"));
    let own = [Some(word.to_owned()), Some(stem.to_owned()), kin, meaning];
    own.into_iter().flatten().collect()
}

/// Whether two stems are forms of one word: `inspeccion` and `inspeccionar`.
fn is_near(stem: &str, other: &str) -> bool {
    let shared = stem.chars().zip(other.chars()).take_while(|(one, two)| one == two).count();
    let longer = stem.chars().count().max(other.chars().count());
    shared >= SHARED && longer - shared <= 4
}

/// Whether a folded word may carry meaning that a passage must have.
pub(super) fn is_content(word: &str) -> bool {
    let bare = bare(word);
    let is_function = LISTS.function_words.contains(word) || LISTS.function_words.contains(bare);
    word.len() > 1 && !is_function && !LISTS.own_names.contains(word)
}

/// Whether a rewording may bring a folded word.
pub(super) fn is_filler(word: &str) -> bool {
    let is_known = |word: &str| LISTS.fillers.contains(&LEXICON.forms(word).0);
    is_known(word) || is_known(bare(word))
}

/// An infinitive without the pronouns that hang on it: `dar` of `dárselo`.
fn bare(word: &str) -> &str {
    let mut bare = word;
    while let Some(rest) = PRONOUNS.iter().find_map(|pronoun| bare.strip_suffix(pronoun)) {
        if rest.ends_with('r') {
            return rest;
        }
        bare = rest;
    }
    word
}
