//! Checking values against the catalogue and the credit policy.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::Dealer;
use super::limits::LIMITS;
use super::value::{ChosenCar, KnownAmount, QuoteRequest, RefusedAmount, SaidAmount, read, write};
use super::wish::{Wish, WishChange};
use crate::catalog::{Query, StockId};
use crate::credit::Percent;
use crate::engine::flow::Slot;
use crate::engine::trace::Side;
use crate::engine::vocabulary::{Admission, Slots};
use crate::money::Money;

impl Dealer {
    /// Whether a value of `slot` can be taken.
    pub(super) fn admitted(&self, slot: &Slot, value: &Value, slots: &Slots) -> Admission {
        match slot.kind.as_str() {
            "search" => self.admit_search(slot, value, slots),
            "car" => self.admit_car(value),
            "choice" => admit_choice(slot, value, slots),
            "money" => self.admit_money(slot, value, slots),
            "months" => self.admit_months(slot, value, slots),
            "quote_request" => self.admit_quote(value),
            _ => Admission::Taken(value.clone()),
        }
    }

    fn admit_search(&self, slot: &Slot, value: &Value, slots: &Slots) -> Admission {
        let Some(change) = read::<WishChange>(value).filter(|_| value.get("wish").is_some()) else {
            return Admission::Taken(value.clone());
        };
        if let Some(foreign) = &change.foreign {
            return Admission::Refused { reason: "foreign", facts: json!({"currency": foreign}) };
        }
        let before: Option<Wish> = slots.get(&slot.name).and_then(read);
        let is_closed = has_base(slot, "closed_by", slots);
        let before = before.filter(|_| !is_closed).unwrap_or_default();
        let after = before.changed(&change);
        Admission::Taken(write(&self.of_the_same_model(&before, after)))
    }

    /// A kind of car asks for other models, unless the model comes in that kind too: a Mazda 3 is a
    /// sedan or a hatchback.
    fn of_the_same_model(&self, before: &Wish, after: Wish) -> Wish {
        let other_kind = !before.query.models.is_empty()
            && after.query.models.is_empty()
            && !after.query.bodies.is_empty()
            && after.query.bodies != before.query.bodies;
        if !other_kind {
            return after;
        }
        let Query { makes, models, .. } = before.query.clone();
        let same = Wish { query: Query { makes, models, ..after.query.clone() }, ..after.clone() };
        if self.any_fits(&same) { same } else { after }
    }

    fn admit_car(&self, value: &Value) -> Admission {
        let id: Option<StockId> = value.as_str().and_then(|id| id.parse().ok());
        let id = id.or_else(|| read(value).map(|chosen: ChosenCar| chosen.id));
        match id.and_then(|id| self.catalog.car(&id)) {
            Some(car) => {
                let chosen = ChosenCar { id: car.stock_id().clone(), price: car.price() };
                Admission::Taken(write(&chosen))
            }
            None => Admission::Later,
        }
    }

    /// Whether a chosen car is one of those looked for, or there are none.
    pub(super) fn is_looked_for(&self, value: &Value, slots: &Slots) -> bool {
        let wish: Option<Wish> = slots.get("search").and_then(read);
        let (Some(wish), Some((car, _))) = (wish, self.chosen(value)) else { return true };
        self.catalog.fits(&wish.to_query(&self.policy), car.stock_id()) || !self.any_fits(&wish)
    }

    fn admit_money(&self, slot: &Slot, value: &Value, slots: &Slots) -> Admission {
        let Some(said) = read::<SaidAmount>(value) else { return Admission::Later };
        let Some(base_slot) = slot.params.get("percent_of").and_then(Value::as_str) else {
            return admit_price(&said);
        };
        let base = slots.get(base_slot).and_then(price_of);
        if let SaidAmount::Foreign { foreign } = said {
            return Admission::Refused { reason: "foreign", facts: json!({"currency": foreign}) };
        }
        base.map_or(Admission::Later, |price| self.admit_down_payment(&said, price))
    }

    fn admit_down_payment(&self, said: &SaidAmount, price: Money) -> Admission {
        let Some((amount, percent)) = said_as(said) else { return Admission::Later };
        let given = self.given(amount, percent, price);
        let (min, max) = self.policy.limits(price);
        let facts = || write(&RefusedAmount { given, min, max });
        if given < min {
            return Admission::Refused { reason: "too_low", facts: facts() };
        }
        if given > max {
            return Admission::Refused { reason: "too_high", facts: facts() };
        }
        let percent = percent.unwrap_or_else(|| share(given, price));
        let known =
            KnownAmount { amount: given, percent: Some(percent), as_percent: amount.is_none() };
        Admission::Taken(write(&known))
    }

    /// What an amount or a percentage of `price` comes to.
    fn given(&self, amount: Option<Money>, percent: Option<Decimal>, price: Money) -> Money {
        let part = percent.and_then(|percent| Percent::new(percent).ok());
        match (amount, part) {
            (Some(amount), _) => amount,
            (None, Some(part)) => self.policy.down_payment_of(price, part),
            (None, None) => beyond(price, percent),
        }
    }

