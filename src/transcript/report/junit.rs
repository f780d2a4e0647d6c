//! A report as `JUnit` XML, for a CI: one test case a transcript.

use std::fmt::Write as _;

use super::{Report, Verdict};

impl Report {
    /// The report as `JUnit` XML: the folder is the class, the id or else the file the name.
    #[must_use]
    pub fn junit(&self) -> String {
        let (tests, failures) = (self.cases.len(), self.failed());
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let counts = format!("tests=\"{tests}\" failures=\"{failures}\"");
        let _ = writeln!(xml, "<testsuites name=\"transcripts\" {counts}>");
        let _ = writeln!(xml, "  <testsuite name=\"transcripts\" {counts}>");
        for case in &self.cases {
            let folder = case.file.parent().map(|folder| folder.display().to_string());
            let _ = write!(
                xml,
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\"",
                escaped(&folder.unwrap_or_default()),
                escaped(&case.name()),
                escaped(&case.file.display().to_string()),
            );
            if case.verdict == Verdict::Passed {
                xml.push_str("/>\n");
                continue;
            }
            if let Some(line) = case.verdict.line() {
                let _ = write!(xml, " line=\"{line}\"");
            }
            let details = case.details();
            let message = details.lines().next().unwrap_or_default();
            let _ = writeln!(
                xml,
                ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                escaped(message),
                escaped(&details),
            );
        }
        xml.push_str("  </testsuite>\n</testsuites>\n");
        xml
    }
}

/// Text for an element or an attribute. What XML 1.0 cannot hold at all becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_the_xml() {
        assert_eq!(escaped("a<b> & \"c\"\u{1b}"), "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd}");
    }
}
