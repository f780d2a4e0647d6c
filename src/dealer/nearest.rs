//! What is offered where nothing fits: the condition to give up, and the cars that come nearest.

use super::Dealer;
use super::wish::Wish;
use crate::catalog::{Condition, KnownModel, Query, Words};
use crate::engine::vocabulary::Item;

/// Cars that are shown where nothing fits.
const NEAREST: usize = 3;

impl Dealer {
    /// The cars that come nearest to `wish`.
    pub(super) fn nearest(&self, wish: &Wish) -> Vec<Item> {
        let like = self.alike(wish);
        let wish = like.as_ref().unwrap_or(wish);
        let query = wish.to_query(&self.policy);
        let mut cars = self.catalog.search(&query, 0, NEAREST).cars;
        if cars.is_empty() {
            let nearest = self.catalog.nearest(&query, NEAREST);
            cars = nearest.map(|nearest| nearest.found.cars).unwrap_or_default();
        }
        cars.into_iter().map(|car| self.row(car, None)).collect()
    }

    /// The conditions to give up, and the wish without them. For a model that is not on sale that
    /// is the model, else the condition whose loss leaves most cars.
    pub(super) fn loosest(&self, wish: &Wish) -> Option<(Vec<Condition>, Wish)> {
        let like = self.alike(wish);
        if let Some(like) = like.as_ref().filter(|like| self.any_fits(like)) {
            return Some((vec![Condition::Model], like.clone()));
        }
        let wish = like.as_ref().unwrap_or(wish);
        let nearest = self.catalog.nearest(&wish.to_query(&self.policy), 0)?;
        let loosened = nearest.dropped.iter().fold(wish.clone(), |wish, one| wish.without(*one));
        Some((nearest.dropped, loosened))
    }

    /// Whether any car fits.
    pub(super) fn any_fits(&self, wish: &Wish) -> bool {
        self.catalog.search(&wish.to_query(&self.policy), 0, 0).total > 0
    }

    /// The same kind of car instead of a model that nobody here sells: of its make where there are
    /// some, else of any.
    fn alike(&self, wish: &Wish) -> Option<Wish> {
        let missing: Vec<&KnownModel> =
            wish.query.models.iter().filter_map(|model| self.missing(model)).collect();
        if missing.is_empty() || missing.len() < wish.query.models.len() {
            return None;
        }
        let mut like = wish.without(Condition::Make);
        if like.query.bodies.is_empty() {
            like.query.bodies = missing.iter().map(|model| model.body).collect();
            like.query.bodies.dedup();
        }
        let makes: Vec<String> = missing.iter().map(|model| model.make.clone()).collect();
        let bodies = like.query.bodies.clone();
        let of_make = Query { makes: makes.clone(), bodies, ..Query::default() };
        if self.catalog.search(&of_make, 0, 0).total > 0 {
            like.query.makes = makes;
        } else if self.catalog.search(&Query { bodies: Vec::new(), ..of_make }, 0, 0).total > 0 {
            like.query.makes = makes;
            like.query.bodies.clear();
        }
        Some(like)
    }

    /// The wanted models that are not on sale, where others are: `Tucson ni Yaris`.
    pub(super) fn missing_names(&self, wish: &Wish) -> Option<String> {
        let models = &wish.query.models;
        let missing: Vec<&str> = models
            .iter()
            .filter_map(|model| self.missing(model))
            .map(|known| known.model.as_str())
            .collect();
        let some = !missing.is_empty() && missing.len() < models.len();
        some.then(|| missing.join(&self.words.summary.neither))
    }

    /// What is known of a model that is not on sale here.
    fn missing(&self, model: &str) -> Option<&'static KnownModel> {
        let on_sale = self.catalog.models().any(|sold| sold.model == model);
        let known = Words::built_in().known_models();
        known.iter().find(|known| known.model == model).filter(|_| !on_sale)
    }
}
