//! Numbers in digits, in words and mixed: `300 mil`, `un millón y medio`, `4 millones 2 mil 3`.

mod digits;
mod fraction;
mod join;
mod scale;
mod small;
mod word;

use std::ops::Range;

use rust_decimal::Decimal;

use super::unit;
use word::{After, Guess, NumberWord};

use crate::text::{Text, Token, TokenKind};
pub(super) use word::NUMBER_WORDS;
pub use word::small_number;

/// A number in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numeral {
    /// Its value, with its sign.
    pub(super) value: Decimal,
    /// Its tokens, the sign among them.
    pub(super) tokens: Range<usize>,
    /// The last scale that was said: 1000 in `300 mil`.
    pub(super) scale: Option<Decimal>,
    /// How it was written.
    pub(super) style: Style,
    /// It was said to be about that much: `300 y pico`.
    pub(super) vague: bool,
}

/// How a number was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// In digits alone.
    Digits {
        /// Digits of the whole part.
        count: usize,
        /// Nothing but digits: no separator.
        plain: bool,
        /// `250.000`: thousands where no three decimals make sense.
        dotted: bool,
    },
    /// With words.
    Words,
    /// As parts of a whole: `dos tercios`, `3/4`.
    Fraction,
}

/// No amount that anybody means is larger.
const LARGEST: u64 = 999_999_999_999_999;

impl Numeral {
    /// Whether it is `un` or `una`, which may be no more than an article.
    pub(super) fn is_article(&self, tokens: &[Token]) -> bool {
        let [word] = &tokens[self.tokens.clone()] else { return false };
        matches!(word.text.as_str(), "un" | "una")
    }
}

/// Whoever writes more numbers than this in one message means none of the rest.
const MAX_NUMERALS: usize = 500;

/// Whoever misspells more numbers than this in one message writes no numbers.
const MAX_GUESSES: usize = 100;

/// Every number of a message, in order, none overlapping: the first [`MAX_NUMERALS`].
pub(super) fn read_all(text: &Text) -> Vec<Numeral> {
    let tokens = text.tokens();
    let mut words: Vec<_> = tokens.iter().map(word).collect();
    if words.iter().zip(tokens).all(|(word, t)| word.is_none() && t.kind != TokenKind::Digits) {
        return Vec::new();
    }
    mend(tokens, &mut words);
    let mut numerals = Vec::new();
    let mut list_end = 0;
    let mut at = 0;
    while at < tokens.len() && numerals.len() < MAX_NUMERALS {
        if let Some(end) = skipped(tokens, at) {
            at = end;
            continue;
        }
        match Reader::new(text, &words, at, &mut list_end).read() {
            Some(numeral) => {
                at = numeral.tokens.end;
                numerals.push(numeral);
            }
            None => at += 1,
        }
    }
    numerals
}

/// Gives misspelled words before a scale (`sinkuenta mil`) the number that they are nearest to.
/// Where two are as near, the scale is not read either: `mil` alone would be a wrong amount.
fn mend(tokens: &[Token], words: &mut [Option<NumberWord>]) {
    let mut guesses = 0;
    for at in 1..tokens.len() {
        let is_scale = matches!(words[at], Some(NumberWord::Scale { after: After::Anything, .. }));
        if !is_scale || words[at - 1].is_some() || guesses == MAX_GUESSES {
            continue;
        }
        guesses += 1;
        match NUMBER_WORDS.guess(&tokens[at - 1].text) {
            Guess::Number(value) => words[at - 1] = Some(NumberWord::Small(value)),
            Guess::Unclear => words[at] = None,
            Guess::No => {}
        }
    }
}

/// The token after words that begin at `at` and hold no number, although they look like it: an
/// idiom (`mil gracias`), a share of the whole (`una cuarta parte`), an address of the web.
fn skipped(tokens: &[Token], at: usize) -> Option<usize> {
    let idiom = NUMBER_WORDS.idioms.longest(tokens, at).map(|((), end)| end);
    let share = || unit::UNITS.shares.longest(tokens, at).map(|(_, end)| end);
    let link = || {
        let rest = NUMBER_WORDS.links.contains(&tokens[at].text).then(|| &tokens[at + 1..])?;
        Some(at + 1 + rest.iter().take_while(|token| token.glued).count())
    };
    idiom.or_else(share).or_else(link)
}

/// The token after the emoji at `at`, where some stand there: people put them between a number and
/// what it counts.
pub(super) fn past_emoji(tokens: &[Token], at: usize) -> usize {
    let is_emoji = |token: &&Token| {
        token.kind == TokenKind::Symbol && token.text.chars().all(|c| c >= FIRST_EMOJI)
    };
    at + tokens.get(at..).map_or(0, |rest| rest.iter().take_while(is_emoji).count())
}

/// Unicode's "Miscellaneous Symbols", from where on nearly all symbols are pictures.
const FIRST_EMOJI: char = '\u{2600}';

