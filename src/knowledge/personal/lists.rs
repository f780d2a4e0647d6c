//! The word lists of the masking: `data/knowledge/personal.toml`, and what others know of words that
//! are no names.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::lexicon::Lexicon;
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
    pub(super) kin: Words,
    pub(super) joints: Words,
    pub(super) proper: Words,
    pub(super) of_places: Words,
    pub(super) given: Words,
    pub(super) surnames: Words,
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

impl Lists {
    /// Whether a folded word is one of the language, of the trade or of the map. A name may be too.
    pub(super) fn knows(&self, word: &str) -> bool {
        let Names { other_words, proper, of_places, .. } = &self.names;
        [other_words, proper, of_places].iter().any(|list| list.has(word)) || KNOWN.has(word)
    }
}

/// The words of a question, and the makes, models and places.
static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Bodies {
        models: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    }
    #[derive(Deserialize)]
    struct Guard {
        names: Vec<String>,
    }
    let bodies: Bodies = toml::from_str(include_str!("../../../data/catalog/bodies.toml"))
        .expect("a test reads the bundled bodies");
    let guard: Guard = toml::from_str(include_str!("../../../data/knowledge/guard.toml"))
        .expect("a test reads the bundled word lists");
    let cars = bodies.models.into_values().flatten();
    let cars = cars.flat_map(|(make, models)| std::iter::once(make).chain(models));
    let names = cars.chain(guard.names).flat_map(|name| {
        let name = fold(&name);
        let words = name.split(|it: char| !it.is_alphabetic()).map(str::to_owned);
        words.collect::<Vec<_>>()
    });
    Known { lexicon: Lexicon::bundled(), names: names.collect() }
});

struct Known {
    lexicon: Lexicon,
    names: HashSet<String>,
}

impl Known {
    fn has(&self, word: &str) -> bool {
        let means = || self.lexicon.forms(word).1.is_some();
        self.names.contains(word) || self.lexicon.is_stop(word) || means()
    }
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
