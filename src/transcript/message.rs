//! `>`: what a customer sends, as QA writes it.

use super::mistake::Mistake;
use crate::message::{Content, Media};

/// Characters that `[20000 a]` may ask for, at most.
const MAX_REPEATED: usize = 1_000_000;

/// Reads a message: words; `[audio]`, with a caption after it; `[20000 a]`, words so many times.
/// A backslash before the bracket makes words of it.
///
/// # Errors
///
/// Brackets that mean nothing.
pub(super) fn read(written: &str) -> Result<Content, Mistake> {
    if let Some(words) = written.strip_prefix('\\').filter(|words| is_bracketed(words)) {
        return Ok(Content::Text(words.to_owned()));
    }
    let bracketed = written.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((inside, after)) = bracketed else { return Ok(Content::Text(written.to_owned())) };
    if let Some((times, words)) = repetition(inside) {
        return repeated(times, words).map(|text| Content::Text(text + after));
    }
    let kind = Media::ALL.into_iter().find(|kind| kind.as_str() == inside);
    let kind = kind.ok_or_else(|| unknown_kind(inside))?;
    Ok(Content::Media { kind, caption: after.trim_start().to_owned() })
}

/// How words are written so that they are read as they are.
pub(super) fn written(words: &str) -> String {
    if is_bracketed(words) { format!("\\{words}") } else { words.to_owned() }
}

/// Whether the words begin with a bracket, perhaps behind backslashes.
fn is_bracketed(words: &str) -> bool {
    words.trim_start_matches('\\').starts_with('[')
}

fn repetition(inside: &str) -> Option<(&str, &str)> {
    let (times, words) = inside.split_once(' ')?;
    times.bytes().all(|byte| byte.is_ascii_digit()).then_some((times, words))
}

fn repeated(times: &str, words: &str) -> Result<String, Mistake> {
    let count: Option<usize> = times.parse().ok();
    let characters = count.and_then(|count| count.checked_mul(words.chars().count()));
    if let (Some(count), Some(0..=MAX_REPEATED)) = (count, characters) {
        return Ok(words.repeat(count));
    }
    let message = format!("a message repeats words up to {MAX_REPEATED} characters");
    Err(Mistake::new("kind", times, message, "write a smaller number"))
}

fn unknown_kind(inside: &str) -> Mistake {
    let kinds = Media::ALL.into_iter().map(Media::as_str);
    let mut mistake = Mistake::unknown("kind", "kind of message", inside, kinds);
    mistake.message.push_str("; to send these words as they are, begin with `\\[`");
    mistake
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
        assert_eq!(read("\\\\[audio]"), text("\\[audio]"));
        assert_eq!(read("\\audio"), text("\\audio"));
        assert_eq!(read("[audio"), text("[audio"));
    }

    #[test]
    fn brackets_that_mean_nothing_are_refused() {
        for wrong in ["[adio]", "[]", "[1000001 a]", "[99999999999999999999 a]"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
