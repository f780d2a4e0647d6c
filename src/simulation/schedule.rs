//! The table of a credit, computed once more and in another way than the credit module does it.

use rust_decimal::Decimal;

use crate::money::Money;

/// One month: what the payment takes off, its interest, what is still owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    pub(super) principal: Money,
    pub(super) interest: Money,
    pub(super) balance: Money,
}

/// The months of a credit of `principal` at `percent` a year whose payments but the last are
/// `payment`.
pub(super) fn schedule(
    principal: Money,
    percent: Decimal,
    months: u16,
    payment: Money,
) -> Vec<Month> {
    let twelfth = 10_i128.pow(percent.scale()) * 1_200;
    let mut owed = principal.cents();
    let month = |number| {
        let doubled = i128::from(owed) * percent.mantissa() * 2;
        let interest = (doubled + twelfth) / (twelfth * 2);
        let interest = i64::try_from(interest).expect("a month's interest is less than the credit");
        let paid = if number == months { owed } else { payment.cents() - interest };
        owed -= paid;
        Month {
            principal: Money::from_cents(paid),
            interest: Money::from_cents(interest),
            balance: Money::from_cents(owed),
        }
    };
    (1..=months).map(month).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credit::{Months, Plan};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn two_ways_lead_to_one_table(
            cents in 1_000_000_i64..=100_000_000,
            rate in prop::sample::select(vec!["0.10", "0.125", "0.0999", "0", "0.36"]),
            term in 1_u16..=84,
        ) {
            let principal = Money::from_cents(cents);
            let rate: crate::credit::AnnualRate = rate.parse().unwrap();
            let plan = Plan::new(principal, rate, Months::new(term).unwrap()).unwrap();
            let months = schedule(principal, rate.percent(), term, plan.monthly_payment());
            let rows = plan.rows().map(|row| Month {
                principal: row.principal,
                interest: row.interest,
                balance: row.balance,
            });
            prop_assert_eq!(rows.collect::<Vec<_>>(), months);
        }
    }
}
