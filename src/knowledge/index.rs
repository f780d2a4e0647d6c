//! BM25F over three fields, with the share of the question that each passage covers.
//!
//! Zaragoza, Craswell, Taylor, Saria and Robertson, "Microsoft Cambridge at TREC-13" (2004), on
//! Robertson's BM25: a term's frequency is summed over the fields, each with its weight, divided by
//! how long the passage is against the average, and then saturated:
//!
//! ```text
//! tf'(t, p)   = Σ_field weight · tf / (1 − b + b · length / average length)
//! score(q, p) = Σ_t     idf(t) · tf' / (k1 + tf')
//! idf(t)      = ln(1 + (N − n(t) + ½) / (n(t) + ½))
//! ```
//!
//! A stop word keeps a part of its weight: alone it says nothing, with the others it says how one
//! asks ("te pagan **hasta que se** vende"). A passage whose example questions come near the
//! question is raised by that likeness.
//!
//! The constants were fitted by leaving each example question of the bundled file out in turn and
//! asking it: the file is its own sample of how people ask.

use std::collections::HashMap;

use super::examples::Examples;
use super::lexicon::{Term, TermKind};

const K1: f64 = 0.8;
/// Little: a long list of examples for a passage is its author's care, not a lack of focus.
const B: f64 = 0.1;

/// What a match in the title or the listed words counts: their author says by them what the passage
/// is about.
const HEAD_WEIGHT: f64 = 1.0;
/// What a match in an example question counts.
const EXAMPLE_WEIGHT: f64 = 0.4;
/// What a match in the text counts: a word in passing is not what the passage is about.
const BODY_WEIGHT: f64 = 0.3;
/// What is left of a stop word's weight.
const WEAK: f64 = 0.35;
/// How much the very question of an example raises a score, as a share of it.
const EXAMPLE_BOOST: f64 = 1.0;

/// From this likeness on a question is the example itself.
const SAME_QUESTION: f64 = 0.95;

/// The terms of one passage.
pub(super) struct Fields {
    /// Title and listed words.
    pub(super) head: Vec<Term>,
    /// The example questions, each by itself.
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

impl Hit {
    /// Whether the question is an example of the passage, to the letter or nearly.
    pub(super) fn is_example(&self) -> bool {
        self.likeness >= SAME_QUESTION
    }
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
    postings: Box<[Box<[Posting]>]>,
    examples: Examples,
    passages: usize,
}

/// The terms while they are counted.
struct Counting {
    ids: HashMap<String, usize>,
    postings: Vec<Vec<Posting>>,
}

struct Posting {
    /// `tf'`, see above.
    frequency: f64,
    passage: u32,
    /// It stands in the title, the listed words or an example.
    asked: bool,
}

impl Index {
    /// The index of passages, numbered in the order they come.
    pub(super) fn new(passages: &[Fields]) -> Self {
        let mut counting = Counting { ids: HashMap::new(), postings: Vec::new() };
        for (passage, fields) in (0..).zip(passages) {
            for (term, weight) in fields.asked() {
                counting.count(&term.key, passage, weight, true);
            }
            for term in &fields.body {
                counting.count(&term.key, passage, BODY_WEIGHT, false);
            }
        }
        counting.relate_to_lengths(passages.len());
        let postings = counting.postings.into_iter().map(Vec::into_boxed_slice);
        let mut index = Self {
            ids: counting.ids,
            postings: postings.collect(),
            examples: Examples::default(),
            passages: passages.len(),
        };
        let examples = passages.iter().enumerate().flat_map(|(passage, fields)| {
            fields.examples.iter().map(move |example| (passage, example))
        });
        let examples: Vec<_> =
            examples.map(|(passage, example)| (passage, index.wanted(example))).collect();
        index.examples = Examples::of(&examples);
        index
    }

    /// The number of `key`, if it stands anywhere.
    pub(super) fn id(&self, key: &str) -> Option<usize> {
        self.ids.get(key).copied()
    }

    /// Whether the term stands in the title, the listed words or an example of the passage.
    pub(super) fn is_asked(&self, id: usize, passage: usize) -> bool {
        self.postings[id].iter().any(|posting| posting.passage as usize == passage && posting.asked)
    }

    /// The terms of a question, each once. Numbers and stop words that stand nowhere are left out:
    /// they say nothing about the subject.
    pub(super) fn wanted(&self, terms: &[Term]) -> Vec<Wanted> {
        let mut wanted = Vec::with_capacity(terms.len());
        for (position, term) in terms.iter().enumerate() {
            let id = self.id(&term.key);
            let repeated = terms[..position].iter().any(|earlier| earlier.key == term.key);
            if repeated || (id.is_none() && term.kind != TermKind::Subject) {
                continue;
            }
            let idf = self.idf(id.map_or(0, |id| self.postings[id].len()));
            let weight = if term.kind == TermKind::Weak { WEAK * idf } else { idf };
            wanted.push(Wanted { id, weight, confidence: term.confidence });
        }
        wanted
    }

