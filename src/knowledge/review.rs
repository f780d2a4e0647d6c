//! What is wrong with a context file that can be loaded: titles and examples that stand twice,
//! examples that another passage wins, figures that contradict each other.

use std::collections::HashMap;

use super::contradiction::contradictions;
use super::lexicon::Lexicon;
use super::passage::Entry;
use super::problem::{ContextError, Problem, ProblemKind};
use super::{Knowledge, context};
use crate::text::Text;

/// Looks a context file over; gives how many passages it has that answer.
///
/// # Errors
///
/// Every problem in the order of its lines: those that keep it from being loaded, else all others.
pub fn review(text: &str) -> Result<usize, ContextError> {
    let entries = context::read(text).map_err(|problems| ContextError { problems })?;
    let mut problems = twice(&entries);
    problems.extend(contradictions(&Lexicon::bundled(), &entries));
    let knowledge = Knowledge::new(entries.clone());
    problems.extend(lost_examples(&entries, &knowledge));
    if problems.is_empty() {
        return Ok(knowledge.passages().len());
    }
    problems.sort_by_key(|problem| problem.line);
    Err(ContextError { problems })
}

/// Titles and examples that stand twice in other letters at most.
fn twice(entries: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut titles: HashMap<String, &Entry> = HashMap::new();
    let mut examples: HashMap<String, (&Entry, usize)> = HashMap::new();
    for entry in entries {
        let title = &entry.passage.title;
        if let Some(first) = titles.insert(Text::new(title).plain(), entry) {
            let other = first.passage.name.clone();
            let kind =
                ProblemKind::DuplicateTitle { title: title.clone(), other, first: first.line };
            problems.push(Problem { line: entry.line, kind });
        }
        for question in &entry.questions {
            let plain = Text::new(&question.text).plain();
            if let Some((first, line)) = examples.insert(plain, (entry, question.line)) {
                let (question, other) = (question.clone(), first.passage.name.clone());
                let kind =
                    ProblemKind::DuplicateExample { question: question.text, other, first: line };
                problems.push(Problem { line: question.line, kind });
            }
        }
    }
    problems
}

/// Examples that their own passage does not answer, or that are answered although it is silent.
fn lost_examples(entries: &[Entry], knowledge: &Knowledge) -> Vec<Problem> {
    let mut problems = Vec::new();
    for entry in entries {
        for question in &entry.questions {
            let winner = knowledge.answer(&question.text).map(|passage| &passage.name);
            if winner == Some(&entry.passage.name) || (entry.silent && winner.is_none()) {
                continue;
            }
            let question = question.clone();
            let winner = winner.map_or("no answer".to_owned(), |name| format!("that of `{name}`"));
            let kind = ProblemKind::LostExample { question: question.text, winner };
            problems.push(Problem { line: question.line, kind });
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let error = review(text).expect_err("something is wrong");
        error.problems.iter().map(ToString::to_string).collect()
    }

    const FIRST: &str = "# T\n## a/b: Uno\nfuente: x\npreguntas: ¿Qué garantía dan?\nTres meses.\n";

    #[test]
    fn a_title_or_an_example_that_stands_twice_is_told() {
        let file = format!(
            "{FIRST}## c/d: UNO\nfuente: x\npreguntas: ¿Y los duendes? ¿que garantia dan?\nNada.\n"
        );
        let told = told(&file);
        assert_eq!(
            told[0],
            "line 6: the title “UNO” is that of `a/b` on line 2; give this passage another"
        );
        assert_eq!(
            told[1],
            "line 8: “¿que garantia dan?” is an example of `a/b` too, on line 4; leave it to one"
        );
    }

    #[test]
    fn an_example_that_another_passage_wins_is_told() {
        // The same words in another order, and a title that has one of them.
        let file =
            format!("{FIRST}## c/d: Garantía\nfuente: x\npreguntas: ¿Dan qué garantía?\nNada.\n");
        let lost = "line 4: “¿Qué garantía dan?” gets that of `c/d` instead of its passage's answer; \
                    add a word that tells them apart, or leave it out";
        assert_eq!(told(&file), [lost]);
    }

    #[test]
    fn problems_that_keep_it_from_being_loaded_come_first() {
        assert_eq!(told("# T\n## a/b: A\nfuente: x\n").len(), 1);
    }
}
