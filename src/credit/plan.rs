//! The plan of one credit: payment, totals, and the table month by month.

use serde::Serialize;

use crate::money::Money;

use super::annuity::Annuity;
use super::{AnnualRate, Months};

/// The largest amount that is financed: far over any car, and small enough that no sum overflows.
pub const MAX_PRINCIPAL: Money = Money::from_pesos(1_000_000_000);

/// A credit with level payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    principal: Money,
    annual_rate: AnnualRate,
    months: Months,
    monthly_payment: Money,
    last_payment: Money,
    total_interest: Money,
    total_paid: Money,
}

/// No plan can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Nothing is left to finance, or more than [`MAX_PRINCIPAL`].
    #[error("{0} cannot be financed; it must be over 0.00 and at most {MAX_PRINCIPAL}")]
    Principal(Money),
    /// So small that payments rounded to the cent would pay it off before the last month.
    #[error("{principal} is too small to be spread over {months} months")]
    TooSmall {
        /// What was to be financed.
        principal: Money,
        /// The term asked for.
        months: Months,
    },
}

/// One month of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Counted from 1.
    pub month: u16,
    /// What is paid: interest and principal.
    pub payment: Money,
    /// Interest on the balance before, rounded half up.
    pub interest: Money,
    /// What the payment takes off the balance.
    pub principal: Money,
    /// What is still owed after the payment.
    pub balance: Money,
}

/// Twelve months of the table, or what is left of the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct YearRow {
    /// Counted from 1.
    pub year: u16,
    /// Sum of the payments.
    pub payments: Money,
    /// Sum of the interest.
    pub interest: Money,
    /// What the year takes off the balance.
    pub principal: Money,
    /// What is still owed at its end.
    pub balance: Money,
}

impl Plan {
    /// The plan of `principal` at `annual_rate` over `months`.
    ///
    /// # Errors
    ///
    /// A principal that is not positive, over [`MAX_PRINCIPAL`], or too small for the term.
    pub fn new(
        principal: Money,
        annual_rate: AnnualRate,
        months: Months,
    ) -> Result<Self, PlanError> {
        Self::at(&Annuity::new(annual_rate, months), principal, annual_rate, months)
    }

    /// The same where the annuity of that rate and term is known.
    ///
    /// # Errors
    ///
    /// As [`Plan::new`].
    pub(super) fn at(
        annuity: &Annuity,
        principal: Money,
        annual_rate: AnnualRate,
        months: Months,
    ) -> Result<Self, PlanError> {
        if principal <= Money::ZERO || principal > MAX_PRINCIPAL {
            return Err(PlanError::Principal(principal));
        }
        let monthly_payment = annuity.payment(principal);
        let mut plan = Self {
            principal,
            annual_rate,
            months,
            monthly_payment,
            last_payment: monthly_payment,
            total_interest: Money::ZERO,
            total_paid: Money::ZERO,
        };
        let mut owed = principal;
        for row in plan.rows() {
            if owed <= Money::ZERO {
                return Err(PlanError::TooSmall { principal, months });
            }
            owed = row.balance;
            plan.last_payment = row.payment;
            plan.total_interest = plan.total_interest + row.interest;
            plan.total_paid = plan.total_paid + row.payment;
        }
        Ok(plan)
    }

    /// What is financed: the price less the down payment.
    #[must_use]
    pub const fn principal(&self) -> Money {
        self.principal
    }

    /// The nominal annual rate.
    #[must_use]
    pub const fn annual_rate(&self) -> AnnualRate {
        self.annual_rate
    }

    /// The term.
    #[must_use]
    pub const fn months(&self) -> Months {
        self.months
    }

    /// Every payment but the last.
    #[must_use]
    pub const fn monthly_payment(&self) -> Money {
        self.monthly_payment
    }

    /// The last payment, some cents off the others, so that nothing is owed after it.
    #[must_use]
    pub const fn last_payment(&self) -> Money {
        self.last_payment
    }

    /// Sum of the interest.
    #[must_use]
    pub const fn total_interest(&self) -> Money {
        self.total_interest
    }

    /// Sum of the payments: what the credit costs in all, without the down payment.
    #[must_use]
    pub const fn total_paid(&self) -> Money {
        self.total_paid
    }

    /// The table, month by month, computed as it is read.
    #[must_use]
    pub fn rows(&self) -> Rows {
        let (numerator, denominator) = self.annual_rate.monthly();
        Rows {
            next: 1,
            last: self.months.get(),
            payment: self.monthly_payment,
            monthly_rate: (numerator.into(), denominator.into()),
            balance: self.principal,
        }
    }

    /// The table, year by year.
    #[must_use]
    pub fn years(&self) -> Vec<YearRow> {
        let rows: Vec<Row> = self.rows().collect();
        (1..)
            .zip(rows.chunks(12))
            .map(|(year, months)| YearRow {
                year,
                payments: months.iter().map(|row| row.payment).sum(),
                interest: months.iter().map(|row| row.interest).sum(),
                principal: months.iter().map(|row| row.principal).sum(),
                balance: months.last().map_or(Money::ZERO, |row| row.balance),
            })
            .collect()
    }
}

/// The rows of a plan, one a month.
#[derive(Debug, Clone)]
pub struct Rows {
    next: u16,
    last: u16,
    payment: Money,
    monthly_rate: (i64, i64),
    balance: Money,
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.next > self.last {
            return None;
        }
        let month = self.next;
        let interest = self.balance.scaled(self.monthly_rate.0, self.monthly_rate.1);
        let payment = if month == self.last { self.balance + interest } else { self.payment };
        let principal = payment - interest;
        self.balance = self.balance - principal;
        self.next += 1;
        Some(Row { month, payment, interest, principal, balance: self.balance })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::from((self.last + 1).saturating_sub(self.next));
        (left, Some(left))
    }
}

impl ExactSizeIterator for Rows {}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
