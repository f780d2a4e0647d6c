//! A line of a random conversation.

use jiff::SignedDuration;
use kavak_bot::message::{Content, Media};

/// The longest silence between two messages.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24 * 60);

/// What happens next.
#[derive(Debug)]
pub enum Line {
    /// The customer sends something. A carriage return stands for a new line within it.
    Message(Content),
    /// The last message comes again: `! duplicate`.
    Duplicate,
    /// Time passes: `! wait 25h`.
    Wait(SignedDuration),
}

impl Line {
    /// Reads one line, in the transcripts' own notation. Whatever it does not know is words.
    #[must_use]
    pub fn read(line: &str) -> Self {
        event(line).or_else(|| media(line)).unwrap_or_else(|| Self::Message(words(line)))
    }
}

fn event(line: &str) -> Option<Line> {
    let event = line.strip_prefix("! ")?;
    let (name, value) = event.split_once(' ').unwrap_or((event, ""));
    match name {
        "duplicate" => Some(Line::Duplicate),
        "tap" => Some(Line::Message(words(value))),
        "wait" => {
            let wait: SignedDuration = value.parse().ok()?;
            Some(Line::Wait(wait.clamp(SignedDuration::ZERO, LONGEST_WAIT)))
        }
        _ => None,
    }
}

fn media(line: &str) -> Option<Line> {
    let (name, caption) = line.strip_prefix('[')?.split_once(']')?;
    let kind = Media::ALL.into_iter().find(|kind| kind.as_str() == name)?;
    let caption = caption.trim_start().replace('\r', "\n");
    Some(Line::Message(Content::Media { kind, caption }))
}

fn words(line: &str) -> Content {
    Content::Text(line.replace('\r', "\n"))
}