/// Reads one number, part after part.
struct Reader<'a> {
    text: &'a Text,
    tokens: &'a [Token],
    /// The part that each token plays in a number.
    words: &'a [Option<NumberWord>],
    start: usize,
    at: usize,
    /// What is finished: `4 millones` in `4 millones 2 mil 3`.
    total: Decimal,
    /// Thousands that millions may still multiply: `2 mil` in `2 mil millones`.
    thousands: Decimal,
    /// The last scale of a million or more.
    millions: Option<Decimal>,
    /// The last scale: the next one, and the next group, must be below it.
    ceiling: Option<Decimal>,
    /// What waits for its scale: 2 after `2`, until `mil` is read.
    group: Option<Group>,
    style: Option<Style>,
    /// Up to this token digits are members of a list, and read alone.
    list_end: &'a mut usize,
    /// It reads what follows the `y` of another number, and looks for no further one.
    nested: bool,
    vague: bool,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    value: Decimal,
    /// Digits, which decimals in words and parts join differently than words.
    digits: bool,
    /// A whole number of words or plain digits, so that a fraction may follow.
    whole: bool,
}

impl<'a> Reader<'a> {
    fn new(
        text: &'a Text,
        words: &'a [Option<NumberWord>],
        start: usize,
        list_end: &'a mut usize,
    ) -> Self {
        let tokens = text.tokens();
        Self {
            text,
            tokens,
            words,
            start,
            at: start,
            total: Decimal::ZERO,
            thousands: Decimal::ZERO,
            millions: None,
            ceiling: None,
            group: None,
            style: None,
            list_end,
            nested: false,
            vague: false,
        }
    }

    fn read(&mut self) -> Option<Numeral> {
        let negative = self.sign();
        if self.is_article() {
            return None;
        }
        while self.part() {}
        let group = self.group.map_or(Decimal::ZERO, |group| group.value);
        let value = self.so_far().checked_add(group)?;
        let style = self.style?;
        if value > Decimal::from(LARGEST) {
            return None;
        }
        let value = if negative { -value } else { value };
        // A dozen is counted, but it makes no amount of money.
        let scale = self.ceiling.filter(|scale| *scale >= Decimal::ONE_THOUSAND);
        Some(Numeral { value, tokens: self.start..self.at, scale, style, vague: self.vague })
    }

    fn so_far(&self) -> Decimal {
        self.total + self.thousands
    }

    /// Takes one more part; false where the number has ended.
    fn part(&mut self) -> bool {
        if self.group.is_some() {
            self.scale()
                || self.joined()
                || self.parts_of_whole()
                || self.over()
                || self.and_fraction()
                || self.spoken_decimals()
                || self.and_something()
        } else {
            self.digits()
                || self.small()
                || self.joined()
                || self.part_of_scale()
                || self.bare_scale()
                || self.leading_point()
                || self.and_fraction()
                || self.and_thousands()
                || self.and_something()
        }
    }

    /// A sign in front: `-1`, `- 10 k` at the start of a message, `menos 1`, `negativo uno`.
    fn sign(&mut self) -> bool {
        let Some(token) = self.tokens.get(self.at) else { return false };
        let before = self.at.checked_sub(1).map(|index| &self.tokens[index]);
        let is_sign = if token.text == "-" {
            let glued = self.tokens.get(self.at + 1).is_some_and(|next| next.glued);
            let compared = |t: &Token| matches!(t.text.as_str(), "<" | ">" | "=");
            let bound = before
                .is_some_and(|t| (token.glued && !compared(t)) || t.kind == TokenKind::Digits);
            !bound && (glued || self.at == 0)
        } else {
            let free = |t: &Token| !NUMBER_WORDS.not_negative_after.contains(&t.text);
            self.word(self.at) == Some(NumberWord::Negative) && before.is_none_or(free)
        };
        if is_sign {
            self.at += 1;
        }
        is_sign
    }

    /// `un` before another number (`un 15 por ciento`) counts nothing.
    fn is_article(&self) -> bool {
        let next = self.tokens.get(self.at + 1);
        let counted = next.is_some_and(|token| token.kind == TokenKind::Digits)
            || matches!(self.word(self.at + 1), Some(NumberWord::Small(2..)));
        let word = self.tokens.get(self.at).map(|token| token.text.as_str());
        counted && matches!(word, Some("un" | "una"))
    }

    fn word(&self, at: usize) -> Option<NumberWord> {
        *self.words.get(at)?
    }
}

/// The scale word at a token, whatever stands before it: `75 USD millones`.
pub(super) fn scale_at(tokens: &[Token], at: usize) -> Option<Decimal> {
    match word(tokens.get(at)?) {
        Some(NumberWord::Scale { by, after: After::Anything, .. }) => Some(Decimal::from(by)),
        _ => None,
    }
}

fn word(token: &Token) -> Option<NumberWord> {
    if token.kind == TokenKind::Word { NUMBER_WORDS.get(&token.text) } else { None }
}
