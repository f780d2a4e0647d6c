//! The actions of `do` steps.

use rust_decimal::Decimal;
use serde_json::Value;

use super::Dealer;
use super::admit::share;
use super::limits::LIMITS;
use super::value::{
    ChosenCar, KnownAmount, KnownPlan, QuoteRequest, RefusedAmount, SaidAmount, read, write,
};
use super::wish::{Show, Wish, condition_name};
use crate::catalog::{Bounds, Query, Sort};
use crate::credit::Months;
use crate::engine::vocabulary::{Acted, Slots};
use crate::money::Money;

impl Dealer {
    /// Carries out an action.
    pub(super) fn carry_out(&self, action: &str, inputs: &Slots) -> Acted {
        match action {
            "search" => self.search(inputs),
            "loosen" => self.loosen(inputs),
            "compare_search" => compare_search(inputs),
            "advise" => advise(inputs),
            "show_all" => show_all(inputs),
            "other_cars" => self.other_cars(inputs),
            "close_search" => ended("done", [("closed", Value::from(true))]),
            "cheaper" => self.cheaper(inputs),
            "quote" => self.quote(inputs),
            "make_quote" => make_quote(inputs),
            "check_quote" => self.check_quote(inputs),
            "search_by_price" => search_by_price(inputs),
            unknown => unreachable!("the checker lets no flow name an unknown action ({unknown})"),
        }
    }

    fn search(&self, inputs: &Slots) -> Acted {
        let wish = wish(inputs);
        if self.any_fits(&wish) {
            return ended("found", []);
        }
        let name =
            self.loosest(&wish).map(|(conditions, _)| condition_name(&conditions, self.words));
        ended("none", [("loosen", Value::from(name.unwrap_or_default()))])
    }

    fn loosen(&self, inputs: &Slots) -> Acted {
        let wish = wish(inputs);
        let loosened = self.loosest(&wish).map(|(_, loosened)| loosened).unwrap_or_default();
        ended("done", [("search", write(&loosened))])
    }

    /// All that the search finds, where it holds more than the chosen car and those that were
    /// recommended; if not, a wider one.
    fn other_cars(&self, inputs: &Slots) -> Acted {
        let wish = wish(inputs);
        let mut all = Wish { show: Show::All, ..wish.clone() };
        let chosen: Option<ChosenCar> = inputs.get("car").and_then(read);
        let found = self.catalog.search(&wish.to_query(&self.policy), 0, 2);
        let only = chosen.filter(|chosen| {
            found.total == 1 && found.cars.iter().all(|car| *car.stock_id() == chosen.id)
        });
        let told = wish.show == Show::Recommended && found.total <= self.recommended(&wish).len();
        if only.is_none() && !told {
            return ended("some", [("search", write(&all))]);
        }
        all.query.not_cars.extend(only.map(|only| only.id));
        let wider = self.loosest(&all).map(|(_, wider)| wider).unwrap_or_default();
        ended("none", [("search", write(&wider))])
    }

    /// The cars for which the refused down payment would be enough.
    fn cheaper(&self, inputs: &Slots) -> Acted {
        let refused: Option<RefusedAmount> = inputs.get("refused").and_then(read);
        let given = refused.map_or(Money::ZERO, |refused| refused.given);
        let (least, _) = self.policy.limits(Money::from_pesos(100));
        let price = if least > Money::ZERO { given.scaled(10_000, least.cents()) } else { given };
        let query = Query {
            price: Bounds { min: None, max: Some(price) },
            sort: Some(Sort::PriceDesc),
            ..Query::default()
        };
        if self.catalog.search(&query, 0, 0).total == 0 {
            let cheapest = Query { sort: Some(Sort::PriceAsc), ..Query::default() };
            return found(cheapest);
        }
        found(query)
    }

