//! The fixed answers by the words that they answer.

use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;

use super::flow::{ANY_NUMBER, ANY_WORDS, Choice};
use crate::text::resemblance;

/// How alike a mistyped word must be: one slip in seven letters.
const TYPO_FLOOR: f64 = 0.85;

/// Letters from which on a mistyped word counts: short ones are too near to words of their own
/// (`puntos`, `carros`).
const TYPO_LETTERS: usize = 7;

/// Words of a message that are looked through: small talk is short.
const MOST_WORDS: usize = 150;

/// Words that [`ANY_WORDS`] stands for at most.
const MOST_SKIPPED: usize = 2;

/// The words that a list of choices is made with, ready to be found in a message. A choice is told
/// by its index in the list; of several, the first one is meant.
#[derive(Debug, Clone, Default)]
pub(super) struct Sayings {
    whole: HashMap<String, Vec<usize>>,
    runs: Node,
    /// Every word of them by its length in bytes, for the mending of typos.
    words: HashMap<usize, IndexSet<String>>,
    /// Choices that are told by several of some words: the choice, the words, how many.
    among: Vec<(usize, HashSet<String>, usize)>,
    /// For each choice, the runs beside which it is not meant.
    unless: Vec<Vec<String>>,
}

/// The runs that begin with the same words: the choices that end here, and those that go on.
#[derive(Debug, Clone, Default)]
struct Node {
    choices: Vec<usize>,
    longer: HashMap<String, Node>,
}

impl Node {
    /// Adds the choices whose runs begin with `words`.
    fn walk(&self, words: &[&str], found: &mut Vec<usize>) {
        found.extend(&self.choices);
        if let Some(gap) = self.longer.get(ANY_WORDS) {
            for skipped in 0..=MOST_SKIPPED.min(words.len()) {
                gap.walk(&words[skipped..], found);
            }
        }
        let Some((word, rest)) = words.split_first() else { return };
        if let Some(longer) = self.longer.get(*word) {
            longer.walk(rest, found);
        }
        if let Some(longer) = self.longer.get(ANY_NUMBER).filter(|_| is_number(word)) {
            longer.walk(rest, found);
        }
    }
}

impl Sayings {
    /// The sayings of `choices`.
    pub(super) fn of(choices: &[Choice]) -> Self {
        let mut sayings = Self::default();
        for (index, choice) in choices.iter().enumerate() {
            for phrase in choice.phrases() {
                sayings.whole.entry(phrase.clone()).or_default().push(index);
                sayings.learn(phrase);
            }
            for run in &choice.contains {
                let words = run.split(' ');
                let end = words.fold(&mut sayings.runs, |node, word| {
                    node.longer.entry(word.to_owned()).or_default()
                });
                end.choices.push(index);
                sayings.learn(run);
            }
            let (words, at_least) = &choice.among;
            if !words.is_empty() {
                sayings.among.push((index, words.iter().cloned().collect(), *at_least));
            }
            sayings.unless.push(choice.unless.clone());
        }
        sayings
    }

    fn learn(&mut self, phrase: &str) {
        for word in phrase.split(' ') {
            let same_length = self.words.entry(word.len()).or_default();
            if !same_length.contains(word) {
                same_length.insert(word.to_owned());
            }
        }
    }

    /// The first choice that `plain` is, as a whole or by a run in it, of those that `applies` lets
    /// through.
    pub(super) fn find(&self, plain: &str, applies: impl Fn(usize) -> bool) -> Option<usize> {
        let words: Vec<&str> = plain.split(' ').take(MOST_WORDS).collect();
        let mut found = self.whole.get(plain).cloned().unwrap_or_default();
        for start in 0..words.len() {
            self.runs.walk(&words[start..], &mut found);
        }
        found.extend(self.by_words(&words));
        let is_meant = |choice: &usize| applies(*choice) && !has_any(plain, &self.unless[*choice]);
        found.into_iter().filter(is_meant).min()
    }

    /// The choices that enough of the words tell.
    fn by_words(&self, said: &[&str]) -> impl Iterator<Item = usize> {
        let enough = |(_, words, at_least): &&(usize, HashSet<String>, usize)| {
            said.iter().filter(|word| words.contains(**word)).count() >= *at_least
        };
        self.among.iter().filter(enough).map(|(choice, ..)| *choice)
    }