    /// The passages with any of the terms, best first; of equals the one that comes first. The very
    /// question of an example is its passage's, whatever the others score.
    pub(super) fn search(&self, wanted: &[Wanted]) -> Vec<Hit> {
        let total: f64 = wanted.iter().map(|term| term.weight).sum();
        let mut hits: Vec<Hit> = (0..self.passages)
            .map(|passage| Hit { passage, score: 0.0, coverage: 0.0, likeness: 0.0 })
            .collect();
        for term in wanted {
            let weight = term.weight * term.confidence;
            for posting in term.id.into_iter().flat_map(|id| &self.postings[id][..]) {
                let frequency = posting.frequency;
                let hit = &mut hits[posting.passage as usize];
                hit.score += weight * frequency / (K1 + frequency);
                hit.coverage += weight * frequency.min(1.0) / total;
            }
        }
        for (passage, likeness) in self.examples.likeness(wanted) {
            let hit = &mut hits[passage];
            hit.likeness = likeness;
            hit.score *= EXAMPLE_BOOST.mul_add(likeness, 1.0);
        }
        hits.retain(|hit| hit.score > 0.0);
        let order = |hit: &Hit| (if hit.is_example() { hit.likeness } else { 0.0 }, hit.score);
        hits.sort_by(|left, right| {
            let ((left_same, left), (right_same, right)) = (order(left), order(right));
            right_same.total_cmp(&left_same).then(right.total_cmp(&left))
        });
        hits
    }

    fn idf(&self, known_in: usize) -> f64 {
        let (passages, known_in) = (real(self.passages), real(known_in));
        ((passages - known_in + 0.5) / (known_in + 0.5)).ln_1p()
    }
}

impl Counting {
    fn count(&mut self, key: &str, passage: u32, frequency: f64, asked: bool) {
        let id = self.know(key);
        let postings = &mut self.postings[id];
        match postings.last_mut() {
            Some(last) if last.passage == passage => last.frequency += frequency,
            _ => postings.push(Posting { frequency, passage, asked }),
        }
    }

    /// The number of `key`, which from now on is a known term.
    fn know(&mut self, key: &str) -> usize {
        if let Some(id) = self.ids.get(key) {
            return *id;
        }
        let id = self.postings.len();
        self.ids.insert(key.to_owned(), id);
        self.postings.push(Vec::new());
        id
    }

    /// Divides each frequency by how long its passage, one of so many, is against the average.
    fn relate_to_lengths(&mut self, passages: usize) {
        let mut lengths = vec![0.0; passages];
        for posting in self.postings.iter().flatten() {
            lengths[posting.passage as usize] += posting.frequency;
        }
        let average = lengths.iter().sum::<f64>() / real(passages.max(1));
        for posting in self.postings.iter_mut().flatten() {
            posting.frequency /= 1.0 - B + B * lengths[posting.passage as usize] / average;
        }
    }
}

impl Fields {
    /// The terms of title, listed words and examples with the weight of their field, of each example
    /// once. The number of an example is its asker's: `mi carro es 2006`.
    fn asked(&self) -> impl Iterator<Item = (&Term, f64)> {
        let head = self.head.iter().map(|term| (term, HEAD_WEIGHT));
        let examples = self.examples.iter().flat_map(|example| {
            let is_first = |(at, term): &(usize, &Term)| {
                example[..*at].iter().all(|earlier| earlier.key != term.key)
            };
            let own = example.iter().enumerate().filter(is_first).map(|(_, term)| term);
            own.filter(|term| term.kind != TermKind::Number).map(|term| (term, EXAMPLE_WEIGHT))
        });
        head.chain(examples)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and passages, far below 2^52")]
const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(keys: &str) -> Vec<Term> {
        let kind = |key: &str| match key {
            "de" => TermKind::Weak,
            _ if key.bytes().all(|byte| byte.is_ascii_digit()) => TermKind::Number,
            _ => TermKind::Subject,
        };
        keys.split_whitespace()
            .map(|key| Term { key: key.to_owned(), confidence: 1.0, kind: kind(key) })
            .collect()
    }

    fn fields(head: &str, example: &str, body: &str) -> Fields {
        Fields { head: terms(head), examples: vec![terms(example)], body: terms(body) }
    }

    fn index() -> Index {
        Index::new(&[
            fields("garantia", "meses de", "auto garantia 3"),
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
        assert!(hits[0].coverage > 0.9 && hits[1].coverage < 0.4);
    }

    #[test]
    fn a_score_is_the_formula() {
        let index = index();
        let hits = index.search(&index.wanted(&terms("oferta")));
        // One of three passages has it, once, in its text; its length is 1.7 where 2.367 is the
        // average of 1 + 2 · 0.4 + 3 · 0.3, 1 + 0.4 + 3 · 0.3 and 1 + 0.4 + 0.3.
        let frequency = 0.3 / (1.0 - 0.1 + 0.1 * 1.7 / ((2.7 + 2.3 + 1.7) / 3.0));
        let expected = (1.0_f64 + 2.5 / 1.5).ln() * frequency / (0.8 + frequency);
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
        assert!((coverage("garantia 123 garantia") - coverage("garantia")).abs() < 1e-9);
    }

    #[test]
    fn a_stop_word_keeps_a_part_of_its_weight() {
        let index = index();
        let wanted = index.wanted(&terms("de meses"));
        assert!((wanted[0].weight - WEAK * wanted[1].weight).abs() < 1e-9);
    }
}
