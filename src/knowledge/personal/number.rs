//! Runs of digits: telephone numbers, cards, accounts, social security.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::lists::LISTS;
use crate::spanish::MODEL_YEARS;
use crate::text::fold;

/// Digits of a number to call, from which on it needs no announcement in whatever grouping.
const PHONE: usize = 10;
/// The same behind a word like `tel`.
const ANNOUNCED_PHONE: usize = 7;
/// Digits of a number of the time before 2019, with its groups.
const OLD_PHONE: usize = 8;
/// The most digits that can be called, after ITU-T E.164.
const LONGEST_PHONE: usize = 15;
/// Digits of cards and, with 18, of CLABE accounts.
const ACCOUNT: std::ops::RangeInclusive<usize> = 14..=19;
/// Digits of a social security number.
const SOCIAL_SECURITY: usize = 11;

/// Digits with at most three marks or blanks between them. A comma parts amounts, and a slash
/// parts dates, so neither is one of them.
static RUN: LazyLock<Regex> = LazyLock::new(|| {
    let mark = r"[ \u{a0}\u{202f}\u{200b}-\u{200f}\u{2060}\u{feff}.()·–—-]";
    Regex::new(&format!(r"\+?\(?\d(?:{mark}{{0,3}}\d)*")).expect("a regular expression")
});

/// Groups of digits parted by what parts dates and amounts as well.
static PARTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{2,4}(?:\s?[/_,]\s?\d{2,4}){2,4}").expect("a regular expression")
});

/// How people group the ten digits of a number.
const SHAPES: [&[usize]; 9] = [
    &[2, 4, 4],
    &[3, 3, 4],
    &[2, 8],
    &[3, 7],
    &[2, 2, 2, 2, 2],
    &[3, 3, 2, 2],
    &[2, 4, 2, 2],
    &[3, 4, 3],
    &[2, 3, 3, 2],
];

/// `text` with its numbers masked.
pub(super) fn masked(text: &str) -> String {
    let text = PARTED.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get_match();
        let is_phone = Around::new(text, whole.range()).is_parted_phone(whole.as_str());
        if is_phone { "[teléfono]".to_owned() } else { whole.as_str().to_owned() }
    });
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for found in RUN.find_iter(&text) {
        let around = Around::new(&text, found.range());
        for (range, placeholder) in around.private() {
            masked.push_str(&text[end..range.start]);
            masked.push_str(placeholder);
            end = range.end;
        }
    }
    masked.push_str(&text[end..]);
    masked
}

/// A run of digits and the words beside it.
struct Around {
    run: Range<usize>,
    has_plus: bool,
    /// Its groups: where they stand and their digits.
    groups: Vec<(Range<usize>, String)>,
    /// The folded words before it, the nearest first.
    before: Vec<String>,
    is_amount: bool,
    /// Whether a letter is glued to it: `F150`, `250mil`.
    is_glued: bool,
}

