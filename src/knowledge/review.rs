//! What is wrong with a context file that can be loaded: titles and examples that stand twice,
//! examples that another passage wins, figures that contradict each other.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Knowledge;
use super::contradiction::contradictions;
use super::files::{self, Loaded};
use super::lexicon::Lexicon;
use super::passage::Entry;
use super::problem::{LoadError, Problem, ProblemKind};
use crate::text;

/// What a look at a context file brought.
#[derive(Debug)]
pub struct Review {
    /// How many passages it has that answer.
    pub passages: usize,
    /// The files that were looked at, the context file first: [`Problem::file`] is an index in it.
    pub paths: Vec<PathBuf>,
    /// Everything that is wrong, in the order of files and lines.
    pub problems: Vec<Problem>,
}

/// Looks the context file at `path` over, with the files that it includes.
///
/// # Errors
///
/// What keeps it from being loaded.
pub fn review(path: &Path) -> Result<Review, LoadError> {
    let Loaded { entries, paths } = files::load(path)?;
    let problems = problems(&entries);
    let passages = entries.iter().filter(|entry| !entry.silent).count();
    Ok(Review { passages, paths, problems })
}

/// Everything that is wrong with passages that could be read.
fn problems(entries: &[Entry]) -> Vec<Problem> {
    let mut problems = twice(entries);
    problems.extend(contradictions(&Lexicon::bundled(), entries));
    problems.extend(lost_examples(entries, &Knowledge::new(entries.to_vec())));
    problems.sort_by_key(|problem| (problem.file, problem.line));
    problems
}

/// Titles and examples that stand twice in other letters at most.
fn twice(entries: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut titles: HashMap<String, &Entry> = HashMap::new();
    let mut examples: HashMap<String, (&Entry, usize)> = HashMap::new();
    for entry in entries {
        let title = &entry.passage.title;
        if let Some(first) = titles.insert(text::plain(title), entry) {
            let other = first.passage.name.clone();
            let kind =
                ProblemKind::DuplicateTitle { title: title.clone(), other, first: first.line };
            problems.push(Problem { file: 0, line: entry.line, kind });
        }
        for question in &entry.questions {
            let plain = text::plain(&question.text);
            if let Some((first, line)) = examples.insert(plain, (entry, question.line)) {
                let at = (question.file, question.line);
                let (question, other) = (question.clone(), first.passage.name.clone());
                let kind =
                    ProblemKind::DuplicateExample { question: question.text, other, first: line };
                problems.push(Problem { file: at.0, line: at.1, kind });
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
            let at = (question.file, question.line);
            let question = question.clone();
            let winner = winner.map_or("no answer".to_owned(), |name| format!("that of `{name}`"));
            let kind = ProblemKind::LostExample { question: question.text, winner };
            problems.push(Problem { file: at.0, line: at.1, kind });
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::context;

    fn told(text: &str) -> Vec<String> {
        let entries = context::read(text).expect("a file that can be read").entries;
        problems(&entries).iter().map(ToString::to_string).collect()
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
}
