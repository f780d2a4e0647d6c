//! What texts see of the dealer's values.

use std::borrow::Cow;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Dealer;
use super::value::{ChosenCar, KnownAmount, KnownPlan, QuoteRequest, SaidAmount, read};
use super::wish::{Wish, fill, grouped};
use super::words::Words;
use crate::catalog::{Car, Catalog, Feature};
use crate::credit::Plan;
use crate::engine::Listing;
use crate::engine::flow::Slot;
use crate::engine::seen::{Field, Seen, fields, seen};
use crate::engine::vocabulary::{FilterOffer, Scene};
use crate::money::Money;

impl Dealer {
    /// What texts see of a slot's value.
    pub(super) fn seen_value(&self, slot: &Slot, value: &Value) -> Seen {
        let shown = match slot.kind.as_str() {
            "search" => read(value).map(|wish: Wish| {
                seen(json!({
                    "summary": wish.summary(self.words, &self.policy),
                    "filters": wish.filters(self.words, &self.policy),
                    "stated": wish.stated(self.words, &self.policy),
                    "missing": self.missing_names(&wish),
                }))
            }),
            "car" => self.chosen(value).map(|(car, _)| self.shown_car(car, None)),
            "money" => match read(value) {
                Some(known) => {
                    let is_price = !slot.params.contains_key("percent_of");
                    Some(self.shown_amount(known, is_price))
                }
                None => read(value).map(|said: SaidAmount| seen(json!({"said": said.told()}))),
            },
            "months" => {
                value.as_u64().map(|months| seen(json!({"count": months, "years": months / 12})))
            }
            "plan" => read(value).map(|plan: KnownPlan| fields(plan, PLAN_FIELDS)),
            "quote_request" => read(value).map(|request: QuoteRequest| {
                seen(json!({
                    "price": request.price,
                    "down_payment": request.down_payment,
                    "other_terms": request.other_terms,
                }))
            }),
            _ => None,
        };
        shown.unwrap_or_else(|| seen(value.clone()))
    }

    /// What texts see of a car.
    pub(super) fn shown_car(&self, car: Car<'_>, reason: Option<String>) -> Seen {
        let shown = ShownCar {
            catalog: Arc::clone(&self.catalog),
            row: car.row(),
            words: self.words,
            down_limits: self.policy.limits(car.price()),
            reason,
        };
        fields(shown, ShownCar::FIELDS)
    }

