//! What happens in a conversation from the customer's side, and how a transcript writes it.

use jiff::SignedDuration;

use crate::message::{Content, Media};
use crate::transcript::Draft;

/// Something that happens.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Move {
    /// The customer sends something.
    Say(Content),
    /// The customer taps the choice with this id.
    Tap(String),
    /// The last message comes again.
    Duplicate,
    /// Time passes, in whole minutes.
    Wait(SignedDuration),
    /// The bot stops and starts again.
    Restart,
}

impl Move {
    /// The customer writes `words`. Blanks at the end of a line mean nothing, in a transcript either.
    pub(super) fn say(words: &str) -> Self {
        let lines: Vec<&str> = words.lines().map(str::trim_end).collect();
        Self::Say(Content::Text(lines.join("\n").trim_end().to_owned()))
    }

    /// The customer sends something else, with a caption of one line.
    pub(super) fn send(kind: Media, caption: &str) -> Self {
        Self::Say(Content::Media { kind, caption: caption.trim().to_owned() })
    }

    /// What the bot is sent; nothing where nobody writes.
    pub(super) fn content(&self) -> Option<Content> {
        match self {
            Self::Say(content) => Some(content.clone()),
            Self::Tap(id) => Some(Content::Text(id.clone())),
            Self::Duplicate | Self::Wait(_) | Self::Restart => None,
        }
    }

    /// Writes it into a transcript.
    pub(super) fn write(&self, draft: &mut Draft) {
        match self {
            Self::Say(content) => draft.message(content),
            // As words: what was on the screen may have been cut away.
            Self::Tap(id) => draft.message(&Content::Text(id.clone())),
            Self::Duplicate => draft.duplicate(),
            Self::Wait(time) => draft.wait(time.as_mins()),
            Self::Restart => draft.restart(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_written_as_transcripts_write_them() {
        let written = |happens: Move| {
            let mut draft = Draft::new("x", jiff::Timestamp::UNIX_EPOCH);
            happens.write(&mut draft);
            let text = draft.finish();
            text.lines().skip(2).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(written(Move::say("hola ")), "> hola");
        assert_eq!(written(Move::say("hola\n20%")), "> hola\n| 20%");
        assert_eq!(written(Move::say("  ")), ">");
        assert_eq!(written(Move::say("[audio]")), "> \\[audio]");
        assert_eq!(written(Move::send(Media::Image, "este ")), "> [image] este");
        assert_eq!(written(Move::Tap("3".to_owned())), "> 3");
        assert_eq!(written(Move::Wait(SignedDuration::from_hours(25))), "! wait 1500m");
    }
}
