//! What somebody has, where every car of what they look for costs much more: it is paid at once, and
//! no limit to the price.

use std::ops::Range;

use rust_decimal::Decimal;

use super::Dealer;
use super::budget::searched;
use super::cue::Cue;
use super::message::{Message, as_price};
use super::wish::WishChange;
use crate::catalog::{Car, Condition, Query, Sort};
use crate::credit::Policy;
use crate::engine::vocabulary::Scene;
use crate::money::Money;
use crate::spanish::{Currency, Found, Value};

/// The part of the cheapest car's price from which on what somebody has is near it.
const NEAR: (i64, i64) = (3, 5);

impl Dealer {
    /// Whether the figure in `tokens` is far from any car that is looked for: `con 60 mil` after a
    /// search for a Versa.
    pub(super) fn buys_none(
        &self,
        message: &Message,
        scene: Scene<'_>,
        tokens: &Range<usize>,
    ) -> bool {
        let mut same = message.found_from(tokens.start, tokens.start + 1).iter();
        let amount = same.find_map(|found| message.in_hand(found, &self.policy));
        amount.is_some_and(|amount| self.is_far(amount, message, scene))
    }

    /// Whether every car that is looked for costs much more than `amount`. Somebody with a little
    /// less than the cheapest costs means a limit: `tengo 300 mil y quiero una SUV`.
    fn is_far(&self, amount: Money, message: &Message, scene: Scene<'_>) -> bool {
        let (part, whole) = NEAR;
        let least = self.least_price(message, scene);
        least.is_some_and(|least| amount < least.scaled(part, whole))
    }

    /// The change without a limit to the price that is no more than what somebody has.
    pub(super) fn without_what_buys_none(
        &self,
        mut change: WishChange,
        message: &Message,
        scene: Scene<'_>,
    ) -> Option<WishChange> {
        let limit = change.wish.query.price.max;
        let mut amounts =
            message.found.iter().filter_map(|found| message.in_hand(found, &self.policy));
        let has = |limit: &Money| amounts.any(|amount| amount == *limit);
        if limit.filter(has).is_some_and(|limit| self.is_far(limit, message, scene)) {
            change.wish.query.price.max = None;
        }
        (change != WishChange::default()).then_some(change)
    }

    /// The price of the cheapest car that is looked for, where no other is in hand and its kind is
    /// told, by the message or before it.
    fn least_price(&self, message: &Message, scene: Scene<'_>) -> Option<Money> {
        let (makes, models) = message.makes_and_models(false);
        let query = if makes.is_empty() && models.is_empty() {
            searched(scene)?.query.without(Condition::Price)
        } else {
            Query { makes, models, ..Query::default() }
        };
        let told = !query.makes.is_empty() || !query.models.is_empty() || !query.bodies.is_empty();
        let query = Query { sort: Some(Sort::PriceAsc), ..query };
        let cheapest = told.then(|| self.catalog.search(&query, 0, 1))?.cars.into_iter().next();
        cheapest.map(Car::price)
    }
}

impl Message {
    /// The figure that is told as what somebody has, or beside a term, as the price of a car: `con 60
    /// mil`, `60 mil a 48`.
    fn in_hand(&self, found: &Found, policy: &Policy) -> Option<Money> {
        let figure = match &found.value {
            Value::Money(amount) if amount.currency == Currency::Mxn => {
                Decimal::new(amount.money.cents(), 2)
            }
            Value::Number(number) => *number,
            _ => return None,
        };
        let tokens = &found.tokens;
        let told = self.ends_at(Cue::InHand, tokens.start)
            || self.is_money(tokens) && !self.offered_terms(policy).is_empty();
        let is_other =
            self.is_limit(tokens) || self.is_counted(tokens) || self.counts_things(tokens);
        as_price(figure).filter(|_| told && !is_other)
    }
}
