//! Ranges: `menos de 300 mil`, `entre 200 y 300 mil`, `2020 en adelante`, `unos 250 mil`.

use std::ops::Range;

use rust_decimal::Decimal;

use super::Ordinal;
use super::comparator::{Bound, COMPARATORS, Comparator, Link, Opener, Place};
use super::quantity::Quantity;
use super::sharing;
use super::unit::Unit;
use crate::text::Token;

/// A range of numbers; an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The least.
    pub min: Option<Decimal>,
    /// The most.
    pub max: Option<Decimal>,
    /// What the numbers count.
    pub unit: Unit,
}

/// A range as it is put together.
struct Found {
    bounds: Bounds,
    tokens: Range<usize>,
    /// The scale of its amounts, for the bound it is joined with.
    scale: Option<Decimal>,
}

/// Every range of a message, in order, with its tokens.
pub(super) fn read_all(
    tokens: &[Token],
    quantities: &[Quantity],
    picks: &[(Ordinal, Range<usize>)],
) -> Vec<(Bounds, Range<usize>)> {
    let mut found = of_picks(tokens, quantities, picks);
    if !quantities.is_empty() {
        let mut bounds = Finder { tokens, quantities, bounds: vec![None; quantities.len()] };
        found.extend(bounds.intervals());
        bounds.comparators();
        found.extend(bounds.open_ended());
    }
    found.sort_by_key(|range| range.tokens.start);
    join(tokens, found).into_iter().map(|range| (range.bounds, range.tokens)).collect()
}

/// What is known about one quantity.
#[derive(Debug, Clone)]
enum Known {
    /// It is one end of an interval.
    Taken,
    /// A comparator stands at it.
    Bound(Bound, Range<usize>),
}

struct Finder<'a> {
    tokens: &'a [Token],
    quantities: &'a [Quantity],
    bounds: Vec<Option<Known>>,
}

