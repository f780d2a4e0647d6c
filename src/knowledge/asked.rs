//! Files of more questions, which a context file includes: how people ask for its passages, one
//! question a line under the passage's name.
//!
//! ```text
//! // nota
//! ## garantia/basica
//! y si truena al mes quien responde
//! ```

use super::passage::{Entry, Placed};
use super::problem::{Problem, ProblemKind};
use crate::text::closest;

/// How alike a misspelt name must be to be suggested.
const NEAR: f64 = 0.6;

/// Adds the questions of `text`, which is the file of this number, to the passages.
///
/// # Errors
///
/// Everything that is wrong with the file.
pub(super) fn add(text: &str, file: usize, entries: &mut [Entry]) -> Result<(), Vec<Problem>> {
    let (mut problems, mut open) = (Vec::new(), None);
    for (line, words) in (1..).zip(text.lines()) {
        let words = words.trim_start_matches('\u{feff}').trim();
        if words.is_empty() || words.starts_with("//") {
            continue;
        }
        if let Some(name) = words.strip_prefix("##") {
            let name = name.trim();
            open = entries.iter().position(|entry| entry.passage.name == name);
            if open.is_none() {
                let names = entries.iter().map(|entry| entry.passage.name.as_str());
                let near = closest(name, names, NEAR).map(str::to_owned);
                let kind = ProblemKind::NoSuchPassage { name: name.to_owned(), near };
                problems.push(Problem { file, line, kind });
                // Its questions are not complained of one by one.
                open = Some(usize::MAX);
            }
            continue;
        }
        match open {
            Some(at) => {
                let question = Placed { text: words.to_owned(), line, file };
                if let Some(entry) = entries.get_mut(at) {
                    entry.questions.push(question);
                }
            }
            None => problems.push(Problem { file, line, kind: ProblemKind::QuestionOutside }),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::context;

    fn entries() -> Vec<Entry> {
        let file = "# T\n## a/b: A\nfuente: x\npreguntas: ¿Uno?\nTexto.\n";
        context::read(file).expect("a good file").entries
    }

    #[test]
    fn questions_go_to_their_passage() {
        let mut entries = entries();
        add("// nota\n## a/b\n\ny dos\n¿Tres?\n", 1, &mut entries).expect("a good file");
        let texts: Vec<_> = entries[0].questions.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["¿Uno?", "y dos", "¿Tres?"]);
        assert_eq!((entries[0].questions[2].file, entries[0].questions[2].line), (1, 5));
    }

    #[test]
    fn what_belongs_nowhere_is_told() {
        let told = add("suelta\n## a/c\nuna\notra\n", 1, &mut entries()).expect_err("wrong");
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "line 1: this question stands under no passage; put it under a `## tema/nombre`",
                "line 2: the context file has no passage `a/c`; did you mean `a/b`?",
            ]
        );
    }
}
