//! BM25F over two fields, with the share of the question that each passage covers.
//!
//! Zaragoza, Craswell, Taylor, Saria and Robertson, "Microsoft Cambridge at TREC-13" (2004), on
//! Robertson's BM25: a term's frequency in each field is divided by how long the field is against
//! its average, weighted, summed over the fields, and then saturated:
//!
//! ```text
//! tf'(t, p)   = Σ_field  weight · tf / (1 − b + b · length / average length)
//! score(q, p) = Σ_t      idf(t) · tf' / (k1 + tf')
//! idf(t)      = ln(1 + (N − n(t) + ½) / (n(t) + ½))
//! ```
//!
//! A passage whose example questions come near the question is raised by that likeness.

use std::collections::HashMap;

use super::examples::Examples;
use super::lexicon::Term;

const K1: f64 = 1.2;
/// A long list of words for a passage is its author's care, not a lack of focus.
const HEAD_B: f64 = 0.2;
const BODY_B: f64 = 0.5;

/// What a match in the title, the listed words or the example questions counts: their author says
/// by them what the passage is about.
const HEAD_WEIGHT: f64 = 3.0;
/// What a match in the text counts.
const BODY_WEIGHT: f64 = 1.0;
/// How much of a question's term a passage covers that has it in its text alone: a word in passing
/// is not what the passage is about.
const BODY_COVERAGE: f64 = 0.6;
/// How much the very question of an example raises a score, as a share of it.
const EXAMPLE_BOOST: f64 = 2.0;

/// The terms of one passage.
pub(super) struct Fields {
    /// Title and listed words.
    pub(super) head: Vec<Term>,
    /// The example questions, each by itself; their terms are head terms too.
    pub(super) examples: Vec<Vec<Term>>,
    /// The text the customer reads.
    pub(super) body: Vec<Term>,
}

/// How well one passage answers a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    pub(super) passage: usize,
    pub(super) score: f64,
    /// The share of the question's weight that the passage has, from 0 to 1.
    pub(super) coverage: f64,
    /// How near the nearest example comes to the question, from 0 to 1.
    pub(super) likeness: f64,
}

/// A term of a question, as the index knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// None where it stands nowhere.
    pub(super) id: Option<usize>,
    /// Its idf: how much it tells.
    pub(super) weight: f64,
    /// How sure it is that the word was meant, from 0 to 1.
    pub(super) confidence: f64,
}

/// Which terms stand in which passages.
pub(super) struct Index {
    ids: HashMap<String, usize>,
    postings: Vec<Vec<Posting>>,
    examples: Examples,
    passages: usize,
}

struct Posting {
    passage: usize,
    /// `tf' / (k1 + tf')`: all of the score that does not depend on the question.
    saturated: f64,
    in_head: bool,
}

impl Index {
    /// The index of passages, numbered in the order they come.
    pub(super) fn new(passages: &[Fields]) -> Self {
        let mut index = Self {
            ids: HashMap::new(),
            postings: Vec::new(),
            examples: Examples::default(),
            passages: passages.len(),
        };
        let average_head = average(passages.iter().map(Fields::head_length));
        let average_body = average(passages.iter().map(|fields| fields.body.len()));
        for (passage, fields) in passages.iter().enumerate() {
            let head = HEAD_WEIGHT / relative_length(fields.head_length(), average_head, HEAD_B);
            let body = BODY_WEIGHT / relative_length(fields.body.len(), average_body, BODY_B);
            for term in fields.head.iter().chain(fields.examples.iter().flatten()) {
                index.count(&term.key, passage, head, true);
            }
            for term in &fields.body {
                index.count(&term.key, passage, body, false);
            }
        }
        for posting in index.postings.iter_mut().flatten() {
            posting.saturated /= K1 + posting.saturated;
        }
        for (passage, fields) in passages.iter().enumerate() {
            for example in &fields.examples {
                let terms = index.wanted(example);
                index.examples.add(passage, &terms);
            }
        }
        index
    }

    fn count(&mut self, key: &str, passage: usize, frequency: f64, in_head: bool) {
        let id = self.know(key);
        let postings = &mut self.postings[id];
        match postings.last_mut() {
            Some(last) if last.passage == passage => {
                last.saturated += frequency;
                last.in_head |= in_head;
            }
            _ => postings.push(Posting { passage, saturated: frequency, in_head }),
        }
    }

    /// The number of `key`, which from now on is a known term, in a passage or not.
    pub(super) fn know(&mut self, key: &str) -> usize {
        if let Some(id) = self.ids.get(key) {
            return *id;
        }
        let id = self.postings.len();
        self.ids.insert(key.to_owned(), id);
        self.postings.push(Vec::new());
        id
    }