impl Around {
    fn new(text: &str, run: Range<usize>) -> Self {
        let (head, tail) = (&text[..run.start], &text[run.end..]);
        let words = |part: &str| -> Vec<String> {
            fold(part)
                .split(|character: char| !character.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let near = head.char_indices().rev().nth(40).map_or(0, |(byte, _)| byte);
        let before: Vec<String> = words(&head[near..]).into_iter().rev().take(4).collect();
        let next = tail.char_indices().nth(20).map_or(tail.len(), |(byte, _)| byte);
        let after = words(&tail[..next]).into_iter().next().unwrap_or_default();
        let is_amount = head.trim_end().ends_with('$')
            || tail.trim_start().starts_with(['%', ','])
            || LISTS.numbers.units.has(&after);
        Self {
            has_plus: text[run.clone()].starts_with('+'),
            groups: groups(text, &run),
            is_glued: head.ends_with(char::is_alphabetic) || tail.starts_with(char::is_alphabetic),
            run,
            before,
            is_amount,
        }
    }

    /// What of the run is personal, and what stands for it.
    fn private(&self) -> Vec<(Range<usize>, &'static str)> {
        let digits = self.digits(0..self.groups.len());
        let is_after = |words: &super::lists::Words| self.before.iter().any(|word| words.has(word));
        if digits == SOCIAL_SECURITY && is_after(&LISTS.numbers.social_security) {
            return vec![(self.run.clone(), "[NSS]")];
        }
        if self.has_plus && (OLD_PHONE..=LONGEST_PHONE).contains(&digits) {
            return vec![(self.run.clone(), "[teléfono]")];
        }
        let is_announced = is_after(&LISTS.numbers.telephone);
        if is_announced && (ANNOUNCED_PHONE..=LONGEST_PHONE).contains(&digits) {
            return vec![(self.run.clone(), "[teléfono]")];
        }
        if let Some(account) = self.account() {
            return vec![(account, "[cuenta]")];
        }
        let phones = self.phones();
        if !phones.is_empty() {
            return phones;
        }
        let is_odd_phone =
            (PHONE..=LONGEST_PHONE).contains(&digits) && !self.is_amount && !self.has_quantity();
        if is_odd_phone { vec![(self.run.clone(), "[teléfono]")] } else { Vec::new() }
    }

    fn digits(&self, groups: Range<usize>) -> usize {
        self.groups[groups].iter().map(|(_, digits)| digits.len()).sum()
    }

    /// A card in groups of four, or an account that is no telephone number with its prefix.
    fn account(&self) -> Option<Range<usize>> {
        let digits = self.digits(0..self.groups.len());
        let lengths: Vec<usize> = self.groups.iter().map(|(_, digits)| digits.len()).collect();
        let is_card = lengths.windows(4).any(|four| four == [4; 4]) || lengths == [4, 6, 5];
        let is_account = lengths.iter().any(|length| ACCOUNT.contains(length));
        let is_one = is_card || is_account || (digits >= 16 && !self.has_quantity());
        is_one.then(|| self.run.clone())
    }

    /// Groups that make a telephone number as people write them.
    fn phones(&self) -> Vec<(Range<usize>, &'static str)> {
        let (mut phones, mut first) = (Vec::new(), 0);
        while first < self.groups.len() {
            let lasts = (first + 1..=self.groups.len()).rev();
            let Some(last) = lasts.into_iter().find(|last| self.is_phone(first..*last)) else {
                first += 1;
                continue;
            };
            let mut start = self.groups[first].0.start;
            // The plus or the bracket in front of the first group.
            if first == 0 {
                start = self.run.start;
            }
            phones.push((start..self.groups[last - 1].0.end, "[teléfono]"));
            first = last;
        }
        phones
    }

    fn is_phone(&self, window: Range<usize>) -> bool {
        let groups = &self.groups[window.clone()];
        let all: String = groups.iter().map(|(_, digits)| digits.as_str()).collect();
        let lengths: Vec<usize> = groups.iter().map(|(_, digits)| digits.len()).collect();
        let is_whole = window == (0..self.groups.len());
        let prefixes = ["", "52", "521", "1", "01", "044", "045", "0052", "00521"];
        let mut national = prefixes.iter().filter_map(|prefix| all.strip_prefix(prefix));
        if !national.any(|rest| rest.len() == PHONE) {
            let is_old = matches!(lengths[..], [4, 4] | [2, 2, 2, 2] | [2, 3, 3]);
            return is_old && is_whole && !self.is_amount && !self.has_quantity();
        }
        if lengths.len() == 1 {
            return !(self.is_amount || self.is_glued) || all.len() > PHONE;
        }
        let is_shaped = SHAPES.iter().any(|shape| lengths.ends_with(shape));
        is_shaped && !terms(groups)
    }

    /// Whether groups that slashes, commas or the like part are a number to call. A list of amounts
    /// has blanks, or goes up.
    fn is_parted_phone(&self, words: &str) -> bool {
        let lengths: Vec<usize> = self.groups.iter().map(|(_, digits)| digits.len()).collect();
        let is_announced = self.before.iter().any(|word| LISTS.numbers.telephone.has(word));
        let goes_up = lengths.iter().all(|length| *length == 2)
            && self.groups.windows(2).all(|pair| pair[0].1 < pair[1].1);
        let is_list = words.contains(char::is_whitespace) || goes_up || self.has_quantity();
        SHAPES.contains(&lengths.as_slice()) && !self.is_amount && (is_announced || !is_list)
    }

    /// Whether one of its groups is a year, or all of them are terms or thousands.
    fn has_quantity(&self) -> bool {
        let lengths: Vec<usize> = self.groups.iter().map(|(_, digits)| digits.len()).collect();
        let (first, rest) = lengths.split_first().unwrap_or((&0, &[]));
        let is_thousands = *first <= 3 && !rest.is_empty() && rest.iter().all(|it| *it == 3);
        let digits: usize = lengths.iter().sum();
        let has_year = self.groups.len() > 1 && self.groups.iter().any(|(_, it)| is_year(it));
        has_year || terms(&self.groups) || is_thousands && digits < PHONE || is_date(&lengths)
    }
}

/// `12-05-2019`, `2019-05-12`.
fn is_date(lengths: &[usize]) -> bool {
    matches!(lengths, [1 | 2, 1 | 2, 4] | [4, 1 | 2, 1 | 2])
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && digits.parse().is_ok_and(|year: u32| MODEL_YEARS.contains(&year))
}

/// Whether the groups are terms in months, one longer than the other: `24 36 48 60`.
fn terms(groups: &[(Range<usize>, String)]) -> bool {
    let months: Vec<u32> = groups.iter().filter_map(|(_, digits)| digits.parse().ok()).collect();
    months.len() == groups.len()
        && months.iter().all(|months| (12..=84).contains(months) && months % 6 == 0)
        && months.windows(2).all(|pair| pair[0] < pair[1])
}

fn groups(text: &str, run: &Range<usize>) -> Vec<(Range<usize>, String)> {
    let mut groups: Vec<(Range<usize>, String)> = Vec::new();
    for (byte, character) in text[run.clone()].char_indices() {
        let at = run.start + byte;
        if !character.is_numeric() {
            continue;
        }
        let digit = fold(character.encode_utf8(&mut [0; 4]));
        let end = at + character.len_utf8();
        match groups.last_mut() {
            Some((range, digits)) if range.end == at => {
                range.end = end;
                digits.push_str(&digit);
            }
            _ => groups.push((at..end, digit)),
        }
    }
    groups
}
