//! Answering a query: spans of rows by name, one pass a condition, and only the page is sorted.

use std::iter;
use std::num::NonZeroU16;
use std::ops::Range;

use super::columns::{Catalog, Model};
use super::name::key;
use super::query::{Bounds, Condition, Query, Sort};
use super::row::MAX_PRICE;
use super::{Body, Car, Feature, MAX_ROWS, StockId, Words};
use crate::money::Money;

/// Rows looked at in one go: a block's marks and columns stay in the nearest cache.
const BLOCK: usize = 1024;
/// Bits of a key that hold a row's rank: enough for [`MAX_ROWS`].
const RANK_BITS: u32 = 20;
const _: () = assert!(MAX_ROWS <= 1 << RANK_BITS);
const _: () = assert!(MAX_PRICE.cents() < 1 << (u64::BITS - RANK_BITS));

/// A page of results.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The page, in order.
    pub cars: Vec<Car<'a>>,
    /// How many cars fit in all.
    pub total: usize,
}

/// What a search without results misses least.
#[derive(Debug, Clone)]
pub struct Nearest<'a> {
    /// The conditions to give up: one wherever that is enough.
    pub dropped: Vec<Condition>,
    /// What fits without them, the nearest first.
    pub found: Found<'a>,
}

impl Catalog {
    /// The cars that fit `query`, in its order: `limit` of them after the first `skip`.
    ///
    /// The same query gives the same cars in the same order, always.
    #[must_use]
    pub fn search(&self, query: &Query, skip: usize, limit: usize) -> Found<'_> {
        let mut keys = self.keys(query);
        let total = keys.len();
        let end = skip.saturating_add(limit).min(total);
        if end < total {
            keys.select_nth_unstable(end);
            keys.truncate(end);
        }
        keys.sort_unstable();
        let page = keys.get(skip..).unwrap_or_default();
        Found { cars: page.iter().map(|key| self.car_of(*key)).collect(), total }
    }

    /// Whether the car `id` fits `query`.
    #[must_use]
    pub fn fits(&self, query: &Query, id: &StockId) -> bool {
        self.row(id).is_some_and(|wanted| self.rows_fitting(query).any(|row| row == wanted))
    }

    /// The one condition that, given up, leaves most cars, with the first `limit` of them; among
    /// equals the one that is missed least (the order of [`Query::conditions`]). Where one is not
    /// enough, as many as it takes, those that are missed least first. Who names a make or a model
    /// wants it: it is given up only where nothing else helps. `None` where nothing fits even so.
    #[must_use]
    pub fn nearest(&self, query: &Query, limit: usize) -> Option<Nearest<'_>> {
        let mut best = None;
        let mut most = 0;
        for condition in query.conditions() {
            let is_name = matches!(condition, Condition::Model | Condition::Make);
            let cars = self.keys(&query.without(condition)).len();
            if !is_name && cars > most {
                best = Some(condition);
                most = cars;
            }
        }
        let dropped = match best {
            Some(one) => vec![one],
            None => self.least_missed(query)?,
        };
        let loosened = dropped.iter().fold(query.clone(), |query, one| query.without(*one));
        let mut rows: Vec<usize> = self.rows_fitting(&loosened).collect();
        let total = rows.len();
        let last = dropped.last().copied();
        rows.sort_by_cached_key(|row| {
            let missed = last.map_or(0, |last| self.missed_by(query, last, *row));
            (missed, self.sort_value(query.sort, *row), self.id_rank[*row])
        });
        rows.truncate(limit);
        let cars = rows.into_iter().map(|row| Car::new(self, row)).collect();
        Some(Nearest { dropped, found: Found { cars, total } })
    }

    /// By how much the car of a row misses `condition`, where that can be measured.
    fn missed_by(&self, query: &Query, condition: Condition, row: usize) -> u64 {
        match condition {
            Condition::Price => {
                let cents = |money: Money| money.cents().unsigned_abs();
                let bounds =
                    Bounds { min: query.price.min.map(cents), max: query.price.max.map(cents) };
                bounds.missed_by(cents(self.price[row]))
            }
            Condition::Year => query.year.missed_by(self.year[row]).into(),
            Condition::Km => query.km.missed_by(self.km[row]).into(),
            _ => 0,
        }
    }

    /// The first of the conditions, as many as leave a car.
    fn least_missed(&self, query: &Query) -> Option<Vec<Condition>> {
        let conditions = query.conditions();
        let mut loosened = query.clone();
        let enough = conditions.iter().position(|condition| {
            loosened = loosened.without(*condition);
            !self.keys(&loosened).is_empty()
        });
        Some(conditions[..=enough?].to_vec())
    }

    /// The rows that fit `query`.
    pub(super) fn rows_fitting(&self, query: &Query) -> impl Iterator<Item = usize> {
        self.keys(query).into_iter().map(|key| self.row_of(key))
    }

    /// A key for each row that fits: what it is sorted by, then its place by stock id, which also
    /// tells the row.
    fn keys(&self, query: &Query) -> Vec<u64> {
        let mut keys = Vec::new();
        for span in self.spans(query) {
            let mut start = span.start;
            while start < span.end {
                let block = start..span.end.min(start + BLOCK);
                start = block.end;
                self.push_fitting(query, block, &mut keys);
            }
        }
        keys
    }

    fn push_fitting(&self, query: &Query, block: Range<usize>, keys: &mut Vec<u64>) {
        let mut marks = [true; BLOCK];
        let marks = &mut marks[..block.len()];
        self.mark(query, &block, marks);
        for (row, fits) in block.zip(marks) {
            if *fits {
                keys.push(
                    self.sort_value(query.sort, row) << RANK_BITS | u64::from(self.id_rank[row]),
                );
            }
        }
    }

    /// Clears the marks of the rows in `block` that some condition leaves out.
    fn mark(&self, query: &Query, block: &Range<usize>, marks: &mut [bool]) {
        within(marks, &self.price[block.clone()], query.price);
        within(marks, &self.year[block.clone()], query.year);
        within(marks, &self.km[block.clone()], query.km);
        for row in query.not_cars.iter().filter_map(|id| self.row(id)) {
            if block.contains(&row) {
                marks[row - block.start] = false;
            }
        }
        let bodies = bodies(query);
        if bodies != EVERY_BODY {
            keep(marks, &self.body[block.clone()], |body| body_bit(body) & bodies != 0);
        }
        if let Some(wanted) = query.transmission {
            keep(marks, &self.transmission[block.clone()], |told| told == Some(wanted));
        }
        if let Some(unwanted) = query.not_transmission {
            keep(marks, &self.transmission[block.clone()], |told| told != Some(unwanted));
        }
        let bits = |features: &[Feature]| features.iter().fold(0, |all, one| all | one.bit());
        let (wanted, unwanted) = (bits(&query.features), bits(&query.not_features));
        if wanted | unwanted != 0 {
            let fits = |has| has & wanted == wanted && has & unwanted == 0;
            keep(marks, &self.features[block.clone()], fits);
        }
        if !query.length_mm.is_open() {
            let fits = |length: NonZeroU16| query.length_mm.holds(length.get().into());
            keep(marks, &self.length_mm[block.clone()], |length| length.is_some_and(fits));
        }
    }

    fn sort_value(&self, sort: Option<Sort>, row: usize) -> u64 {
        let price = || self.price[row].cents().unsigned_abs();
        match sort {
            None => self.merit[row].into(),
            Some(Sort::PriceAsc) => price(),
            Some(Sort::PriceDesc) => MAX_PRICE.cents().unsigned_abs() - price(),
            Some(Sort::Newest) => u64::from(u16::MAX - self.year[row]),
            Some(Sort::Oldest) => self.year[row].into(),
            Some(Sort::KmAsc) => self.km[row].into(),
        }
    }

    fn car_of(&self, key: u64) -> Car<'_> {
        Car::new(self, self.row_of(key))
    }

    fn row_of(&self, key: u64) -> usize {
        let rank = key & ((1 << RANK_BITS) - 1);
        let rank = usize::try_from(rank).expect("a rank has twenty bits");
        self.by_id[rank] as usize
    }

    /// The rows of the wanted names, in as few spans as they make.
    fn spans(&self, query: &Query) -> Vec<Range<usize>> {
        let names = Names::of(query);
        if names.are_open() {
            return iter::once(0..self.len()).collect();
        }
        let mut spans: Vec<Range<usize>> = Vec::new();
        for model in self.models.iter().filter(|model| names.admit(self, model)) {
            match spans.last_mut() {
                Some(last) if last.end == model.rows.start => last.end = model.rows.end,
                _ => spans.push(model.rows.clone()),
            }
        }
        spans
    }
}

