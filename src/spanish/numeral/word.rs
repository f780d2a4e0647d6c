//! The words that numbers are made of.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::lists::{self, Phrases, WordMap, WordSet};
use crate::text::{fold, resemblance};

/// The part that a word plays in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberWord {
    /// 0 to 900: what a group below a thousand is added up from.
    Small(u32),
    /// `cientos`, which makes hundreds of the digit before it.
    Hundreds,
    /// `mil`, `millones`.
    Scale { by: u64, alone: bool, after: After },
    /// `cincuentamil`: a small number and the scale it is glued to.
    Joined { small: u32, by: u64 },
    /// `medio`, `tercios`: one part of so many.
    Part { of: u32, plural: bool },
    /// `y`.
    And,
    /// `punto`, `coma`.
    Point,
    /// `con`.
    With,
    /// `sobre`.
    Over,
    /// `menos`, `negativo`.
    Negative,
}

/// What a scale must follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// Any number.
    Anything,
    /// A number in digits.
    Digits,
    /// Digits without a blank between, and written as a capital.
    DigitsAsCapital,
}

/// What a word that is no number word may have been meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// A number below a thousand.
    Number(u32),
    /// One of several.
    Unclear,
    /// None.
    No,
}

/// Shorter words are too near to each other to be guessed.
const GUESSED_LETTERS: usize = 5;

/// How alike a word and the number word that it is taken for must be.
const ALIKE: f64 = 0.75;

/// The number words of the language.
pub(in crate::spanish) static NUMBER_WORDS: LazyLock<NumberWords> = LazyLock::new(|| {
    NumberWords::new(&lists::load(include_str!("../../../data/spanish/numbers.toml")))
});

/// The number below a thousand that a folded word says by itself: 55 has two words and is none.
#[must_use]
pub fn small_number(word: &str) -> Option<u32> {
    match NUMBER_WORDS.words.get(word) {
        Some(NumberWord::Small(number)) => Some(*number),
        _ => None,
    }
}

pub(in crate::spanish) struct NumberWords {
    words: WordMap<NumberWord>,
    /// The small numbers as they stand in the list, for guesses.
    small: Vec<(String, u32)>,
    /// Words after which `menos` is no sign.
    pub(super) not_negative_after: WordSet,
    /// Words that digits may be glued to.
    pub(super) before_digits: WordSet,
    /// Words that may be glued between digits.
    pub(super) between_digits: WordSet,
    /// Words after which `y` parts two numbers.
    pub(super) openers: WordSet,
    /// Words that make the number after them a pick.
    pub(in crate::spanish) pick: WordSet,
    /// Words after which `tres cincuenta` is no 350.
    pub(super) not_hundreds_after: WordSet,
    /// What addresses of the web begin with.
    pub(super) links: WordSet,
    /// What makes a percentage of the number that it is glued to.
    pub(in crate::spanish) percent_ending: String,
    /// Phrases that make the number before them a vague one.
    pub(super) vague: Phrases<()>,
    /// Phrases whose number words count nothing.
    pub(super) idioms: Phrases<()>,
}

impl NumberWords {
    /// The part that a folded word plays, where it plays one.
    pub(super) fn get(&self, word: &str) -> Option<NumberWord> {
        self.words.get(word).copied().or_else(|| self.part(word))
    }

    /// `veintiunavo`, `treintavos`: any number names a part, with this ending.
    fn part(&self, word: &str) -> Option<NumberWord> {
        let (singular, plural) = match word.strip_suffix('s') {
            Some(singular) => (singular, true),
            None => (word, false),
        };
        let number = singular.strip_suffix("vo").or_else(|| singular.strip_suffix("va"))?;
        let numbers = [Some(number), number.strip_suffix('a')];
        numbers.into_iter().flatten().find_map(|number| match self.words.get(number) {
            Some(NumberWord::Small(of @ 2..)) => Some(NumberWord::Part { of: *of, plural }),
            _ => None,
        })
    }

    /// What a misspelled number word was meant for. Only words with the same first letter and about
    /// as long are compared, which keeps a guess under a microsecond.
    pub(super) fn guess(&self, word: &str) -> Guess {
        if word.len() < GUESSED_LETTERS {
            return Guess::No;
        }
        let candidates = self.small.iter().filter(|(candidate, _)| {
            candidate.as_bytes()[0] == word.as_bytes()[0]
                && candidate.len().abs_diff(word.len()) <= 2
        });
        let mut best = (ALIKE, Guess::No);
        for (candidate, value) in candidates {
            let Some(score) = resemblance(word, candidate, best.0) else { continue };
            if score > best.0 || (score >= best.0 && best.1 == Guess::No) {
                best = (score, Guess::Number(*value));
            } else if score >= best.0 && best.1 != Guess::Number(*value) {
                best.1 = Guess::Unclear;
            }
        }
        best.1
    }

