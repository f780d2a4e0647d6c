//! Sample values, so that texts can be shown and measured before any customer comes.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::value::{ChosenCar, KnownAmount, KnownPlan, QuoteRequest, RefusedAmount, write};
use super::wish::{Wish, for_body};
use super::{Dealer, slots};
use crate::catalog::{Body, Bounds, Car, Feature, Query, Transmission};
use crate::credit::Percent;
use crate::engine::flow::Slot;
use crate::engine::vocabulary::{Item, Sample, Slots};
use crate::money::Money;
use rust_decimal::Decimal;

/// Rows of the widest cars that are kept: more than one message holds.
const WIDEST: usize = 200;

impl Dealer {
    /// A value of `slot`.
    pub(super) fn sample_value(&self, slot: &Slot, size: Sample) -> Value {
        let all = self.sample_slots(size);
        match slot.kind.as_str() {
            "money" if !slot.params.contains_key("percent_of") => all["quote_price"].clone(),
            "money" => all["down_payment"].clone(),
            "choice" => {
                let values = slot.params.get("values").and_then(Value::as_array);
                values.and_then(|values| values.first()).cloned().unwrap_or_default()
            }
            "text" => Value::from("límite de km"),
            kind => all.get(kind).cloned().unwrap_or_default(),
        }
    }

    /// Rows of a list.
    pub(super) fn sample_page(&self, list: &str, size: Sample, limit: usize) -> Vec<Item> {
        let mut inputs = self.sample_slots(size);
        if list == "nearest" {
            // Something that nobody has, so that there is something to give up.
            let query = Query {
                models: vec!["Versa".to_owned()],
                km: Bounds { min: None, max: Some(1) },
                ..Query::default()
            };
            inputs.insert("search".to_owned(), write(&Wish { query, ..Wish::default() }));
        }
        let mut rows = self.rows(list, &inputs, &[], limit).items;
        if size == Sample::Longest && list == "results" {
            rows = self.widest().take(limit).map(|car| self.row(car, None)).collect();
        }
        rows
    }

    /// The facts of a refusal.
    pub(super) fn sample_refused(&self, slot: &Slot, reason: &str, size: Sample) -> Value {
        if slot.kind == "months" {
            return json!({"given": 84});
        }
        let price = self.sample_car(size).price();
        let (min, max) = self.policy.limits(price);
        let given = if reason == "too_low" { Money::from_pesos(15_000) } else { price };
        write(&RefusedAmount { given, min, max })
    }

    fn sample_slots(&self, size: Sample) -> Slots {
        let car = self.sample_car(size);
        let percent = Percent::new(Decimal::from(20)).expect("20 is a percentage");
        let amount = self.policy.down_payment_of(car.price(), percent);
        let down_payment = KnownAmount { amount, percent: Some(percent.get()), as_percent: true };
        let months = *self.policy.terms().last().expect("a policy offers a term");
        let plan = self.policy.plan(car.price(), amount, months).expect("a car can be financed");
        let chosen = ChosenCar { id: car.stock_id().clone(), price: car.price() };
        let price = KnownAmount { amount: car.price(), percent: None, as_percent: false };
        let request = QuoteRequest {
            price: car.price(),
            down_payment: amount,
            months: Vec::new(),
            other_terms: size == Sample::Longest,
        };
        slots([
            ("search", write(&sample_wish(car, size))),
            ("car", write(&chosen)),
            ("down_payment", write(&down_payment)),
            ("months", Value::from(months.get())),
            ("plan", write(&KnownPlan::new(&plan, amount))),
            ("quote_price", write(&price)),
            ("quote_request", write(&request)),
            ("request", write(&request)),
            (
                "refused",
                write(&RefusedAmount {
                    given: Money::from_pesos(15_000),
                    min: amount,
                    max: amount,
                }),
            ),
        ])
    }

    fn sample_car(&self, size: Sample) -> Car<'_> {
        let car = match size {
            Sample::Typical => self.catalog.cars().next(),
            Sample::Longest => self.widest().next(),
        };
        car.expect("a catalogue has a car")
    }

    /// The cars that take most room on the screen, the widest first.
    fn widest(&self) -> impl Iterator<Item = Car<'_>> {
        // Every sample of the longest kind begins with them, and a start waits for all of these.
        let widest = self.widest.get_or_init(|| {
            let mut cars: Vec<Car<'_>> = self.catalog.cars().collect();
            cars.sort_by_cached_key(|car| Reverse(width(car)));
            cars.iter().take(WIDEST).map(|car| car.stock_id().clone()).collect()
        });
        widest.iter().filter_map(|id| self.catalog.car(id))
    }
}

fn sample_wish(car: Car<'_>, size: Sample) -> Wish {
    if size == Sample::Typical {
        return for_body(Body::Suv).wish;
    }
    let query = Query {
        makes: vec![car.make().to_owned()],
        models: vec![car.model().to_owned()],
        year: Bounds { min: Some(2015), max: Some(2020) },
        price: Bounds {
            min: Some(Money::from_pesos(100_000)),
            max: Some(Money::from_pesos(1_500_000)),
        },
        km: Bounds { min: None, max: Some(120_000) },
        features: Feature::ALL.to_vec(),
        transmission: Some(Transmission::Automatic),
        length_mm: Bounds { min: None, max: Some(4_500) },
        ..Query::default()
    };
    Wish { query, monthly_payment: Some(Money::from_cents(1_234_567)), ..Wish::default() }
}

/// How much room a car takes on the screen.
fn width(car: &Car<'_>) -> usize {
    car.make().chars().count() + car.model().chars().count() + car.version().chars().count()
}
