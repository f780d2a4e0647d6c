//! Words that are written so that no list knows them: `G R A T I S`, `gr4tis`, `III`, Base64.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::breach::Breach;
use super::reading::Reading;
use crate::text::{TokenKind, fold};

/// No word that an answer needs is longer.
const LONGEST_WORD: usize = 22;

/// Letters in a row that stand alone, from which on they spell something.
const SPELLED: usize = 3;

/// Digits or signs within a word, but for kilometres: `5,000km`.
static MIXED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\p{L}[\d$€@+%]|[\d@+%&]\p{L}|[$€]\p{L}|\p{L}['’/]\p{L}")
        .expect("a regular expression")
});
static KILOMETRES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d[\d,]*km$").expect("a regular expression"));

/// Roman numerals.
static ROMAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(?:X{0,3}(?:IX|IV|V?I{0,3})|[CLXVI]{2,})$").expect("a regular expression")
});

/// Refuses words in disguise that the cited passages do not write the same way.
pub(super) fn check(said: &Reading, source: &Reading) -> Result<(), Breach> {
    let known: HashSet<String> = chunks(source).map(fold).collect();
    for chunk in chunks(said) {
        let is_mixed = MIXED.is_match(chunk) && !KILOMETRES.is_match(chunk);
        let is_odd = is_mixed || chunk.chars().count() > LONGEST_WORD;
        if is_odd && !known.contains(&fold(chunk)) {
            return Err(Breach::NotPlain { span: chunk.to_owned() });
        }
    }
    spelled(said, source)?;
    roman(said, source)
}

/// What stands between blanks, without the marks around it.
fn chunks(reading: &Reading) -> impl Iterator<Item = &str> {
    let chunks = reading.text.original().split_whitespace();
    chunks.map(|chunk| chunk.trim_matches(|mark: char| !mark.is_alphanumeric() && mark != '$'))
}

/// Refuses letters that stand alone, several in a row; and one alone that is no word.
fn spelled(said: &Reading, source: &Reading) -> Result<(), Breach> {
    let known = source.all_words().join(" ");
    let mut letters: Vec<&str> = Vec::new();
    for word in said.all_words().into_iter().chain(["."]) {
        let is_letter = word.len() == 1 && word.chars().all(char::is_alphabetic);
        if is_letter {
            letters.push(word);
            continue;
        }
        let span = letters.join(" ");
        if letters.len() >= SPELLED && !format!(" {known} ").contains(&format!(" {span} ")) {
            return Err(Breach::NotPlain { span });
        }
        letters.clear();
    }
    Ok(())
}

fn roman(said: &Reading, source: &Reading) -> Result<(), Breach> {
    let known: HashSet<&str> =
        source.tokens().iter().map(|token| source.text.spelled(token)).collect();
    for (at, token) in said.tokens().iter().enumerate() {
        let written = said.text.spelled(token);
        let is_roman = token.kind == TokenKind::Word && ROMAN.is_match(written);
        if is_roman && !said.opens(at) && !known.contains(written) {
            return Err(Breach::Figure { span: written.to_owned() });
        }
    }
    Ok(())
}
