//! What a search is bounded by: prices, years, kilometres and lengths.

use std::ops::{Range, RangeInclusive};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cue::Cue;
use super::lexicon::Said;
use super::message::{Message, Purpose, as_price};
use super::names::{Name, Named};
use crate::catalog::{Bounds, Query};
use crate::credit::Policy;
use crate::money::Money;
use crate::spanish::{self, Currency, MODEL_YEARS, Unit, Value};
use crate::text::TokenKind;

/// Millimetres.
const METRE: Decimal = Decimal::ONE_THOUSAND;

/// The years that are told by two digits, and what they are counted from.
const TWO_DIGIT_YEARS: RangeInclusive<Decimal> =
    Decimal::from_parts(5, 0, 0, false, 0)..=Decimal::from_parts(35, 0, 0, false, 0);
const CENTURY: Decimal = Decimal::from_parts(2_000, 0, 0, false, 0);

/// What may be the length of a car, in millimetres.
const LENGTHS: RangeInclusive<u32> = 2_500..=7_500;

/// Prices, years and kilometres. With `loose`, a single amount is a price too.
pub(super) fn read(message: &Message, loose: bool, policy: &Policy, query: &mut Query) {
    let taken = |tokens: &Range<usize>| {
        message.is_for(Purpose::DownPayment, tokens)
            || message.is_in_hand(tokens)
            || message.is_monthly(tokens)
            || message.comes_with_a_term(tokens, policy)
            || message.only_wonders(tokens)
            || message.points_at_price(tokens)
            || message.was_seen_elsewhere(tokens)
    };
    read_ranges(message, taken, query);
    if let Some(year) = message.glued_year() {
        query.year = Bounds { min: Some(year), max: Some(year) };
    }
    let mut ranges_end = 0;
    let mut year_end = None;
    for found in &message.found {
        if matches!(found.value, Value::Range(_)) {
            ranges_end = ranges_end.max(found.tokens.end);
        }
        // `Peugeot 2008` is a name.
        let named = message.names.iter().any(|named| named.tokens.contains(&found.tokens.start));
        let negated = message.negated_before(&found.tokens);
        if found.tokens.end <= ranges_end || taken(&found.tokens) || named || negated {
            continue;
        }
        let length = match found.value {
            Value::Number(number) => message.length(number, &found.tokens),
            _ => None,
        };
        if length.is_some() {
            query.length_mm.max = length;
            continue;
        }
        match &found.value {
            Value::Year(year) => {
                // `2019 o 2020` are both.
                let known = year_end.filter(|end| message.only_joins(*end..found.tokens.start));
                let known = known.map_or(Bounds::OPEN, |_| query.year);
                let (min, max) = (known.min.unwrap_or(*year), known.max.unwrap_or(*year));
                query.year = Bounds { min: Some(min.min(*year)), max: Some(max.max(*year)) };
                year_end = Some(found.tokens.end);
            }
            Value::Km(km) => query.km.max = Some(*km),
            Value::Money(amount)
                if loose
                    && amount.currency == Currency::Mxn
                    && !message.is_counted(&found.tokens) =>
            {
                // Nobody looks for a car of 250 pesos: `250 pesos` are thousands.
                query.price.max =
                    as_price(Decimal::new(amount.money.cents(), 2)).or(query.price.max);
            }
            Value::Number(number) if message.is_model_year(*number, &found.tokens) => {
                let year = (*number + CENTURY).to_u16();
                query.year = Bounds { min: year, max: year };
            }
            Value::Number(number)
                if loose
                    && is_price(*number)
                    && !message.is_money(&found.tokens)
                    && !message.is_counted(&found.tokens)
                    && !message.counts_things(&found.tokens)
                    && (message.is_all(&found.tokens) || message.is_spent(&found.tokens)) =>
            {
                query.price.max = as_price(*number);
            }
            _ => {}
        }
    }
}

/// Those that are told by their ends: `menos de 300 mil`, `de hasta 4.5 m`.
fn read_ranges(message: &Message, taken: impl Fn(&Range<usize>) -> bool, query: &mut Query) {
    for found in &message.found {
        let Value::Range(bounds) = &found.value else { continue };
        let length = |end: Option<Decimal>| message.length(end?, &found.tokens);
        let length_mm = Bounds { min: length(bounds.min), max: length(bounds.max) };
        if !length_mm.is_open() {
            query.length_mm = length_mm;
        } else if !taken(&found.tokens) {
            read_range(bounds, query);
            message.leave_out_the_year(&found.tokens, query);
        }
    }
}

fn read_range(bounds: &spanish::Bounds, query: &mut Query) {
    let ends = [bounds.min, bounds.max].into_iter().flatten();
    let is_year = |end: Decimal| end.to_u32().is_some_and(|end| MODEL_YEARS.contains(&end));
    match bounds.unit {
        Unit::Money(Currency::Mxn) => query.price = price_bounds(bounds),
        Unit::Km => {
            let km = |end: Option<Decimal>| end.and_then(|end| end.to_u32());
            query.km = Bounds { min: km(bounds.min), max: km(bounds.max) };
        }
        Unit::ModelYear => query.year = year_bounds(bounds),
        Unit::Plain if ends.clone().all(is_year) => {
            query.year = year_bounds(bounds);
        }
        Unit::Plain if ends.clone().all(is_price) => query.price = price_bounds(bounds),
        _ => {}
    }
}

fn price_bounds(bounds: &spanish::Bounds) -> Bounds<Money> {
    Bounds { min: bounds.min.and_then(as_price), max: bounds.max.and_then(as_price) }
}

