//! Numbers with what they count: `300 mil pesos`, `20%`, `4 años`, `80 mil km`, `2019`.

use std::ops::Range;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::numeral::{Numeral, Style};
use super::unit::{self, Currency, UNITS, Unit};
use super::{Value, comparator, sharing};
use crate::text::{Token, TokenKind};

/// A number and what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quantity {
    /// In its unit; without a sign unless it is plain or a percentage.
    pub(super) value: Decimal,
    pub(super) unit: Unit,
    /// The tokens of the number, its sign and its unit.
    pub(super) tokens: Range<usize>,
    /// The scale that was said with it, or that it shares: 1000 in `300 mil`.
    pub(super) scale: Option<Decimal>,
}

/// Model years that a car on sale may have.
const MODEL_YEARS: std::ops::RangeInclusive<u32> = 1950..=2035;

/// From so many digits on, a number without any unit is money.
const MONEY_DIGITS: usize = 5;

/// From so many digits on, digits without separators are a telephone.
const TELEPHONE_DIGITS: usize = 10;

/// Longer spans of time are no term.
const MAX_MONTHS: u32 = 600;

/// How far back a word may stand that says what a number is.
const ANNOUNCER_REACH: usize = 6;

/// Every quantity of a message, in order, from its numbers.
pub(super) fn read_all(tokens: &[Token], numerals: &[Numeral]) -> Vec<Quantity> {
    let mut quantities: Vec<Quantity> = Vec::with_capacity(numerals.len());
    let mut rest = numerals;
    while let [numeral, following @ ..] = rest {
        let before = quantities.last().map_or(0, |last| last.tokens.end);
        let quantity = Reader { tokens, numeral, following, before }.read();
        let taken = following.iter().take_while(|n| n.tokens.start < quantity.tokens.end).count();
        rest = &following[taken..];
        quantities.push(quantity);
    }
    sharing::share(tokens, &mut quantities);
    quantities
}

/// Shares and spans of time that hold no number (`la mitad`, `todo el año`), with their tokens.
pub(super) fn without_numbers(
    tokens: &[Token],
    quantities: &[Quantity],
) -> Vec<(Value, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let share =
            UNITS.shares.longest(tokens, at).map(|(share, end)| (Value::Percent(share), end));
        let span =
            || UNITS.spans.longest(tokens, at).map(|(months, end)| (Value::Months(months), end));
        let Some((value, end)) = share.or_else(span) else {
            at += 1;
            continue;
        };
        let overlaps =
            |quantity: &Quantity| quantity.tokens.start < end && at < quantity.tokens.end;
        if !quantities.iter().any(|quantity| overlaps(quantity) && quantity.unit != Unit::Plain) {
            found.push((value, at..end));
        }
        at = end;
    }
    found
}

impl Quantity {
    /// As months, where it is a span of time that a term can have.
    pub(super) fn months(&self) -> Option<u32> {
        let months = match self.unit {
            Unit::Months => self.value,
            Unit::Years => self.value * Decimal::from(12),
            _ => return None,
        };
        whole(months).filter(|months| (1..=MAX_MONTHS).contains(months))
    }

    /// As a model year.
    pub(super) fn year(&self) -> Option<u16> {
        (self.unit == Unit::ModelYear).then(|| self.value.to_u16())?
    }

    /// As kilometres.
    pub(super) fn km(&self) -> Option<u32> {
        (self.unit == Unit::Km).then(|| whole(self.value))?
    }
}

fn whole(value: Decimal) -> Option<u32> {
    value.fract().is_zero().then(|| value.to_u32())?
}

/// Reads what stands around one number.
struct Reader<'a> {
    tokens: &'a [Token],
    numeral: &'a Numeral,
    /// The numbers after it: cents, or the months after the years, may be among them.
    following: &'a [Numeral],
    /// Tokens before this one belong to the quantity before.
    before: usize,
}

