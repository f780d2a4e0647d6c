//! Every make and model that can be meant: those on sale, those of the market, spoken names.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::names::{Name, Support};
use super::words::Words;
use crate::catalog::{Catalog, Words as CatalogWords};
use crate::spanish::sound;
use crate::text::{Spelling, fold};

/// Letters from which on a word can be a typo of a name.
const TYPO_LETTERS: usize = 5;

/// How alike a typo must be to its name.
const TYPO_FLOOR: f64 = 0.8;

/// How alike a typo of a model must be where its make is named.
const TYPO_FLOOR_WITH_MAKE: f64 = 0.75;

/// How much more alike the best candidate must be than the next of another name: nearer ones tie.
const TYPO_MARGIN: f64 = 0.05;

/// Letters up to which a model that is not on sale is too short to be told from something else
/// without help.
const SHORT_NAME: usize = 3;

/// `data/dealer/names.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpokenNames {
    makes: HashMap<String, Vec<String>>,
    models: HashMap<String, Vec<String>>,
    needs_support: Listed,
    needs_more_than_an_article: Listed,
    needs_make: Listed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    names: Vec<String>,
}

/// `data/dealer/common_words.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommonWords {
    words: HashSet<String>,
}

/// A name by its key: folded, letters and digits only.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: Name,
    pub(super) support: Support,
}

/// A key that words are compared with.
#[derive(Debug)]
struct Candidate {
    key: Spelling<String>,
    on_sale: bool,
}

/// Every known name.
#[derive(Debug)]
pub(super) struct Directory {
    exact: HashMap<String, Entry>,
    /// Keys by how they sound; several where they sound alike.
    sounds: HashMap<String, Vec<String>>,
    /// Keys long enough to be mistyped, by length.
    by_length: HashMap<usize, Vec<Candidate>>,
    /// The makes that have a model, by its key, as keys.
    makers: HashMap<String, Vec<String>>,
    /// The spellings of the models of each make, by its key; those that can be mistyped.
    models: HashMap<String, Vec<Spelling<String>>>,
    common: &'static HashSet<String>,
}

/// The lists, read once for all dealers of a process.
static SPOKEN_NAMES: LazyLock<SpokenNames> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/dealer/names.toml"))
        .expect("data/dealer/names.toml is well formed: a test reads it")
});
static COMMON_WORDS: LazyLock<CommonWords> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/dealer/common_words.toml"))
        .expect("data/dealer/common_words.toml is well formed: a test reads it")
});

