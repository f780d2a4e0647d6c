//! What texts see of the dealer's values.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Dealer;
use super::listing::amount_seen;
use super::value::{ChosenCar, KnownAmount, KnownPlan, QuoteRequest, SaidAmount, read, write};
use super::wish::{Wish, fill, grouped};
use super::words::Words;
use crate::catalog::{Car, Feature};
use crate::credit::Policy;
use crate::engine::Listing;
use crate::engine::flow::Slot;
use crate::engine::vocabulary::{FilterOffer, Scene};
use crate::money::Money;

impl Dealer {
    /// What a template sees of a slot's value.
    pub(super) fn seen(&self, slot: &Slot, value: &Value) -> Value {
        let seen = match slot.kind.as_str() {
            "search" => read(value).map(|wish: Wish| {
                json!({
                    "summary": wish.summary(self.words, &self.policy),
                    "filters": wish.filters(self.words, &self.policy),
                    "stated": wish.stated(self.words, &self.policy),
                    "missing": self.missing_names(&wish),
                })
            }),
            "car" => self.chosen(value).map(|(car, _)| car_seen(car, &self.policy, self.words)),
            "money" if read::<KnownAmount>(value).is_none() => {
                read(value).map(|said: SaidAmount| json!({"said": said.told()}))
            }
            "money" => read(value).map(|known: KnownAmount| {
                let mut seen = amount_seen(&known, false);
                if !slot.params.contains_key("percent_of") {
                    let (min, max) = self.policy.limits(known.amount);
                    seen["min_down"] = write(&min);
                    seen["max_down"] = write(&max);
                }
                seen
            }),
            "months" => value.as_u64().map(|months| json!({"count": months, "years": months / 12})),
            "plan" => read(value).map(|plan: KnownPlan| plan_seen(&plan)),
            "quote_request" => read(value).map(|request: QuoteRequest| {
                json!({
                    "price": request.price,
                    "down_payment": request.down_payment,
                    "other_terms": request.other_terms,
                })
            }),
            _ => None,
        };
        seen.unwrap_or_else(|| value.clone())
    }

    /// The chosen car as the catalogue has it now, with the price it was chosen at.
    pub(super) fn chosen(&self, value: &Value) -> Option<(Car<'_>, Money)> {
        let chosen: ChosenCar = read(value)?;
        Some((self.catalog.car(&chosen.id)?, chosen.price))
    }
}

/// The list of cars that the numbers on the screen point to: the results, or, where there are none,
/// what came nearest. A new search takes both away.
pub(super) fn listed(scene: Scene<'_>) -> Option<&Listing> {
    ["results", "recommended", "nearest"].iter().find_map(|list| scene.listings.get(*list))
}

/// What a template sees of a car.
pub(super) fn car_seen(car: Car<'_>, policy: &Policy, words: &Words) -> Value {
    let name = format!("{} {}", naming(car.make(), car.model()), car.year());
    let transmission = car.transmission().map(|transmission| words.transmission(transmission));
    let features: Vec<String> =
        car.features().map(|feature: Feature| words.feature(feature)).collect();
    let features = (!features.is_empty()).then(|| features.join(", "));
    let length = car
        .length_mm()
        .map(|mm| fill(&words.summary.length, Decimal::new(i64::from(mm), 3).round_dp(2)));
    let details: Vec<String> = transmission.into_iter().chain(features).chain(length).collect();
    let (min_down_payment, max_down_payment) = policy.limits(car.price());
    json!({
        "id": car.stock_id().as_str(),
        "title": format!("{name} {}", spelled(car.version())),
        "name": name,
        "make": car.make(),
        "model": car.model(),
        "year": car.year(),
        "version": car.version(),
        "price": car.price(),
        "km": car.km(),
        "details": capitalized(&details.join(" · ")),
        "min_down_payment": min_down_payment,
        "max_down_payment": max_down_payment,
    })
}

/// Make and model without saying the make twice: `Mazda 3`, not `Mazda Mazda 3`.
pub(super) fn naming(make: &str, model: &str) -> String {
    let repeated = model.get(..make.len()).is_some_and(|start| start.eq_ignore_ascii_case(make));
    if repeated { model.to_owned() } else { format!("{make} {model}") }
}

/// A version without shouting: `1.6 Advance Auto`. Short words stay: they are codes (`GT`, `LT`).
fn spelled(version: &str) -> String {
    let word = |word: &str| {
        if word.chars().count() > 3 && word.chars().all(char::is_alphabetic) {
            capitalized(&word.to_lowercase())
        } else {
            word.to_owned()
        }
    };
    version.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

fn plan_seen(plan: &KnownPlan) -> Value {
    let rate: Decimal = plan.annual_rate.parse().unwrap_or_default();
    json!({
        "months": plan.months,
        "monthly_payment": plan.monthly_payment,
        "last_payment": plan.last_payment,
        "total_interest": plan.total_interest,
        "total_paid": plan.total_paid,
        "total_with_down_payment": plan.total_with_down_payment,
        "rate_percent": (rate * Decimal::ONE_HUNDRED).normalize().to_string(),
    })
}

/// The filters that texts use to write figures.
pub(super) const FILTERS: FilterOffer =
    FilterOffer { names: &["money", "cents", "thousands"], install };

fn install(environment: &mut minijinja::Environment<'static>) {
    let amount = |text: &str| {
        text.parse::<Money>().map_err(|error| {
            minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, error.to_string())
        })
    };
    environment.add_filter("money", move |text: String| amount(&text).map(Money::short));
    environment.add_filter("cents", move |text: String| amount(&text).map(Money::exact));
    environment.add_filter("thousands", grouped);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_stutter_or_shout() {
        assert_eq!(naming("Mazda", "Mazda 3"), "Mazda 3");
        assert_eq!(naming("Nissan", "Versa"), "Nissan Versa");
        assert_eq!(spelled("1.6 ADVANCE LT AUTO"), "1.6 Advance LT Auto");
    }
}
