//! What people ask and the file does not say, as its author lists it under `no_dice:`.
//!
//! Shared words alone cannot tell "¿cuánto dura Kavak Total?" from "¿cuánto cuesta Kavak Total?":
//! the author can. An entry is a set of terms, and a question that has them all is refused.

use super::index::{Index, Wanted};
use super::lexicon::{Lexicon, words};
use super::passage::Entry;
use super::problem::{Problem, ProblemKind};

/// Sets of terms, each of them something the file does not say.
pub(super) struct Unsaid {
    sets: Vec<Vec<usize>>,
}

impl Unsaid {
    /// The `no_dice` entries of all passages; their terms become known to `index`.
    ///
    /// # Errors
    ///
    /// Entries that have no terms, or that would refuse an example question.
    pub(super) fn new(
        entries: &[Entry],
        lexicon: &Lexicon,
        index: &mut Index,
    ) -> Result<Self, Vec<Problem>> {
        let (mut sets, mut problems) = (Vec::new(), Vec::new());
        for unsaid in entries.iter().flat_map(|entry| &entry.unsaid) {
            let terms = lexicon.terms(&words(&unsaid.text));
            let set: Vec<usize> = terms.iter().map(|term| index.know(&term.key)).collect();
            if set.is_empty() {
                let kind = ProblemKind::EmptyUnsaid { words: unsaid.text.clone() };
                problems.push(Problem { line: unsaid.line, kind });
            } else {
                sets.push((unsaid, set));
            }
        }
        for (entry, question) in examples(entries) {
            let wanted = index.wanted(&lexicon.terms(&words(question)));
            for (unsaid, _) in sets.iter().filter(|(_, set)| has_all(&wanted, set)) {
                let kind = ProblemKind::RefusesExample {
                    words: unsaid.text.clone(),
                    question: question.to_owned(),
                    name: entry.passage.name.clone(),
                };
                problems.push(Problem { line: unsaid.line, kind });
            }
        }
        if problems.is_empty() {
            return Ok(Self { sets: sets.into_iter().map(|(_, set)| set).collect() });
        }
        problems.sort_by_key(|problem| problem.line);
        Err(problems)
    }

    /// Whether the question asks something that the file does not say.
    pub(super) fn covers(&self, wanted: &[Wanted]) -> bool {
        self.sets.iter().any(|set| has_all(wanted, set))
    }
}

fn examples(entries: &[Entry]) -> impl Iterator<Item = (&Entry, &str)> {
    entries.iter().flat_map(|entry| {
        entry.questions.iter().map(move |question| (entry, question.text.as_str()))
    })
}

fn has_all(wanted: &[Wanted], set: &[usize]) -> bool {
    set.iter().all(|id| wanted.iter().any(|term| term.id == Some(*id)))
}

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;

    fn file(unsaid: &str) -> String {
        format!(
            "# Garantía\n## garantia/total: Kavak Total\nfuente: x, 2025\n\
             preguntas: ¿Qué incluye Kavak Total? ¿Cuánto dura Kavak Total?\n\
             no_dice: {unsaid}\nAmplía la garantía 12 meses.\n"
        )
    }

    #[test]
    fn all_words_of_an_entry_refuse_and_some_do_not() {
        let knowledge = Knowledge::parse(&file("precio kavak total, moto")).expect("a good file");
        assert!(knowledge.answer("qué incluye kavak total").is_some());
        assert!(knowledge.answer("qué precio tiene kavak total").is_none());
        assert!(knowledge.answer("kavak total para mi moto").is_none());
    }

    #[test]
    fn an_entry_that_refuses_an_example_is_told() {
        let error = Knowledge::parse(&file("kavak total")).err().expect("a bad file");
        assert_eq!(
            error.to_string().lines().next(),
            Some(
                "line 5: `no_dice: kavak total` would refuse “¿Qué incluye Kavak Total?” of \
                 `garantia/total`; add a word to it"
            )
        );
    }
}
