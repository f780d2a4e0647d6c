//! The values of the dealer's slots, as the engine keeps them: JSON.

use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::StockId;
use crate::credit::Plan;
use crate::money::Money;

/// A chosen car: which one, and what it cost when it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ChosenCar {
    pub id: StockId,
    pub price: Money,
}

/// An amount as the customer said it, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum SaidAmount {
    /// An amount that was checked before; it is taken as it was said then.
    Known(KnownAmount),
    /// A part of the price.
    Percent { percent: Decimal },
    /// So much.
    Amount { amount: Money },
    /// In another currency: its sign.
    Foreign { foreign: String },
}

impl SaidAmount {
    /// The amount in the customer's words: `20%`, `$60,000`.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Known(known) => known.told(),
            Self::Percent { percent } => format!("{}%", percent.normalize()),
            Self::Amount { amount } => amount.short(),
            Self::Foreign { foreign } => foreign.clone(),
        }
    }
}

/// An amount that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KnownAmount {
    pub amount: Money,
    /// Its part of the price it belongs to, with at most two places; none where it is the price.
    pub percent: Option<Decimal>,
    /// It was said as a percentage, and follows the price.
    pub as_percent: bool,
}

impl KnownAmount {
    /// The amount as it was said: `20%`, `$60,000`.
    pub(super) fn told(&self) -> String {
        let percent = self.percent.filter(|_| self.as_percent);
        percent.map_or_else(|| self.amount.short(), |percent| format!("{}%", percent.normalize()))
    }
}

/// A plan, with what belongs to it on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KnownPlan {
    pub principal: Money,
    pub annual_rate: String,
    pub months: u16,
    pub monthly_payment: Money,
    pub last_payment: Money,
    pub total_interest: Money,
    pub total_paid: Money,
    pub total_with_down_payment: Money,
}

impl KnownPlan {
    pub(super) fn new(plan: &Plan, down_payment: Money) -> Self {
        Self {
            principal: plan.principal(),
            annual_rate: plan.annual_rate().to_string(),
            months: plan.months().get(),
            monthly_payment: plan.monthly_payment(),
            last_payment: plan.last_payment(),
            total_interest: plan.total_interest(),
            total_paid: plan.total_paid(),
            total_with_down_payment: plan.total_paid() + down_payment,
        }
    }
}

/// A quote without a car of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct QuoteRequest {
    pub price: Money,
    pub down_payment: Money,
    /// The terms asked for; none is all on offer.
    pub months: Vec<u16>,
    /// Others were asked for too, which are not on offer.
    #[serde(default)]
    pub other_terms: bool,
}

/// Why an amount was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RefusedAmount {
    pub given: Money,
    pub min: Money,
    pub max: Money,
}

/// A slot's value as one of these types; `None` where it is something else.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// One of these types as a slot's value.
pub(super) fn write(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("the dealer's values have text keys and no odd numbers")
}
