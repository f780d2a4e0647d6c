//! Telephone numbers in words: `cincuenta y cinco doce treinta y cuatro…`, or digit by digit.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::spanish::small_number;
use crate::text::fold;

/// Digits of a number to call.
const PHONE: usize = 10;
/// Digits from which on words of one digit each are a number to call.
const DIGIT_BY_DIGIT: usize = 7;
/// The country's prefix.
const MEXICO: u32 = 52;

static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{M}]+").expect("a regular expression"));

struct Word {
    range: Range<usize>,
    folded: String,
    /// Whether only blanks and light marks stand between it and the word before.
    is_joined: bool,
}

/// A number below a thousand: what it is, and how many words say it.
struct Chunk {
    value: u32,
    words: usize,
}

/// `text` with the numbers to call that it spells out masked.
pub(super) fn masked(text: &str) -> String {
    let words = words(text);
    let mut masked = String::with_capacity(text.len());
    let (mut at, mut end) = (0, 0);
    while at < words.len() {
        let chunks = run(&words[at..]);
        let length: usize = chunks.iter().map(|chunk| chunk.words).sum();
        if is_phone(&chunks) {
            masked.push_str(&text[end..words[at].range.start]);
            masked.push_str("[teléfono]");
            end = words[at + length - 1].range.end;
        }
        at += length.max(1);
    }
    masked.push_str(&text[end..]);
    masked
}

fn words(text: &str) -> Vec<Word> {
    let mut end = 0;
    let word = |found: regex::Match<'_>| {
        let gap = &text[end..found.start()];
        end = found.end();
        Word {
            range: found.range(),
            folded: fold(found.as_str()),
            is_joined: gap.chars().all(|it| it.is_whitespace() || ",.-".contains(it)),
        }
    };
    WORD.find_iter(text).map(word).collect()
}

/// The numbers that stand one after the other from the first word on.
fn run(words: &[Word]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut at = 0;
    while let Some(chunk) = words.get(at..).and_then(chunk) {
        if at > 0 && !words[at].is_joined {
            break;
        }
        at += chunk.words;
        chunks.push(chunk);
    }
    chunks
}

/// The longest number below a thousand that `words` begin with.
fn chunk(words: &[Word]) -> Option<Chunk> {
    let number = |at: usize| {
        let word = words.get(at).filter(|word| at == 0 || word.is_joined)?;
        small_number(&word.folded)
    };
    let value = number(0)?;
    if value >= 100 {
        let rest = words.get(1..).filter(|rest| rest.first().is_some_and(|it| it.is_joined));
        let rest = rest.and_then(chunk).filter(|rest| rest.value < 100 && value % 100 == 0);
        return Some(match rest {
            Some(rest) => Chunk { value: value + rest.value, words: 1 + rest.words },
            None => Chunk { value, words: 1 },
        });
    }
    let is_ten = value >= 20 && value % 10 == 0;
    let has_and = words.get(1).is_some_and(|word| word.is_joined && word.folded == "y");
    let unit = number(2).filter(|unit| is_ten && has_and && (1..10).contains(unit));
    Some(match unit {
        Some(unit) => Chunk { value: value + unit, words: 3 },
        None => Chunk { value, words: 1 },
    })
}

/// Whether the numbers make one to call. Those that go up are terms or percentages.
fn is_phone(chunks: &[Chunk]) -> bool {
    let digits: usize = chunks.iter().map(|chunk| chunk.value.to_string().len()).sum();
    let is_digit_by_digit = chunks.iter().all(|chunk| chunk.value < 10);
    let goes_up = chunks.windows(2).all(|pair| pair[0].value < pair[1].value);
    let national = match chunks.first() {
        Some(first) if first.value == MEXICO && digits > PHONE => digits - 2,
        _ => digits,
    };
    is_digit_by_digit && digits >= DIGIT_BY_DIGIT || national == PHONE && !goes_up
}
