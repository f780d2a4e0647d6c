//! Names behind what announces them: `me llamo Ana`, `soy juan pérez`, `atte. Luis`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::lists::{LISTS, LONGEST_PHRASE};
use crate::text::fold;

/// Words of a name with capitals: two given names and two surnames. Those that join them are not
/// counted.
const LONGEST_NAME: usize = 4;
/// The same without capitals, where the name's end is a guess.
const LONGEST_PLAIN_NAME: usize = 3;

/// A word with the marks glued to it.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{M}'’]+").expect("a regular expression"));

struct Word {
    range: Range<usize>,
    folded: String,
    is_capital: bool,
    /// What stands between it and the word before.
    gap: String,
}

/// How sure an announcement is that a name follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Announcement {
    Sure,
    Perhaps,
    Capitalised,
}

/// `text` with the names that it announces masked.
pub(super) fn masked(text: &str) -> String {
    let words = words(text);
    let mut masked = String::with_capacity(text.len());
    let (mut at, mut end) = (0, 0);
    while at < words.len() {
        let Some((announcement, first)) = announcement(&words, at) else {
            at += 1;
            continue;
        };
        let Some(name) = name(&words, first, announcement) else {
            at += 1;
            continue;
        };
        let (start, stop) = (words[name.start].range.start, words[name.end - 1].range.end);
        masked.push_str(&text[end..start]);
        masked.push_str("[nombre]");
        (end, at) = (stop, name.end);
    }
    masked.push_str(&text[end..]);
    masked
}

fn words(text: &str) -> Vec<Word> {
    let mut end = 0;
    let word = |found: regex::Match<'_>| {
        let gap = text[end..found.start()].to_owned();
        end = found.end();
        Word {
            range: found.range(),
            folded: fold(found.as_str()),
            is_capital: found.as_str().starts_with(char::is_uppercase),
            gap,
        }
    };
    WORD.find_iter(text).map(word).collect()
}

/// The announcement that begins at a word, and the word after it.
fn announcement(words: &[Word], at: usize) -> Option<(Announcement, usize)> {
    let lists = [
        (&LISTS.names.announced, Announcement::Sure),
        (&LISTS.names.perhaps, Announcement::Perhaps),
        (&LISTS.names.capitalised, Announcement::Capitalised),
    ];
    for length in (1..=LONGEST_PHRASE.min(words.len() - at)).rev() {
        let phrase: Vec<&str> =
            words[at..at + length].iter().map(|word| word.folded.as_str()).collect();
        let phrase = phrase.join(" ");
        let mark = words.get(at + length).and_then(|word| word.gap.trim().chars().next());
        let marked = mark.map(|mark| format!("{phrase}{mark}"));
        for (list, announcement) in lists {
            if list.has(&phrase) || marked.as_ref().is_some_and(|marked| list.has(marked)) {
                return Some((announcement, at + length));
            }
        }
    }
    None
}

/// The words of the name that begins at `first`, its titles left out.
fn name(words: &[Word], first: usize, announcement: Announcement) -> Option<Range<usize>> {
    let mut start = first;
    while words.get(start).is_some_and(|word| LISTS.names.titles.has(&word.folded)) {
        start += 1;
    }
    let is_titled = start > first;
    let opening = words.get(start)?;
    let joins = opening.gap.chars().all(|it| it.is_whitespace() || ".,:;-".contains(it));
    let can_be = is_name(opening) || opening.is_capital && is_titled;
    // "me llamo la atención".
    let is_article = is_titled && matches!(words[start - 1].folded.as_str(), "el" | "la");
    let must_be_capital = match announcement {
        Announcement::Sure => is_article,
        Announcement::Perhaps => is_titled,
        Announcement::Capitalised => true,
    };
    if !joins || !can_be || must_be_capital && !opening.is_capital {
        return None;
    }
    let longest = if opening.is_capital { LONGEST_NAME } else { LONGEST_PLAIN_NAME };
    let (mut end, mut taken, mut at) = (start + 1, 1, start + 1);
    while let Some(word) = words.get(at).filter(|_| taken < longest) {
        let is_apart = !word.gap.chars().all(char::is_whitespace) && !is_initial(words, at, word);
        let is_like = word.is_capital == opening.is_capital || word.is_capital;
        if is_apart {
            break;
        }
        if LISTS.names.joints.has(&word.folded) && !word.is_capital {
            // "María de la Luz", but not "Ana de Puebla busca".
            let next = words[at..].iter().find(|it| !LISTS.names.joints.has(&it.folded));
            let goes_on = word.folded != "y" && next.is_some_and(|it| it.is_capital && is_name(it));
            if !goes_on {
                break;
            }
            at += 1;
            continue;
        }
        if !is_like || !is_name(word) {
            break;
        }
        (taken, at) = (taken + 1, at + 1);
        end = at;
    }
    Some(start..end)
}

/// Whether an initial stands before: `Juan P. Ruiz`.
fn is_initial(words: &[Word], at: usize, word: &Word) -> bool {
    words[at - 1].folded.len() == 1 && word.gap.trim() == "."
}

fn is_name(word: &Word) -> bool {
    let is_trade = !word.is_capital && LISTS.names.trade_endings.ends(&word.folded);
    !LISTS.names.other_words.has(&word.folded) && !is_trade
}
