//! The lists of menus: cars, ways to search, amounts, terms, the table of a plan.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Dealer;
use super::limits::LIMITS;
use super::present::{ShownAmount, TERM_FIELDS};
use super::value::{
    ChosenCar, KnownAmount, KnownPlan, QuoteRequest, RefusedAmount, SaidAmount, read, write,
};
use super::wish::{Wish, WishChange, for_body};
use crate::catalog::{Body, Bounds, Car, MakeCount, Query};
use crate::credit::{Months, Percent, Plan, Row, YearRow};
use crate::engine::seen::{fields, seen};
use crate::engine::vocabulary::{Item, Page, Slots};
use crate::money::Money;

impl Dealer {
    /// The rows of `list` after those `shown`.
    pub(super) fn rows(&self, list: &str, inputs: &Slots, shown: &[Value], limit: usize) -> Page {
        let input = |name: &str| inputs.get(name);
        match list {
            "results" => {
                let wish: Wish = input("search").and_then(read).unwrap_or_default();
                self.results(&wish, shown.len(), limit)
            }
            "nearest" => {
                let wish: Wish = input("search").and_then(read).unwrap_or_default();
                page(self.nearest(&wish), shown, limit)
            }
            "recommended" => {
                let wish: Wish = input("search").and_then(read).unwrap_or_default();
                page(self.recommended(&wish), shown, limit)
            }
            "popular" => {
                let wish: Wish = input("search").and_then(read).unwrap_or_default();
                page(self.popular(&wish), shown, limit)
            }
            "bodies" => page(self.bodies(), shown, limit),
            "price_bands" => page(self.price_bands(), shown, limit),
            "makes" => page(self.makes(), shown, limit),
            "down_payment_options" => {
                let car: Option<ChosenCar> = input("car").and_then(read);
                page(self.proposed(car.map(|car| car.price)), shown, limit)
            }
            "quote_down_payment_options" => {
                let price: Option<KnownAmount> = input("quote_price").and_then(read);
                page(self.proposed(price.map(|price| price.amount)), shown, limit)
            }
            "down_payment_bound" => {
                let refused: Option<RefusedAmount> = input("refused").and_then(read);
                page(refused.as_ref().map(bound).into_iter().collect(), shown, limit)
            }
            "terms" => page(self.terms(inputs), shown, limit),
            "quote_terms" => page(self.quote_terms(input("request")), shown, limit),
            "plan_years" => page(Self::years(input("plan")), shown, limit),
            "plan_months" => page(Self::months(input("plan")), shown, limit),
            _ => Page::default(),
        }
    }

    fn results(&self, wish: &Wish, skip: usize, limit: usize) -> Page {
        let found = self.catalog.search(&wish.to_query(&self.policy), skip, limit);
        Page {
            items: found.cars.into_iter().map(|car| self.row(car, None)).collect(),
            total: found.total,
        }
    }

    /// A car as a row, with what speaks for it where it is recommended.
    pub(super) fn row(&self, car: Car<'_>, reason: Option<String>) -> Item {
        let value = Value::from(car.stock_id().as_str());
        Item { value, fields: self.shown_car(car, reason), key: None }
    }

    fn bodies(&self) -> Vec<Item> {
        let count = |body: Body| {
            let query = Query { bodies: vec![body], ..Query::default() };
            self.catalog.search(&query, 0, 0).total
        };
        let mut bodies: Vec<(usize, Body)> =
            self.words.bodies.iter().map(|known| (count(known.body), known.body)).collect();
        bodies.retain(|(count, _)| *count > 0);
        bodies.sort_by_key(|(count, body)| (usize::MAX - count, *body));
        let item = |(count, body)| Item {
            value: write(&for_body(body)),
            fields: seen(json!({"name": self.words.body(body), "count": count})),
            key: None,
        };
        bodies.into_iter().map(item).collect()
    }

    fn price_bands(&self) -> Vec<Item> {
        let mut from = None;
        let mut items = Vec::new();
        let ends = LIMITS.price_bands.iter().copied().map(Some).chain([None]);
        for end in ends {
            let price = Bounds { min: from, max: end };
            let query = Query { price, ..Query::default() };
            let count = self.catalog.search(&query, 0, 0).total;
            if count > 0 {
                let wish = Wish { query, ..Wish::default() };
                let name = self.words.price_band(price);
                items.push(Item {
                    value: write(&WishChange { wish, ..WishChange::default() }),
                    fields: seen(json!({"name": name, "count": count})),
                    key: None,
                });
            }
            from = end;
        }
        items
    }

