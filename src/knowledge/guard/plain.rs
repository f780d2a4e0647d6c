//! Plain text: what a chat shows as it is, in letters that Spanish is written with.

use std::sync::LazyLock;

use regex::Regex;

use super::breach::Breach;
use super::lists::LISTS;
use crate::knowledge::MAX_TEXT_CHARS;
use crate::text::{composed, fold};

/// Marks of emphasis: they go, whatever they stood around, and what is left is what is judged.
const EMPHASIS: [char; 4] = ['*', '_', '~', '`'];

/// Punctuation besides letters and digits. What is missing on purpose: `<>[]{}|\^=#`.
const MARKS: &str = " .,;:!?¡¿()\"'«»“”‘’–—-·•…/%$€&+@°ºª";

/// Blanks that are written as one another.
const BLANKS: [char; 4] = ['\u{a0}', '\u{202f}', '\u{2009}', '\t'];

/// The marks of lists, quotes and headings that open a line.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    let shape = r"^\s*(?:#{1,6}\s+|>\s*|(?P<bullet>[-*+•–—]\s+))";
    Regex::new(shape).expect("a regular expression")
});

/// `answer` without markup, as it may be sent if all else is right.
///
/// # Errors
///
/// Text that is blank or too long, and anything that is no plain text once the markup is gone.
pub(super) fn cleaned(answer: &str) -> Result<String, Breach> {
    let composed = composed(answer).replace(BLANKS, " ").replace("\r\n", "\n");
    let lines: Vec<String> = composed
        .lines()
        .filter(|line| !line.trim_start().starts_with("```"))
        .map(line)
        .filter(|line| !line.is_empty())
        .collect();
    let text = lines.join("\n").replace('\u{fe0f}', "");
    let length = text.chars().count();
    if length > MAX_TEXT_CHARS {
        return Err(Breach::TooLong { length });
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Breach::Blank);
    }
    let mut emoji = 0;
    for character in text.chars() {
        if LISTS.emoji.contains(&character) {
            emoji += 1;
        }
        let is_plain = is_plain(character) || LISTS.emoji.contains(&character) && emoji <= 1;
        if !is_plain {
            return Err(Breach::NotPlain { span: character.escape_unicode().to_string() });
        }
    }
    Ok(text)
}

/// One line without its markup and with single blanks.
fn line(line: &str) -> String {
    let opening = OPENING.captures(line);
    let end = opening.as_ref().and_then(|found| found.get(0)).map_or(0, |found| found.end());
    let is_item = opening.is_some_and(|found| found.name("bullet").is_some());
    let rest = line[end..].replace(EMPHASIS, "");
    let words: Vec<&str> = rest.split_whitespace().collect();
    let words = words.join(" ");
    if is_item && !words.is_empty() { format!("• {words}") } else { words }
}

/// Whether Spanish text has this character. Letters are ASCII's, and Latin-1's where one is such a
/// letter with an accent: whoever writes `ı` or `а` means to be read as someone else.
fn is_plain(character: char) -> bool {
    if character.is_ascii_alphanumeric() || character == '\n' || MARKS.contains(character) {
        return true;
    }
    let is_latin_1 = matches!(character, '\u{c0}'..='\u{ff}');
    is_latin_1 && fold(character.encode_utf8(&mut [0; 4])).chars().all(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_words_stay() {
        let answer = "## Garantía\n\n- **3 meses**, `según` _Kavak_\n* Ampliable\n> así\n```\n";
        let plain = "Garantía\n• 3 meses, según Kavak\n• Ampliable\nasí";
        assert_eq!(cleaned(answer).as_deref(), Ok(plain));
        assert_eq!(cleaned("Sí\u{a0}se  puede 🙂").as_deref(), Ok("Sí se puede 🙂"));
        assert_eq!(cleaned("E\u{301}xito…").as_deref(), Ok("Éxito…"));
    }

    #[test]
    fn what_hides_is_refused() {
        for answer in [
            "<b>hola</b>",
            "[a](b)",
            "grаtis",
            "gra\u{200b}tis",
            "５０",
            "10²",
            "½",
            "hola\u{7}",
            "\u{202e}sitarg",
            "🙂 hola 🙂",
            "gratıs",
            "2\u{20e3}",
            "🆓 hola",
            "{x}",
            "a | b",
            "ß",
        ] {
            assert!(matches!(cleaned(answer), Err(Breach::NotPlain { .. })), "{answer}");
        }
        assert_eq!(cleaned(" \n** "), Err(Breach::Blank));
        assert_eq!(cleaned(&"a".repeat(601)), Err(Breach::TooLong { length: 601 }));
    }
}
