//! Every run of the word lists, and where they stand in a message.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::ops::Range;
use std::sync::LazyLock;

use super::cue::Cue;
use super::words::{Run, Words};
use crate::catalog::{Condition, Feature, Sort, Transmission};
use crate::text::Text;

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

/// The runs of words that begin with the same words: those that end here, and those that go on.
#[derive(Debug, Default)]
struct Lexicon {
    meanings: Vec<Meaning>,
    longer: HashMap<String, Lexicon>,
}

static BUILT_IN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(Words::built_in()));

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

fn everything(text: &Text) -> Vec<Said> {
    let tokens = text.tokens();
    let mut said = Vec::new();
    for start in 0..tokens.len() {
        let mut runs = &*BUILT_IN;
        for (end, token) in tokens.iter().enumerate().skip(start) {
            let Some(longer) = runs.longer.get(&token.text) else { break };
            runs = longer;
            let ended = runs.meanings.iter();
            said.extend(ended.map(|meaning| Said { meaning: *meaning, tokens: start..end + 1 }));
        }
    }
    said
}

impl Lexicon {
    fn of(words: &Words) -> Self {
        let mut lexicon = Self::default();
        for (index, body) in words.bodies.iter().enumerate() {
            lexicon.add(&body.says, Meaning::Body(index));
        }
        for (index, group) in words.body_groups.iter().enumerate() {
            lexicon.add(&group.says, Meaning::BodyGroup(index));
        }
        for feature in &words.features {
            lexicon.add(&feature.says, Meaning::Feature(feature.feature));
        }
        for transmission in &words.transmissions {
            lexicon.add(&transmission.says, Meaning::Transmission(transmission.transmission));
        }
        for sort in &words.sorts {
            lexicon.add(&sort.says, Meaning::Sort(sort.sort));
        }
        for (index, size) in words.sizes.iter().enumerate() {
            lexicon.add(&size.says, Meaning::Size(index));
        }
        for (run, condition) in words.release.runs() {
            lexicon.add(&[run], Meaning::Release(condition));
        }
        for (cue, runs) in words.cues.lists() {
            lexicon.add(runs, Meaning::Cue(cue));
        }
        lexicon
    }

    fn add(&mut self, runs: &[Run], meaning: Meaning) {
        for Run(words) in runs {
            let mut node = &mut *self;
            for word in words {
                node = node.longer.entry(word.clone()).or_default();
            }
            node.meanings.push(meaning);
        }
    }
}
