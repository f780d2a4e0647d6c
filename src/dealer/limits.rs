//! What a salesperson proposes and takes for sensible: `data/dealer/limits.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use crate::money::Money;

/// See the file's own notes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    /// Down payments that are proposed, in percent of the price.
    pub(super) proposed_percents: Vec<u32>,
    /// The upper ends of the price bands.
    #[serde(deserialize_with = "many_pesos")]
    pub(super) price_bands: Vec<Money>,
    /// From which to which percentage of a quoted price a car answers to it.
    pub(super) near_price_percents: [i64; 2],
    /// A single amount under this is no price that is searched for.
    #[serde(deserialize_with = "pesos")]
    pub(super) least_price: Money,
    /// An amount under this is no price that is quoted.
    #[serde(deserialize_with = "pesos")]
    pub(super) least_quoted_price: Money,
    /// An amount over this is no price that is quoted.
    #[serde(deserialize_with = "pesos")]
    pub(super) most_quoted_price: Money,
    /// An amount under this is no monthly payment.
    #[serde(deserialize_with = "pesos")]
    pub(super) least_monthly_payment: Money,
    /// An amount over this is no monthly payment.
    #[serde(deserialize_with = "pesos")]
    pub(super) most_monthly_payment: Money,
    /// An amount under this is no down payment: whoever says one means thousands.
    #[serde(deserialize_with = "pesos")]
    pub(super) least_down_payment: Money,
}

/// The limits that the project ships.
pub(super) static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/dealer/limits.toml"))
        .expect("data/dealer/limits.toml is well formed: a test reads it")
});

fn pesos<'de, D: Deserializer<'de>>(source: D) -> Result<Money, D::Error> {
    i64::deserialize(source).map(Money::from_pesos)
}

fn many_pesos<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<Money>, D::Error> {
    let amounts = Vec::<i64>::deserialize(source)?;
    Ok(amounts.into_iter().map(Money::from_pesos).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_read_and_rise() {
        assert!(LIMITS.price_bands.is_sorted());
        assert!(LIMITS.proposed_percents.is_sorted());
        assert!(LIMITS.least_down_payment < LIMITS.least_quoted_price);
    }
}