impl Finder<'_> {
    /// `entre a y b`, `de a a b`, `a - b`.
    fn intervals(&mut self) -> Vec<Found> {
        let mut found = Vec::new();
        for first in 1..self.quantities.len() {
            let (index, pair) = (first - 1, &self.quantities[first - 1..=first]);
            if self.bounds[index].is_some() {
                continue;
            }
            let Some((min, max, start)) = self.interval(&pair[0], &pair[1]) else { continue };
            self.bounds[index] = Some(Known::Taken);
            self.bounds[first] = Some(Known::Taken);
            let bounds = Bounds { min: Some(min), max: Some(max), unit: pair[1].unit };
            found.push(Found { bounds, tokens: start..pair[1].tokens.end, scale: pair[1].scale });
        }
        found
    }

    fn interval(&self, left: &Quantity, right: &Quantity) -> Option<(Decimal, Decimal, usize)> {
        let link = COMPARATORS.link(self.tokens, left.tokens.end, right.tokens.start)?;
        let opener = COMPARATORS.opener(self.tokens, left.tokens.start);
        let kind = opener.map(|(kind, _)| kind);
        let amounts = matches!(right.unit, Unit::Money(_) | Unit::Km | Unit::ModelYear);
        // "200 a 300 mil" and "200/300" are ranges; "20 a 48 meses" and "36/48" may be two facts.
        let large = |quantity: &Quantity| quantity.value >= Decimal::ONE_HUNDRED;
        let plain = right.unit == Unit::Plain && large(left) && large(right);
        let bare = matches!(link, Link::To | Link::Slash) && (amounts || plain);
        let chained = matches!(link, Link::Dash | Link::Slash) && self.chained(left, right);
        if !alike(left.unit, right.unit) || chained || !(sharing::is_interval(link, kind) || bare) {
            return None;
        }
        let start = match kind {
            Some(_) if !sharing::is_interval(link, kind) => left.tokens.start,
            _ => opener.map_or(left.tokens.start, |(_, start)| start),
        };
        let between = kind == Some(Opener::Between);
        match left.value <= right.value {
            true => Some((left.value, right.value, start)),
            false if between => Some((right.value, left.value, start)),
            false => None,
        }
    }

    /// `55-1234-5678` and `12/05/2024`: more than two numbers in a chain are no interval.
    fn chained(&self, left: &Quantity, right: &Quantity) -> bool {
        let dash = |index: Option<usize>| {
            let token = index.and_then(|index| self.tokens.get(index));
            token.is_some_and(|token| matches!(token.text.as_str(), "-" | "/"))
        };
        dash(left.tokens.start.checked_sub(1)) || dash(Some(right.tokens.end))
    }

    /// Gives every comparator its number.
    fn comparators(&mut self) {
        for either in [false, true] {
            let mut at = 0;
            while at < self.tokens.len() {
                at = self.comparator(at, either).unwrap_or(at + 1);
            }
        }
    }

    /// The token after the comparator at `at`, where there is one and a number goes with it.
    fn comparator(&mut self, at: usize, either: bool) -> Option<usize> {
        let (Comparator { mut bound, place }, end) =
            COMPARATORS.phrases.longest(self.tokens, at)?;
        if either != (place == Place::Either) {
            return None;
        }
        let mut start = at;
        if let Some(negation) = COMPARATORS.negation(self.tokens, at) {
            start = negation;
            bound = bound.negated();
        }
        let number = match place {
            Place::Before => self.number_after(end),
            Place::After => self.number_before(at, end),
            Place::Either => self.number_after(end).or_else(|| self.number_before(at, end)),
        }?;
        // "alrededor de 500 o más": the range begins with the comparator that gave way.
        let given_way = match &self.bounds[number] {
            Some(Known::Bound(_, comparator)) => comparator.start,
            _ => start,
        };
        self.bounds[number] = Some(Known::Bound(bound, start.min(given_way)..end));
        Some(end)
    }

    fn number_after(&self, end: usize) -> Option<usize> {
        let mut starts = COMPARATORS.starts(self.tokens, end);
        let number = starts.find_map(|start| {
            self.quantities.binary_search_by_key(&start, |quantity| quantity.tokens.start).ok()
        })?;
        self.is_free(number).then_some(number)
    }

    fn number_before(&self, at: usize, end: usize) -> Option<usize> {
        let number =
            self.quantities.binary_search_by_key(&at, |quantity| quantity.tokens.end).ok()?;
        // "200 o más de 190": the comparator belongs to the number after it.
        let goes_on =
            self.tokens.get(end).is_some_and(|next| matches!(next.text.as_str(), "de" | "que"))
                && self.number_after(end).is_some();
        (self.is_free(number) && !goes_on).then_some(number)
    }

    /// Whether a comparator may have a number: `about` and `equal` give way to one that says more.
    fn is_free(&self, number: usize) -> bool {
        matches!(self.bounds[number], None | Some(Known::Bound(Bound::About | Bound::Exact, _)))
    }

    /// The ranges that comparators make.
    fn open_ended(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (quantity, known) in self.quantities.iter().zip(&self.bounds) {
            let (bound, comparator) = match known {
                Some(Known::Bound(bound, comparator)) => (*bound, comparator),
                None if quantity.vague => (Bound::About, &quantity.tokens),
                _ => continue,
            };
            let (min, max) = limits(bound, quantity);
            let bounds = Bounds { min, max, unit: quantity.unit };
            let start = quantity.tokens.start.min(comparator.start);
            let tokens = start..quantity.tokens.end.max(comparator.end);
            found.push(Found { bounds, tokens, scale: quantity.scale });
        }
        found
    }
}

