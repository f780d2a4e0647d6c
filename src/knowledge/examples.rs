//! How near a question comes to the example questions that a passage carries.

use super::index::Wanted;

/// The example questions of all passages, by term.
#[derive(Default)]
pub(super) struct Examples {
    /// Each example's passage and the weight of its terms.
    examples: Vec<(usize, f64)>,
    /// For each term the examples that have it.
    by_term: Vec<Vec<usize>>,
}

impl Examples {
    /// Takes one example of `passage` in: its terms, each once, with their weights.
    pub(super) fn add(&mut self, passage: usize, terms: &[Wanted]) {
        let example = self.examples.len();
        self.examples.push((passage, terms.iter().map(|term| term.weight).sum()));
        for id in terms.iter().filter_map(|term| term.id) {
            if self.by_term.len() <= id {
                self.by_term.resize_with(id + 1, Vec::new);
            }
            self.by_term[id].push(example);
        }
    }

    /// For each passage with an example that shares a term with the question, the likeness of the
    /// nearest: the weight of the shared terms, twice, over the weight of both (Dice). 1 is the
    /// same question.
    pub(super) fn likeness(&self, wanted: &[Wanted]) -> Vec<(usize, f64)> {
        let asked: f64 = wanted.iter().map(|term| term.weight).sum();
        let mut shared = vec![0.0; self.examples.len()];
        for term in wanted {
            let examples = term.id.and_then(|id| self.by_term.get(id));
            for example in examples.into_iter().flatten() {
                shared[*example] += term.weight * term.confidence;
            }
        }
        let mut likeness: Vec<(usize, f64)> = Vec::new();
        for ((passage, own), shared) in self.examples.iter().zip(shared) {
            if shared <= 0.0 {
                continue;
            }
            let near = 2.0 * shared / (asked + own);
            // The examples of a passage follow one another.
            match likeness.last_mut() {
                Some((last, nearest)) if last == passage => *nearest = nearest.max(near),
                _ => likeness.push((*passage, near)),
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
        let mut examples = Examples::default();
        examples.add(0, &wanted(&[1, 2, 3]));
        examples.add(0, &wanted(&[1]));
        examples.add(4, &wanted(&[2]));
        assert_eq!(examples.likeness(&wanted(&[1])), [(0, 1.0)]);
        assert_eq!(examples.likeness(&wanted(&[2, 3])), [(0, 0.8), (4, 2.0 / 3.0)]);
        assert_eq!(examples.likeness(&wanted(&[9])), []);
    }
}