    /// `plain` with each word that no saying has, but comes near one of theirs, mended; none where
    /// there is none.
    pub(super) fn mended(&self, plain: &str) -> Option<String> {
        let mut changed = false;
        let words: Vec<&str> = plain
            .split(' ')
            .take(MOST_WORDS)
            .map(|word| {
                let mended = self.mend(word);
                changed |= mended.is_some();
                mended.unwrap_or(word)
            })
            .collect();
        changed.then(|| words.join(" "))
    }

    fn mend(&self, word: &str) -> Option<&str> {
        let length = word.len();
        if length < TYPO_LETTERS || !word.is_ascii() || word.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let near = |length| self.words.get(&length).into_iter().flatten();
        if near(length).any(|known| known == word) {
            return None;
        }
        let candidates = (length - 1..=length + 1).flat_map(near);
        let scored =
            candidates.filter_map(|known| Some((resemblance(word, known, TYPO_FLOOR)?, known)));
        let best = scored.max_by(|left, right| left.0.total_cmp(&right.0));
        best.map(|(_, known)| known.as_str())
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether one of these runs of words stands anywhere in `plain`.
pub(super) fn has_any(plain: &str, runs: &[String]) -> bool {
    runs.iter().any(|run| has(plain, run))
}

/// Whether `run` stands in `plain`, whole words alone.
fn has(plain: &str, run: &str) -> bool {
    let Some(first) = run.chars().next() else { return false };
    let mut from = 0;
    while let Some(found) = plain[from..].find(run) {
        let (before, after) = (&plain[..from + found], &plain[from + found + run.len()..]);
        let begins = before.is_empty() || before.ends_with(' ');
        if begins && (after.is_empty() || after.starts_with(' ')) {
            return true;
        }
        from += found + first.len_utf8();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn choice(phrases: &[&str], contains: &[&str], unless: &[&str]) -> Choice {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Choice {
            name: String::new(),
            label: None,
            phrases: vec![owned(phrases)],
            contains: owned(contains),
            unless: owned(unless),
            needs: Vec::new(),
            among: (Vec::new(), 0),
            alone: false,
            say: None,
            urgent: false,
            quiet: false,
            act: crate::engine::flow::Act::default(),
        }
    }

    fn sayings() -> Sayings {
        Sayings::of(&[
            choice(&["gracias", "mil gracias"], &[], &[]),
            choice(&[], &["donde estan", "sucursal"], &["kavak"]),
            choice(&[], &["estan", "ponle $ de interes"], &[]),
            Choice { among: (vec!["the".into(), "you".into()], 2), ..choice(&[], &[], &[]) },
            choice(&[], &["me * robar"], &[]),
        ])
    }

    fn find(plain: &str) -> Option<usize> {
        sayings().find(plain, |_| true)
    }

    #[test]
    fn what_does_not_apply_is_passed_over() {
        assert_eq!(sayings().find("donde estan", |choice| choice != 1), Some(2));
    }

    #[test]
    fn a_phrase_is_the_whole_message_and_a_run_any_part() {
        assert_eq!(find("mil gracias"), Some(0));
        assert_eq!(find("no gracias"), None);
        assert_eq!(find("oye donde estan ustedes"), Some(1));
        assert_eq!(find("estan"), Some(2));
    }

    #[test]
    fn a_run_is_not_meant_beside_other_words() {
        assert_eq!(find("sucursal de kavak"), None);
        assert_eq!(find("donde estan los de kavak"), Some(2));
    }

    #[test]
    fn a_number_stands_for_any_and_several_words_tell_together() {
        assert_eq!(find("ponle 5 de interes"), Some(2));
        assert_eq!(find("ponle mucho de interes"), None);
        assert_eq!(find("do you have the jetta"), Some(3));
        assert_eq!(find("the jetta"), None);
        assert_eq!(find("me van a robar"), Some(4));
        assert_eq!(find("me van seguro ustedes todos a robar"), None);
    }

    #[test]
    fn long_words_with_a_typo_are_mended() {
        let sayings = sayings();
        assert_eq!(sayings.mended("mil grasias").as_deref(), Some("mil gracias"));
        assert_eq!(sayings.mended("sucursla").as_deref(), Some("sucursal"));
        assert_eq!(sayings.mended("mil gracias"), None);
        assert_eq!(sayings.mended("casi"), None);
    }

    proptest! {
        #[test]
        fn runs_stand_between_blanks(plain in "[aé ]{0,9}", run in "[aé]( ?[aé]){0,3}") {
            let padded = format!(" {plain} ").contains(&format!(" {run} "));
            prop_assert_eq!(has(&plain, &run), padded);
        }
    }
}
