//! Numbers in digits, in words and mixed: `300 mil`, `un millón y medio`, `4 millones 2 mil 3`.

mod digits;
mod fraction;
mod join;
mod word;

use std::ops::Range;

use rust_decimal::Decimal;

use super::unit;
use word::{After, Guess, NumberWord};

use crate::text::{Text, Token, TokenKind};
pub(super) use word::NUMBER_WORDS;

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

const MILLION: u64 = 1_000_000;

/// No amount that anybody means is larger.
const LARGEST: u64 = 999_999_999_999_999;

/// Every number of a message, in order, none overlapping.
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
    while at < tokens.len() {
        if let Some(((), end)) =
            NUMBER_WORDS.idioms.longest(tokens, at).or_else(|| share(tokens, at))
        {
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
    for at in 1..tokens.len() {
        let is_scale = matches!(words[at], Some(NumberWord::Scale { after: After::Anything, .. }));
        if !is_scale || words[at - 1].is_some() {
            continue;
        }
        match NUMBER_WORDS.guess(&tokens[at - 1].text) {
            Guess::Number(value) => words[at - 1] = Some(NumberWord::Small(value)),
            Guess::Unclear => words[at] = None,
            Guess::No => {}
        }
    }
}

/// `una cuarta parte`: a share of the whole, in which `una` is no number.
fn share(tokens: &[Token], at: usize) -> Option<((), usize)> {
    unit::UNITS.shares.longest(tokens, at).map(|(_, end)| ((), end))
}

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
        Some(Numeral { value, tokens: self.start..self.at, scale: self.ceiling, style })
    }

    fn so_far(&self) -> Decimal {
        self.total + self.thousands
    }

    /// Takes one more part; false where the number has ended.
    fn part(&mut self) -> bool {
        if self.group.is_some() {
            self.scale() || self.parts_of_whole() || self.and_fraction() || self.spoken_decimals()
        } else {
            self.digits()
                || self.small()
                || self.joined()
                || self.half_scale()
                || self.bare_scale()
                || self.and_fraction()
                || self.and_thousands()
        }
    }

    /// A sign in front: `-1`, `- 10 k` at the start of a message, `menos 1`, `negativo uno`.
    fn sign(&mut self) -> bool {
        let Some(token) = self.tokens.get(self.at) else { return false };
        let before = self.at.checked_sub(1).map(|index| &self.tokens[index]);
        let is_sign = if token.text == "-" {
            let glued = self.tokens.get(self.at + 1).is_some_and(|next| next.glued);
            let bound = before.is_some_and(|t| token.glued || t.kind == TokenKind::Digits);
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
        counted && self.word(self.at) == Some(NumberWord::Small(1))
    }

    /// A number below a thousand in words.
    fn small(&mut self) -> bool {
        let Some((value, end)) = self.small_at(self.at) else { return false };
        let value = Decimal::from(value);
        if self.ceiling.is_some_and(|ceiling| value >= ceiling || value.is_zero()) {
            return false;
        }
        self.at = end;
        self.style = Some(Style::Words);
        self.group = Some(Group { value, digits: false, whole: true });
        true
    }

    /// The number below a thousand at a token: each word must fit the noughts that those before it
    /// left open.
    fn small_at(&self, at: usize) -> Option<(u32, usize)> {
        let Some(NumberWord::Small(mut value)) = self.word(at) else { return None };
        let mut at = at + 1;
        loop {
            let open = match value {
                100.. if value % 100 == 0 => 100,
                10.. if value % 10 == 0 && value % 100 != 0 => 10,
                _ => 1,
            };
            let digit = self.tokens.get(at + 1).and_then(one_digit);
            match (self.word(at), self.word(at + 1)) {
                (Some(NumberWord::And), None) if open == 10 && digit.is_some() => {
                    // treinta y 3
                    value += digit.unwrap_or_default();
                    at += 1;
                }
                (Some(NumberWord::Hundreds), _) if (2..10).contains(&value) => value *= 100,
                (Some(NumberWord::Small(more)), _) if more > 0 && more < open => value += more,
                (Some(NumberWord::And), Some(NumberWord::Small(more)))
                    if open == 10 && more > 0 && more < open =>
                {
                    value += more;
                    at += 1;
                }
                _ => return Some((value, at)),
            }
            at += 1;
        }
    }

    /// `cincuentamil`.
    fn joined(&mut self) -> bool {
        let Some(NumberWord::Joined { small, by }) = self.word(self.at) else { return false };
        self.scaled(Decimal::from(small), Decimal::from(by), self.at + 1)
    }

    /// `mil` and the like after what they multiply.
    fn scale(&mut self) -> bool {
        let Some(group) = self.group else { return false };
        let Some(by) = self.scale_at(self.at, group.digits) else { return false };
        self.scaled(group.value, by, self.at + 1)
    }

    /// A scale with nothing before it to multiply: `mil` at the start or after millions (`dos
    /// millones mil`), `millones` right after a thousand (`un mil millones`).
    fn bare_scale(&mut self) -> bool {
        let Some(NumberWord::Scale { by, alone, after: After::Anything }) = self.word(self.at)
        else {
            return false;
        };
        let coefficient = match self.thousands.is_zero() {
            true if alone && (self.style.is_none() || by < MILLION) => Decimal::ONE,
            false if by >= MILLION => Decimal::ZERO,
            _ => return false,
        };
        self.scaled(coefficient, Decimal::from(by), self.at + 1)
    }

    /// Takes `coefficient` times a scale, where the scale may come here; the number goes on at
    /// token `end`. Millions multiply the thousands before them too: `dos mil quinientos millones`.
    fn scaled(&mut self, coefficient: Decimal, by: Decimal, end: usize) -> bool {
        let millions = by >= Decimal::from(MILLION);
        let (coefficient, limit) = if millions {
            (self.thousands + coefficient, self.millions)
        } else {
            (coefficient, self.ceiling)
        };
        if limit.is_some_and(|limit| by >= limit) {
            return false;
        }
        let Some(product) = coefficient.checked_mul(by) else { return false };
        if millions {
            self.total += product;
            self.thousands = Decimal::ZERO;
            self.millions = Some(by);
        } else {
            self.thousands += product;
        }
        self.ceiling = Some(by);
        self.group = None;
        self.style = Some(Style::Words);
        self.at = end;
        true
    }

    /// `un millón y doscientos mil`; never after `entre`, where `y` parts two numbers.
    fn and_thousands(&mut self) -> bool {
        let thousand = Decimal::ONE_THOUSAND;
        let millions = self.ceiling.is_some_and(|ceiling| ceiling >= Decimal::from(MILLION));
        let opener = self.start.checked_sub(1).map(|index| &self.tokens[index].text);
        let parted = opener.is_some_and(|word| NUMBER_WORDS.openers.contains(word));
        if !millions || parted || self.nested || self.word(self.at) != Some(NumberWord::And) {
            return false;
        }
        let mut list_end = 0;
        let mut rest = Reader::new(self.text, self.words, self.at + 1, &mut list_end);
        rest.nested = true;
        let rest = rest.read().filter(|rest| rest.scale == Some(thousand));
        let Some(rest) = rest else { return false };
        self.at = rest.tokens.end;
        self.thousands = rest.value;
        self.ceiling = Some(thousand);
        true
    }

    /// The scale at a token, where it may stand after digits or words.
    fn scale_at(&self, at: usize, after_digits: bool) -> Option<Decimal> {
        let Some(NumberWord::Scale { by, after, .. }) = self.word(at) else { return None };
        let token = &self.tokens[at];
        let fits = match after {
            After::Anything => true,
            After::Digits => after_digits,
            After::DigitsAsCapital => {
                let capital = self.text.spelled(token).chars().all(char::is_uppercase);
                after_digits && token.glued && capital
            }
        };
        fits.then(|| Decimal::from(by))
    }

    fn word(&self, at: usize) -> Option<NumberWord> {
        *self.words.get(at)?
    }
}

fn one_digit(token: &Token) -> Option<u32> {
    let digit = token.text.parse().ok()?;
    (1..10).contains(&digit).then_some(digit)
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