    /// The terms of a question, each once. Numbers that stand nowhere are left out: an amount says
    /// nothing about the subject.
    pub(super) fn wanted(&self, terms: &[Term]) -> Vec<Wanted> {
        let mut wanted = Vec::with_capacity(terms.len());
        for (position, term) in terms.iter().enumerate() {
            let id = self.ids.get(&term.key).copied();
            let repeated = terms[..position].iter().any(|earlier| earlier.key == term.key);
            if repeated || (id.is_none() && term.number) {
                continue;
            }
            let known_in = id.map_or(0, |id| self.postings[id].len());
            wanted.push(Wanted { id, weight: self.idf(known_in), confidence: term.confidence });
        }
        wanted
    }

    /// The passages with any of the terms, best first; of equals the one that comes first.
    pub(super) fn search(&self, wanted: &[Wanted]) -> Vec<Hit> {
        let total: f64 = wanted.iter().map(|term| term.weight).sum();
        let mut hits: Vec<Hit> = (0..self.passages)
            .map(|passage| Hit { passage, score: 0.0, coverage: 0.0, likeness: 0.0 })
            .collect();
        for term in wanted {
            let weight = term.weight * term.confidence;
            for posting in term.id.into_iter().flat_map(|id| &self.postings[id]) {
                let covered = if posting.in_head { 1.0 } else { BODY_COVERAGE };
                let hit = &mut hits[posting.passage];
                hit.score += weight * posting.saturated;
                hit.coverage += weight * covered / total;
            }
        }
        for (passage, likeness) in self.examples.likeness(wanted) {
            let hit = &mut hits[passage];
            hit.likeness = likeness;
            hit.score *= EXAMPLE_BOOST.mul_add(likeness, 1.0);
        }
        hits.retain(|hit| hit.score > 0.0);
        hits.sort_by(|left, right| right.score.total_cmp(&left.score));
        hits
    }

    fn idf(&self, known_in: usize) -> f64 {
        let (passages, known_in) = (real(self.passages), real(known_in));
        ((passages - known_in + 0.5) / (known_in + 0.5)).ln_1p()
    }
}

impl Fields {
    fn head_length(&self) -> usize {
        self.head.len() + self.examples.iter().map(Vec::len).sum::<usize>()
    }
}

fn relative_length(length: usize, average: f64, b: f64) -> f64 {
    if average > 0.0 { 1.0 - b + b * real(length) / average } else { 1.0 }
}

fn average(lengths: impl ExactSizeIterator<Item = usize>) -> f64 {
    let count = lengths.len().max(1);
    real(lengths.sum()) / real(count)
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and passages, far below 2^52")]
const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(keys: &str) -> Vec<Term> {
        keys.split_whitespace()
            .map(|key| Term {
                key: key.to_owned(),
                confidence: 1.0,
                number: key.bytes().all(|byte| byte.is_ascii_digit()),
            })
            .collect()
    }

    fn fields(head: &str, example: &str, body: &str) -> Fields {
        Fields { head: terms(head), examples: vec![terms(example)], body: terms(body) }
    }

    fn index() -> Index {
        Index::new(&[
            fields("garantia", "meses", "auto garantia 3"),
            fields("sede", "puebla", "auto horario garantia"),
            fields("vender", "auto", "oferta"),
        ])
    }

    #[test]
    fn the_head_weighs_more_than_the_text() {
        let index = index();
        let hits = index.search(&index.wanted(&terms("garantia")));
        let order: Vec<_> = hits.iter().map(|hit| hit.passage).collect();
        assert_eq!(order, [0, 1]);
        assert!((hits[0].coverage - 1.0).abs() < 1e-9);
        assert!((hits[1].coverage - BODY_COVERAGE).abs() < 1e-9);
    }

    #[test]
    fn a_score_is_the_formula() {
        let index = index();
        let hits = index.search(&index.wanted(&terms("oferta")));
        // One of three passages has it, once, in a text of one word where 7/3 is the average.
        let frequency = 1.0 / (0.5 + 0.5 / (7.0 / 3.0));
        let expected = (1.0_f64 + 2.5 / 1.5).ln() * frequency / (1.2 + frequency);
        assert!((hits[0].score - expected).abs() < 1e-12);
    }

    #[test]
    fn the_example_raises_its_passage() {
        let index = index();
        let hits = index.search(&index.wanted(&terms("auto")));
        assert_eq!(hits[0].passage, 2);
        assert!((hits[0].likeness - 1.0).abs() < 1e-9);
    }

    #[test]
    fn unknown_words_lower_the_coverage_and_unknown_numbers_do_not() {
        let index = index();
        let coverage = |question| index.search(&index.wanted(&terms(question)))[0].coverage;
        assert!(coverage("garantia dragon") < 0.6);
        assert!((coverage("garantia 123 garantia") - 1.0).abs() < 1e-9);
    }
}