impl Reader<'_> {
    fn read(&self) -> Quantity {
        self.with_unit()
            .or_else(|| self.percent_before())
            .or_else(|| self.money())
            .or_else(|| self.announced())
            .or_else(|| self.model_year())
            .or_else(|| self.money_by_size())
            .unwrap_or_else(|| {
                self.quantity(Unit::Plain, self.numeral.value, self.numeral.tokens.clone())
            })
    }

    fn quantity(&self, unit: Unit, value: Decimal, tokens: Range<usize>) -> Quantity {
        let signed = matches!(unit, Unit::Plain | Unit::Percent);
        let value = if signed { value } else { value.abs() };
        Quantity { value, unit, tokens, scale: self.numeral.scale }
    }

    /// `20%`, `4 años y medio`, `80 mil km`, `80 mil de kilometraje`, `5 puertas`.
    fn with_unit(&self) -> Option<Quantity> {
        let Range { start, end } = self.numeral.tokens;
        let (unit, end) = unit::after(self.tokens, end).or_else(|| {
            let de = self.is(end, "de");
            de.then(|| unit::after(self.tokens, end + 1).filter(|(unit, _)| *unit == Unit::Km))?
        })?;
        let quantity = match unit {
            Unit::Years => self.years(start, end),
            Unit::Km => self.quantity(unit, self.thousands_if_dotted(), start..end),
            _ => self.quantity(unit, self.numeral.value, start..end),
        };
        let is_span = matches!(unit, Unit::Months | Unit::Years);
        (!is_span || quantity.months().is_some()).then_some(quantity)
    }

    /// `%20`.
    fn percent_before(&self) -> Option<Quantity> {
        let Range { start, end } = self.numeral.tokens;
        let sign =
            start.checked_sub(1).filter(|sign| *sign >= self.before && self.is(*sign, "%"))?;
        let glued = self.tokens[start].glued;
        glued.then(|| self.quantity(Unit::Percent, self.numeral.value, sign..end))
    }

    /// `4 años`, `dos años y medio`, `2 años y 6 meses`.
    fn years(&self, start: usize, end: usize) -> Quantity {
        let and_half =
            self.is(end, "y") && (self.is(end + 1, "medio") || self.is(end + 1, "media"));
        if and_half {
            let value = self.numeral.value + Decimal::new(5, 1);
            return self.quantity(Unit::Years, value, start..end + 2);
        }
        let months_at = if self.is(end, "y") || self.is(end, "con") { end + 1 } else { end };
        let months = self.following.first().filter(|months| months.tokens.start == months_at);
        if let Some(months) = months
            && let Some((Unit::Months, end)) = unit::after(self.tokens, months.tokens.end)
        {
            let value = self.numeral.value * Decimal::from(12) + months.value;
            return self.quantity(Unit::Months, value, start..end);
        }
        self.quantity(Unit::Years, self.numeral.value, start..end)
    }

    /// Money by a sign on either side, or by a scale.
    fn money(&self) -> Option<Quantity> {
        let before = self.currency_before();
        let mut tokens =
            before.map_or(self.numeral.tokens.start, |(_, start)| start)..self.numeral.tokens.end;
        let mut value = self.thousands_if_dotted();
        let after = self.currency_after();
        if let Some((_, end)) = after {
            tokens.end = end;
            if let Some((scaled, end)) = self.scale_after_currency(value, end) {
                (value, tokens.end) = (scaled, end);
            } else if let Some((cents, end)) = self.cents(end) {
                value += cents;
                tokens.end = end;
            }
        }
        let last = &self.tokens[self.numeral.tokens.end - 1];
        let in_scale = UNITS.currencies.get(&last.text).copied();
        let explicit = |found: Option<(Currency, usize)>| found.map(|(currency, _)| currency);
        let currency = explicit(after)
            .filter(|currency| *currency != Currency::Mxn)
            .or(in_scale)
            .or(explicit(before))
            .or(explicit(after));
        // "dos mil diecinueve" is a year before it is an amount.
        if currency.is_none() && (self.numeral.scale.is_none() || self.spoken_year().is_some()) {
            return None;
        }
        if currency.is_none() && self.announcer().is_some() {
            return None;
        }
        Some(self.quantity(Unit::Money(currency.unwrap_or(Currency::Mxn)), value, tokens))
    }

    /// `$300`, `MXN$ 20`, `usd 15`, `U$D 90`: the currency and its first token.
    fn currency_before(&self) -> Option<(Currency, usize)> {
        let sign = |index: usize| {
            let token = self.tokens.get(index).filter(|_| index >= self.before)?;
            let stands_before = UNITS.before.contains(&token.text);
            stands_before.then(|| UNITS.currencies.get(&token.text).copied())?
        };
        let at = self.numeral.tokens.start.checked_sub(1)?;
        if at < self.before {
            return None;
        }
        let split = |index: usize| UNITS.split_dollar.contains(&self.tokens[index].text);
        if at >= self.before + 2 && split(at) && self.is(at - 1, "$") && split(at - 2) {
            return Some((Currency::Usd, at - 2));
        }
        let currency = sign(at)?;
        let code = at.checked_sub(1).filter(|_| self.is(at, "$"));
        if let Some(code) = code.filter(|code| self.tokens[code + 1].glued || *code >= self.before)
        {
            if let Some(currency) = sign(code) {
                return Some((currency, code));
            }
            if code >= self.before && self.is(code, "u") {
                return Some((Currency::Usd, code));
            }
        }
        Some((currency, at))
    }

    /// `300 pesos`, `300 mil de lana`, `20 MXN$`: the currency and the token after it.
    fn currency_after(&self) -> Option<(Currency, usize)> {
        let end = self.numeral.tokens.end;
        let at = if self.is(end, "de") { end + 1 } else { end };
        let token = self.tokens.get(at)?;
        let currency = UNITS.currencies.get(&token.text).copied()?;
        let sign = token.kind == TokenKind::Symbol;
        let next_number = self.following.first().is_some_and(|next| next.tokens.start == at + 1);
        // "20 $ 30": the sign belongs to the amount after it.
        if sign && !token.glued && next_number {
            return None;
        }
        let doubled = !sign && self.is(at + 1, "$") && self.tokens[at + 1].glued;
        Some((currency, if doubled { at + 2 } else { at + 1 }))
    }

    /// `75 USD millones`: the scale stands after the currency.
    fn scale_after_currency(&self, value: Decimal, at: usize) -> Option<(Decimal, usize)> {
        let scale = super::numeral::scale_at(self.tokens, at)?;
        let none_said = self.numeral.scale.is_none();
        none_said.then(|| value.checked_mul(scale).map(|scaled| (scaled, at + 1)))?
    }

    /// `15 dólares con 50`, `20 pesos 50 centavos`: the cents and the token after them.
    fn cents(&self, at: usize) -> Option<(Decimal, usize)> {
        let joined = self.is(at, "con") || self.is(at, "y");
        let cents = self.following.first()?;
        let adjacent = cents.tokens.start == if joined { at + 1 } else { at };
        let fits = cents.value.fract().is_zero() && cents.value < Decimal::ONE_HUNDRED;
        let end = cents.tokens.end;
        let named = self.tokens.get(end).is_some_and(|token| UNITS.cents.contains(&token.text));
        let clause_ends = self
            .tokens
            .get(end)
            .is_none_or(|token| token.kind == TokenKind::Symbol && token.text != "%");
        let small = self.numeral.value < Decimal::ONE_THOUSAND && joined && clause_ends;
        let value = cents.value.abs() / Decimal::ONE_HUNDRED;
        (adjacent && fits && (named || small)).then_some((value, end + usize::from(named)))
    }

    /// `kilometraje menor a 50 mil`, `modelo 19`.
    fn announced(&self) -> Option<Quantity> {
        let tokens = self.numeral.tokens.clone();
        match self.announcer()? {
            Unit::Km => Some(self.quantity(Unit::Km, self.thousands_if_dotted(), tokens)),
            Unit::ModelYear => {
                let year = self.written_year().or_else(|| self.short_year())?;
                Some(self.quantity(Unit::ModelYear, Decimal::from(year), tokens))
            }
            _ => None,
        }
    }

    /// The word before that says what the number is, with nothing but comparators between.
    fn announcer(&self) -> Option<Unit> {
        let start = self.numeral.tokens.start;
        let near = (self.before..start).rev().take(ANNOUNCER_REACH);
        for index in near {
            let word = &self.tokens[index].text;
            if let Some(unit) = UNITS.announcers.get(word) {
                return Some(*unit);
            }
            if !comparator::COMPARATORS.may_stand_between(word) {
                return None;
            }
        }
        None
    }

    /// `2019` and `dos mil diecinueve`.
    fn model_year(&self) -> Option<Quantity> {
        let year = self.written_year().or_else(|| self.spoken_year()).or_else(|| {
            // "del 19" is a year; "del 15 de marzo" is a day.
            let start = self.numeral.tokens.start;
            let of =
                start > 0 && self.is(start - 1, "del") && !self.is(self.numeral.tokens.end, "de");
            of.then(|| self.short_year().filter(|year| (2000..=2035).contains(year)))?
        })?;
        Some(self.quantity(Unit::ModelYear, Decimal::from(year), self.numeral.tokens.clone()))
    }

    fn written_year(&self) -> Option<u32> {
        let Style::Digits { count: 4, plain: true, .. } = self.numeral.style else { return None };
        whole(self.numeral.value.abs()).filter(|year| MODEL_YEARS.contains(year))
    }

    fn spoken_year(&self) -> Option<u32> {
        let year = whole(self.numeral.value)?;
        let thousands =
            self.numeral.scale == Some(Decimal::ONE_THOUSAND) || self.numeral.scale.is_none();
        let spoken = self.numeral.style == Style::Words && thousands && year % 100 != 0;
        (spoken && MODEL_YEARS.contains(&year)).then_some(year)
    }

    /// Two digits for a year: `19`, `98`.
    fn short_year(&self) -> Option<u32> {
        let two_digits = match self.numeral.style {
            Style::Digits { count, plain, .. } => count == 2 && plain,
            Style::Words => self.numeral.scale.is_none(),
            Style::Fraction => false,
        };
        let short = whole(self.numeral.value).filter(|_| two_digits)?;
        [2000, 1900]
            .into_iter()
            .map(|century| century + short)
            .find(|year| MODEL_YEARS.contains(year))
            .filter(|_| short < 100)
    }

    /// Five digits or more, unless they name something or are a telephone.
    fn money_by_size(&self) -> Option<Quantity> {
        let Style::Digits { count, plain, .. } = self.numeral.style else { return None };
        let start = self.numeral.tokens.start;
        let named = (start.saturating_sub(2)..start)
            .any(|index| UNITS.names.contains(&self.tokens[index].text));
        let leading_nought = self.tokens[start].text.starts_with('0');
        let telephone = plain && count >= TELEPHONE_DIGITS;
        if count < MONEY_DIGITS || named || leading_nought || telephone {
            return None;
        }
        let money = Unit::Money(Currency::Mxn);
        Some(self.quantity(money, self.numeral.value, self.numeral.tokens.clone()))
    }

    /// `250.000` pesos or kilometres are thousands: neither has three decimals.
    fn thousands_if_dotted(&self) -> Decimal {
        match self.numeral.style {
            Style::Digits { dotted: true, .. } => self.numeral.value * Decimal::ONE_THOUSAND,
            _ => self.numeral.value,
        }
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.text == word)
    }
}
