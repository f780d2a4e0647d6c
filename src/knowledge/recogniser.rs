//! Which passage a question is for, learnt from how people ask for each.
//!
//! A linear classifier over the terms of a question, its pairs of neighbouring terms and the runs
//! of four letters in its words, so that a word nobody used before is still half known. It learns by
//! the passive-aggressive rule (PA-I) of Crammer, Dekel, Keshet, Shalev-Shwartz and Singer, "Online
//! Passive-Aggressive Algorithms" (2006): an example that does not beat the best wrong passage by a
//! margin of 1 moves the weights of both, no further than that takes. The weights are the average of
//! those after each example, so that the order of the examples hardly matters. Features are hashed
//! into a fixed number of places (Weinberger and others, "Feature Hashing", 2009), so that the size
//! does not grow with the file.
//!
//! Nothing is drawn at random: the same file gives the same weights, on any machine.

use super::lexicon::{Term, Word};

/// Places that features are hashed into.
const PLACES: usize = 1 << 14;

/// Rounds through the examples.
const ROUNDS: usize = 5;

/// How far one example moves the weights at most.
const AGGRESSIVENESS: f32 = 1.0;

/// The margin by which an example must win.
const MARGIN: f32 = 1.0;

/// Letters of a run.
const RUN: usize = 4;

/// Steps from one example to the next in a round: a prime, so that the passages take turns.
const STRIDE: usize = 7_919;

/// The features of a question: places with their values, of length 1 together.
#[derive(Debug, Clone, Default, PartialEq)]
struct Features(Vec<(u16, f32)>);

/// How often each place occurs in a text.
#[derive(Debug, Clone)]
pub(super) struct Counted(Vec<(u16, u8)>);

/// An example question, and the passage it is for.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub(super) passage: usize,
    pub(super) counted: Counted,
}

/// Knows which passage a question is for.
pub(super) struct Recogniser {
    /// How rare the features of a place are among the examples; 0 for none.
    rarity: Vec<f32>,
    weights: Weights,
    passages: usize,
}

/// For each place what it says for and against passages; none of those it never moved. They stand
/// one after another, as in a sparse matrix by rows: there are more than half a million of them.
#[derive(Debug, Default, PartialEq)]
struct Weights {
    /// Where each place begins, and where the last one ends.
    starts: Vec<u32>,
    passages: Vec<u16>,
    values: Vec<f32>,
}

/// The weights while they are learnt.
struct Learner {
    /// For each place, in the order of the passages.
    rows: Vec<Vec<Learnt>>,
    scores: Vec<f32>,
}

/// A weight as it is, and the average of what it is after each step.
struct Learnt {
    passage: u16,
    now: f32,
    average: f32,
}

impl Counted {
    /// What occurs in a text, given as words and as terms.
    pub(super) fn of(words: &[Word], terms: &[Term]) -> Self {
        let mut places: Vec<u16> = Vec::new();
        let keys = || terms.iter().map(|term| term.key.as_str());
        places.extend(keys().map(|key| place(&["t", key])));
        places.extend(keys().zip(keys().skip(1)).map(|(one, other)| place(&["p", one, other])));
        let (mut letters, mut run) = (Vec::new(), String::new());
        for word in words {
            letters.clear();
            letters.extend([' '].into_iter().chain(word.text.chars()).chain([' ']));
            for letters in letters.windows(RUN) {
                run.clear();
                run.extend(letters);
                places.push(place(&["r", &run]));
            }
        }
        places.sort_unstable();
        let mut counted: Vec<(u16, u8)> = Vec::with_capacity(places.len());
        for place in places {
            match counted.last_mut() {
                Some((last, count)) if *last == place => *count = count.saturating_add(1),
                _ => counted.push((place, 1)),
            }
        }
        Self(counted)
    }
}

/// The place of a feature: FNV-1a over its parts.
fn place(parts: &[&str]) -> u16 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    // The high bits are the better mixed ones: as many as number the places.
    u16::try_from(hash >> (u64::BITS - PLACES.ilog2())).unwrap_or_default()
}

impl Recogniser {
    /// Learns from `examples`; the passages are numbered below `passages`.
    pub(super) fn learn(examples: Vec<Example>, passages: usize) -> Self {
        let mut recogniser =
            Self { rarity: rarity(&examples), weights: Weights::default(), passages };
        let weighed = |Example { passage, counted }| (passage, recogniser.weighed(&counted));
        let examples: Vec<(usize, Features)> = examples.into_iter().map(weighed).collect();
        let order = order(examples.len());
        let mut learner = Learner::new(passages);
        let steps = ROUNDS * examples.len();
        for (step, at) in (0..steps).zip(order.iter().cycle()) {
            // What is learnt in this step stands after it and after all that follow.
            let share = real(steps - step) / real(steps);
            let (passage, features) = &examples[*at];
            learner.correct(features, *passage, share);
        }
        recogniser.weights = learner.averages();
        recogniser
    }

    /// How much speaks for each passage, in their order.
    pub(super) fn scores(&self, counted: &Counted) -> Vec<f32> {
        let mut scores = vec![0.0; self.passages];
        for (place, feature) in self.weighed(counted).0 {
            for (passage, value) in self.weights.of(place) {
                scores[usize::from(passage)] += feature * value;
            }
        }
        scores
    }

    /// Counts as values: rare features tell more, repeated ones little more.
    fn weighed(&self, Counted(counted): &Counted) -> Features {
        let value = |(place, count): &(u16, u8)| {
            let value = (1.0 + f32::from(*count).ln()) * self.rarity[usize::from(*place)];
            (value > 0.0).then_some((*place, value))
        };
        let mut features: Vec<(u16, f32)> = counted.iter().filter_map(value).collect();
        let length = features.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        for (_, value) in &mut features {
            *value /= length;
        }
        Features(features)
    }
}