    fn makes(&self) -> Vec<Item> {
        let mut makes: Vec<_> = self.catalog.makes().collect();
        makes.sort_by_key(|make| usize::MAX - make.cars);
        let item = |make: MakeCount<'_>| {
            let query = Query { makes: vec![make.make.to_owned()], ..Query::default() };
            let wish = Wish { query, ..Wish::default() };
            Item {
                value: write(&WishChange { wish, ..WishChange::default() }),
                fields: seen(json!({"name": make.make, "count": make.cars})),
                key: None,
            }
        };
        makes.into_iter().map(item).collect()
    }

    fn proposed(&self, price: Option<Money>) -> Vec<Item> {
        let Some(price) = price else { return Vec::new() };
        let (min, max) =
            (self.policy.min_down_percent().get(), self.policy.max_down_percent().get());
        let mut percents: Vec<Decimal> =
            LIMITS.proposed_percents.iter().map(|percent| Decimal::from(*percent)).collect();
        percents.retain(|percent| *percent > min && *percent <= max);
        percents.insert(0, min);
        percents.truncate(LIMITS.proposed_percents.len());
        let item = |percent: Decimal| {
            let amount = Percent::new(percent).map(|part| self.policy.down_payment_of(price, part));
            let known =
                KnownAmount { amount: amount.ok()?, percent: Some(percent), as_percent: true };
            Some(Item {
                value: write(&SaidAmount::Percent { percent }),
                fields: ShownAmount { known, minimum: percent == min, down_limits: None }.seen(),
                key: None,
            })
        };
        percents.into_iter().filter_map(item).collect()
    }

    fn terms(&self, inputs: &Slots) -> Vec<Item> {
        let car: Option<ChosenCar> = inputs.get("car").and_then(read);
        let down_payment: Option<KnownAmount> = inputs.get("down_payment").and_then(read);
        let (Some(car), Some(down_payment)) = (car, down_payment) else { return Vec::new() };
        self.plans(car.price, down_payment.amount, self.policy.terms())
    }

    fn quote_terms(&self, request: Option<&Value>) -> Vec<Item> {
        let Some(request) = request.and_then(read::<QuoteRequest>) else { return Vec::new() };
        let asked =
            |months: &&Months| request.months.is_empty() || request.months.contains(&months.get());
        let terms: Vec<Months> = self.policy.terms().iter().filter(asked).copied().collect();
        self.plans(request.price, request.down_payment, &terms)
    }

    fn plans(&self, price: Money, down_payment: Money, terms: &[Months]) -> Vec<Item> {
        let item = |months: &Months| {
            let plan = self.policy.plan(price, down_payment, *months).ok()?;
            let whole_years = months.get().is_multiple_of(12).then(|| months.get() / 12);
            Some(Item {
                value: Value::from(months.get()),
                fields: fields(plan, TERM_FIELDS),
                key: whole_years.map(u32::from),
            })
        };
        terms.iter().filter_map(item).collect()
    }

    fn plan_of(plan: Option<&Value>) -> Option<Plan> {
        let known: KnownPlan = plan.and_then(read)?;
        let months = Months::new(known.months).ok()?;
        Plan::new(known.principal, known.annual_rate.parse().ok()?, months).ok()
    }

    fn years(plan: Option<&Value>) -> Vec<Item> {
        let rows = Self::plan_of(plan).map(|plan| plan.years());
        let item = |row: YearRow| Item {
            value: Value::from(row.year),
            fields: seen(json!({
                "year": row.year, "paid": row.payments, "interest": row.interest,
                "principal": row.principal, "balance": row.balance,
            })),
            key: None,
        };
        rows.into_iter().flatten().map(item).collect()
    }

    fn months(plan: Option<&Value>) -> Vec<Item> {
        let rows = Self::plan_of(plan).map(|plan| plan.rows());
        let item =
            |row: Row| Item { value: Value::from(row.month), fields: seen(write(&row)), key: None };
        rows.into_iter().flatten().map(item).collect()
    }
}

/// The nearest amount that would have been taken.
fn bound(refused: &RefusedAmount) -> Item {
    let amount = if refused.given < refused.min { refused.min } else { refused.max };
    let known = KnownAmount { amount, percent: None, as_percent: false };
    Item {
        value: write(&SaidAmount::Amount { amount }),
        fields: ShownAmount { known, minimum: false, down_limits: None }.seen(),
        key: None,
    }
}

fn page(items: Vec<Item>, shown: &[Value], limit: usize) -> Page {
    let total = items.len();
    Page { items: items.into_iter().skip(shown.len()).take(limit).collect(), total }
}
