//! The fixed answers by the words that they answer.

use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;

use super::flow::{ANY_NUMBER, ANY_WORDS, Choice};
use crate::text::{PlainRuns, Runs, Wholes, resemblance};

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
    /// Whole messages, with the choice that each is.
    whole: Wholes<u32>,
    runs: Runs<u32>,
    /// Every word of them that could be mistyped, by its length in bytes.
    words: HashMap<usize, IndexSet<Box<str>>>,
    /// Choices that are told by several of some words: the choice, the words, how many.
    among: Vec<(u32, HashSet<String>, usize)>,
    /// For each choice, the runs beside which it is not meant.
    unless: Vec<PlainRuns>,
}

impl Sayings {
    /// The sayings of `choices`.
    pub(super) fn of(choices: &[Choice]) -> Self {
        let (mut whole, mut runs, mut said) = (Vec::new(), Vec::new(), IndexSet::new());
        for (index, choice) in (0..).zip(choices) {
            for phrase in choice.phrases() {
                whole.push((phrase.as_str(), index));
                said.extend(phrase.split(' ').filter(|word| is_long(word)));
            }
            for run in choice.contains.iter() {
                runs.push((run.split(' ').collect(), index));
                said.extend(run.split(' ').filter(|word| is_long(word)));
            }
        }
        let mut words: HashMap<usize, IndexSet<Box<str>>> = HashMap::new();
        for word in said {
            words.entry(word.len()).or_default().insert(word.into());
        }
        let among = (0..).zip(choices).map(|(index, choice)| {
            let (words, at_least) = &choice.among;
            (index, words.iter().cloned().collect(), *at_least)
        });
        Self {
            whole: whole.into_iter().collect(),
            runs: runs.into_iter().collect(),
            words,
            among: among.filter(|(_, words, _): &(_, HashSet<_>, _)| !words.is_empty()).collect(),
            unless: choices.iter().map(|choice| choice.unless.clone()).collect(),
        }
    }

    /// The first choice that `plain` is, as a whole or by a run in it, of those that `applies` lets
    /// through.
    pub(super) fn find(&self, plain: &str, applies: impl Fn(usize) -> bool) -> Option<usize> {
        let words: Vec<&str> = plain.split(' ').take(MOST_WORDS).collect();
        let mut found: Vec<u32> = self.whole.get(plain).collect();
        for start in 0..words.len() {
            walk(&self.runs, &words[start..], &mut found);
        }
        found.extend(self.by_words(&words));
        let is_meant = |choice: &usize| applies(*choice) && !self.unless[*choice].stand_in(plain);
        found.into_iter().map(|choice| choice as usize).filter(is_meant).min()
    }

    /// The choices that enough of the words tell.
    fn by_words(&self, said: &[&str]) -> impl Iterator<Item = u32> {
        let enough = |(_, words, at_least): &&(u32, HashSet<String>, usize)| {
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
        if self.words.get(&length).is_some_and(|known| known.contains(word)) {
            return None;
        }
        let near = |length| self.words.get(&length).into_iter().flatten();
        let candidates = (length - 1..=length + 1).flat_map(near);
        let scored =
            candidates.filter_map(|known| Some((resemblance(word, known, TYPO_FLOOR)?, known)));
        let best = scored.max_by(|left, right| left.0.total_cmp(&right.0));
        best.map(|(_, known)| &**known)
    }
}

/// Adds the choices whose runs begin with `words`.
fn walk(runs: &Runs<u32>, words: &[&str], found: &mut Vec<u32>) {
    found.extend(runs.ended());
    if let Some(gap) = runs.longer(ANY_WORDS) {
        for skipped in 0..=MOST_SKIPPED.min(words.len()) {
            walk(gap, &words[skipped..], found);
        }
    }
    let Some((word, rest)) = words.split_first() else { return };
    if let Some(longer) = runs.longer(word) {
        walk(longer, rest, found);
    }
    if let Some(longer) = runs.longer(ANY_NUMBER).filter(|_| is_number(word)) {
        walk(longer, rest, found);
    }
}

/// Whether a word of a saying may be what a mistyped one should be, which may have a letter more.
fn is_long(word: &str) -> bool {
    word.len() + 1 >= TYPO_LETTERS
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(phrases: &[&str], contains: &[&str], unless: &[&str]) -> Choice {
        let owned = |words: &&str| (*words).to_owned();
        Choice {
            name: String::new(),
            label: None,
            phrases: vec![phrases.iter().map(owned).collect()],
            contains: contains.iter().map(owned).collect(),
            unless: unless.iter().map(owned).collect(),
            needs: Vec::new(),
            among: (Vec::new(), 0),
            alone: false,
            say: None,
            urgent: false,
            quiet: false,
            undecided: false,
            act: crate::engine::flow::Act::default(),
        }
    }

    fn sayings() -> Sayings {
        Sayings::of(&[
            choice(&["gracias", "mil gracias", "gratis"], &[], &[]),
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
        assert_eq!(sayings.mended("grattis").as_deref(), Some("gratis"));
        assert_eq!(sayings.mended("casi"), None);
    }
}
