//! Words as people write them in a hurry: `q`, `xq`, `pa`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lists::{self, WordMap};
use crate::text::{Text, fold};

/// Folded words with one blank between them, those written short in full and any laughter as
/// `jaja`: `q papeles piden jajsjaja` is `que papeles piden jaja`. Signs alone stand one by one.
#[must_use]
pub fn in_full(plain: &str) -> String {
    if !plain.chars().any(char::is_alphanumeric) {
        let signs = plain.chars().filter(|sign| !sign.is_whitespace());
        return signs.map(String::from).collect::<Vec<_>>().join(" ");
    }
    let words = plain.split(' ').map(|word| match full_form(word) {
        Some(full) => full,
        None if is_laughter(word) => LAUGHTER,
        None => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// How any laughter is compared.
const LAUGHTER: &str = "jaja";

/// Letters from which on a word may be laughter: `aja` is none.
const LAUGHTER_LETTERS: usize = 4;

/// Whether a folded word is laughter: `jajaja`, `ahahaha`, `jsjsjs`, `jajsjaja`. It has one vowel at
/// most, and no other letters than those of a laugh.
pub(super) fn is_laughter(word: &str) -> bool {
    let breaths = word.matches(['j', 'h']).count();
    let mut vowels = word.chars().filter(|letter| "aeiou".contains(*letter));
    let vowel = vowels.next();
    word.len() >= LAUGHTER_LETTERS
        && breaths >= 2
        && word.chars().all(|letter| "jhskaeiou".contains(letter))
        && vowels.all(|letter| Some(letter) == vowel)
}

/// A message with its short words in full, where it has any.
pub(super) fn spelled_out(text: &Text) -> Option<Text> {
    if !text.tokens().iter().any(|token| SHORT_FORMS.contains(&token.text)) {
        return None;
    }
    let words = text.tokens().iter().map(|token| match full_form(&token.text) {
        Some(full) => full,
        None => text.spelled(token),
    });
    Some(Text::new(&words.collect::<Vec<_>>().join(" ")))
}

/// The folded word that a short one stands for: `de` for `d`.
#[must_use]
pub fn full_form(word: &str) -> Option<&'static str> {
    SHORT_FORMS.get(word).map(String::as_str)
}

/// Short forms to the folded words they stand for.
static SHORT_FORMS: LazyLock<WordMap<String>> = LazyLock::new(|| {
    let list: HashMap<String, String> =
        lists::load(include_str!("../../data/spanish/short_forms.toml"));
    list.iter().map(|(short, full)| (fold(short), fold(full))).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_are_read_in_full() {
        assert_eq!(in_full("q papeles piden pa el credito"), "que papeles piden para el credito");
        assert_eq!(in_full("quiero"), "quiero");
        assert_eq!(in_full("jajsjajaja ya"), "jaja ya");
        assert_eq!(in_full("😂😂🙏"), "😂 😂 🙏");
        assert!(!is_laughter("hijo") && !is_laughter("aja") && is_laughter("jejeje"));
        let text = spelled_out(&Text::new("xq no Circula")).expect("a short form");
        assert_eq!(text.plain(), "porque no circula");
        assert!(spelled_out(&Text::new("hola")).is_none());
    }
}