    /// What texts see of an amount that was checked.
    fn shown_amount(&self, known: KnownAmount, is_price: bool) -> Seen {
        let down_limits = is_price.then(|| self.policy.limits(known.amount));
        ShownAmount { known, minimum: false, down_limits }.seen()
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

/// A car as texts see it.
struct ShownCar {
    catalog: Arc<Catalog>,
    row: usize,
    words: &'static Words,
    /// The least and the most that can be paid at once.
    down_limits: (Money, Money),
    /// What speaks for it, where it is recommended.
    reason: Option<String>,
}

impl ShownCar {
    const FIELDS: &[Field<Self>] = &[
        ("id", |shown| Seen::from(shown.car().stock_id().as_str())),
        ("title", |shown| Seen::from(shown.title())),
        ("name", |shown| Seen::from(shown.name())),
        ("make", |shown| Seen::from(shown.car().make())),
        ("model", |shown| Seen::from(shown.car().model())),
        ("year", |shown| Seen::from(shown.car().year())),
        ("version", |shown| Seen::from(shown.car().version())),
        ("price", |shown| money(shown.car().price())),
        ("km", |shown| Seen::from(shown.car().km())),
        ("details", |shown| Seen::from(shown.details())),
        ("min_down_payment", |shown| money(shown.down_limits.0)),
        ("max_down_payment", |shown| money(shown.down_limits.1)),
        ("reason", |shown| shown.reason.as_deref().map_or(Seen::UNDEFINED, Seen::from)),
    ];

    fn car(&self) -> Car<'_> {
        self.catalog.at(self.row)
    }

    fn name(&self) -> String {
        let car = self.car();
        format!("{} {}", naming(car.make(), car.model()), car.year())
    }

    fn title(&self) -> String {
        format!("{} {}", self.name(), spelled(self.car().version()))
    }

    /// Gearbox, equipment and length, as far as they are known.
    fn details(&self) -> String {
        let (car, words) = (self.car(), self.words);
        let transmission = car.transmission().map(|transmission| words.transmission(transmission));
        let features: Vec<String> =
            car.features().map(|feature: Feature| words.feature(feature)).collect();
        let features = (!features.is_empty()).then(|| features.join(", "));
        let length = car
            .length_mm()
            .map(|mm| fill(&words.summary.length, Decimal::new(i64::from(mm), 3).round_dp(2)));
        let details: Vec<String> = transmission.into_iter().chain(features).chain(length).collect();
        capitalized(&details.join(" · "))
    }
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

/// An amount as texts see it.
pub(super) struct ShownAmount {
    pub(super) known: KnownAmount,
    /// It is the least that is taken.
    pub(super) minimum: bool,
    /// The least and the most that can be paid at once, where it is a price.
    pub(super) down_limits: Option<(Money, Money)>,
}

impl ShownAmount {
    const FIELDS: &[Field<Self>] = &[
        ("amount", |shown| money(shown.known.amount)),
        ("percent", |shown| {
            let percent = shown.known.percent;
            percent.map_or(Seen::UNDEFINED, |percent| Seen::from(percent.normalize().to_string()))
        }),
        ("as_percent", |shown| Seen::from(shown.known.as_percent)),
        ("minimum", |shown| Seen::from(shown.minimum)),
        ("said", |shown| Seen::from(shown.known.told())),
        ("min_down", |shown| shown.down_limits.map_or(Seen::UNDEFINED, |(min, _)| money(min))),
        ("max_down", |shown| shown.down_limits.map_or(Seen::UNDEFINED, |(_, max)| money(max))),
    ];

    pub(super) fn seen(self) -> Seen {
        fields(self, Self::FIELDS)
    }
}

/// What texts see of a term on offer.
pub(super) const TERM_FIELDS: &[Field<Plan>] = &[
    ("count", |plan| Seen::from(plan.months().get())),
    ("years", |plan| {
        let hundredths = i64::from(plan.months().get()) * 100 / 12;
        Seen::from(Decimal::new(hundredths, 2).normalize().to_string())
    }),
    ("monthly_payment", |plan| money(plan.monthly_payment())),
    ("last_payment", |plan| money(plan.last_payment())),
    ("total_interest", |plan| money(plan.total_interest())),
    ("total_paid", |plan| money(plan.total_paid())),
];

const PLAN_FIELDS: &[Field<KnownPlan>] = &[
    ("months", |plan| Seen::from(plan.months)),
    ("monthly_payment", |plan| money(plan.monthly_payment)),
    ("last_payment", |plan| money(plan.last_payment)),
    ("total_interest", |plan| money(plan.total_interest)),
    ("total_paid", |plan| money(plan.total_paid)),
    ("total_with_down_payment", |plan| money(plan.total_with_down_payment)),
    ("rate_percent", |plan| {
        let rate: Decimal = plan.annual_rate.parse().unwrap_or_default();
        Seen::from((rate * Decimal::ONE_HUNDRED).normalize().to_string())
    }),
];

/// What texts see of an amount of pesos: the decimal text that the filters take.
fn money(amount: Money) -> Seen {
    Seen::from(amount.to_string())
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
    environment.add_filter("money", move |text: Cow<'_, str>| amount(&text).map(Money::short));
    environment.add_filter("cents", move |text: Cow<'_, str>| amount(&text).map(Money::exact));
    environment.add_filter("thousands", grouped);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dealer::offers;
    use crate::engine::vocabulary::Offers;

    fn names<T>(fields: &'static [Field<T>]) -> Vec<&'static str> {
        let mut names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names
    }

    fn sorted(offered: &[&'static str]) -> Vec<&'static str> {
        let mut names = offered.to_vec();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_field_that_is_offered_can_be_asked_for_and_no_other() {
        let Offers { types, lists, .. } = offers();
        let of_type = |kind| sorted(types.iter().find(|offer| offer.name == kind).unwrap().fields);
        let of_list = |list| sorted(lists.iter().find(|offer| offer.name == list).unwrap().fields);
        assert_eq!(of_list("recommended"), names(ShownCar::FIELDS));
        let mut car = names(ShownCar::FIELDS);
        car.retain(|name| *name != "reason");
        assert_eq!([of_type("car"), of_list("results")], [car.clone(), car]);
        let amount = names(ShownAmount::FIELDS);
        assert_eq!([of_type("money"), of_list("down_payment_options")], [amount.clone(), amount]);
        assert_eq!(of_type("plan"), names(PLAN_FIELDS));
        assert_eq!(of_list("terms"), names(TERM_FIELDS));
    }

    #[test]
    fn what_a_value_does_not_have_is_left_out() {
        let amount = Money::from_pesos(60_000);
        let known = KnownAmount { amount, percent: None, as_percent: false };
        let shown = ShownAmount { known, minimum: true, down_limits: None }.seen();
        let all = json!({
            "amount": "60000.00", "as_percent": false, "minimum": true, "said": "$60,000",
        });
        assert_eq!(serde_json::to_value(shown).unwrap(), all);
    }

    #[test]
    fn filters_take_numbers_too() {
        let mut environment = minijinja::Environment::new();
        (FILTERS.install)(&mut environment);
        let written = environment.render_str("{{ 250000|money }} {{ '1.5'|cents }}", ()).unwrap();
        assert_eq!(written, "$250,000 $1.50");
    }

    #[test]
    fn names_do_not_stutter_or_shout() {
        assert_eq!(naming("Mazda", "Mazda 3"), "Mazda 3");
        assert_eq!(naming("Nissan", "Versa"), "Nissan Versa");
        assert_eq!(spelled("1.6 ADVANCE LT AUTO"), "1.6 Advance LT Auto");
    }
}
