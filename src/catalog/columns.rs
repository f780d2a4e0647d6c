//! The catalogue in memory: one array a column, rows grouped by make and model.
//!
//! A search that names a make or a model reads only its rows, and every other condition is one
//! pass over one array. Names and versions are kept once.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::num::NonZeroU16;
use std::ops::Range;

use crate::money::Money;

use super::name::key;
use super::row::Draft;
use super::{Body, Car, Query, StockId, Transmission, Words};

/// The cars on sale. It does not change once it is loaded.
#[derive(Debug)]
pub struct Catalog {
    /// By key.
    pub(super) makes: Vec<Make>,
    /// By make, then by key.
    pub(super) models: Vec<Model>,
    versions: Vec<Box<str>>,
    pub(super) stock_id: Vec<StockId>,
    pub(super) model: Vec<u32>,
    pub(super) version: Vec<u32>,
    pub(super) year: Vec<u16>,
    pub(super) km: Vec<u32>,
    pub(super) price: Vec<Money>,
    pub(super) features: Vec<u8>,
    pub(super) body: Vec<Option<Body>>,
    pub(super) transmission: Vec<Option<Transmission>>,
    pub(super) length_mm: Vec<Option<NonZeroU16>>,
    pub(super) width_mm: Vec<Option<NonZeroU16>>,
    pub(super) height_mm: Vec<Option<NonZeroU16>>,
    /// The row's place in the default order.
    pub(super) merit: Vec<u32>,
    /// The row's place by stock id.
    pub(super) id_rank: Vec<u32>,
    /// Rows by stock id: the inverse of `id_rank`.
    pub(super) by_id: Vec<u32>,
}

/// A make, with its models in [`Catalog::models`].
#[derive(Debug)]
pub(super) struct Make {
    pub(super) key: String,
    name: String,
    pub(super) models: Range<usize>,
}

/// A model, with its rows.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) key: String,
    name: String,
    pub(super) make: usize,
    pub(super) rows: Range<usize>,
}

/// A make on sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MakeCount<'a> {
    /// As the file spells it.
    pub make: &'a str,
    /// How many cars there are.
    pub cars: usize,
}

/// A model on sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelCount<'a> {
    /// Its make, as the file spells it.
    pub make: &'a str,
    /// As the file spells it.
    pub model: &'a str,
    /// How many cars there are.
    pub cars: usize,
}

impl Catalog {
    /// How many cars there are: at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a catalogue without cars does not load")]
    pub fn len(&self) -> usize {
        self.stock_id.len()
    }

    /// The car that the dealer calls `id`.
    #[must_use]
    pub fn car(&self, id: &StockId) -> Option<Car<'_>> {
        self.row(id).map(|row| Car::new(self, row))
    }

    /// The car of a row, which must be one of a car of this catalogue.
    pub(crate) const fn at(&self, row: usize) -> Car<'_> {
        Car::new(self, row)
    }

    /// The row of the car `id`.
    pub(super) fn row(&self, id: &StockId) -> Option<usize> {
        let stock_id = |row: &u32| &self.stock_id[*row as usize];
        let place = self.by_id.binary_search_by_key(&id, stock_id).ok()?;
        Some(self.by_id[place] as usize)
    }

    /// Every car, grouped by make and model, each model in the default order.
    pub fn cars(&self) -> impl Iterator<Item = Car<'_>> {
        (0..self.len()).map(|row| Car::new(self, row))
    }

    /// The makes on sale, in alphabetical order.
    pub fn makes(&self) -> impl Iterator<Item = MakeCount<'_>> {
        self.makes.iter().map(|make| {
            let cars = self.models[make.models.clone()].iter().map(|model| model.rows.len()).sum();
            MakeCount { make: &make.name, cars }
        })
    }

    /// The models on sale, by make and in alphabetical order.
    pub fn models(&self) -> impl Iterator<Item = ModelCount<'_>> {
        self.models.iter().map(|model| self.count(model))
    }

    /// The models of `make` on sale, in alphabetical order; none where there is no such make.
    pub fn models_of(&self, make: &str) -> impl Iterator<Item = ModelCount<'_>> {
        let models = self.make(&key(make)).map_or(0..0, |make| make.models.clone());
        self.models[models].iter().map(|model| self.count(model))
    }

    /// The models of the cars that fit `query`, by make and in alphabetical order, with how many of
    /// each fit.
    #[must_use]
    pub fn models_fitting(&self, query: &Query) -> Vec<ModelCount<'_>> {
        let mut fitting = vec![0; self.models.len()];
        for row in self.rows_fitting(query) {
            fitting[self.model[row] as usize] += 1;
        }
        let counted = self.models.iter().zip(fitting).filter(|(_, cars)| *cars > 0);
        counted.map(|(model, cars)| ModelCount { cars, ..self.count(model) }).collect()
    }

    pub(super) fn make(&self, key: &str) -> Option<&Make> {
        let place = self.makes.binary_search_by_key(&key, |make| make.key.as_str()).ok()?;
        Some(&self.makes[place])
    }

    pub(super) fn make_of(&self, model: u32) -> &str {
        &self.makes[self.models[model as usize].make].name
    }

    pub(super) fn model_name(&self, model: u32) -> &str {
        &self.models[model as usize].name
    }

    pub(super) fn version_name(&self, version: u32) -> &str {
        &self.versions[version as usize]
    }

    fn count<'a>(&'a self, model: &'a Model) -> ModelCount<'a> {
        let make = &self.makes[model.make].name;
        ModelCount { make, model: &model.name, cars: model.rows.len() }
    }

    /// Lays out `drafts`, of which there is at least one, with no stock id twice.
    pub(super) fn build(drafts: Vec<Draft>, words: &Words) -> Self {
        let drafts = grouped(drafts);
        let (makes, models, model) = named(&drafts);
        let (versions, version) = interned(&drafts);
        // Many cars are of the same version: its words are read once.
        let gearboxes: Vec<_> = versions.iter().map(|name| words.transmission(name)).collect();
        let transmission = version.iter().map(|number| gearboxes[*number as usize]).collect();
        let told: Vec<_> = versions.iter().map(|name| words.features(name)).collect();
        let features = drafts.iter().zip(&version);
        let features = features.map(|(one, number)| one.row.features | told[*number as usize]);
        let features = features.collect();
        let body = bodies(&drafts, &model, &version, words);
        let merit_order = order_by(&drafts, merit);
        let by_id = order_by(&drafts, |row| &row.stock_id);
        let column = Column(&drafts);
        Self {
            makes,
            models,
            versions,
            model,
            version,
            year: column.of(|row| row.year),
            km: column.of(|row| row.km),
            price: column.of(|row| row.price),
            features,
            body,
            transmission,
            length_mm: column.of(|row| row.length_mm),
            width_mm: column.of(|row| row.width_mm),
            height_mm: column.of(|row| row.height_mm),
            merit: ranks(&merit_order),
            id_rank: ranks(&by_id),
            by_id,
            stock_id: column.of(|row| row.stock_id.clone()),
        }
    }
}