/// The names of a query, as keys.
struct Names {
    makes: Vec<String>,
    models: Vec<String>,
    not_makes: Vec<String>,
    not_models: Vec<String>,
}

impl Names {
    fn of(query: &Query) -> Self {
        let keys = |names: &[String]| names.iter().map(|name| key(name)).collect();
        Self {
            makes: keys(&query.makes),
            models: keys(&query.models),
            not_makes: keys(&query.not_makes),
            not_models: keys(&query.not_models),
        }
    }

    const fn are_open(&self) -> bool {
        self.makes.is_empty()
            && self.models.is_empty()
            && self.not_makes.is_empty()
            && self.not_models.is_empty()
    }

    fn admit(&self, catalog: &Catalog, model: &Model) -> bool {
        let make = &catalog.makes[model.make].key;
        if self.not_makes.contains(make) || self.not_models.contains(&model.key) {
            return false;
        }
        if self.models.contains(&model.key) {
            return self.makes.contains(make) || !self.has_named_make(catalog, &model.key);
        }
        if !self.makes.contains(make) {
            return self.makes.is_empty() && self.models.is_empty();
        }
        let own = |named: &String| {
            sells(catalog, make, named) || Words::built_in().is_model_of(make, named)
        };
        !self.models.iter().any(own)
    }

