//! What a customer's car and credit come to, out of the catalogue's row and the policy alone.

use rust_decimal::Decimal;
use serde_json::Value;

use super::breach::{Breach, Rule};
use super::schedule::{Month, schedule};
use crate::catalog::{Car, StockId};
use crate::credit::{Months, Percent, Plan, Policy};
use crate::dealer::Dealer;
use crate::message::Answer;
use crate::money::Money;

/// A price and what is paid at once for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deal {
    pub(super) price: Money,
    pub(super) down_payment: Money,
}

/// A credit, computed twice.
#[derive(Debug)]
pub(super) struct Credit {
    pub(super) plan: Plan,
    pub(super) months: Vec<Month>,
}

impl Deal {
    /// The credit over `months`.
    ///
    /// # Errors
    ///
    /// What the two ways to compute it do not agree on.
    pub(super) fn credit(self, policy: &Policy, months: u16) -> Result<Option<Credit>, String> {
        let Ok(term) = Months::new(months) else { return Ok(None) };
        let principal = self.price - self.down_payment;
        let Ok(plan) = Plan::new(principal, policy.annual_rate(), term) else { return Ok(None) };
        let percent = policy.annual_rate().percent();
        let rows = schedule(principal, percent, months, plan.monthly_payment());
        let interest: Money = rows.iter().map(|month| month.interest).sum();
        let paid: Money = rows.iter().map(|month| month.principal + month.interest).sum();
        let last = rows.last().map(|month| month.principal + month.interest);
        if interest != plan.total_interest() || paid != plan.total_paid() {
            return Err(format!("the table sums up to {paid}, of which {interest} are interest"));
        }
        if last != Some(plan.last_payment()) || rows.iter().any(|row| row.balance < Money::ZERO) {
            return Err(format!("the table ends with {last:?}"));
        }
        Ok(Some(Credit { plan, months: rows }))
    }
}

impl Credit {
    /// Every figure of the credit as a whole; `down_payment` is what is paid besides.
    pub(super) fn figures(&self, down_payment: Money) -> Vec<Money> {
        let Self { plan, .. } = self;
        vec![
            plan.monthly_payment(),
            plan.last_payment(),
            plan.total_interest(),
            plan.total_paid(),
            plan.total_paid() + down_payment,
        ]
    }

    /// The figures of month `number`, counted from 1.
    pub(super) fn month(&self, number: usize) -> Option<Vec<Money>> {
        let month = self.months.get(number.checked_sub(1)?)?;
        Some(vec![month.principal, month.interest, month.balance])
    }

    /// The figures of year `number`, counted from 1.
    pub(super) fn year(&self, number: usize) -> Option<Vec<Money>> {
        let year = self.months.chunks(12).nth(number.checked_sub(1)?)?;
        let interest: Money = year.iter().map(|month| month.interest).sum();
        let principal: Money = year.iter().map(|month| month.principal).sum();
        Some(vec![principal + interest, interest, year.last()?.balance])
    }
}

/// The car of the catalogue with this id.
pub(super) fn car<'a>(dealer: &'a Dealer, id: &Value) -> Option<Car<'a>> {
    let id: StockId = id.as_str()?.parse().ok()?;
    dealer.catalog().car(&id)
}

/// An amount of a session as the chat API shows it.
pub(super) fn amount(value: &Value) -> Option<Money> {
    value.as_str()?.parse().ok()
}

/// The part of a price that is `percent` of it.
pub(super) fn part(policy: &Policy, price: Money, percent: Decimal) -> Option<Money> {
    Some(policy.down_payment_of(price, Percent::new(percent).ok()?))
}

/// The deal of a session, where price and down payment are known.
pub(super) fn deal(session: &Value) -> Option<Deal> {
    Some(Deal {
        price: amount(&session["price"])?,
        down_payment: amount(&session["down_payment"])?,
    })
}

/// Whether all that a session shows agrees with the catalogue and the policy.
///
/// # Errors
///
/// What does not, and what it should be.
pub(super) fn agrees(dealer: &Dealer, answer: &Answer) -> Result<(), Breach> {
    let Answer { session, state, .. } = answer;
    let session = session.value();
    let wrong = |field: &str, should: String| {
        let is = session.pointer(&format!("/{}", field.replace('.', "/")));
        let is = is.map_or_else(String::new, Value::to_string);
        let what = format!("session.{field} is {is}, and should be {should}");
        Err(Breach::of(Rule::Session, state, &what)
            .expecting(format!("= session.{field} {}", should.trim_matches('"'))))
    };
    let unknown = session["results"].as_array().into_iter().flatten();
    if let Some(id) = unknown.clone().find(|id| car(dealer, id).is_none()) {
        let what = format!("{id} is on the list and in no catalogue");
        return Err(Breach::of(Rule::Session, state, &what));
    }
    let chosen = car(dealer, &session["car"]);
    if !session["car"].is_null() && amount(&session["price"]) != chosen.map(Car::price) {
        return wrong("price", chosen.map_or("none".to_owned(), |car| car.price().to_string()));
    }
    if let Some(Deal { price, down_payment }) = deal(session) {
        let (least, most) = dealer.policy().limits(price);
        if !(least..=most).contains(&down_payment) {
            return wrong("down_payment", format!("from {least} to {most}"));
        }
    }
    plan_agrees(dealer.policy(), answer, wrong)
}

fn plan_agrees(
    policy: &Policy,
    Answer { session, state, .. }: &Answer,
    wrong: impl Fn(&str, String) -> Result<(), Breach>,
) -> Result<(), Breach> {
    let session = session.value();
    if session["plan"].is_null() {
        return Ok(());
    }
    let term = session["months"].as_u64().and_then(|months| u16::try_from(months).ok());
    let (Some(deal), Some(term)) = (deal(session), term) else {
        return Err(Breach::of(Rule::Session, state, "a plan without a car, an amount or a term"));
    };
    if !policy.terms().iter().any(|offered| offered.get() == term) {
        return wrong("months", "a term on offer".to_owned());
    }
    let credit = deal.credit(policy, term);
    let credit = credit.map_err(|what| Breach::of(Rule::Session, state, &what))?;
    let Some(Credit { plan, .. }) = credit else {
        return Err(Breach::of(Rule::Session, state, "a plan of what cannot be financed"));
    };
    let figures = [
        ("principal", plan.principal()),
        ("monthly_payment", plan.monthly_payment()),
        ("total_interest", plan.total_interest()),
        ("total_paid", plan.total_paid()),
    ];
    for (name, should) in figures {
        if amount(&session["plan"][name]) != Some(should) {
            return wrong(&format!("plan.{name}"), should.to_string());
        }
    }
    if session["plan"]["months"] != term {
        return wrong("plan.months", term.to_string());
    }
    Ok(())
}