impl Weights {
    /// What `place` says for each passage that it ever moved.
    fn of(&self, place: u16) -> impl Iterator<Item = (u16, f32)> {
        let place = usize::from(place);
        let row = self.starts[place] as usize..self.starts[place + 1] as usize;
        self.passages[row.clone()].iter().copied().zip(self.values[row].iter().copied())
    }
}

impl Learner {
    fn new(passages: usize) -> Self {
        let rows = (0..PLACES).map(|_| Vec::new()).collect();
        Self { rows, scores: vec![0.0; passages] }
    }

    /// Moves the weights so that `passage` wins, if it does not by the margin; `share` of that goes
    /// into the average.
    fn correct(&mut self, features: &Features, passage: usize, share: f32) {
        self.scores.fill(0.0);
        for (place, value) in &features.0 {
            for learnt in &self.rows[usize::from(*place)] {
                self.scores[usize::from(learnt.passage)] += value * learnt.now;
            }
        }
        let others = self.scores.iter().enumerate().filter(|(other, _)| *other != passage);
        let best = others.max_by(|left, right| left.1.total_cmp(right.1));
        let Some((rival, best)) = best else { return };
        let loss = MARGIN - self.scores[passage] + best;
        if loss <= 0.0 {
            return;
        }
        // The features have length 1, and two passages are moved.
        let step = (loss / 2.0).min(AGGRESSIVENESS);
        for (place, value) in &features.0 {
            self.add(*place, passage, step * value, share);
            self.add(*place, rival, -step * value, share);
        }
    }

    fn add(&mut self, place: u16, passage: usize, value: f32, share: f32) {
        // What comes after 65,536 passages is found by its words alone.
        let Ok(passage) = u16::try_from(passage) else { return };
        let row = &mut self.rows[usize::from(place)];
        match row.binary_search_by_key(&passage, |learnt| learnt.passage) {
            Ok(at) => {
                row[at].now += value;
                row[at].average += share * value;
            }
            Err(at) => {
                if row.len() == row.capacity() {
                    // By less than a vector would take by itself: a million weights are held at once.
                    row.reserve_exact(row.len() / 8 + 1);
                }
                row.insert(at, Learnt { passage, now: value, average: share * value });
            }
        }
    }

    fn averages(self) -> Weights {
        let count = self.rows.iter().map(Vec::len).sum();
        let mut weights = Weights {
            starts: Vec::with_capacity(self.rows.len() + 1),
            passages: Vec::with_capacity(count),
            values: Vec::with_capacity(count),
        };
        weights.starts.push(0);
        for row in self.rows {
            for learnt in row {
                weights.passages.push(learnt.passage);
                weights.values.push(learnt.average);
            }
            weights.starts.push(u32::try_from(weights.values.len()).unwrap_or(u32::MAX));
        }
        weights
    }
}

/// The inverse document frequency of each place, smoothed; 0 where no example has it.
fn rarity(examples: &[Example]) -> Vec<f32> {
    let mut known_in = vec![0_usize; PLACES];
    for (place, _) in examples.iter().flat_map(|example| &example.counted.0) {
        known_in[usize::from(*place)] += 1;
    }
    let all = real(examples.len());
    let rarity = |count: usize| {
        if count == 0 { 0.0 } else { ((1.0 + all) / (1.0 + real(count))).ln() + 1.0 }
    };
    known_in.into_iter().map(rarity).collect()
}

/// Every index below `count` once, far ones after one another.
fn order(count: usize) -> Vec<usize> {
    let mut stride = STRIDE % count.max(1);
    while count > 1 && gcd(stride, count) != 1 {
        stride += 1;
    }
    (0..count).map(|at| at * stride % count).collect()
}

fn gcd(left: usize, right: usize) -> usize {
    if right == 0 { left } else { gcd(right, left % right) }
}

#[expect(clippy::cast_precision_loss, reason = "a count of questions, far below 2^23")]
const fn real(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::lexicon::{Lexicon, words};

    fn counted(text: &str) -> Counted {
        let words = words(text);
        Counted::of(&words, &Lexicon::bundled().terms(&words))
    }

    fn recogniser() -> Recogniser {
        let examples = [
            (0, "¿qué garantía dan?"),
            (0, "¿y si se descompone?"),
            (1, "¿me lo llevan a mi casa?"),
            (1, "¿hacen entregas a domicilio?"),
        ];
        let example = |(passage, text)| Example { passage, counted: counted(text) };
        Recogniser::learn(examples.map(example).into(), 2)
    }

    fn best(text: &str) -> usize {
        let scores = recogniser().scores(&counted(text));
        usize::from(scores[1] > scores[0])
    }

    #[test]
    fn what_was_learnt_is_known_and_so_is_what_is_like_it() {
        assert_eq!(best("¿qué garantía dan?"), 0);
        assert_eq!(best("¿hacen entregas a domicilio?"), 1);
        assert_eq!(best("se descompuso"), 0, "half of a word was there");
        assert_eq!(best("lo entregan"), 1);
    }

    #[test]
    fn what_has_nothing_known_speaks_for_nobody() {
        assert_eq!(recogniser().scores(&counted("")), [0.0, 0.0]);
        assert_eq!(Recogniser::learn(Vec::new(), 0).scores(&counted("hola")), Vec::<f32>::new());
    }

    #[test]
    fn the_same_examples_give_the_same_weights() {
        assert_eq!(recogniser().weights, recogniser().weights);
    }

    #[test]
    fn an_order_has_every_index_once() {
        for count in [0, 1, 2, 7, 100, 7_919, 15_838] {
            let mut order = order(count);
            order.sort_unstable();
            assert!(order.into_iter().eq(0..count), "{count}");
        }
    }
}