    /// Whether one of the named makes has a model of this name.
    fn has_named_make(&self, catalog: &Catalog, model: &str) -> bool {
        self.makes.iter().any(|make| sells(catalog, make, model))
    }
}

fn sells(catalog: &Catalog, make: &str, model: &str) -> bool {
    let models = catalog.make(make).map_or(0..0, |make| make.models.clone());
    catalog.models[models].iter().any(|sold| sold.key == model)
}

fn keep<T: Copy>(marks: &mut [bool], column: &[T], fits: impl Fn(T) -> bool) {
    for (mark, value) in marks.iter_mut().zip(column) {
        *mark &= fits(*value);
    }
}

fn within<T: Copy + Ord>(marks: &mut [bool], column: &[T], bounds: Bounds<T>) {
    if let Some(min) = bounds.min {
        keep(marks, column, |value| value >= min);
    }
    if let Some(max) = bounds.max {
        keep(marks, column, |value| value <= max);
    }
}

/// Every body, and the one that is not known.
const EVERY_BODY: u16 = u16::MAX;

const fn body_bit(body: Option<Body>) -> u16 {
    match body {
        Some(body) => 1 << body as u16,
        None => 1 << 15,
    }
}

/// The bodies that fit, as bits.
fn bodies(query: &Query) -> u16 {
    let bits = |bodies: &[Body]| bodies.iter().fold(0, |all, body| all | body_bit(Some(*body)));
    let wanted = if query.bodies.is_empty() { EVERY_BODY } else { bits(&query.bodies) };
    wanted & !bits(&query.not_bodies)
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
