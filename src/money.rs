//! Mexican pesos to the cent, as an integer: no float ever touches an amount.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::ops::{Add, Sub};
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// An amount in Mexican pesos (MXN), held in whole cents.
///
/// As text, and so in JSON, it is a decimal string with two places: `"218999.00"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl JsonSchema for Money {
    fn schema_name() -> Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^-?[0-9]+\\.[0-9]{2}$",
            "description": "An amount in Mexican pesos, with two decimal places.",
        })
    }
}

/// The text is not an amount with at most two decimal places.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an amount in pesos; write it like 218999.00")]
pub struct MoneyError(String);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of `cents` hundredths of a peso.
    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// An amount of whole pesos.
    ///
    /// # Panics
    ///
    /// When `pesos` × 100 does not fit an `i64` (92 quadrillion pesos).
    #[must_use]
    pub const fn from_pesos(pesos: i64) -> Self {
        Self(pesos * 100)
    }

    /// The amount in hundredths of a peso.
    #[must_use]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// `self × numerator / denominator`, rounded half up (away from zero) to the cent.
    ///
    /// # Panics
    ///
    /// When `denominator` is not positive or the result does not fit.
    #[must_use]
    pub fn scaled(self, numerator: i64, denominator: i64) -> Self {
        assert!(denominator > 0, "a scale needs a positive denominator");
        let product = i128::from(self.0) * i128::from(numerator);
        let denominator = i128::from(denominator);
        let (twice, whole) = (product.abs() * 2 + denominator, denominator * 2);
        // 128 bits are divided in software, and few amounts need them.
        let magnitude = match (u64::try_from(twice), u64::try_from(whole)) {
            (Ok(twice), Ok(whole)) => i128::from(twice / whole),
            _ => twice / whole,
        };
        let rounded = if product < 0 { -magnitude } else { magnitude };
        Self(i64::try_from(rounded).expect("an amount of pesos fits 64 bits"))
    }

    /// The amount as customers read it: `$218,999`, with cents only where there are some.
    #[must_use]
    pub fn short(self) -> String {
        if self.0 % 100 == 0 { self.grouped(false) } else { self.grouped(true) }
    }

    /// The amount as a table shows it, always with cents: `$5,653.00`.
    #[must_use]
    pub fn exact(self) -> String {
        self.grouped(true)
    }

    fn grouped(self, with_cents: bool) -> String {
        let digits = (self.0.unsigned_abs() / 100).to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 5);
        if self.0 < 0 {
            text.push('-');
        }
        text.push('$');
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if with_cents {
            let cents = self.0.unsigned_abs() % 100;
            write!(text, ".{cents:02}").expect("a String takes every write");
        }
        text
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    /// The machine form: `218999.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

// Written and read without a string on the way: a turn shows dozens of amounts.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Money;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount as text, like \"218999.00\"")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Money, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads the machine form: digits, at most one point, at most two places (`461999.0`).
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let wrong = || MoneyError(text.chars().take(40).collect());
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(places) || places.len() > 2 {
            return Err(wrong());
        }
        let pesos: i64 = whole.parse().map_err(|_| wrong())?;
        let place =
            |at: usize| places.as_bytes().get(at).map_or(0, |digit| i64::from(digit - b'0'));
        let cents = place(0) * 10 + place(1);
        let total = pesos.checked_mul(100).and_then(|p| p.checked_add(cents)).ok_or_else(wrong)?;
        Ok(Self(if negative { -total } else { total }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn customers_read_cents_only_where_there_are_some() {
        assert_eq!(Money::from_pesos(218_999).short(), "$218,999");
        assert_eq!(Money::from_cents(2_189_990).short(), "$21,899.90");
        assert_eq!(Money::from_cents(565_300).exact(), "$5,653.00");
        assert_eq!(Money::from_cents(-100_005).short(), "-$1,000.05");
    }

    #[test]
    fn scaling_rounds_half_up() {
        assert_eq!(Money::from_cents(5).scaled(1, 2), Money::from_cents(3));
        assert_eq!(Money::from_cents(-5).scaled(1, 2), Money::from_cents(-3));
        assert_eq!(Money::from_pesos(218_999).scaled(20, 100), Money::from_cents(4_379_980));
        // Twice that many thirds of cents are more than 64 bits hold.
        let (most, third) = (i64::MAX, Money::from_cents(i64::MAX / 3));
        assert_eq!(Money::from_cents(most).scaled(1, 3), third);
        assert_eq!(Money::from_cents(-most).scaled(1_000, 3_000), Money::from_cents(-(most / 3)));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".", "-", "1.234", "1e5", "12,000", "١٢", "99999999999999999999"] {
            assert!(text.parse::<Money>().is_err(), "{text:?} was taken");
        }
        assert_eq!("461999.0".parse(), Ok(Money::from_pesos(461_999)));
    }

    proptest! {
        #[test]
        fn text_reads_back(cents in -1_000_000_000_000_i64..1_000_000_000_000) {
            let amount = Money::from_cents(cents);
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(&json, &format!("\"{amount}\""));
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
            let value = serde_json::to_value(amount).unwrap();
            prop_assert_eq!(serde_json::from_value::<Money>(value).unwrap(), amount);
        }
    }

    #[test]
    fn json_has_amounts_as_text_alone() {
        let read = |json: &str| serde_json::from_str::<Money>(json);
        assert_eq!(read("\"\\u0035.5\"").unwrap(), Money::from_cents(550));
        for wrong in ["5", "5.0", "null", "\"1.234\"", "\"\"", "\".5\"", "\"1,000\""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
