//! Numbers with what they count: `300 mil pesos`, `20%`, `4 años`, `80 mil km`, `2019`.

mod model_year;
mod money;

pub use model_year::MODEL_YEARS;

use std::ops::Range;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::numeral::{NUMBER_WORDS, Numeral, Style, past_emoji};
use super::unit::{self, UNITS, Unit};
use super::{Value, comparator, sharing};
use crate::text::Token;

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
    /// It was said to be about that much: `300 y pico`.
    pub(super) vague: bool,
}

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
        let next = quantities.partition_point(|quantity| quantity.tokens.end <= at);
        let mut overlapping =
            quantities[next..].iter().take_while(|quantity| quantity.tokens.start < end);
        if overlapping.all(|quantity| quantity.unit == Unit::Plain) {
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
        let Numeral { scale, vague, .. } = *self.numeral;
        Quantity { value, unit, tokens, scale, vague }
    }

    /// `20%`, `4 años y medio`, `80 mil km`, `80 mil de kilometraje`, `5 puertas`.
    fn with_unit(&self) -> Option<Quantity> {
        let Range { start, end } = self.numeral.tokens;
        if self.tokens[end - 1].text.ends_with(&NUMBER_WORDS.percent_ending) {
            return Some(self.quantity(Unit::Percent, self.numeral.value, start..end));
        }
        let at = past_emoji(self.tokens, end);
        let (unit, end) = unit::after(self.tokens, at).or_else(|| {
            let de = self.is(at, "de");
            de.then(|| unit::after(self.tokens, at + 1).filter(|(unit, _)| *unit == Unit::Km))?
        })?;
        let quantity = match unit {
            Unit::Money(_) => return None,
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
