//! Words that carry nothing: `por favor`, `pues`, `mmm`.

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::lists::{self, Phrases, WordSet};
use super::short_form::is_laughter;
use crate::text::{Text, TokenKind};

/// Whether a folded word carries nothing by itself: `pues`, `este`, `mmm`, laughter.
#[must_use]
pub fn is_filler(token: &str) -> bool {
    FILLERS.words.contains(token) || is_laughter(token) || is_hum(token)
}

/// Whether a folded word is a sound of thinking or surprise, however long it is drawn: `mmm`, `aaah`.
fn is_hum(word: &str) -> bool {
    let is_drawn = |hum: &String| {
        let mut last = None;
        word.chars().filter(|letter| last.replace(*letter) != Some(*letter)).eq(hum.chars())
    };
    word.len() > 1 && FILLERS.hums.iter().any(is_drawn)
}

/// Whether only `tokens` (indices into the tokens of `text`) remains of a message once marks and
/// fillers are gone: then a bare number is all that was said.
#[must_use]
pub fn stands_alone(text: &Text, tokens: &Range<usize>) -> bool {
    let all = text.tokens();
    let mut at = 0;
    while at < all.len() {
        at = match FILLERS.phrases.longest(all, at) {
            _ if tokens.contains(&at) => at + 1,
            Some(((), end)) => end,
            None if all[at].kind == TokenKind::Symbol || is_filler(&all[at].text) => at + 1,
            None => return false,
        };
    }
    true
}

/// The tokens of a message (as indices) that carry something: what is left once marks and fillers
/// are gone.
#[must_use]
pub fn content(text: &Text) -> Vec<usize> {
    let all = text.tokens();
    let mut content = Vec::new();
    let mut at = 0;
    while at < all.len() {
        if let Some(((), end)) = FILLERS.phrases.longest(all, at) {
            at = end;
            continue;
        }
        if all[at].kind != TokenKind::Symbol && !is_filler(&all[at].text) {
            content.push(at);
        }
        at += 1;
    }
    content
}

static FILLERS: LazyLock<Fillers> = LazyLock::new(|| {
    let file: File = lists::load(include_str!("../../data/spanish/fillers.toml"));
    let phrases = Phrases::of(&file.phrases, ());
    Fillers { words: lists::words(&file.words), hums: file.hums, phrases }
});

struct Fillers {
    words: WordSet,
    /// Each letter once.
    hums: Vec<String>,
    phrases: Phrases<()>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: Vec<String>,
    hums: Vec<String>,
    phrases: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers_leave_what_was_said() {
        assert!(is_filler("pues"));
        assert!(is_filler("jajajajajaja"));
        assert!(!is_filler("enganche"));
        assert!(stands_alone(&Text::new("mmm, pues 4 por favor!"), &(3..4)));
        assert!(!stands_alone(&Text::new("4 de enganche"), &(0..1)));
    }

    #[test]
    fn a_hum_may_be_drawn_out() {
        for hum in ["mmm", "mm", "ah", "aa", "aaah", "ahhh", "eeh", "oh", "hmmm", "uhmm", "uyy"] {
            assert!(is_filler(hum), "{hum}");
        }
        for word in ["a", "o", "me", "he", "ha", "mi", "hay", "amo", "una"] {
            assert!(!is_hum(word), "{word}");
        }
    }
}
