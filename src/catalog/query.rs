//! What is searched for.

use std::ops::Sub;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;

use super::{Body, Feature, StockId, Transmission};

/// The conditions of a search; each one that is set narrows it. Nothing set is every car. Only what
/// is set is written down: it is part of every stored session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// One of these makes, however spelled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub makes: Vec<String>,
    /// One of these models, however spelled. With makes: of these makes, where one of them has the
    /// model. A make with one of its own models named, on sale or not, stands for that model alone,
    /// so that Nissan, Honda and Versa are the Versa and every Honda.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// None of these makes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_makes: Vec<String>,
    /// None of these models.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_models: Vec<String>,
    /// None of these cars.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_cars: Vec<StockId>,
    /// Model year.
    #[serde(skip_serializing_if = "Bounds::is_open")]
    pub year: Bounds<u16>,
    /// Price in cash.
    #[serde(skip_serializing_if = "Bounds::is_open")]
    pub price: Bounds<Money>,
    /// Kilometres driven.
    #[serde(skip_serializing_if = "Bounds::is_open")]
    pub km: Bounds<u32>,
    /// One of these bodies. A car whose body is not known is none of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bodies: Vec<Body>,
    /// None of these bodies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_bodies: Vec<Body>,
    /// All of these features.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// None of these features.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_features: Vec<Feature>,
    /// Not this gearbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_transmission: Option<Transmission>,
    /// This gearbox; a car whose gearbox is not known does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transmission: Option<Transmission>,
    /// Length in millimetres; a car whose length is not known is left out.
    #[serde(skip_serializing_if = "Bounds::is_open")]
    pub length_mm: Bounds<u32>,
    /// The order; the default one is the newest first, then fewest kilometres, then lowest price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
}

/// From `min` to `max`, both included, each open where it is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Bounds<T> {
    /// The least that fits.
    pub min: Option<T>,
    /// The most that fits.
    pub max: Option<T>,
}

impl<T> Bounds<T> {
    /// Open at both ends.
    pub const OPEN: Self = Self { min: None, max: None };

    /// Open at both ends.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}

impl<T: Copy + PartialOrd> Bounds<T> {
    /// Whether `value` lies within.
    #[must_use]
    pub fn holds(&self, value: T) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

impl<T: Copy + PartialOrd + Sub<Output = T> + Default> Bounds<T> {
    /// How far `value` lies outside.
    pub(super) fn missed_by(&self, value: T) -> T {
        match (self.min, self.max) {
            (Some(min), _) if value < min => min - value,
            (_, Some(max)) if value > max => value - max,
            _ => T::default(),
        }
    }
}

impl<T> Default for Bounds<T> {
    fn default() -> Self {
        Self::OPEN
    }
}

/// An order of results. Equals stand in the order of their stock ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Cheapest first.
    PriceAsc,
    /// Dearest first.
    PriceDesc,
    /// Newest model year first.
    Newest,
    /// Oldest model year first.
    Oldest,
    /// Fewest kilometres first.
    KmAsc,
}

impl Sort {
    /// The other way round; fewest kilometres stay first.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::PriceAsc => Self::PriceDesc,
            Self::PriceDesc => Self::PriceAsc,
            Self::Newest => Self::Oldest,
            Self::Oldest => Self::Newest,
            Self::KmAsc => Self::KmAsc,
        }
    }
}

/// A condition that a customer may give up. What was ruled out (`not_…`) is none: who says "no
/// Nissan" is never shown one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// `length_mm`.
    Length,
    /// One of `features`.
    Feature(Feature),
    /// `transmission`.
    Transmission,
    /// `km`.
    Km,
    /// `year`.
    Year,
    /// `price`.
    Price,
    /// `bodies`.
    Body,
    /// `models`; the makes stay.
    Model,
    /// `makes` and `models`.
    Make,
}

impl Query {
    /// The conditions that are set and could be given up, the one that is missed least first.
    #[must_use]
    pub fn conditions(&self) -> Vec<Condition> {
        let mut set = Vec::new();
        let mut note = |is_set: bool, condition| {
            if is_set {
                set.push(condition);
            }
        };
        note(!self.length_mm.is_open(), Condition::Length);
        for feature in Feature::ALL {
            note(self.features.contains(&feature), Condition::Feature(feature));
        }
        note(self.transmission.is_some(), Condition::Transmission);
        note(!self.km.is_open(), Condition::Km);
        note(!self.year.is_open(), Condition::Year);
        note(!self.price.is_open(), Condition::Price);
        note(!self.bodies.is_empty(), Condition::Body);
        note(!self.models.is_empty(), Condition::Model);
        note(!self.makes.is_empty(), Condition::Make);
        set
    }

    /// The same search with `condition` given up.
    #[must_use]
    pub fn without(&self, condition: Condition) -> Self {
        let mut query = self.clone();
        match condition {
            Condition::Length => query.length_mm = Bounds::OPEN,
            Condition::Feature(feature) => query.features.retain(|wanted| *wanted != feature),
            Condition::Transmission => query.transmission = None,
            Condition::Km => query.km = Bounds::OPEN,
            Condition::Year => query.year = Bounds::OPEN,
            Condition::Price => query.price = Bounds::OPEN,
            Condition::Body => query.bodies.clear(),
            Condition::Model => query.models.clear(),
            Condition::Make => {
                query.makes.clear();
                query.models.clear();
            }
        }
        query
    }
}
