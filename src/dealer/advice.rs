//! Advice: a few cars with what speaks for each, and the models that there are most of.

use serde_json::json;

use super::Dealer;
use super::present::naming;
use super::value::write;
use super::wish::{Show, Wish};
use crate::catalog::{Car, ModelCount, Query, Sort};
use crate::engine::seen::seen;
use crate::engine::vocabulary::Item;

/// Models that are told as the popular ones.
const POPULAR: usize = 8;

impl Dealer {
    /// Of the cars that fit, the first by each measure that a buyer looks at, with the reason.
    pub(super) fn recommended(&self, wish: &Wish) -> Vec<Item> {
        let reasons = &self.words.reasons;
        let measures = [
            (Sort::PriceAsc, &reasons.price),
            (Sort::KmAsc, &reasons.km),
            (Sort::Newest, &reasons.year),
        ];
        let mut told: Vec<(Car<'_>, String)> = Vec::new();
        for (sort, reason) in measures {
            let query = Query { sort: Some(sort), ..wish.to_query(&self.policy) };
            let Some(car) = self.catalog.search(&query, 0, 1).cars.into_iter().next() else {
                break;
            };
            match told.iter_mut().find(|(known, _)| known.stock_id() == car.stock_id()) {
                Some((_, reasons)) => *reasons = self.words.both_reasons(reasons, reason),
                None => told.push((car, reason.clone())),
            }
        }
        let item = |(car, reason)| self.row(car, Some(reason));
        told.into_iter().map(item).collect()
    }

    /// The models that fit, those that there are most of first.
    pub(super) fn popular(&self, wish: &Wish) -> Vec<Item> {
        let query = wish.to_query(&self.policy);
        let mut models: Vec<ModelCount<'_>> = self.catalog.models_fitting(&query);
        models.sort_by_key(|model| usize::MAX - model.cars);
        models.truncate(POPULAR);
        let item = |model: ModelCount<'_>| {
            let (makes, models) = (vec![model.make.to_owned()], vec![model.model.to_owned()]);
            let query = Query { makes, models, ..wish.query.clone() };
            Item {
                value: write(&Wish { query, show: Show::All, ..wish.clone() }),
                fields: seen(json!({"name": naming(model.make, model.model), "count": model.cars})),
                key: None,
            }
        };
        models.into_iter().map(item).collect()
    }
}
