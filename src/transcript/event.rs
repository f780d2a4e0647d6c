//! `!`: what happens between messages, and to them.

use std::path::PathBuf;

use jiff::{SignedDuration, Span, SpanRelativeTo};

use super::mistake::Mistake;
use super::parse::head;

/// What can happen.
const NAMES: [&str; 7] = ["duplicate", "wait", "restart", "tap", "burst", "flows", "catalog"];

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// The last message comes again.
    Duplicate,
    /// Time passes.
    Wait(SignedDuration),
    /// The bot stops and starts again.
    Restart,
    /// The customer taps the choice with this id.
    Tap(String),
    /// The next messages come inside one quiet window.
    Burst,
    /// The bot goes on with the flows of this folder.
    Flows(PathBuf),
    /// The bot goes on with the cars of this file.
    Catalog(PathBuf),
}

impl Event {
    /// Reads what stands after the mark.
    ///
    /// # Errors
    ///
    /// A name that is none, or a value that is none for it.
    pub(super) fn parse(words: &str) -> Result<Self, Mistake> {
        let (name, value) = head(words);
        let wrong = |message: String, advice| Mistake::new("event", name, message, advice);
        let missing = |what: &str, advice| Err(wrong(format!("`{name}` needs {what}"), advice));
        match (name, value) {
            ("duplicate", "") => Ok(Self::Duplicate),
            ("restart", "") => Ok(Self::Restart),
            ("burst", "") => Ok(Self::Burst),
            ("tap", "") => missing("the id of a choice", "write it like `! tap 1`"),
            ("tap", id) => Ok(Self::Tap(id.to_owned())),
            ("flows", "") => missing("a folder", "write it like `! flows ../flows-v2`"),
            ("flows", folder) => Ok(Self::Flows(folder.into())),
            ("catalog", "") => missing("a file", "write it like `! catalog ../sold.csv`"),
            ("catalog", file) => Ok(Self::Catalog(file.into())),
            ("wait", length) => duration(length).map(Self::Wait).ok_or_else(|| {
                let advice = "write it like `! wait 25h`, `! wait 30m` or `! wait 2d`";
                wrong(format!("`{length}` is no length of time"), advice)
            }),
            _ if NAMES.contains(&name) => {
                let advice = "put what follows on a line of its own";
                Err(wrong(format!("`{name}` stands alone"), advice))
            }
            _ => Err(Mistake::unknown("event", "event", name, NAMES)),
        }
    }
}

/// `25h`, `30m`, `2d`; a day has 24 hours.
fn duration(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    length.is_positive().then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read() {
        let wait = |words| Event::parse(words).ok();
        assert_eq!(wait("wait 25h"), Some(Event::Wait(SignedDuration::from_hours(25))));
        assert_eq!(wait("wait 30m"), Some(Event::Wait(SignedDuration::from_mins(30))));
        assert_eq!(wait("wait 2d 1h"), Some(Event::Wait(SignedDuration::from_hours(49))));
        for wrong in ["wait", "wait 25", "wait -1h", "wait 0h", "wait 1 mes"] {
            assert_eq!(wait(wrong), None, "{wrong}");
        }
    }
}
