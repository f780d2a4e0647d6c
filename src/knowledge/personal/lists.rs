//! The word lists of the masking: `data/knowledge/personal.toml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::text::fold;

/// The lists this program is built with.
pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/knowledge/personal.toml"))
        .expect("a test reads the bundled word lists")
});

/// Everything the masking knows of Spanish, folded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    pub(super) names: Names,
    pub(super) numbers: Numbers,
    pub(super) plates: Plates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) announced: Words,
    pub(super) perhaps: Words,
    pub(super) capitalised: Words,
    pub(super) titles: Words,
    pub(super) joints: Words,
    pub(super) other_words: Words,
    pub(super) trade_endings: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbers {
    pub(super) telephone: Words,
    pub(super) social_security: Words,
    pub(super) units: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plates {
    pub(super) announced: Words,
    pub(super) look_alikes: Words,
    pub(super) model_openings: Words,
}

/// Folded entries; of one that is a line of words, each word too.
#[derive(Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct Words(HashSet<String>);

impl From<Vec<String>> for Words {
    fn from(lines: Vec<String>) -> Self {
        let lines = lines.iter().map(|line| fold(line));
        Self(lines.flat_map(|line| entries(&line)).collect())
    }
}

/// A line of up to four words is a phrase; a longer one is a list.
fn entries(line: &str) -> Vec<String> {
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    if words.len() > LONGEST_PHRASE { words } else { vec![line.to_owned()] }
}

/// Words of the longest phrase in the lists.
pub(super) const LONGEST_PHRASE: usize = 4;

impl Words {
    /// Whether a folded word or phrase stands in the list.
    pub(super) fn has(&self, words: &str) -> bool {
        self.0.contains(words)
    }

    /// Whether a folded word ends like one of the list.
    pub(super) fn ends(&self, word: &str) -> bool {
        self.0.iter().any(|ending| word.ends_with(ending.as_str()))
    }
}
