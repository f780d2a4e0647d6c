//! Writing a transcript: the same lines that `parse` reads.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;

use super::message;
use super::setting;
use crate::message::Content;

/// A transcript on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft(String);

impl Draft {
    /// A transcript with a title of one line, and the moment at which it begins, to the minute.
    #[must_use]
    pub fn new(title: &str, clock: Timestamp) -> Self {
        let title = title.replace(['\n', '\r'], " ");
        Self(format!("# {title}\n@ clock {}\n", setting::written(clock)))
    }

    /// The cars are those of a file beside it.
    pub fn catalog(&mut self, file: &Path) {
        let _ = writeln!(self.0, "@ catalog {}", file.display());
    }

    /// So many minutes pass.
    pub fn wait(&mut self, minutes: i64) {
        let _ = writeln!(self.0, "! wait {minutes}m");
    }

    /// Something that QA ought to know.
    pub fn note(&mut self, text: &str) {
        let _ = writeln!(self.0, "# {}", text.replace(['\n', '\r'], " "));
    }

    /// The last message comes again.
    pub fn duplicate(&mut self) {
        self.0.push_str("! duplicate\n");
    }

    /// The bot stops and starts again.
    pub fn restart(&mut self) {
        self.0.push_str("! restart\n");
    }

    /// A line as it stands, its mark included.
    pub fn line(&mut self, line: &str) {
        let _ = writeln!(self.0, "{line}");
    }

    /// The customer sends something.
    pub fn message(&mut self, content: &Content) {
        match content {
            Content::Text(words) => self.marked('>', &message::written(words)),
            Content::Media { kind, caption } => {
                self.marked('>', &format!("[{}] {caption}", kind.as_str()));
            }
        }
    }

    /// The bot says something.
    pub fn reply(&mut self, text: &str) {
        self.marked('<', text);
    }

    fn marked(&mut self, mark: char, text: &str) {
        write_lines(&mut self.0, mark, text);
    }

    /// The text of the file.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}

/// Writes the lines of one message or reply, the first behind its mark.
pub(super) fn write_lines(transcript: &mut String, mark: char, text: &str) {
    for (index, line) in text.split('\n').enumerate() {
        let mark = if index == 0 { mark } else { '|' };
        transcript.push_str(format!("{mark} {line}").trim_end());
        transcript.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse::parse;
    use super::super::script::{Move, Sent};
    use super::*;
    use crate::message::Media;

    fn any_content() -> impl Strategy<Value = Content> {
        let words = "[\\\\\\[>|#a \n]{0,12}[a-zñ]";
        let kind = proptest::sample::select(Media::ALL.as_slice());
        prop_oneof![
            words.prop_map(Content::Text),
            (kind, "[a-z ]{0,6}[a-z]").prop_map(|(kind, caption)| {
                Content::Media { kind, caption: caption.trim_start().to_owned() }
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(contents in proptest::collection::vec(any_content(), 1..5)) {
            let mut draft = Draft::new("A\ntitle", crate::transcript::setting::default_clock());
            for content in &contents {
                draft.wait(90);
                draft.message(content);
                draft.reply("uno\n\ndos");
            }
            let text = draft.finish();
            let script = parse("a.chat", &text).map_err(|_| TestCaseError::fail(text.clone()))?;
            prop_assert_eq!(script.title.as_deref(), Some("A title"));
            let sent: Vec<Content> = script.moves.into_iter().filter_map(|step| match step {
                Move::Turn(turn) => match turn.sent {
                    Sent::Message(content) => Some(content),
                    Sent::Tap(_) | Sent::Duplicate => None,
                },
                _ => None,
            }).collect();
            let lines = |content: &Content| match content {
                // Blanks at the end of a line do not count.
                Content::Text(words) => {
                    let lines: Vec<&str> = words.split('\n').map(str::trim_end).collect();
                    Content::Text(lines.join("\n"))
                }
                media @ Content::Media { .. } => media.clone(),
            };
            prop_assert_eq!(sent, contents.iter().map(lines).collect::<Vec<_>>());
        }
    }
}