impl Directory {
    /// The names of `catalog`, those of the market, and those that customers call them by.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let spoken = &*SPOKEN_NAMES;
        let keys = |listed: &Listed| -> HashSet<String> {
            listed.names.iter().map(|name| key(name)).collect()
        };
        let mut directory = Self {
            exact: HashMap::new(),
            sounds: HashMap::new(),
            by_length: HashMap::new(),
            makers: HashMap::new(),
            models: HashMap::new(),
            common: &COMMON_WORDS.words,
        };
        directory.add_market();
        for (make, says) in &spoken.makes {
            directory.add(make, says, Name::Make);
        }
        for (model, says) in &spoken.models {
            directory.add(model, says, Name::Model);
        }
        let on_sale = directory.add_catalog(catalog);
        directory.leave_out_shapes(&on_sale);
        directory.note_support(
            &keys(&spoken.needs_support),
            &keys(&spoken.needs_more_than_an_article),
            &keys(&spoken.needs_make),
        );
        directory.note_spellings(&on_sale);
        directory
    }

    /// The makes and models of the market, on sale or not.
    fn add_market(&mut self) {
        for known in CatalogWords::built_in().known_models() {
            let key = key(&known.model);
            let short = key.len() <= SHORT_NAME;
            let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
            if key.len() == 1 && !is_number {
                // `a 2020` is no Mercedes.
                continue;
            }
            let support = match () {
                () if key.len() < SHORT_NAME && !is_number => Support::Make,
                () if is_number => Support::Dated,
                () if short => Support::Any,
                () => Support::None,
            };
            let make = Entry { name: Name::Make(known.make.clone()), support: Support::None };
            self.exact.entry(self::key(&known.make)).or_insert(make);
            self.makers.entry(key.clone()).or_default().push(self::key(&known.make));
            self.exact.insert(key, Entry { name: Name::Model(known.model.clone()), support });
        }
    }

    fn add(&mut self, own: &str, says: &[String], name: fn(String) -> Name) {
        for spelling in says.iter().map(String::as_str).chain([own]) {
            let entry = Entry { name: name(own.to_owned()), support: Support::None };
            self.exact.insert(key(spelling), entry);
        }
    }

    /// The names on sale, whose spelling wins over the word lists'; their keys.
    fn add_catalog(&mut self, catalog: &Catalog) -> HashSet<String> {
        let mut on_sale = HashSet::new();
        for sold in catalog.models() {
            on_sale.insert(self.rename(sold.model, Name::Model));
            let glued = key(&format!("{}{}", sold.make, sold.model));
            let entry = Entry { name: Name::Model(sold.model.to_owned()), support: Support::None };
            self.exact.entry(glued).or_insert(entry);
            self.makers.entry(key(sold.model)).or_default().push(key(sold.make));
        }
        for sold in catalog.makes() {
            on_sale.insert(self.rename(sold.make, Name::Make));
        }
        on_sale
    }

    /// Drops names of the market that only add a shape to one on sale: `Yaris Sedan` is a Yaris, and a
    /// sedan.
    fn leave_out_shapes(&mut self, on_sale: &HashSet<String>) {
        let bodies = &Words::built_in().bodies;
        for known in CatalogWords::built_in().known_models() {
            let Some((name, shape)) = known.model.rsplit_once(' ') else { continue };
            let is_shape = bodies
                .iter()
                .any(|words| words.body == known.body && key(&words.name) == key(shape));
            if is_shape && on_sale.contains(&key(name)) && !on_sale.contains(&key(&known.model)) {
                self.exact.remove(&key(&known.model));
            }
        }
    }

    /// Gives every spelling of a name the catalogue's own.
    fn rename(&mut self, own: &str, name: fn(String) -> Name) -> String {
        let own_key = key(own);
        let entry = Entry { name: name(own.to_owned()), support: Support::None };
        if let Some(old) = self.exact.insert(own_key.clone(), entry) {
            for known in self.exact.values_mut().filter(|known| known.name == old.name) {
                known.name = name(own.to_owned());
            }
        }
        own_key
    }

    fn note_support(
        &mut self,
        any: &HashSet<String>,
        sought: &HashSet<String>,
        make: &HashSet<String>,
    ) {
        for (key, entry) in &mut self.exact {
            let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
            if make.contains(key) {
                entry.support = Support::Make;
            } else if is_number {
                entry.support = Support::Dated;
            } else if sought.contains(key) {
                entry.support = Support::Sought;
            } else if any.contains(key) {
                entry.support = Support::Any;
            }
        }
    }

    fn note_spellings(&mut self, on_sale: &HashSet<String>) {
        let mut keys: Vec<&String> = self.exact.keys().collect();
        keys.sort_unstable();
        for key in keys {
            let entry = &self.exact[key];
            let spelling = Spelling::new(key.clone());
            if let Name::Model(model) = &entry.name
                && key.len() >= SHORT_NAME
            {
                for make in self.makers.get(&self::key(model)).into_iter().flatten() {
                    self.models.entry(make.clone()).or_default().push(spelling.clone());
                }
            }
            if entry.support >= Support::Dated {
                continue;
            }
            self.sounds.entry(sound(key)).or_default().push(key.clone());
            if key.len() >= TYPO_LETTERS {
                let on_sale = on_sale.contains(key) || self.is_spoken_for(key, on_sale);
                let candidate = Candidate { key: spelling, on_sale };
                self.by_length.entry(key.len()).or_default().push(candidate);
            }
        }
    }

    /// Whether a spelling is one of a name on sale.
    fn is_spoken_for(&self, spelling: &str, on_sale: &HashSet<String>) -> bool {
        let (Name::Make(own) | Name::Model(own)) = &self.exact[spelling].name;
        on_sale.contains(&key(own))
    }

    /// The name that is spelled just so, in the singular too where it is long enough: `los Jettas`.
    pub(super) fn spelled(&self, key: &str) -> Option<&Entry> {
        let singular = || key.strip_suffix('s').filter(|name| name.len() > SHORT_NAME);
        self.exact.get(key).or_else(|| self.exact.get(singular()?))
    }

    /// Whether a make is known to have this model, or the model is not known at all.
    pub(super) fn makes(&self, make: &str, model: &str) -> bool {
        let makers = self.makers.get(&key(model));
        makers.is_none_or(|makers| makers.contains(&key(make)))
    }

    /// The names that a word may be meant for: one where it sounds like it or is a typo of it,
    /// several where they are equally near. `models` are the spellings of those whose make the
    /// message names: a shorter and a worse typo of them counts.
    pub(super) fn meant<'a>(
        &'a self,
        word: &str,
        models: &[&'a Spelling<String>],
    ) -> Vec<&'a Entry> {
        if self.common.contains(word) || word.len() < TYPO_LETTERS - 1 {
            return Vec::new();
        }
        if let Some(entry) = self.stretched(word).or_else(|| self.small(word)) {
            return vec![entry];
        }
        let written = Spelling::new(word);
        let with_make = self.nearest(&written, models.iter().copied(), TYPO_FLOOR_WITH_MAKE);
        if !with_make.is_empty() {
            return with_make;
        }
        if word.len() < TYPO_LETTERS {
            return self.without_a_vowel(word).into_iter().collect();
        }
        if let Some([heard]) = self.sounds.get(&sound(word)).map(Vec::as_slice) {
            return vec![&self.exact[heard]];
        }
        let near = |on_sale: bool| {
            let lengths = word.len().saturating_sub(2)..=word.len() + 2;
            let known = lengths.filter_map(|length| self.by_length.get(&length)).flatten();
            let known = known.filter(|known| known.on_sale == on_sale);
            self.nearest(&written, known.map(|known| &known.key), TYPO_FLOOR)
        };
        let on_sale = near(true);
        if on_sale.is_empty() { near(false) } else { on_sale }
    }

    /// The name in letters that are held for long: `HILUXXX`.
    fn stretched(&self, word: &str) -> Option<&Entry> {
        let mut short = String::with_capacity(word.len());
        for letter in word.chars().filter(|letter| letter.is_alphabetic()) {
            if !short.ends_with(letter) {
                short.push(letter);
            }
        }
        let held = word.len() >= short.len() + 2;
        self.exact.get(&short).filter(|entry| held && entry.support != Support::Make)
    }

    /// The one name on sale of which a word too short for a typo leaves out the first vowel, as one
    /// hastily writes: `vrsa`, `jtta`.
    fn without_a_vowel(&self, word: &str) -> Option<&Entry> {
        let known = self.by_length.get(&(word.len() + 1))?;
        let mut meant = known.iter().filter(|known| {
            let name = known.key.as_str();
            let vowel = name.find(['a', 'e', 'i', 'o', 'u']).filter(|at| *at > 0 && known.on_sale);
            vowel.is_some_and(|at| word == [&name[..at], &name[at + 1..]].concat())
        });
        let first = meant.next()?;
        meant.next().is_none().then(|| &self.exact[first.key.as_str()])
    }

    /// The name in its small form: `tsurito`, `versita`.
    fn small(&self, word: &str) -> Option<&Entry> {
        let stem = ["itos", "itas", "ito", "ita"].iter().find_map(|end| word.strip_suffix(end))?;
        let endings = ["a", "o", "u", "e", ""];
        let mut names = endings.iter().filter_map(|end| self.exact.get(&format!("{stem}{end}")));
        names.find(|entry| stem.len() >= SHORT_NAME && entry.support == Support::None)
    }

    /// The spellings of the models of a make; those that can be mistyped.
    pub(super) fn models_of(&self, make: &str) -> &[Spelling<String>] {
        self.models.get(&key(make)).map_or(&[], Vec::as_slice)
    }

    /// The nearest of some keys, with all others that are nearly as near; none under `floor`.
    fn nearest<'a>(
        &'a self,
        word: &Spelling<&str>,
        keys: impl Iterator<Item = &'a Spelling<String>>,
        floor: f64,
    ) -> Vec<&'a Entry> {
        let scored = keys.filter_map(|key| Some((word.resemblance(key, floor)?, key.as_str())));
        let mut near: Vec<(f64, &str)> = scored.collect();
        near.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(right.1)));
        let best = near.first().map_or(0.0, |(score, _)| *score);
        near.retain(|(score, _)| best - score < TYPO_MARGIN);
        let mut entries: Vec<&Entry> = Vec::new();
        for entry in near.iter().map(|(_, key)| &self.exact[*key]) {
            if entries.iter().all(|known| known.name != entry.name) {
                entries.push(entry);
            }
        }
        entries
    }
}

/// A name folded, letters and digits only.
pub(super) fn key(name: &str) -> String {
    let mut key = fold(name);
    key.retain(char::is_alphanumeric);
    key
}