    fn new(file: &File) -> Self {
        let mut words = WordMap::default();
        let mut put = |spellings: &[String], role: NumberWord| {
            words.extend(spellings.iter().map(|word| (fold(word), role)));
        };
        for (of, spellings) in &file.parts {
            let (plural, singular) =
                spellings.iter().cloned().partition(|word| word.ends_with('s'));
            let singular: Vec<String> = singular;
            put(&singular, NumberWord::Part { of: number(of), plural: false });
            put(&plural, NumberWord::Part { of: number(of), plural: true });
        }
        put(&file.words.hundreds, NumberWord::Hundreds);
        put(&file.words.and, NumberWord::And);
        put(&file.words.point, NumberWord::Point);
        put(&file.words.with, NumberWord::With);
        put(&file.words.over, NumberWord::Over);
        put(&file.words.negative, NumberWord::Negative);
        let small = listed_small(file);
        words.extend(small_words(&small, &file.words.percent_ending));
        words.extend(scale_words(file));
        Self {
            words,
            small,
            not_negative_after: lists::words(&file.words.not_negative_after),
            before_digits: lists::words(&file.words.before_digits),
            between_digits: lists::words(&file.words.between_digits),
            openers: lists::words(&file.words.openers),
            not_hundreds_after: lists::words(&file.words.not_hundreds_after),
            pick: lists::words(&file.words.pick),
            links: lists::words(&file.words.links),
            percent_ending: fold(&file.words.percent_ending),
            vague: Phrases::of(&file.words.vague, ()),
            idioms: Phrases::of(&file.idioms.phrases, ()),
        }
    }
}

fn listed_small(file: &File) -> Vec<(String, u32)> {
    let values = file.small.iter();
    values.flat_map(|(value, words)| words.iter().map(|word| (fold(word), number(value)))).collect()
}

/// The small numbers, those that people write as one word (`treintaicinco`, `cientoveinte`) and
/// those glued to their thousand (`cincuentamil`) or to `porciento`.
fn small_words(listed: &[(String, u32)], percent: &str) -> Vec<(String, NumberWord)> {
    let mut small = listed.to_vec();
    let between = |least: u32, limit: u32| {
        listed.iter().filter(move |(_, value)| (least..limit).contains(value))
    };
    for (tens, ten) in between(20, 100).filter(|(_, value)| value % 10 == 0) {
        for (units, unit) in between(1, 10) {
            small.extend(["y", "i"].map(|and| (format!("{tens}{and}{units}"), ten + unit)));
        }
    }
    for (hundreds, hundred) in between(100, 1000) {
        for (rest, value) in between(10, 100) {
            small.push((format!("{hundreds}{rest}"), hundred + value));
        }
    }
    let with_thousand = small.iter().filter(|(_, value)| *value > 1).map(|(word, value)| {
        (format!("{word}mil"), NumberWord::Joined { small: *value, by: 1000 })
    });
    let mut words: Vec<_> = with_thousand.collect();
    let with_percent =
        listed.iter().map(|(word, value)| (format!("{word}{percent}"), NumberWord::Small(*value)));
    words.extend(with_percent);
    words.extend(small.into_iter().map(|(word, value)| (word, NumberWord::Small(value))));
    words
}

fn scale_words(file: &File) -> Vec<(String, NumberWord)> {
    let alone = lists::words(&file.scale_rules.alone);
    let mut words = Vec::new();
    for (by, spellings) in &file.scales {
        let by = number(by);
        for word in spellings.iter().map(|word| fold(word)) {
            let alone = alone.contains(&word);
            words.push((word, NumberWord::Scale { by, alone, after: After::Anything }));
        }
    }
    let mut after = |letters: &BTreeMap<String, u64>, after: After| {
        for (letter, by) in letters {
            words.push((letter.clone(), NumberWord::Scale { by: *by, alone: false, after }));
        }
    };
    after(&file.scale_rules.after_digits, After::Digits);
    after(&file.scale_rules.capital, After::DigitsAsCapital);
    words
}

/// A number that is a key of the lists.
fn number<N: FromStr>(key: &str) -> N {
    let digits = key.replace('_', "");
    digits.parse().ok().expect("the keys of the number lists are whole numbers")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    small: BTreeMap<String, Vec<String>>,
    words: Words,
    scales: BTreeMap<String, Vec<String>>,
    scale_rules: ScaleRules,
    parts: BTreeMap<String, Vec<String>>,
    idioms: Idioms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    hundreds: Vec<String>,
    and: Vec<String>,
    point: Vec<String>,
    with: Vec<String>,
    over: Vec<String>,
    negative: Vec<String>,
    not_negative_after: Vec<String>,
    before_digits: Vec<String>,
    between_digits: Vec<String>,
    openers: Vec<String>,
    pick: Vec<String>,
    not_hundreds_after: Vec<String>,
    links: Vec<String>,
    vague: Vec<String>,
    percent_ending: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScaleRules {
    alone: Vec<String>,
    after_digits: BTreeMap<String, u64>,
    capital: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Idioms {
    phrases: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_reads_and_knows_its_words() {
        let get = |word| NUMBER_WORDS.get(word);
        assert_eq!(get("quinientos"), Some(NumberWord::Small(500)));
        assert_eq!(get("treintaicinco"), Some(NumberWord::Small(35)));
        assert_eq!(get("cincuentamil"), Some(NumberWord::Joined { small: 50, by: 1000 }));
        assert_eq!(get("tercios"), Some(NumberWord::Part { of: 3, plural: true }));
        assert_eq!(get("cientoveinte"), Some(NumberWord::Small(120)));
        assert_eq!(get("coche"), None);
    }

    #[test]
    fn misspellings_are_guessed_where_one_number_is_nearest() {
        let guess = |word| NUMBER_WORDS.guess(word);
        assert_eq!(guess("sinkuenta"), Guess::Number(50));
        assert_eq!(guess("quinietos"), Guess::Number(500));
        assert_eq!(guess("seenta"), Guess::Unclear);
        assert_eq!(guess("cuesta"), Guess::No);
    }
}