/// `entre la segunda y la cuarta`: a range of places. Where the places are numbers (`entre el 2 y el
/// 4`), it is a range of numbers already.
fn of_picks(
    tokens: &[Token],
    quantities: &[Quantity],
    picks: &[(Ordinal, Range<usize>)],
) -> Vec<Found> {
    let is_number = |pick: &Range<usize>| {
        let next = quantities.partition_point(|quantity| quantity.tokens.end <= pick.start);
        quantities.get(next).is_some_and(|quantity| quantity.tokens.start < pick.end)
    };
    let range = |pair: &[(Ordinal, Range<usize>)]| {
        let [(Ordinal::Nth(least), first), (Ordinal::Nth(most), second)] = pair else {
            return None;
        };
        let (opener, start) = COMPARATORS.opener(tokens, first.start)?;
        let link = COMPARATORS.link(tokens, first.end, second.start)?;
        let fits = sharing::is_interval(link, Some(opener)) && least < most;
        if !fits || is_number(first) || is_number(second) {
            return None;
        }
        let (min, max) = (Some(Decimal::from(*least)), Some(Decimal::from(*most)));
        let bounds = Bounds { min, max, unit: Unit::Plain };
        Some(Found { bounds, tokens: start..second.end, scale: None })
    };
    picks.windows(2).filter_map(range).collect()
}

/// The ends that a comparator gives. About is a band of 10 % on either side; one year for model
/// years.
fn limits(bound: Bound, quantity: &Quantity) -> (Option<Decimal>, Option<Decimal>) {
    let value = quantity.value;
    match bound {
        Bound::Min => (Some(value), None),
        Bound::Max => (None, Some(value)),
        Bound::Exact => (Some(value), Some(value)),
        Bound::About => {
            let band = match quantity.unit {
                Unit::ModelYear => Decimal::ONE,
                _ => value.abs() / Decimal::TEN,
            };
            (Some(value - band), Some(value + band))
        }
    }
}

/// Joins a least and a most that stand side by side: `mayor que 100 y menor que 300`.
fn join(tokens: &[Token], found: Vec<Found>) -> Vec<Found> {
    let mut joined: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        match joined.last_mut() {
            Some(last) if let Some(both) = both(tokens, last, &next) => *last = both,
            _ => joined.push(next),
        }
    }
    joined
}

fn both(tokens: &[Token], first: &Found, second: &Found) -> Option<Found> {
    let between = tokens.get(first.tokens.end..second.tokens.start)?;
    let joins = match between {
        // "ni más de 300 ni menos de 200"
        [] => true,
        [word] => COMPARATORS.joins.contains(&word.text),
        [comma, word] => comma.text == "," && COMPARATORS.joins.contains(&word.text),
        _ => false,
    };
    let first_bounds = in_scale_of(first, second);
    let Bounds { min, max, unit } = in_scale_of(second, first);
    let (min, max) = match (first_bounds.min, first_bounds.max) {
        (Some(least), None) if min.is_none() => (least, max?),
        (None, Some(most)) if max.is_none() => (min?, most),
        _ => return None,
    };
    if !joins || !alike(first_bounds.unit, unit) || min > max {
        return None;
    }
    let bounds = Bounds { min: Some(min), max: Some(max), unit };
    Some(Found { bounds, tokens: first.tokens.start..second.tokens.end, scale: second.scale })
}

/// A bound in the thousands of the one that it is joined with, where it is a small number and was
/// said without a unit: `más de 200 y menos de 300 mil`, `más de 200 mil pero menos de 300`.
fn in_scale_of(found: &Found, other: &Found) -> Bounds {
    let bounds = found.bounds;
    let small = bounds.min.or(bounds.max).is_some_and(|end| end < Decimal::ONE_THOUSAND);
    if bounds.unit != Unit::Plain || other.scale != Some(Decimal::ONE_THOUSAND) || !small {
        return bounds;
    }
    let thousands = |end: Option<Decimal>| end.map(|end| end * Decimal::ONE_THOUSAND);
    Bounds { min: thousands(bounds.min), max: thousands(bounds.max), unit: other.bounds.unit }
}

/// Whether two numbers count the same.
fn alike(left: Unit, right: Unit) -> bool {
    match (left, right) {
        (Unit::Money(_), Unit::Money(_)) => true,
        _ => left == right,
    }
}