    /// Where a value lies between the bounds of its slot.
    pub(super) fn side_of(&self, slot: &Slot, value: &Value, slots: &Slots) -> Option<Side> {
        match slot.kind.as_str() {
            "money" => {
                let (amount, percent) = said_as(&read(value)?)?;
                let Some(base) = slot.params.get("percent_of").and_then(Value::as_str) else {
                    return Some(Side::of(
                        &amount?,
                        &LIMITS.least_quoted_price,
                        &LIMITS.most_quoted_price,
                    ));
                };
                let price = slots.get(base).and_then(price_of)?;
                let (min, max) = self.policy.limits(price);
                Some(Side::of(&self.given(amount, percent, price), &min, &max))
            }
            "months" => {
                let terms = || self.policy.terms().iter().map(|term| u64::from(term.get()));
                Some(Side::of(&value.as_u64()?, &terms().min()?, &terms().max()?))
            }
            _ => None,
        }
    }

    /// A term on offer is taken at any time; another is refused only where the ones on offer can be
    /// shown with their payments, once the down payment is known.
    fn admit_months(&self, slot: &Slot, value: &Value, slots: &Slots) -> Admission {
        let months = value.as_u64();
        let offered = months.filter(|months| {
            self.policy.terms().iter().any(|term| u64::from(term.get()) == *months)
        });
        match offered {
            Some(months) => Admission::Taken(Value::from(months)),
            None if !has_base(slot, "with", slots) => Admission::Later,
            None => Admission::Refused { reason: "not_offered", facts: json!({"given": months}) },
        }
    }

    /// Whatever was asked is taken; the flow looks at it with `check_quote`. Terms that are not on
    /// offer are left out.
    fn admit_quote(&self, value: &Value) -> Admission {
        let Some(mut request) = read::<QuoteRequest>(value) else { return Admission::Later };
        let asked = request.months.len();
        let offered = |months: &u16| self.policy.terms().iter().any(|term| term.get() == *months);
        request.months.retain(offered);
        request.other_terms |= request.months.len() < asked;
        Admission::Taken(write(&request))
    }
}

/// The amount or the percentage that was said; none where it is no peso.
fn said_as(said: &SaidAmount) -> Option<(Option<Money>, Option<Decimal>)> {
    match said {
        SaidAmount::Known(known) if known.as_percent => Some((None, known.percent)),
        SaidAmount::Known(known) => Some((Some(known.amount), None)),
        SaidAmount::Percent { percent } => Some((None, Some(*percent))),
        SaidAmount::Amount { amount } => Some((Some(*amount), None)),
        SaidAmount::Foreign { .. } => None,
    }
}

/// What a percentage over 100 or under 0 comes to: only to be told back.
fn beyond(price: Money, percent: Option<Decimal>) -> Money {
    let hundredths = percent.and_then(|percent| (percent * Decimal::ONE_HUNDRED).to_i64());
    let hundredths = hundredths.unwrap_or_default().clamp(-1_000_000, 1_000_000);
    price.scaled(hundredths, 10_000)
}

/// Whether the slot that the setting `param` names is filled.
fn has_base(slot: &Slot, param: &str, slots: &Slots) -> bool {
    let base = slot.params.get(param).and_then(Value::as_str);
    base.is_some_and(|base| slots.contains_key(base))
}

/// The part of `price` that `amount` is, in percent with at most two places.
pub(super) fn share(amount: Money, price: Money) -> Decimal {
    let whole = Decimal::from(price.cents());
    (Decimal::from(amount.cents()) * Decimal::ONE_HUNDRED / whole).round_dp(2).normalize()
}

/// The price that a slot stands for: a chosen car's, or an amount.
fn price_of(value: &Value) -> Option<Money> {
    let car = read(value).map(|car: ChosenCar| car.price);
    car.or_else(|| read(value).map(|known: KnownAmount| known.amount))
}

/// One of the slot's values, which waits while what it is a choice `of` is not known.
fn admit_choice(slot: &Slot, value: &Value, slots: &Slots) -> Admission {
    let values = slot.params.get("values").and_then(Value::as_array);
    let known = values.is_some_and(|values| values.contains(value));
    let waits = slot.params.contains_key("of") && !has_base(slot, "of", slots);
    if known && !waits { Admission::Taken(value.clone()) } else { Admission::Later }
}

fn admit_price(said: &SaidAmount) -> Admission {
    let amount = match said {
        SaidAmount::Known(known) => known.amount,
        SaidAmount::Amount { amount } => *amount,
        SaidAmount::Percent { .. } => return Admission::Later,
        SaidAmount::Foreign { foreign } => {
            return Admission::Refused { reason: "foreign", facts: json!({"currency": foreign}) };
        }
    };
    let facts = || {
        write(&RefusedAmount {
            given: amount,
            min: LIMITS.least_quoted_price,
            max: LIMITS.most_quoted_price,
        })
    };
    if amount < LIMITS.least_quoted_price {
        Admission::Refused { reason: "too_low", facts: facts() }
    } else if amount > LIMITS.most_quoted_price {
        Admission::Refused { reason: "too_high", facts: facts() }
    } else {
        Admission::Taken(write(&KnownAmount { amount, percent: None, as_percent: false }))
    }
}
