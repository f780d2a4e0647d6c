//! A report in the Test Anything Protocol, version 14: one test point a transcript.

use std::fmt::Write as _;

use serde_json::json;

use super::{Case, Report, Verdict};

impl Report {
    /// The report as TAP 14. Under each failure stands a block of YAML with `file`, `line` and
    /// `message`.
    #[must_use]
    pub fn tap(&self) -> String {
        let mut tap = format!("TAP version 14\n1..{}\n", self.cases.len());
        for (index, case) in self.cases.iter().enumerate() {
            case.write_point(&mut tap, index + 1);
        }
        tap
    }
}

impl Case {
    fn write_point(&self, tap: &mut String, number: usize) {
        let is_passed = self.verdict == Verdict::Passed;
        let result = if is_passed { "ok" } else { "not ok" };
        let name = self.name();
        let words = self.title.iter().fold(name, |name, title| format!("{name}: {title}"));
        let _ = writeln!(tap, "{result} {number} - {}", escaped(&words));
        if is_passed {
            return;
        }
        tap.push_str("  ---\n");
        // A JSON value is a YAML value, and stands on one line whatever is in it.
        let fields = [
            ("file", json!(self.file.display().to_string())),
            ("line", json!(self.verdict.line())),
            ("message", json!(self.details().trim_end())),
        ];
        for (key, value) in fields {
            let _ = writeln!(tap, "  {key}: {value}");
        }
        tap.push_str("  ...\n");
    }
}

/// Words of a test point: a `#` would begin a directive.
fn escaped(words: &str) -> String {
    words.replace('\\', "\\\\").replace('#', "\\#")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_is_a_directive() {
        assert_eq!(escaped("paga # TODO \\ luego"), "paga \\# TODO \\\\ luego");
    }
}
