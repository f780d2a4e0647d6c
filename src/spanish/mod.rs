//! Values out of Mexican Spanish text: numbers, money, percentages, terms, ranges, picks, yes and
//! no. It knows no context: what a bare 4 means where a term was asked for is the dealer's to say.
//!
//! The way of one message: [`numeral`] finds the numbers, [`quantity`] what they count, and from
//! both come the ranges ([`range`]) and the picks ([`ordinal`]); [`answer`] reads yes and no from
//! the words alone. Every word list is in `data/spanish`.

mod answer;
mod comparator;
mod filler;
mod lists;
mod numeral;
mod ordinal;
mod quantity;
mod question;
mod range;
#[cfg(test)]
mod rendering_tests;
mod sharing;
mod short_form;
mod sound;
#[cfg(test)]
mod tests;
mod unit;

use std::ops::Range;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub use filler::{content, is_filler, stands_alone};
pub use numeral::small_number;
pub use ordinal::Ordinal;
pub use quantity::MODEL_YEARS;
pub use question::{begins_to_ask, is_joint, is_parting, is_question, joints};
pub use range::Bounds;
pub use short_form::{full_form, in_full};
pub use sound::sound;
pub use unit::{Currency, Unit};

use crate::money::Money;
use crate::text::Text;
use numeral::{Numeral, Style};
use quantity::Quantity;

/// A value in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Any number, with its sign: `300 mil`, `veinte`, `dos tercios`. `un` and `una` count as 1:
    /// see [`Found::is_article`].
    Number(Decimal),
    /// An amount with a sign of money: `$`, `pesos`, `mil`, `k`, or five digits and more.
    Money(Amount),
    /// Per cent: 20 for `20%`, 50 for `la mitad`.
    Percent(Decimal),
    /// A span of time in months: `48 meses`, `4 años`, `dos años y medio`.
    Months(u32),
    /// A pick from a list: `el 2`, `la segunda`, `el último`.
    Ordinal(Ordinal),
    /// Yes or no. A message has one at most: the last that is neither negated nor quoted.
    YesNo(bool),
    /// A range: `menos de 300 mil`, `2020 en adelante`. `unos 250 mil` is a band of 10 % on either
    /// side, of one year for model years.
    Range(Bounds),
    /// A model year: `2019`, `modelo 19`, `del 19`.
    Year(u16),
    /// Kilometres: `80 mil km`, `kilometraje de 80 mil`.
    Km(u32),
}

/// An amount of money in the currency that was said. Nothing is converted: outside
/// [`Currency::Mxn`] the figure is that currency's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The figure, rounded half up to hundredths.
    pub money: Money,
    /// What it is an amount of.
    pub currency: Currency,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was found.
    pub value: Value,
    /// Its first character in the message, in Unicode scalar values.
    pub start: usize,
    /// The character after it, in Unicode scalar values.
    pub end: usize,
    /// Its tokens, as indices into [`Text::tokens`].
    pub tokens: Range<usize>,
}

impl Found {
    /// Whether it is a number that is no more than an article, as in `un Jetta`.
    #[must_use]
    pub fn is_article(&self, text: &Text) -> bool {
        let is_one = self.value == Value::Number(Decimal::ONE) && self.tokens.len() == 1;
        is_one && matches!(text.tokens()[self.tokens.start].text.as_str(), "un" | "una")
    }
}

/// Everything that a message says, of every kind, overlapping values too, ordered by where they
/// start: in `menos de 300 mil pesos` a range, a money and a number. Of a message with more than 500
/// numbers, only those are read.
#[must_use]
pub fn extract(text: &Text) -> Vec<Found> {
    let tokens = text.tokens();
    let numerals = numeral::read_all(text);
    let quantities = quantity::read_all(tokens, &numerals);
    let picks = ordinal::read_all(text, &numerals, &quantities);
    let mut values: Vec<(Value, Range<usize>)> = Vec::new();
    for (bounds, tokens) in range::read_all(tokens, &quantities, &picks) {
        values.push((Value::Range(bounds), tokens));
    }
    values.extend(quantities.iter().filter_map(quantity_values));
    for numeral in &numerals {
        values.push((Value::Number(numeral.value), numeral.tokens.clone()));
    }
    values.extend(quantity::without_numbers(tokens, &quantities));
    values.extend(fractions(&numerals, &quantities));
    values.extend(picks.into_iter().map(|(pick, tokens)| (Value::Ordinal(pick), tokens)));
    let taken = values.iter().map(|(_, tokens)| tokens.clone());
    let answer = answer::read(text, taken);
    values.extend(answer.map(|(yes, tokens)| (Value::YesNo(yes), tokens)));
    values.sort_by_key(|(_, tokens)| tokens.start);
    let found = values.into_iter().map(|(value, range)| {
        let (start, end) = (tokens[range.start].start, tokens[range.end - 1].end);
        Found { value, start, end, tokens: range }
    });
    found.collect()
}

fn quantity_values(quantity: &Quantity) -> Option<(Value, Range<usize>)> {
    let value = match quantity.unit {
        Unit::Money(currency) => Value::Money(Amount { money: money(quantity.value)?, currency }),
        Unit::Percent => Value::Percent(quantity.value),
        Unit::Months | Unit::Years => Value::Months(quantity.months()?),
        Unit::ModelYear => Value::Year(quantity.year()?),
        Unit::Km => Value::Km(quantity.km()?),
        Unit::Plain | Unit::Other => return None,
    };
    Some((value, quantity.tokens.clone()))
}

/// Parts of a whole, in per cent: 25 for `un cuarto`. Not where something is counted in them.
fn fractions(numerals: &[Numeral], quantities: &[Quantity]) -> Vec<(Value, Range<usize>)> {
    let unit = |numeral: &Numeral| {
        let start = numeral.tokens.start;
        let found = quantities.binary_search_by_key(&start, |quantity| quantity.tokens.start);
        found.map(|found| quantities[found].unit)
    };
    let plain =
        |numeral: &&Numeral| numeral.style == Style::Fraction && unit(numeral) == Ok(Unit::Plain);
    let percent = |numeral: &Numeral| {
        let percent = numeral.value * Decimal::ONE_HUNDRED;
        (Value::Percent(percent), numeral.tokens.clone())
    };
    numerals.iter().filter(plain).map(percent).collect()
}

/// A figure to the hundredth, half up.
fn money(figure: Decimal) -> Option<Money> {
    let cents = figure.checked_mul(Decimal::ONE_HUNDRED)?;
    let rounding = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    cents.round_dp_with_strategy(0, rounding).to_i64().map(Money::from_cents)
}
