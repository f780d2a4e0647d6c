//! Numbers of one list or interval share what only the last one says: `3, 4 y 5 años`,
//! `entre 200 y 300 mil`, `10 o 20%`.

use rust_decimal::Decimal;

use super::comparator::{COMPARATORS, Link, Opener};
use super::numeral::NUMBER_WORDS;
use super::quantity::Quantity;
use super::unit::Unit;
use crate::text::Token;

/// Below this a plain number beside an amount of thousands may mean thousands.
const THOUSANDS_BELOW: Decimal = Decimal::ONE_THOUSAND;

/// Below this a second plain number is rather a term or a percentage than thousands:
/// `de 50 mil a 60`.
const TERM_BELOW: Decimal = Decimal::ONE_HUNDRED;

/// Gives plain numbers the unit and the scale of the linked number after them, and of the one
/// before them where an interval was opened.
pub(super) fn share(tokens: &[Token], quantities: &mut [Quantity]) {
    for last in (1..quantities.len()).rev() {
        let (left, right) = quantities.split_at_mut(last);
        let (left, right) = (&mut left[last - 1], &mut right[0]);
        let Some(link) = COMPARATORS.link(tokens, left.tokens.end, right.tokens.start) else {
            continue;
        };
        let opener = COMPARATORS.opener(tokens, left.tokens.start).map(|(opener, _)| opener);
        if left.unit == Unit::Plain
            && !is_pick(tokens, left)
            && may_share(link, opener, left, right)
        {
            backward(left, right);
        } else if right.unit == Unit::Plain && is_interval(link, opener) {
            forward(left, right);
        } else if right.unit == Unit::Plain && link == Link::Or && is_named(left.unit) {
            // "3 años o 4"
            right.unit = left.unit;
        }
    }
}

/// Whether a link makes its two numbers the ends of an interval.
pub(super) fn is_interval(link: Link, opener: Option<Opener>) -> bool {
    match opener {
        Some(Opener::Between) => matches!(link, Link::And | Link::Or | Link::To | Link::Dash),
        Some(Opener::From) => matches!(link, Link::To | Link::Dash),
        None => link == Link::Dash,
    }
}

fn may_share(link: Link, opener: Option<Opener>, left: &Quantity, right: &Quantity) -> bool {
    if is_interval(link, opener) || link == Link::Or {
        return true;
    }
    match (link, right.unit) {
        // "doy 20 a 48 meses" gives two facts.
        (Link::To | Link::Slash, Unit::Money(_) | Unit::Km) => true,
        (Link::And | Link::Comma | Link::Slash, Unit::Months | Unit::Years | Unit::Percent) => {
            left.value < right.value
        }
        _ => false,
    }
}

/// Whether a unit was said that small numbers have.
fn is_named(unit: Unit) -> bool {
    matches!(unit, Unit::Months | Unit::Years | Unit::Percent)
}

/// `200` in `entre 200 y 300 mil`.
fn backward(left: &mut Quantity, right: &Quantity) {
    match right.unit {
        Unit::Plain | Unit::Other | Unit::ModelYear => return,
        Unit::Money(_) | Unit::Km => {
            let scale = right.scale.unwrap_or(Decimal::ONE);
            // "de 800 a 1.2 millones": what exceeds as millions are thousands.
            let thousands = left.value < THOUSANDS_BELOW && right.value >= THOUSANDS_BELOW;
            let scales = [Some(scale), thousands.then_some(Decimal::ONE_THOUSAND)];
            let fitting = scales.into_iter().flatten().find(|scale| {
                let worth_it = *scale > Decimal::ONE || !thousands;
                worth_it && left.value.checked_mul(*scale).is_some_and(|v| v <= right.value)
            });
            let Some(scale) = fitting else { return };
            left.value *= scale;
            left.scale = (scale > Decimal::ONE).then_some(scale);
        }
        Unit::Percent | Unit::Months | Unit::Years => {}
    }
    left.unit = right.unit;
}

/// `250` in `de 200 mil a 250`, `21` in `del 2018 al 21`.
fn forward(left: &Quantity, right: &mut Quantity) {
    if left.unit == Unit::ModelYear && right.value < Decimal::ONE_HUNDRED {
        let century = left.value - left.value % Decimal::ONE_HUNDRED;
        let year = century + right.value;
        if year >= left.value && right.value.fract().is_zero() {
            right.value = year;
            right.unit = Unit::ModelYear;
        }
        return;
    }
    let is_amount = matches!(left.unit, Unit::Money(_) | Unit::Km);
    if !is_amount || left.scale != Some(Decimal::ONE_THOUSAND) {
        return;
    }
    let value = right.value * Decimal::ONE_THOUSAND;
    if (TERM_BELOW..THOUSANDS_BELOW).contains(&right.value) && value >= left.value {
        right.value = value;
        right.unit = left.unit;
        right.scale = left.scale;
    }
}

/// `el 2` picks, and shares nothing.
fn is_pick(tokens: &[Token], quantity: &Quantity) -> bool {
    let before = quantity.tokens.start.checked_sub(1).map(|index| &tokens[index].text);
    before.is_some_and(|word| NUMBER_WORDS.pick.contains(word))
}
