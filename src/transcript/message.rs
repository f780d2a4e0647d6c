//! `>`: what a customer sends, as QA writes it.

use crate::message::{Content, Media};

/// Characters that `[20000 a]` may ask for, at most.
const MAX_REPEATED: usize = 1_000_000;

/// A message that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum MessageMistake {
    /// `[adio]`.
    #[error("there is no kind of message `{0}`")]
    UnknownKind(String),
    /// `[9999999999 a]`.
    #[error("a message repeats words up to {MAX_REPEATED} characters")]
    TooMany,
}

/// Reads a message: words; `[audio]`, with a caption after it; `[20000 a]`, words so many times.
/// A backslash before the bracket makes words of it.
///
/// # Errors
///
/// Brackets that mean nothing.
pub(super) fn read(written: &str) -> Result<Content, MessageMistake> {
    if let Some(words) = written.strip_prefix("\\[") {
        return Ok(Content::Text(format!("[{words}")));
    }
    let bracketed = written.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((inside, after)) = bracketed else { return Ok(Content::Text(written.to_owned())) };
    if let Some((times, words)) = repetition(inside) {
        return repeated(times, words).map(|text| Content::Text(text + after));
    }
    let kind = Media::ALL.into_iter().find(|kind| kind.as_str() == inside);
    let kind = kind.ok_or_else(|| MessageMistake::UnknownKind(inside.to_owned()))?;
    Ok(Content::Media { kind, caption: after.trim_start().to_owned() })
}

fn repetition(inside: &str) -> Option<(&str, &str)> {
    let (times, words) = inside.split_once(' ')?;
    times.bytes().all(|byte| byte.is_ascii_digit()).then_some((times, words))
}

fn repeated(times: &str, words: &str) -> Result<String, MessageMistake> {
    let times: usize = times.parse().map_err(|_| MessageMistake::TooMany)?;
    let characters = times.checked_mul(words.chars().count());
    match characters {
        Some(0..=MAX_REPEATED) => Ok(words.repeat(times)),
        _ => Err(MessageMistake::TooMany),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_media_and_repetitions() {
        let text = |words: &str| Ok(Content::Text(words.to_owned()));
        let media = |kind, caption: &str| Ok(Content::Media { kind, caption: caption.to_owned() });
        assert_eq!(read(""), text(""));
        assert_eq!(read("hola [audio]"), text("hola [audio]"));
        assert_eq!(read("[audio]"), media(Media::Audio, ""));
        assert_eq!(read("[image] ¿tienes este?"), media(Media::Image, "¿tienes este?"));
        assert_eq!(read("[3 ja]!"), text("jajaja!"));
        assert_eq!(read("\\[audio]"), text("[audio]"));
        assert_eq!(read("[audio"), text("[audio"));
    }

    #[test]
    fn brackets_that_mean_nothing_are_refused() {
        assert_eq!(read("[adio]"), Err(MessageMistake::UnknownKind("adio".to_owned())));
        assert_eq!(read("[1000001 a]"), Err(MessageMistake::TooMany));
        assert_eq!(read("[99999999999999999999 a]"), Err(MessageMistake::TooMany));
    }
}
