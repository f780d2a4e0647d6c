//! The session as the chat API shows it, and its schema.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::Dealer;
use super::present::listed;
use super::value::{ChosenCar, KnownAmount, KnownPlan, read};
use super::wish::Wish;
use crate::catalog::{Body, Bounds, Feature, Query, Sort, Transmission};
use crate::engine::vocabulary::{Scene, View};
use crate::money::Money;

/// What is known so far; null while unknown.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SessionView<'a> {
    /// What is wanted.
    search: Option<SearchView<'a>>,
    /// The stock ids that the numbers on the customer's screen point to, in order.
    #[schemars(with = "Vec<String>")]
    results: &'a [Value],
    /// The stock id of the chosen car.
    car: Option<&'a str>,
    /// Its price when it was chosen.
    price: Option<Money>,
    /// What is paid at once.
    down_payment: Option<Money>,
    /// The term.
    #[schemars(with = "Option<u16>")]
    months: Option<&'a Value>,
    /// The credit.
    plan: Option<PlanView<'a>>,
}

/// What is wanted.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SearchView<'a> {
    /// One of these makes.
    makes: &'a [String],
    /// One of these models.
    models: &'a [String],
    /// Model year.
    year: Bounds<u16>,
    /// Price in cash.
    price: Bounds<Money>,
    /// Kilometres driven.
    km: Bounds<u32>,
    /// One of these bodies.
    bodies: &'a [Body],
    /// All of these features.
    features: &'a [Feature],
    /// The gearbox.
    transmission: Option<Transmission>,
    /// The order of the results.
    sort: Option<Sort>,
    /// At most this much a month.
    monthly_payment: Option<Money>,
}

/// A credit with level payments.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PlanView<'a> {
    /// What is financed.
    principal: Money,
    /// 0.10 for 10 % a year.
    #[schemars(regex(pattern = r"^[0-9]+(\.[0-9]+)?$"))]
    annual_rate: &'a str,
    /// The term.
    months: u16,
    /// Each payment but the last.
    monthly_payment: Money,
    /// All interest.
    total_interest: Money,
    /// What the credit costs in all, without the down payment.
    total_paid: Money,
}

impl Dealer {
    /// The JSON Schema of a session as the chat API shows it.
    #[must_use]
    pub fn view_schema() -> Value {
        let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        });
        settings.into_generator().into_root_schema_for::<SessionView>().to_value()
    }

    /// The session as the chat API shows it.
    pub(super) fn shown(scene: Scene<'_>) -> View {
        let slot = |name: &str| scene.slots.get(name);
        let car: Option<ChosenCar> = slot("car").and_then(read);
        let wish: Option<Wish> = slot("search").and_then(read);
        let down_payment: Option<KnownAmount> = slot("down_payment").and_then(read);
        let plan: Option<KnownPlan> = slot("plan").and_then(read);
        let view = SessionView {
            search: wish.as_ref().map(SearchView::of),
            results: listed(scene).map(|listing| listing.values.as_slice()).unwrap_or_default(),
            car: car.as_ref().map(|car| car.id.as_str()),
            price: car.as_ref().map(|car| car.price),
            down_payment: down_payment.map(|down_payment| down_payment.amount),
            months: slot("months"),
            plan: plan.as_ref().map(PlanView::of),
        };
        View::of(&view)
    }
}

impl<'a> SearchView<'a> {
    fn of(wish: &'a Wish) -> Self {
        let Query { makes, models, year, price, km, bodies, features, .. } = &wish.query;
        Self {
            makes,
            models,
            year: *year,
            price: *price,
            km: *km,
            bodies,
            features,
            transmission: wish.query.transmission,
            sort: wish.query.sort,
            monthly_payment: wish.monthly_payment,
        }
    }
}

impl<'a> PlanView<'a> {
    fn of(plan: &'a KnownPlan) -> Self {
        Self {
            principal: plan.principal,
            annual_rate: &plan.annual_rate,
            months: plan.months,
            monthly_payment: plan.monthly_payment,
            total_interest: plan.total_interest,
            total_paid: plan.total_paid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_says_every_field() {
        let schema = Dealer::view_schema();
        let session = ["search", "results", "car", "price", "down_payment", "months", "plan"];
        assert_eq!(schema["required"], serde_json::json!(session));
        assert!(!schema.to_string().contains("$ref"), "it can stand anywhere in a document");
    }
}
