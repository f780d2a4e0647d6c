//! Something that is written wrong in one line of a transcript.

use crate::engine::document::Position;
use crate::engine::problem::Problem;

/// Something that is written wrong in one line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The rule that was broken.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// The words that are wrong; empty where it is the line as a whole.
    pub words: String,
    /// What would be right.
    pub advice: Advice,
}

/// What would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Advice {
    /// To do this.
    Do(&'static str),
    /// To write one of these.
    Write(Vec<&'static str>),
}

impl Mistake {
    /// A mistake in `words`.
    pub(super) fn new(
        rule: &'static str,
        words: &str,
        message: impl Into<String>,
        advice: &'static str,
    ) -> Self {
        let (words, advice) = (words.to_owned(), Advice::Do(advice));
        Self { rule, message: message.into(), words, advice }
    }

    /// A name that is none of those there are.
    pub(super) fn unknown(
        rule: &'static str,
        what: &str,
        name: &str,
        names: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let message = format!("there is no {what} `{name}`");
        let advice = Advice::Write(names.into_iter().collect());
        Self { rule, message, words: name.to_owned(), advice }
    }

    /// The mistake as its author reads it; it stands at line `number` of the file.
    pub(super) fn told(&self, file: &str, text: &str, number: usize, line: &str) -> Problem {
        let start = line.find(&self.words).unwrap_or_default();
        let column = line[..start].chars().count() + 1;
        let at = Position { line: number, column };
        let problem = Problem::new(file, text, at, self.rule, self.message.as_str());
        match &self.advice {
            Advice::Do(advice) => problem.hint(*advice),
            Advice::Write(names) => problem.suggest(&self.words, names.iter().copied()),
        }
    }
}
