//! How long a credit runs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A term in months, from 1 to [`Months::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Months(u16);

/// The number is no term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a term in months; it must be from 1 to {max}", max = Months::MAX)]
pub struct MonthsError(u16);

impl Months {
    /// The longest term, ten years: no car is financed for longer.
    pub const MAX: u16 = 120;

    /// A term of `months` months.
    ///
    /// # Errors
    ///
    /// Zero, or more than [`Months::MAX`].
    pub const fn new(months: u16) -> Result<Self, MonthsError> {
        if months >= 1 && months <= Self::MAX { Ok(Self(months)) } else { Err(MonthsError(months)) }
    }

    /// The number of months.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<u16> for Months {
    type Error = MonthsError;
    fn try_from(months: u16) -> Result<Self, MonthsError> {
        Self::new(months)
    }
}

impl From<Months> for u16 {
    fn from(months: Months) -> Self {
        months.0
    }
}
