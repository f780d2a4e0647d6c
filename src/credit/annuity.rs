//! The exact level payment of one peso's credit, and its two uses.

use crate::money::Money;

use super::natural::Natural;
use super::{AnnualRate, Months};

/// What one cent of credit costs a month, as an exact fraction.
///
/// With the monthly rate `i = a/b` and `n` months, the level payment of a principal `P` is
/// `P·i / (1 - (1 + i)⁻ⁿ)` (ordinary annuity; Kellison, *The Theory of Interest*, ch. 3), which is
/// `P·a(a+b)ⁿ / b((a+b)ⁿ - bⁿ)`: whole numbers only. Without interest it is `P/n`.
///
/// Division cuts digits off, so there is none: a payment is right when it passes the inequality
/// that rounding half up means, and both uses look for the last value that passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Annuity {
    numerator: Natural,
    denominator: Natural,
}

impl Annuity {
    pub(super) fn new(rate: AnnualRate, months: Months) -> Self {
        let (a, b) = rate.monthly();
        let (a, b) = (u64::from(a), u64::from(b));
        if a == 0 {
            let denominator = Natural::from(u64::from(months.get()));
            return Self { numerator: Natural::from(1), denominator };
        }
        let growth = Natural::power(a + b, months.get());
        let parity = Natural::power(b, months.get());
        Self { denominator: growth.minus(&parity).times(b), numerator: growth.times(a) }
    }

    /// The monthly payment of `principal`, half up on the exact value.
    pub(super) fn payment(&self, principal: Money) -> Money {
        let twice_exact = self.numerator.times(2 * cents(principal));
        let enough = |payment: u64| twice_exact < self.denominator.times(2 * payment + 1);
        // A rate is at most 1, so even a single payment is under twice the principal.
        money(lowest(0, 2 * cents(principal), enough))
    }

    /// The largest principal, up to `limit`, whose payment is at most `payment`.
    pub(super) fn buys(&self, payment: Money, limit: Money) -> Money {
        let bound = self.denominator.times(2 * cents(payment) + 1);
        let too_much = |principal: u64| self.numerator.times(2 * principal) >= bound;
        money(lowest(0, cents(limit) + 1, too_much).saturating_sub(1))
    }
}

/// The lowest value from `low` up to `high` for which `holds`, or `high`; once it holds, it must
/// hold for all that is higher.
fn lowest(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Amounts here are never negative, and at most [`MAX_PRINCIPAL`](super::MAX_PRINCIPAL).
fn cents(amount: Money) -> u64 {
    u64::try_from(amount.cents()).expect("a credit's amounts are not negative")
}

fn money(cents: u64) -> Money {
    Money::from_cents(i64::try_from(cents).expect("a credit's amounts are bounded"))
}
