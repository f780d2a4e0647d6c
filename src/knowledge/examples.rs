//! How near a question comes to the example questions that a passage carries.

use super::index::Wanted;

/// The example questions of all passages, by term.
#[derive(Default)]
pub(super) struct Examples {
    /// Each example's passage and the weight of its terms.
    examples: Box<[(usize, f64)]>,
    /// For each term the examples that have it.
    by_term: Box<[Box<[u32]>]>,
}

impl Examples {
    /// The examples of passages in their order: the terms of each, each once, with their weights.
    pub(super) fn of(examples: &[(usize, Vec<Wanted>)]) -> Self {
        let mut by_term: Vec<Vec<u32>> = Vec::new();
        for (example, (_, terms)) in (0..).zip(examples) {
            for id in terms.iter().filter_map(|term| term.id) {
                if by_term.len() <= id {
                    by_term.resize_with(id + 1, Vec::new);
                }
                by_term[id].push(example);
            }
        }
        let weight = |terms: &[Wanted]| terms.iter().map(|term| term.weight).sum();
        Self {
            examples: examples.iter().map(|(passage, terms)| (*passage, weight(terms))).collect(),
            by_term: by_term.into_iter().map(Vec::into_boxed_slice).collect(),
        }
    }

    /// For each passage with an example that shares a term with the question, the likeness of the
    /// nearest: the weight of the shared terms, twice, over the weight of both (Dice). 1 is the
    /// same question.
    pub(super) fn likeness(&self, wanted: &[Wanted]) -> Vec<(usize, f64)> {
        let asked: f64 = wanted.iter().map(|term| term.weight).sum();
        let mut shared: Vec<(u32, f64)> = Vec::new();
        for term in wanted {
            let examples = term.id.and_then(|id| self.by_term.get(id)).into_iter().flatten();
            shared.extend(examples.map(|example| (*example, term.weight * term.confidence)));
        }
        // Those of one term are in order already, so that little is left to sort.
        shared.sort_by_key(|(example, _)| *example);
        let mut likeness: Vec<(usize, f64)> = Vec::new();
        for of_one in shared.chunk_by(|(left, _), (right, _)| left == right) {
            let (passage, own) = self.examples[of_one[0].0 as usize];
            let weight: f64 = of_one.iter().map(|(_, weight)| weight).sum();
            let near = 2.0 * weight / (asked + own);
            // The examples of a passage follow one another.
            match likeness.last_mut() {
                Some((last, nearest)) if *last == passage => *nearest = nearest.max(near),
                _ => likeness.push((passage, near)),
            }
        }
        likeness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(ids: &[usize]) -> Vec<Wanted> {
        ids.iter().map(|id| Wanted { id: Some(*id), weight: 1.0, confidence: 1.0 }).collect()
    }

    #[test]
    fn the_nearest_example_of_a_passage_counts() {
        let examples =
            Examples::of(&[(0, wanted(&[1, 2, 3])), (0, wanted(&[1])), (4, wanted(&[2]))]);
        assert_eq!(examples.likeness(&wanted(&[1])), [(0, 1.0)]);
        assert_eq!(examples.likeness(&wanted(&[2, 3])), [(0, 0.8), (4, 2.0 / 3.0)]);
        assert_eq!(examples.likeness(&wanted(&[9])), []);
    }
}