    fn quote(&self, inputs: &Slots) -> Acted {
        let car: Option<ChosenCar> = inputs.get("car").and_then(read);
        let down_payment: Option<KnownAmount> = inputs.get("down_payment").and_then(read);
        let months: Option<Months> = inputs.get("months").and_then(read);
        let (Some(car), Some(down_payment), Some(months)) = (car, down_payment, months) else {
            return ended("incomplete", []);
        };
        match self.policy.plan(car.price, down_payment.amount, months) {
            Ok(plan) => {
                ended("quoted", [("plan", write(&KnownPlan::new(&plan, down_payment.amount)))])
            }
            Err(_) => ended("incomplete", []),
        }
    }

    /// Whether a quote for a car that is not ours keeps to the policy, and what it is made of.
    fn check_quote(&self, inputs: &Slots) -> Acted {
        let Some(request) = inputs.get("request").and_then(read::<QuoteRequest>) else {
            return ended("unfit", []);
        };
        let QuoteRequest { price, down_payment, .. } = request;
        let (min, max) = self.policy.limits(price);
        let fits = (LIMITS.least_quoted_price..=LIMITS.most_quoted_price).contains(&price)
            && (min..=max).contains(&down_payment);
        // A share goes with whatever the car costs; a share that nobody gives was an amount.
        let percent = (price > Money::ZERO).then(|| share(down_payment, price));
        let percent = percent.filter(Decimal::is_integer);
        let said = match percent.filter(|_| (min..=max).contains(&down_payment)) {
            Some(percent) => SaidAmount::Percent { percent },
            None => SaidAmount::Amount { amount: down_payment },
        };
        let price = SaidAmount::Amount { amount: price };
        let parts = [("price", write(&price)), ("down_payment", write(&said))];
        ended(if fits { "fits" } else { "unfit" }, parts)
    }
}

/// What the search before asked for and this one does not, to be told once.
fn compare_search(inputs: &Slots) -> Acted {
    let mut wish = wish(inputs);
    let Some(lost) = wish.lost.take() else { return ended("same", []) };
    ended("lost", [("search", write(&wish)), ("lost", write(&lost))])
}

/// What the search asks to be shown.
fn advise(inputs: &Slots) -> Acted {
    match wish(inputs).show {
        Show::All => ended("list", []),
        Show::Recommended => ended("recommended", []),
        Show::Popular => ended("popular", []),
    }
}

/// The same search without advice.
fn show_all(inputs: &Slots) -> Acted {
    ended("done", [("search", write(&Wish { show: Show::All, ..wish(inputs) }))])
}

/// A quote from its parts, for the terms that were asked for.
fn make_quote(inputs: &Slots) -> Acted {
    let amount = |name: &str| {
        let known: Option<KnownAmount> = inputs.get(name).and_then(read);
        known.map_or(Money::ZERO, |known| known.amount)
    };
    let asked: Option<QuoteRequest> = inputs.get("request").and_then(read);
    let request = QuoteRequest {
        price: amount("price"),
        down_payment: amount("down_payment"),
        months: asked.map(|asked| asked.months).unwrap_or_default(),
        other_terms: false,
    };
    ended("made", [("request", write(&request))])
}

fn search_by_price(inputs: &Slots) -> Acted {
    let request: Option<QuoteRequest> = inputs.get("request").and_then(read);
    let [min, max] = LIMITS
        .near_price_percents
        .map(|percent| request.as_ref().map(|request| request.price.scaled(percent, 100)));
    let query = Query { price: Bounds { min, max }, ..Query::default() };
    Acted { outcome: "done", ..found(query) }
}

fn found(query: Query) -> Acted {
    ended("found", [("search", write(&Wish { query, ..Wish::default() }))])
}

fn wish(inputs: &Slots) -> Wish {
    inputs.get("search").and_then(read).unwrap_or_default()
}

fn ended<const N: usize>(outcome: &'static str, outputs: [(&str, Value); N]) -> Acted {
    let outputs = outputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Acted { outcome, outputs }
}
