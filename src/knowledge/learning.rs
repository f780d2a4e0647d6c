//! The passages' examples, made ready to be searched and learnt from.
//!
//! Learning takes some hundred milliseconds, so it is done once somebody asks, or a server warms up.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::index::Fields;
use super::lexicon::{Lexicon, Word, words};
use super::passage::Entry;
use super::recogniser::{Counted, Example, Recogniser};

/// How people ask for a passage, as the index and the recogniser take it.
pub(super) struct Asked {
    pub(super) fields: Fields,
    pub(super) counted: Vec<Counted>,
}

impl Asked {
    /// Reads what `entry` is asked with; `stems` remembers those of words read before.
    pub(super) fn of(
        lexicon: &Lexicon,
        stems: &mut HashMap<String, String>,
        entry: &Entry,
    ) -> Self {
        let mut counted = Vec::new();
        let mut read = |text: &str, is_asked: bool| {
            let words: Vec<Word> =
                words(text).into_iter().map(|word| lexicon.in_full(word)).collect();
            let terms = lexicon.terms_by(stems, &words);
            if is_asked && !words.is_empty() {
                counted.push(Counted::of(&words, &terms));
            }
            terms
        };
        let fields = Fields {
            examples: entry.questions.iter().map(|one| read(&one.text, true)).collect(),
            head: entry
                .words
                .split(',')
                .map(|text| (text, false))
                .chain([(entry.passage.title.as_str(), true)])
                .flat_map(|(text, is_asked)| read(text, is_asked))
                .collect(),
            body: read(&entry.passage.text, false),
        };
        // All of them at once: one listed word alone is nobody's question.
        read(&entry.words, true);
        Self { fields, counted }
    }
}

/// What there is to learn from, and what was learnt once somebody asked.
pub(super) struct Learning {
    examples: Vec<Example>,
    passages: usize,
    learnt: OnceLock<Recogniser>,
}

impl Learning {
    /// Of the examples of each passage.
    pub(super) fn of(examples: Vec<Vec<Counted>>) -> Self {
        let passages = examples.len();
        let of = |(passage, counted): (usize, Vec<Counted>)| {
            counted.into_iter().map(move |counted| Example { passage, counted })
        };
        let examples = examples.into_iter().enumerate().flat_map(of).collect();
        Self { examples, passages, learnt: OnceLock::new() }
    }

    /// What was learnt; whoever comes first waits for it.
    pub(super) fn get(&self) -> &Recogniser {
        self.learnt.get_or_init(|| Recogniser::learn(&self.examples, self.passages))
    }
}
