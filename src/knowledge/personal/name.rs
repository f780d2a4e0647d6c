//! Names behind what announces them: `me llamo Ana`, `soy juan pérez`, `atte. Luis`; and those that
//! two capitalised words make by themselves: `Hola, Juan Pérez aquí`.

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
    let mut words = words(text);
    let has_only_capitals = has_only_capitals(&words);
    if has_only_capitals {
        for word in &mut words {
            word.is_capital = false;
        }
    }
    let mut masked = String::with_capacity(text.len());
    let (mut at, mut end) = (0, 0);
    while at < words.len() {
        let announced = announcement(&words, at)
            .and_then(|(announcement, first)| name(&words, first, announcement));
        let Some(name) = announced.or_else(|| bare(&words, at, has_only_capitals)) else {
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
    let is_title = |word: &Word| LISTS.names.titles.has(&word.folded);
    let is_kin = |word: &Word| LISTS.names.kin.has(&word.folded);
    let of_kin = |word: &&Word| matches!(word.folded.as_str(), "mi" | "mis" | "su" | "tu");
    // "a nombre de mi esposa sale más caro": behind a relative only a capital tells a name.
    let kin = words.get(first).filter(of_kin).and(words.get(first + 1));
    let is_of_kin = kin.is_some_and(is_kin);
    let mut start = if is_of_kin { first + 2 } else { first };
    while words.get(start).is_some_and(is_title) {
        start += 1;
    }
    let is_titled = start > first;
    let opening = words.get(start)?;
    let joins = opening.gap.chars().all(|it| it.is_whitespace() || ".,:;-".contains(it));
    let can_be = is_name(opening) || opening.is_capital && is_titled;
    // "me llamo la atención".
    let is_article = is_titled && matches!(words[start - 1].folded.as_str(), "el" | "la");
    let must_be_capital = match announcement {
        Announcement::Sure => is_article || is_of_kin,
        Announcement::Perhaps => is_titled,
        Announcement::Capitalised => true,
    };
    if !joins || !can_be || must_be_capital && !opening.is_capital {
        return None;
    }
    let longest = if opening.is_capital { LONGEST_NAME } else { LONGEST_PLAIN_NAME };
    Some(start..end_of_name(words, start, longest, is_name).0)
}

/// A name that begins at `first` without an announcement: two capitalised words and more that no
/// word list knows. In a message that `has_only_capitals` the first of them is a common name.
fn bare(words: &[Word], first: usize, has_only_capitals: bool) -> Option<Range<usize>> {
    let belongs = |word: &Word| {
        let is_known = !is_common_name(word) && LISTS.knows(&word.folded);
        (word.is_capital || has_only_capitals) && word.folded.len() > 1 && !is_known
    };
    let opening = words.get(first).filter(|word| belongs(word))?;
    let is_sure = !has_only_capitals || LISTS.names.given.has(&opening.folded);
    if !is_sure || is_behind_a_place(words, first) {
        return None;
    }
    let (end, count) = end_of_name(words, first, LONGEST_NAME, belongs);
    (count >= 2).then_some(first..end)
}

fn is_common_name(word: &Word) -> bool {
    LISTS.names.given.has(&word.folded) || LISTS.names.surnames.has(&word.folded)
}

/// Whether the capitals of a word are those of a place or a firm that is named in part before it.
fn is_behind_a_place(words: &[Word], first: usize) -> bool {
    let pairs = words[..=first].windows(2).rev();
    pairs
        .take_while(|pair| pair[1].gap.trim().is_empty())
        .take_while(|pair| pair[0].is_capital || LISTS.names.joints.has(&pair[0].folded))
        .take(LONGEST_NAME)
        .any(|pair| LISTS.names.of_places.has(&pair[0].folded))
}

/// Whether a message has a capital on almost every longer word and on most others, so that capitals
/// tell nothing.
fn has_only_capitals(words: &[Word]) -> bool {
    let capitals = words.iter().filter(|word| word.is_capital).count();
    let small = words.iter().filter(|word| word.folded.len() > 3 && !word.is_capital).count();
    words.len() > 2 && capitals * 3 >= words.len() * 2 && small * 10 <= words.len()
}

/// Where the name that begins at `start` ends, and how many words it has, those that join them left
/// out: `longest` at most, all that follow the first of them such that `belongs`.
fn end_of_name(
    words: &[Word],
    start: usize,
    longest: usize,
    belongs: impl Fn(&Word) -> bool,
) -> (usize, usize) {
    let opening = &words[start];
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
            let goes_on = word.folded != "y" && next.is_some_and(|it| it.is_capital && belongs(it));
            if !goes_on {
                break;
            }
            at += 1;
            continue;
        }
        if !is_like || !belongs(word) {
            break;
        }
        (taken, at) = (taken + 1, at + 1);
        end = at;
    }
    (end, taken)
}

/// Whether an initial stands before: `Juan P. Ruiz`.
fn is_initial(words: &[Word], at: usize, word: &Word) -> bool {
    words[at - 1].folded.len() == 1 && word.gap.trim() == "."
}

fn is_name(word: &Word) -> bool {
    let is_trade = !word.is_capital && LISTS.names.trade_endings.ends(&word.folded);
    !LISTS.names.other_words.has(&word.folded) && !is_trade
}
