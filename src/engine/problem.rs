//! What is wrong with a flow, and how its author reads it: place, rule, excerpt, help.

use std::fmt;

use serde::Serialize;

use super::document::Position;
use crate::text::closest;

/// How alike a wrong name and a right one must be for the right one to be suggested.
const SUGGESTION_FLOOR: f64 = 0.6;

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, as the author would open it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The column after the last character of the word at that place.
    pub end_column: usize,
    /// The rule that was broken, in kebab-case.
    pub rule: &'static str,
    /// What is wrong, and what would be right.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The line itself; empty where the file has no such line.
    pub excerpt: String,
}

impl Problem {
    /// A problem at a place of a text.
    #[must_use]
    pub fn new(
        file: &str,
        text: &str,
        at: Position,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let excerpt = text.lines().nth(at.line - 1).unwrap_or_default().trim_end();
        Self {
            file: file.to_owned(),
            line: at.line,
            column: at.column,
            end_column: at.column + word_width(excerpt, at.column),
            rule,
            message: message.into(),
            hint: None,
            excerpt: excerpt.to_owned(),
        }
    }

    /// The same problem with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same problem with the nearest of the names that would be right, where one is near, and
    /// otherwise all of them, where they are few.
    #[must_use]
    pub fn suggest<'a>(
        self,
        wrong: &str,
        right: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Self {
        if let Some(near) = closest(wrong, right.clone(), SUGGESTION_FLOOR) {
            return self.hint(format!("did you mean `{near}`?"));
        }
        let names: Vec<_> = right.into_iter().map(|name| format!("`{name}`")).collect();
        match names.len() {
            1..=12 => self.hint(format!("there is {}", names.join(", "))),
            _ => self,
        }
    }
}

/// The name among `right` that an author probably meant by `wrong`.
pub(super) fn nearest<'a>(
    wrong: &str,
    right: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    closest(wrong, right, SUGGESTION_FLOOR)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, rule, message, .. } = self;
        writeln!(f, "{file}:{line}:{column}: {rule}: {message}")?;
        if !self.excerpt.is_empty() {
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            let indent: String = self.excerpt.chars().take(column - 1).map(blank_like).collect();
            let caret = "^".repeat(self.end_column - column);
            writeln!(f, "  {number} | {}", self.excerpt)?;
            writeln!(f, "  {margin} | {indent}{caret}")?;
        }
        if let Some(hint) = &self.hint {
            writeln!(f, "  help: {hint}")?;
        }
        Ok(())
    }
}

/// Tabs stay tabs, so that the caret stands under its word.
fn blank_like(character: char) -> char {
    if character == '\t' { '\t' } else { ' ' }
}

/// The length of the word that starts at a column, at least 1.
fn word_width(line: &str, column: usize) -> usize {
    let in_word = |character: &char| character.is_alphanumeric() || "_.-".contains(*character);
    line.chars().skip(column - 1).take_while(in_word).count().max(1)
}

/// All that is wrong, by file and line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report(Vec<Problem>);

impl Report {
    /// Orders the problems by file, line and column.
    #[must_use]
    pub fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|left, right| {
            let place = |problem: &Problem| (problem.line, problem.column, problem.rule);
            let files = left.file.cmp(&right.file);
            let places = files.then_with(|| place(left).cmp(&place(right)));
            places.then_with(|| left.message.cmp(&right.message))
        });
        problems.dedup();
        Self(problems)
    }

    /// The problems in order.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}")?;
        }
        match self.0.len() {
            1 => f.write_str("1 problem"),
            count => write!(f, "{count} problems"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_points_at_its_word_and_advises() {
        let text = "steps:\n  choose:\n    next: chose\n";
        let at = Position { line: 3, column: 11 };
        let problem = Problem::new("flows/a.yaml", text, at, "missing-target", "no step `chose`")
            .suggest("chose", ["choose", "pay"]);
        assert_eq!(
            problem.to_string(),
            "flows/a.yaml:3:11: missing-target: no step `chose`\n\
             \x20 3 |     next: chose\n\
             \x20   |           ^^^^^\n\
             \x20 help: did you mean `choose`?\n"
        );
    }

    #[test]
    fn a_report_is_sorted_counted_and_says_nothing_twice() {
        let at = |line| Position { line, column: 1 };
        let problem = |file, line| Problem::new(file, "x\nx\n", at(line), "rule", "wrong");
        let report = Report::new(vec![problem("b", 1), problem("a", 2), problem("a", 2)]);
        let places: Vec<_> = report.problems().iter().map(|p| (p.file.as_str(), p.line)).collect();
        assert_eq!(places, [("a", 2), ("b", 1)]);
        assert!(report.to_string().ends_with("\n2 problems"));
    }
}
