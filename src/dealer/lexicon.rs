//! Every run of the word lists, and where they stand in a message.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::ops::Range;
use std::sync::LazyLock;

use super::cue::Cue;
use super::words::{Run, Words};
use crate::catalog::{Condition, Feature, Sort, Transmission};
use crate::spanish::{self, sound};
use crate::text::{Runs, Text, TokenKind, resemblance};

/// Letters from which on a word can be a typo of a kind of car, and how alike the two must sound.
const TYPO_LETTERS: usize = 6;
const TYPO_FLOOR: f64 = 0.8;

/// Letters from which on a word is heard as one that sounds the same.
const HEARD_LETTERS: usize = 5;

/// What a run of words is for, where it stands in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One of these bodies: an index into [`Words::bodies`].
    Body(usize),
    /// Several bodies: an index into [`Words::body_groups`].
    BodyGroup(usize),
    /// A feature.
    Feature(Feature),
    /// A transmission.
    Transmission(Transmission),
    /// An order.
    Sort(Sort),
    /// A size: an index into [`Words::sizes`].
    Size(usize),
    /// A condition that no longer counts.
    Release(Condition),
    /// A cue.
    Cue(Cue),
}

/// Something said: what it is for, and its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// What it is for.
    pub(super) meaning: Meaning,
    /// Its tokens, as indices into [`Text::tokens`].
    pub(super) tokens: Range<usize>,
}

impl Said {
    /// Whether it is of this list of cues.
    pub(super) fn is(&self, cue: Cue) -> bool {
        self.meaning == Meaning::Cue(cue)
    }
}

/// The runs of all word lists.
static BUILT_IN: LazyLock<Runs<Meaning>> = LazyLock::new(|| runs(Words::built_in()));

/// Everything of the word lists that stands in a message, in order. Of two runs that tell the same
/// sort of thing, one within the other, the longer counts: `más barato` is no `barato`.
pub(super) fn read(text: &Text) -> Vec<Said> {
    let mut said = everything(text);
    let mut longest: HashMap<Discriminant<Meaning>, usize> = HashMap::new();
    said.sort_by_key(|said| (said.tokens.start, Reverse(said.tokens.end)));
    said.retain(|said| {
        let end = longest.entry(discriminant(&said.meaning)).or_default();
        let many = matches!(said.meaning, Meaning::Cue(_) | Meaning::Release(_));
        let counts = many || said.tokens.end > *end;
        *end = (*end).max(said.tokens.end);
        counts
    });
    said
}

/// The kind of car that a word is a typo of, or sounds like: `hachbac`, `standar`, `camoneta`.
fn mistyped(word: &str) -> Option<Meaning> {
    if word.len() < TYPO_LETTERS || Words::built_in().not_kinds.contains(word) {
        return None;
    }
    let heard = sound(word);
    let alike = KINDS.get(&heard.chars().next()?)?;
    let near = |(kind, meaning): &(String, Meaning)| {
        resemblance(&heard, kind, TYPO_FLOOR).map(|score| (score, *meaning))
    };
    let near = alike.iter().filter_map(near);
    near.max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, meaning)| meaning)
}

/// The sounds of the single words for bodies, features and gearboxes, by their first letter.
static KINDS: LazyLock<HashMap<char, Vec<(String, Meaning)>>> = LazyLock::new(|| {
    let mut kinds: HashMap<char, Vec<(String, Meaning)>> = HashMap::new();
    for (word, runs) in BUILT_IN.next_words() {
        let tells = |meaning: &&Meaning| {
            let is_kind = matches!(
                meaning,
                Meaning::Body(_)
                    | Meaning::BodyGroup(_)
                    | Meaning::Feature(_)
                    | Meaning::Transmission(_)
            );
            is_kind && word.len() >= TYPO_LETTERS
        };
        if let Some(meaning) = runs.ended().iter().find(tells) {
            let heard = sound(word);
            let first = heard.chars().next().unwrap_or_default();
            kinds.entry(first).or_default().push((heard, *meaning));
        }
    }
    for alike in kinds.values_mut() {
        alike.sort_by(|left, right| left.0.cmp(&right.0));
    }
    kinds
});

/// What `word` is short for, or the word for an order that it sounds like: `d menos km`, `el más
/// varato`.
fn meant(word: &str) -> Option<&'static str> {
    let as_heard = || ORDERS.get(&sound(word)).map(String::as_str);
    spanish::full_form(word).or_else(|| if is_short(word) { None } else { as_heard() })
}

/// Whether too few letters stand in a word to tell it by its sound: `karo` may be `carro`.
fn is_short(word: &str) -> bool {
    word.len() < HEARD_LETTERS
}

/// The words of the runs for orders, sizes and features, by their sounds.
static ORDERS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let words = Words::built_in();
    let orders = words.sorts.iter().flat_map(|sort| &sort.says);
    let features = words.features.iter().flat_map(|feature| &feature.says);
    let sizes = words.sizes.iter().flat_map(|size| &size.says);
    let runs = orders.chain(features).chain(sizes);
    let all = runs.flat_map(|Run(words)| words).filter(|word| !is_short(word));
    all.map(|word| (sound(word), word.clone())).collect()
});

fn everything(text: &Text) -> Vec<Said> {
    let tokens = text.tokens();
    let meant: Vec<Option<&str>> = tokens.iter().map(|token| meant(&token.text)).collect();
    let longer = |runs: &'static Runs<Meaning>, at: usize| {
        runs.longer(&tokens[at].text).or_else(|| runs.longer(meant[at]?))
    };
    let mut said: Vec<Said> = Vec::new();
    for start in 0..tokens.len() {
        if longer(&BUILT_IN, start).is_none() && tokens[start].kind == TokenKind::Word {
            let meaning = mistyped(&tokens[start].text);
            said.extend(meaning.map(|meaning| Said { meaning, tokens: start..start + 1 }));
            continue;
        }
        let mut runs = &*BUILT_IN;
        for end in start..tokens.len() {
            let Some(next) = longer(runs, end) else { break };
            runs = next;
            let ended = runs.ended().iter();
            said.extend(ended.map(|meaning| Said { meaning: *meaning, tokens: start..end + 1 }));
        }
    }
    said
}

fn runs(words: &Words) -> Runs<Meaning> {
    let mut runs = Vec::new();
    let mut add = |says: &[Run], meaning: Meaning| {
        runs.extend(says.iter().map(|Run(words)| (words.clone(), meaning)));
    };
    for (index, body) in words.bodies.iter().enumerate() {
        add(&body.says, Meaning::Body(index));
    }
    for (index, group) in words.body_groups.iter().enumerate() {
        add(&group.says, Meaning::BodyGroup(index));
    }
    for feature in &words.features {
        add(&feature.says, Meaning::Feature(feature.feature));
    }
    for transmission in &words.transmissions {
        add(&transmission.says, Meaning::Transmission(transmission.transmission));
    }
    for sort in &words.sorts {
        add(&sort.says, Meaning::Sort(sort.sort));
    }
    for (index, size) in words.sizes.iter().enumerate() {
        add(&size.says, Meaning::Size(index));
    }
    for (run, condition) in words.release.runs() {
        add(&[run], Meaning::Release(condition));
    }
    for (cue, list) in words.cues.lists() {
        add(list, Meaning::Cue(cue));
    }
    runs.into_iter().collect()
}
