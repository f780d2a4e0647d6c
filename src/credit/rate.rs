//! Rates and percentages as exact fractions.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Decimal places kept of a rate or a percentage. A millionth of a percent of a million pesos is
/// one cent: no quote can tell finer ones apart.
const PLACES: u32 = 6;

/// A nominal annual rate from 0 to 1, `0.10` for 10 %, shown as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AnnualRate(Decimal);

/// A part of a whole in percent, from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Percent(Decimal);

/// The value is no rate, or no percentage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// No annual rate.
    #[error(
        "`{0}` is not an annual rate; write a decimal from 0 to 1 with at most {PLACES} places, \
         \"0.10\" for 10 %"
    )]
    Annual(String),
    /// No percentage.
    #[error("{0} is not a percentage from 0 to 100")]
    Percent(Decimal),
}

impl AnnualRate {
    /// The rate in percent: 10 for `0.10`.
    #[must_use]
    pub fn percent(self) -> Decimal {
        (self.0 * Decimal::ONE_HUNDRED).normalize()
    }

    /// The rate of one month, a twelfth of the year's, as a fraction in lowest terms.
    pub(super) fn monthly(self) -> (u32, u32) {
        let year = self.0.normalize();
        let numerator =
            u32::try_from(year.mantissa()).expect("a rate is from 0 to 1 with few places");
        let denominator = 12 * 10_u32.pow(year.scale());
        let divisor = greatest_common_divisor(numerator, denominator);
        (numerator / divisor, denominator / divisor)
    }
}

impl Percent {
    /// `value` percent; places beyond the sixth are rounded off.
    ///
    /// # Errors
    ///
    /// A value under 0 or over 100.
    pub fn new(value: Decimal) -> Result<Self, RateError> {
        if (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&value) {
            Ok(Self(value.round_dp(PLACES)))
        } else {
            Err(RateError::Percent(value))
        }
    }

    /// The number before the percent sign.
    #[must_use]
    pub const fn get(self) -> Decimal {
        self.0
    }

    /// The same part as a fraction of one.
    pub(super) fn fraction(self) -> (i64, i64) {
        let numerator =
            i64::try_from(self.0.mantissa()).expect("a percentage is at most 100 with few places");
        (numerator, 100 * 10_i64.pow(self.0.scale()))
    }
}

impl fmt::Display for AnnualRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AnnualRate {
    type Err = RateError;
    fn from_str(text: &str) -> Result<Self, RateError> {
        let wrong = || RateError::Annual(text.chars().take(40).collect());
        let rate = Decimal::from_str_exact(text).map_err(|_| wrong())?;
        let fits = (Decimal::ZERO..=Decimal::ONE).contains(&rate) && rate.scale() <= PLACES;
        if fits { Ok(Self(rate)) } else { Err(wrong()) }
    }
}

impl TryFrom<String> for AnnualRate {
    type Error = RateError;
    fn try_from(text: String) -> Result<Self, RateError> {
        text.parse()
    }
}

impl From<AnnualRate> for String {
    fn from(rate: AnnualRate) -> Self {
        rate.to_string()
    }
}

impl TryFrom<Decimal> for Percent {
    type Error = RateError;
    fn try_from(value: Decimal) -> Result<Self, RateError> {
        Self::new(value)
    }
}

impl From<Percent> for Decimal {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

const fn greatest_common_divisor(mut left: u32, mut right: u32) -> u32 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_keeps_its_spelling_and_its_exact_twelfth() {
        let rate: AnnualRate = "0.10".parse().unwrap();
        assert_eq!(rate.to_string(), "0.10");
        assert_eq!(rate.monthly(), (1, 120));
        assert_eq!("0".parse::<AnnualRate>().unwrap().monthly(), (0, 1));
        assert_eq!("0.1249".parse::<AnnualRate>().unwrap().monthly(), (1249, 120_000));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in ["", "10", "1.01", "-0.1", "10%", "0.1234567", "1e-1", "NaN"] {
            assert!(text.parse::<AnnualRate>().is_err(), "{text:?} was taken");
        }
        for value in [Decimal::NEGATIVE_ONE, Decimal::new(10_001, 2), Decimal::MAX] {
            assert!(Percent::new(value).is_err(), "{value} was taken");
        }
    }
}
