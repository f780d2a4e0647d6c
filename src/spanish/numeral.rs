//! Numbers in digits, in words and mixed: `300 mil`, `un millón y medio`, `4 millones 2 mil 3`.

use std::ops::Range;

use rust_decimal::Decimal;

use super::digits::{self, Written};
use super::number_word::{After, NUMBER_WORDS, NumberWord};
use super::unit;
use crate::text::{Text, Token, TokenKind};

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

/// No amount that anybody means is larger.
const LARGEST: u64 = 999_999_999_999_999;

/// Every number of a message, in order, none overlapping.
pub(super) fn read_all(text: &Text) -> Vec<Numeral> {
    let tokens = text.tokens();
    let words: Vec<_> = tokens.iter().map(word).collect();
    if words.iter().zip(tokens).all(|(word, t)| word.is_none() && t.kind != TokenKind::Digits) {
        return Vec::new();
    }
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
    /// The parts that are finished: `4 millones` in `4 millones 2 mil 3`.
    total: Decimal,
    /// The last scale: the next one, and the next group, must be below it.
    ceiling: Option<Decimal>,
    /// What waits for its scale: 2 after `2`, until `mil` is read.
    group: Option<Group>,
    style: Option<Style>,
    /// Up to this token digits are members of a list, and read alone.
    list_end: &'a mut usize,
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
            ceiling: None,
            group: None,
            style: None,
            list_end,
        }
    }

    fn read(&mut self) -> Option<Numeral> {
        let negative = self.sign();
        if self.is_article() {
            return None;
        }
        while self.part() {}
        let group = self.group.map_or(Decimal::ZERO, |group| group.value);
        let value = self.total.checked_add(group)?;
        let style = self.style?;
        if value > Decimal::from(LARGEST) {
            return None;
        }
        let value = if negative { -value } else { value };
        Some(Numeral { value, tokens: self.start..self.at, scale: self.ceiling, style })
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

    /// `un` before digits (`un 15 por ciento`) counts nothing.
    fn is_article(&self) -> bool {
        let next = self.tokens.get(self.at + 1).is_some_and(|t| t.kind == TokenKind::Digits);
        next && self.word(self.at) == Some(NumberWord::Small(1))
    }

    /// Digits, perhaps with a fraction behind: `300`, `1 1/2`.
    fn digits(&mut self) -> bool {
        let Some(written) = self.written() else { return false };
        if self.style.is_some() && !self.continues(&written) {
            return false;
        }
        if let Some((value, end)) = digits::fraction(self.tokens, self.at)
            && self.style.is_none()
        {
            self.style = Some(Style::Fraction);
            self.group = Some(Group { value, digits: false, whole: false });
            self.at = end;
            return true;
        }
        let Written { mut value, end, digits: count, plain, dotted, list_end } = written;
        *self.list_end = list_end.unwrap_or(*self.list_end);
        self.at = end;
        if let Some((fraction, end)) = digits::fraction(self.tokens, end)
            && plain
        {
            value += fraction;
            self.at = end;
        }
        self.style = Some(match self.style {
            None => Style::Digits { count, plain, dotted },
            Some(_) => Style::Words,
        });
        self.group = Some(Group { value, digits: true, whole: plain });
        true
    }

    fn written(&self) -> Option<Written> {
        let alone = self.at < *self.list_end;
        let written = if alone {
            digits::alone(self.tokens, self.at)
        } else {
            digits::read(self.tokens, self.at, |end| {
                self.scale_at(end, true).is_some() || unit::is_percent(self.tokens, end)
            })
        }?;
        (self.free_before() && self.free_after(written.end)).then_some(written)
    }

    /// Whether digits after a scale go on with the number: all three in `52 mil 300`, while the 48
    /// of `50 mil 48 meses` and the 5 of `200 mil 5` stand for something else.
    fn continues(&self, written: &Written) -> bool {
        let Some(ceiling) = self.ceiling else { return false };
        let fits = written.value < ceiling && written.value.fract().is_zero();
        if self.scale_at(written.end, true).is_some() {
            return fits;
        }
        let remainder = written.digits == 3
            || self.total < Decimal::from(10_000)
            || self.total >= Decimal::from(1_000_000);
        fits && written.plain && remainder && !unit::follows(self.tokens, written.end)
    }

    /// Digits glued to letters before them are part of a name (`cx5`, `f-150`), except after the
    /// few words that people glue (`de20`) and currencies.
    fn free_before(&self) -> bool {
        let token = &self.tokens[self.at];
        if !token.glued || self.at == 0 || self.style.is_some() {
            return true;
        }
        let before = &self.tokens[self.at - 1];
        match before.kind {
            TokenKind::Digits => true,
            TokenKind::Word => {
                let word = before.text.as_str();
                let between = before.glued && NUMBER_WORDS.between_digits.contains(word);
                between
                    || NUMBER_WORDS.before_digits.contains(word)
                    || unit::UNITS.currencies.contains_key(word)
            }
            TokenKind::Symbol => {
                let name = |index: usize| self.tokens[index].kind == TokenKind::Word;
                before.text != "-" || !before.glued || self.at < 2 || !name(self.at - 2)
            }
        }
    }

    /// Digits glued to letters after them are a number only where the letters belong to it: a
    /// scale, a unit, a currency; not in `4to`, `4x4`, `320i`.
    fn free_after(&self, end: usize) -> bool {
        let Some(next) = self.tokens.get(end).filter(|t| t.glued && t.kind == TokenKind::Word)
        else {
            return true;
        };
        let digits_again =
            || self.tokens.get(end + 1).is_some_and(|t| t.glued && t.kind == TokenKind::Digits);
        self.scale_at(end, true).is_some()
            || unit::follows(self.tokens, end)
            || unit::UNITS.currencies.contains_key(&next.text)
            || (NUMBER_WORDS.between_digits.contains(&next.text) && digits_again())
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
            match (self.word(at), self.word(at + 1)) {
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
        let by = Decimal::from(by);
        if self.ceiling.is_some_and(|ceiling| by >= ceiling) {
            return false;
        }
        self.at += 1;
        self.style = Some(Style::Words);
        self.finish(Decimal::from(small) * by, by)
    }

    /// `mil` and the like after what they multiply.
    fn scale(&mut self) -> bool {
        let Some(group) = self.group else { return false };
        let Some(by) = self.scale_at(self.at, group.digits) else { return false };
        let product = if self.ceiling.is_none_or(|ceiling| by < ceiling) {
            group.value.checked_mul(by)
        } else if self.total < by {
            // dos mil quinientos millones
            let below = self.total + group.value;
            self.total = Decimal::ZERO;
            below.checked_mul(by)
        } else {
            None
        };
        let Some(product) = product else { return false };
        self.at += 1;
        self.style = Some(Style::Words);
        self.finish(product, by)
    }

    /// `mil` at the start, `millones` right after a thousand: `un mil millones`.
    fn bare_scale(&mut self) -> bool {
        let Some(NumberWord::Scale { by, alone, after: After::Anything }) = self.word(self.at)
        else {
            return false;
        };
        let by = Decimal::from(by);
        let product = match self.ceiling {
            None if alone => Some(by),
            Some(_) if self.total < by => std::mem::take(&mut self.total).checked_mul(by),
            _ => None,
        };
        let Some(product) = product else { return false };
        self.at += 1;
        self.style = Some(Style::Words);
        self.finish(product, by)
    }

    /// `medio millón`.
    fn half_scale(&mut self) -> bool {
        let Some(NumberWord::Part { of, plural: false }) = self.word(self.at) else { return false };
        let Some(by) = self.scale_at(self.at + 1, false) else { return false };
        if self.style.is_some() || of != 2 {
            return false;
        }
        self.at += 2;
        self.style = Some(Style::Words);
        self.finish(by / Decimal::TWO, by)
    }

    /// `dos tercios`, `un cuarto`, `un cuarto de millón`.
    fn parts_of_whole(&mut self) -> bool {
        let Some(NumberWord::Part { of, plural }) = self.word(self.at) else { return false };
        let Some(group) = self.group.filter(|group| group.whole && self.ceiling.is_none()) else {
            return false;
        };
        if !plural && group.value != Decimal::ONE {
            return false;
        }
        let value = group.value / Decimal::from(of);
        self.at += 1;
        self.style = Some(Style::Fraction);
        self.group = Some(Group { value, digits: false, whole: false });
        if self.tokens.get(self.at).is_some_and(|token| token.text == "de")
            && self.scale_at(self.at + 1, false).is_some()
        {
            self.at += 1;
        }
        true
    }

    /// `y medio`, `con un cuarto`, `con dos tercios`: parts of the last scale.
    fn and_fraction(&mut self) -> bool {
        let joins = matches!(self.word(self.at), Some(NumberWord::And | NumberWord::With));
        if !joins || self.style.is_none_or(|style| style == Style::Fraction) {
            return false;
        }
        let (fraction, end) = match (self.word(self.at + 1), self.word(self.at + 2)) {
            (Some(NumberWord::Part { of: 2, plural: false }), _) => {
                (Decimal::new(5, 1), self.at + 2)
            }
            (Some(NumberWord::Small(over)), Some(NumberWord::Part { of, plural }))
                if over < of && plural == (over > 1) =>
            {
                (Decimal::from(over) / Decimal::from(of), self.at + 3)
            }
            _ => return false,
        };
        self.at = end;
        self.style = Some(Style::Words);
        match &mut self.group {
            Some(group) => {
                group.value += fraction;
                group.whole = false;
            }
            None => self.total += self.ceiling.unwrap_or(Decimal::ONE) * fraction,
        }
        true
    }

    /// `un millón y doscientos mil`; never after `entre`, where `y` parts two numbers.
    fn and_thousands(&mut self) -> bool {
        let thousand = Decimal::ONE_THOUSAND;
        let millions = self.ceiling.is_some_and(|ceiling| ceiling > thousand);
        let opener = self.start.checked_sub(1).map(|index| &self.tokens[index].text);
        let parted = opener.is_some_and(|word| NUMBER_WORDS.openers.contains(word));
        if !millions || parted || self.word(self.at) != Some(NumberWord::And) {
            return false;
        }
        let mut list_end = 0;
        let rest = Reader::new(self.text, self.words, self.at + 1, &mut list_end).read();
        let Some(rest) = rest.filter(|rest| rest.scale == Some(thousand)) else { return false };
        self.at = rest.tokens.end;
        self.finish(rest.value, thousand)
    }

    /// `coma cero tres`, `punto 5`, `con cincuenta`.
    fn spoken_decimals(&mut self) -> bool {
        let Some(group) = self.group.filter(|group| group.whole) else { return false };
        let with = match self.word(self.at) {
            Some(NumberWord::Point) => false,
            Some(NumberWord::With) => true,
            _ => return false,
        };
        let Some((decimals, end)) = self.decimals_at(self.at + 1) else { return false };
        if with && !self.with_means_decimals(&group, end) {
            return false;
        }
        self.at = end;
        self.style = Some(Style::Words);
        self.group = Some(Group { value: group.value + decimals, digits: false, whole: false });
        true
    }

    /// Decimals in words (leading noughts, then a number below a thousand) or digits.
    fn decimals_at(&self, at: usize) -> Option<(Decimal, usize)> {
        let noughts = (at..).take_while(|index| self.word(*index) == Some(NumberWord::Small(0)));
        let noughts = noughts.take(digits::MAX_DECIMALS).count();
        let at = at + noughts;
        let (value, end) = match self.tokens.get(at) {
            Some(token) if token.kind == TokenKind::Digits => {
                let decimals = token.text.get(..).filter(|text| text.len() <= 6)?;
                (decimals.to_owned(), at + 1)
            }
            _ => self.small_at(at).map(|(value, end)| (value.to_string(), end))?,
        };
        let scale = u32::try_from(noughts + value.len()).ok()?;
        Some((Decimal::new(value.parse().ok()?, scale), end))
    }

    /// `con` brings decimals in `siete con cincuenta`, but the next fact in `el 2 con veinte por
    /// ciento` and `300 mil con 20`.
    fn with_means_decimals(&self, group: &Group, end: usize) -> bool {
        let in_words = self.tokens[end - 1].kind == TokenKind::Word;
        let before = self.start.checked_sub(1).map(|index| &self.tokens[index].text);
        let picked = before.is_some_and(|word| NUMBER_WORDS.pick.contains(word));
        let mixed = group.digits && unit::is_percent(self.tokens, end);
        let pronoun = !group.digits && group.value == Decimal::ONE;
        in_words && self.ceiling.is_none() && !picked && !mixed && !pronoun
    }

    fn finish(&mut self, product: Decimal, by: Decimal) -> bool {
        let Some(total) = self.total.checked_add(product) else { return false };
        self.total = total;
        self.ceiling = Some(by);
        self.group = None;
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
