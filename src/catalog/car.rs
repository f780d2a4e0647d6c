//! One car on sale.

use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;

use super::columns::Catalog;

/// What the dealer calls one car: letters, digits, `-`, `_` and `.`, at most
/// [`StockId::MAX_CHARS`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StockId(Arc<str>);

/// The text is no stock id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no stock id; write letters, digits, `-`, `_` or `.`, from 1 to {max} of them",
    max = StockId::MAX_CHARS
)]
pub struct StockIdError(String);

impl StockId {
    /// The longest id.
    pub const MAX_CHARS: usize = 32;

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StockId {
    type Err = StockIdError;
    fn from_str(text: &str) -> Result<Self, StockIdError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let fits = (1..=Self::MAX_CHARS).contains(&text.len()) && text.bytes().all(allowed);
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(StockIdError(text.chars().take(Self::MAX_CHARS).collect()))
        }
    }
}

impl fmt::Display for StockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for StockId {
    type Error = StockIdError;
    fn try_from(text: String) -> Result<Self, StockIdError> {
        text.parse()
    }
}

impl From<StockId> for String {
    fn from(id: StockId) -> Self {
        id.as_str().to_owned()
    }
}

/// The shape of a car.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Four doors and a boot.
    Sedan,
    /// A tailgate.
    Hatchback,
    /// Sport utility or crossover.
    Suv,
    /// An open load bed.
    Pickup,
    /// A people carrier or a delivery van.
    Van,
    /// An estate car.
    Wagon,
    /// Two doors and a fixed roof.
    Coupe,
    /// A roof that opens.
    Convertible,
}

/// How gears are changed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Transmission {
    /// By the car: torque converter, double clutch, CVT or robot.
    Automatic,
    /// By the driver.
    Manual,
}

/// What a car has or has not.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Calls and music without a cable.
    Bluetooth,
    /// Apple's `CarPlay`: the telephone on the car's screen.
    CarPlay,
    /// Drive on all four wheels, where the version tells.
    FourWheelDrive,
    /// An engine for diesel, where the version tells.
    Diesel,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 4] = [Self::Bluetooth, Self::CarPlay, Self::FourWheelDrive, Self::Diesel];

    /// The feature's place in a set of bits.
    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A car of a [`Catalog`]: a row number, with names for its columns.
#[derive(Clone, Copy)]
pub struct Car<'a> {
    catalog: &'a Catalog,
    row: usize,
}

impl<'a> Car<'a> {
    pub(super) const fn new(catalog: &'a Catalog, row: usize) -> Self {
        Self { catalog, row }
    }

    /// Its row, for [`Catalog::at`].
    pub(crate) const fn row(self) -> usize {
        self.row
    }

    /// What the dealer calls it.
    #[must_use]
    pub fn stock_id(self) -> &'a StockId {
        &self.catalog.stock_id[self.row]
    }

    /// The make, as the file spells it.
    #[must_use]
    pub fn make(self) -> &'a str {
        self.catalog.make_of(self.catalog.model[self.row])
    }

    /// The model, as the file spells it.
    #[must_use]
    pub fn model(self) -> &'a str {
        self.catalog.model_name(self.catalog.model[self.row])
    }

    /// Engine, trim and gearbox in the trade's shorthand: `1.6 ADVANCE AUTO`.
    #[must_use]
    pub fn version(self) -> &'a str {
        self.catalog.version_name(self.catalog.version[self.row])
    }

    /// The model year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.catalog.year[self.row]
    }

    /// Kilometres driven.
    #[must_use]
    pub fn km(self) -> u32 {
        self.catalog.km[self.row]
    }

    /// The price in cash.
    #[must_use]
    pub fn price(self) -> Money {
        self.catalog.price[self.row]
    }

    /// Whether it has `feature`.
    #[must_use]
    pub fn has(self, feature: Feature) -> bool {
        self.catalog.features[self.row] & feature.bit() != 0
    }

    /// Everything it has, in the order of [`Feature::ALL`].
    pub fn features(self) -> impl Iterator<Item = Feature> + use<'a> {
        Feature::ALL.into_iter().filter(move |feature| self.has(*feature))
    }

    /// Its shape, where the word lists know it.
    #[must_use]
    pub fn body(self) -> Option<Body> {
        self.catalog.body[self.row]
    }

    /// Its gearbox, where the version tells.
    #[must_use]
    pub fn transmission(self) -> Option<Transmission> {
        self.catalog.transmission[self.row]
    }

    /// Length in millimetres, where the file has it.
    #[must_use]
    pub fn length_mm(self) -> Option<u16> {
        self.catalog.length_mm[self.row].map(NonZeroU16::get)
    }

    /// Width in millimetres, where the file has it.
    #[must_use]
    pub fn width_mm(self) -> Option<u16> {
        self.catalog.width_mm[self.row].map(NonZeroU16::get)
    }

    /// Height in millimetres, where the file has it.
    #[must_use]
    pub fn height_mm(self) -> Option<u16> {
        self.catalog.height_mm[self.row].map(NonZeroU16::get)
    }
}

impl fmt::Debug for Car<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} {} {} ${} {} km",
            self.stock_id(),
            self.make(),
            self.model(),
            self.year(),
            self.version(),
            self.price(),
            self.km()
        )
    }
}