fn year_bounds(bounds: &spanish::Bounds) -> Bounds<u16> {
    let year = |end: Option<Decimal>| end.and_then(|end| end.to_u16());
    Bounds { min: year(bounds.min), max: year(bounds.max) }
}

/// Whether a bare figure can be a price: in thousands (100 to 999; smaller ones are numbers of
/// something else) or in pesos.
fn is_price(figure: impl Into<Decimal>) -> bool {
    let figure = figure.into();
    let thousands = Decimal::ONE_HUNDRED..Decimal::ONE_THOUSAND;
    thousands.contains(&figure) || figure >= Decimal::from(10_000)
}

impl Message {
    /// Whether two digits right after a model are its year: `Versa 21`.
    fn is_model_year(&self, number: Decimal, tokens: &Range<usize>) -> bool {
        let after_model = |named: &Named| {
            matches!(named.name, Name::Model(_)) && named.tokens.end == tokens.start
        };
        let alone = self.found_from(tokens.start, tokens.start + 1).len() == 1;
        let years = TWO_DIGIT_YEARS.contains(&number) && number.scale() == 0;
        years && alone && self.names.iter().any(after_model)
    }

    /// `más nuevo que 2019` begins a year later, `más viejo que 2022` ends a year earlier.
    fn leave_out_the_year(&self, tokens: &Range<usize>, query: &mut Query) {
        let within =
            |said: &Said| tokens.start <= said.tokens.start && said.tokens.end <= tokens.end;
        let told = |cue| self.of(cue).any(within);
        if told(Cue::NewerThan) {
            query.year.min = query.year.min.map(|year| year.saturating_add(1));
        }
        if told(Cue::OlderThan) {
            query.year.max = query.year.max.map(|year| year.saturating_sub(1));
        }
    }

    /// Whether nothing but what joins a list stands in `tokens`.
    fn only_joins(&self, mut tokens: Range<usize>) -> bool {
        tokens.all(|at| self.lies_in(Cue::Joining, at) || self.text.tokens()[at].text == ",")
    }

    /// Whether a figure is asked about all by itself: `¿400 mil? Qué caro`.
    fn only_wonders(&self, tokens: &Range<usize>) -> bool {
        let symbol = |at: usize| self.text.tokens().get(at).map(|token| token.text.as_str());
        let opens = tokens.start == 0 || symbol(tokens.start - 1) == Some("¿");
        opens && symbol(tokens.end) == Some("?")
    }

    /// Whether a figure is what another dealer asks for a car: `vi uno en 350 mil en otro lado`.
    pub(super) fn was_seen_elsewhere(&self, tokens: &Range<usize>) -> bool {
        let all = self.text.tokens();
        let goes_on = |at: &usize| all[*at].kind != TokenKind::Symbol;
        let before = (0..tokens.start).rev().take_while(goes_on);
        let mut clause = before.chain((tokens.end..all.len()).take_while(goes_on));
        self.has(Cue::Elsewhere) && clause.any(|at| self.lies_in(Cue::Elsewhere, at))
    }

    /// Whether the word after a figure is something that it counts: `150 caballos`.
    pub(super) fn counts_things(&self, tokens: &Range<usize>) -> bool {
        self.lies_in(Cue::Counted, tokens.end)
    }

    /// Whether a figure points at a car of the list: `la de 361 mil`, unlike `la de 2019`.
    fn points_at_price(&self, tokens: &Range<usize>) -> bool {
        let begun = self.found_from(tokens.start, tokens.start + 1);
        if begun.iter().any(|found| matches!(found.value, Value::Year(_))) {
            return false;
        }
        let of = tokens.start.checked_sub(1).filter(|at| self.lies_in(Cue::Connecting, *at));
        of.is_some_and(|of| self.ends_at(Cue::Pointing, of)) && self.names.is_empty()
    }

    /// A year that is glued to a model: `jetta2019`.
    fn glued_year(&self) -> Option<u16> {
        let tokens = self.text.tokens();
        let after_model = self.names.iter().filter(|named| matches!(named.name, Name::Model(_)));
        let glued = after_model.filter_map(|named| tokens.get(named.tokens.end));
        let years = glued.filter(|token| token.glued && token.text.len() == 4);
        years
            .filter_map(|token| token.text.parse().ok())
            .find(|year: &u16| MODEL_YEARS.contains(&u32::from(*year)))
    }

    /// A figure with its unit after it as a length in millimetres: `4.5 m`, `430 cm`, `4 metros
    /// 20`, `cuatro metros y medio`.
    fn length(&self, figure: Decimal, tokens: &Range<usize>) -> Option<u32> {
        let unit = |cue| (tokens.start..=tokens.end).find(|index| self.lies_in(cue, *index));
        let mm = if let Some(metres) = unit(Cue::Metres) {
            figure * METRE + self.centimetres_after(metres + 1)
        } else {
            unit(Cue::Centimetres).map(|_| figure * Decimal::TEN)?
        };
        mm.to_u32().filter(|mm| LENGTHS.contains(mm))
    }

    /// What stands after whole metres, in millimetres: a half, or centimetres.
    fn centimetres_after(&self, start: usize) -> Decimal {
        if self.said_from(start, start + 1).iter().any(|said| said.is(Cue::AndAHalf)) {
            return METRE / Decimal::TWO;
        }
        let beside = self.found_from(start, start + 2).iter();
        let centimetres = beside.filter_map(|found| match found.value {
            Value::Number(number) if (Decimal::ONE..=Decimal::from(99)).contains(&number) => {
                Some(number * Decimal::TEN)
            }
            _ => None,
        });
        centimetres.max().unwrap_or_default()
    }
}