/// A draft with the keys of its names.
struct Keyed {
    make: String,
    model: String,
    row: Draft,
}

/// A column is one field of every row.
struct Column<'a>(&'a [Keyed]);

impl Column<'_> {
    fn of<T>(&self, field: impl Fn(&Draft) -> T) -> Vec<T> {
        self.0.iter().map(|draft| field(&draft.row)).collect()
    }
}

/// `drafts` by make, model and default order: a name that the file spells in several ways is shown
/// as the first car of its group spells it.
fn grouped(drafts: Vec<Draft>) -> Vec<Keyed> {
    let keyed = |row: Draft| Keyed { make: key(&row.make), model: key(&row.model), row };
    let mut keyed: Vec<Keyed> = drafts.into_iter().map(keyed).collect();
    keyed.sort_unstable_by(|one, other| {
        let names = (&one.make, &one.model).cmp(&(&other.make, &other.model));
        names.then_with(|| merit(&one.row).cmp(&merit(&other.row)))
    });
    keyed
}

/// The default order: newest, then least driven, then cheapest, then by stock id.
fn merit(row: &Draft) -> impl Ord + '_ {
    (Reverse(row.year), row.km, row.price, &row.stock_id)
}

/// Makes, models, and the model of each row.
fn named(drafts: &[Keyed]) -> (Vec<Make>, Vec<Model>, Vec<u32>) {
    let mut makes: Vec<Make> = Vec::new();
    let mut models: Vec<Model> = Vec::new();
    let mut column = Vec::with_capacity(drafts.len());
    let mut start = 0;
    for group in drafts.chunk_by(|one, next| (&one.make, &one.model) == (&next.make, &next.model)) {
        let first = &group[0];
        if makes.last().is_none_or(|make| make.key != first.make) {
            let name = first.row.make.clone();
            makes.push(Make { key: first.make.clone(), name, models: models.len()..models.len() });
        }
        let end = start + group.len();
        column.resize(end, number(models.len()));
        models.push(Model {
            key: first.model.clone(),
            name: first.row.model.clone(),
            make: makes.len() - 1,
            rows: start..end,
        });
        start = end;
        if let Some(make) = makes.last_mut() {
            make.models.end = models.len();
        }
    }
    (makes, models, column)
}

/// Every version once, and the version of each row.
fn interned(drafts: &[Keyed]) -> (Vec<Box<str>>, Vec<u32>) {
    let mut versions: Vec<Box<str>> = Vec::new();
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut column = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let version = draft.row.version.as_str();
        column.push(*numbers.entry(version).or_insert_with(|| {
            versions.push(version.into());
            number(versions.len() - 1)
        }));
    }
    (versions, column)
}

/// The body of each row, of the models and versions numbered so.
fn bodies(drafts: &[Keyed], models: &[u32], versions: &[u32], words: &Words) -> Vec<Option<Body>> {
    let mut known: HashMap<(u32, u32), Option<Body>> = HashMap::new();
    let numbered = drafts.iter().zip(models.iter().zip(versions));
    let body = |(Keyed { row, .. }, (model, version)): (&Keyed, (&u32, &u32))| {
        let told = known.entry((*model, *version));
        *told.or_insert_with(|| words.body(&row.make, &row.model, &row.version))
    };
    numbered.map(body).collect()
}

/// The rows in the order of `key`.
fn order_by<'a, K: Ord>(drafts: &'a [Keyed], key: impl Fn(&'a Draft) -> K) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..number(drafts.len())).collect();
    rows.sort_by_cached_key(|row| key(&drafts[*row as usize].row));
    rows
}

/// The place of each row in `order`.
fn ranks(order: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, row) in (0..).zip(order) {
        ranks[*row as usize] = rank;
    }
    ranks
}

/// Rows, models and versions are at most [`MAX_ROWS`](super::MAX_ROWS).
fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a catalogue has at most a million rows")
}
