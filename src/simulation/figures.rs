//! The amounts of a reply, line by line: each is one of those of what its line is about.
//!
//! A line that begins with the number of a choice is about what that number means; a line of a table
//! about its month, year or term; any other about the customer's car, credit and wishes, or it stands
//! in the context file.

use std::collections::HashSet;

use serde_json::Value;

use super::amounts::{
    amounts, first_number, leading_number, percent_after, run_together, unquoted,
};
use super::breach::{Breach, Rule};
use super::chat::UNKNOWN;
use super::deal::{self, Credit, Deal};
use super::fits::misfit;
use super::talk::Talk;
use crate::catalog::Car;
use crate::dealer::Dealer;
use crate::engine::flow::Ask;
use crate::engine::{self, Pick};
use crate::message::Answer;
use crate::money::Money;
use crate::transcript::Bot;

/// What is checked against; shared by all conversations.
pub(super) struct Figures<'a> {
    dealer: &'a Dealer,
    /// The lines of the context file's passages.
    passages: HashSet<&'a str>,
}

/// What one answer is about.
struct About<'a> {
    dealer: &'a Dealer,
    /// The list under the question.
    list: Option<&'a str>,
    answer: &'a Answer,
    talk: engine::Talk,
}

/// Amounts that a line may give.
struct Subject {
    /// All of them.
    figures: Vec<Money>,
    /// Words that must stand there too.
    words: Option<String>,
}

impl<'a> Figures<'a> {
    pub(super) fn new(bot: &'a Bot<Dealer>) -> Self {
        let passages = bot.knowledge.passages().iter();
        let texts = passages.flat_map(|passage| [Some(&passage.text), passage.detail.as_ref()]);
        let lines = texts.flatten().flat_map(|text| text.lines().map(str::trim));
        Self { dealer: bot.engine.vocabulary(), passages: lines.collect() }
    }

    /// Whether the session and every amount of `answer` agree with what they are about.
    ///
    /// # Errors
    ///
    /// The first that does not.
    pub(super) fn agree(&self, ask: &Ask, answer: &Answer, talk: &Talk<'_>) -> Result<(), Breach> {
        deal::agrees(self.dealer, answer)?;
        let list = ask.menu.as_ref().map(|menu| menu.from.as_str());
        self.found_what_was_asked(list, answer)?;
        let lines = answer.replies.iter().flat_map(|reply| reply.text.lines());
        let mut lines = lines.filter(|line| line.contains('$')).peekable();
        if lines.peek().is_none() {
            return Ok(());
        }
        let about = About { dealer: self.dealer, list, answer, talk: talk.session().talk };
        for line in lines.filter(|line| !self.passages.contains(line.trim())) {
            about.explains(line)?;
        }
        Ok(())
    }

    /// Whether every car of a search's list is what was asked for.
    fn found_what_was_asked(&self, list: Option<&str>, answer: &Answer) -> Result<(), Breach> {
        let session = answer.session.value();
        let (search, results) = (&session["search"], &session["results"]);
        if list != Some("results") || search.is_null() {
            return Ok(());
        }
        let cars = results.as_array().into_iter().flatten();
        for car in cars.filter_map(|id| deal::car(self.dealer, id)) {
            if let Some(field) = misfit(car, search) {
                let what = format!("{} does not fit `search.{field}`", car.stock_id().as_str());
                let others = results.as_array().into_iter().flatten().filter_map(Value::as_str);
                let others: Vec<&str> =
                    others.filter(|other| *other != car.stock_id().as_str()).collect();
                let breach = Breach::of(Rule::Session, &answer.state, &what);
                return Err(breach.expecting(format!("= results {}", others.join(", "))));
            }
        }
        Ok(())
    }
}

impl About<'_> {
    /// Whether every amount of `line` is one of what the line is about.
    fn explains(&self, line: &str) -> Result<(), Breach> {
        let told = unquoted(line);
        let subject = match self.row(&told)? {
            Some(subject) => subject,
            None => Subject { figures: self.known()?, words: None },
        };
        if let Some(words) = subject.words.filter(|words| !told.contains(words)) {
            return Err(self.breach(line, &format!("“{line}” does not say {words}")));
        }
        if let Some(run) = run_together(&told) {
            return Err(self.breach(line, &format!("“{line}”: {run} is no amount")));
        }
        for (place, amount) in amounts(&told) {
            if let Some(percent) = percent_after(&told, place.end)
                && !self.is_part(amount, percent)
            {
                let what = format!("“{line}”: {amount} is not {percent}% of the price");
                return Err(self.breach(line, &what));
            }
            let is_part = percent_after(&told, place.end).is_some();
            if !is_part && !subject.figures.contains(&amount) && !self.is_affordable(amount) {
                let what = format!("“{line}”: nothing known comes to {amount}");
                return Err(self.breach(line, &what));
            }
        }
        Ok(())
    }

    /// The breach, with the reply as it should be: rows with their right amount, and in `line`
    /// question marks where it is not known.
    fn breach(&self, line: &str, what: &str) -> Breach {
        let mut breach = Breach::of(Rule::Figure, &self.answer.state, what);
        for reply in &self.answer.replies {
            for (index, each) in reply.text.lines().enumerate() {
                let mark = if index == 0 { '<' } else { '|' };
                let right = match self.mended(each) {
                    None if each == line => each.replace('$', UNKNOWN),
                    right => right.unwrap_or_else(|| each.to_owned()),
                };
                breach = breach.expecting(format!("{mark} {right}").trim_end());
            }
        }
        breach
    }

    /// A row that is about one amount, with that one.
    fn mended(&self, line: &str) -> Option<String> {
        let right = self.row(line).ok().flatten()?.figures;
        let [right] = right.as_slice() else { return None };
        let mut mended = line.to_owned();
        for (place, _) in amounts(line).into_iter().rev() {
            mended.replace_range(place, &right.short());
        }
        Some(mended)
    }

    /// What a row of a list is about; none where the line is no row.
    fn row(&self, line: &str) -> Result<Option<Subject>, Breach> {
        let only = |figures| Some(Subject { figures, words: None });
        let number = first_number(line);
        // A month or a year has three amounts; a line with fewer is about the plan.
        let is_table_row = number.is_some() && amounts(line).len() == 3;
        match (self.list, number) {
            (Some("plan_months"), Some(month)) if is_table_row => {
                return Ok(self.credit()?.and_then(|credit| only(credit.month(month)?)));
            }
            (Some("plan_years"), Some(year)) if is_table_row => {
                return Ok(self.credit()?.and_then(|credit| only(credit.year(year)?)));
            }
            (Some("quote_terms"), _) => return Ok(self.quoted(line)?.and_then(only)),
            _ => {}
        }
        let Some(number) = leading_number(line).map(|number| number.to_string()) else {
            return Ok(None);
        };
        let shown = self.talk.screen.iter().find(|shown| shown.id == number);
        match shown.map(|shown| &shown.pick) {
            Some(Pick::Value { slot, value }) => self.picked(slot, value),
            Some(Pick::Option(_) | Pick::Rescue(_)) | None => Ok(None),
        }
    }

    /// What the value is about that a number on the screen stands for.
    fn picked(&self, slot: &str, value: &Value) -> Result<Option<Subject>, Breach> {
        if let Some(car) = deal::car(self.dealer, value).filter(|_| slot == "car") {
            return Ok(Some(row_of(car)));
        }
        if let (Some(deal), Some(months)) =
            (deal::deal(self.answer.session.value()), value.as_u64())
            && let Some(credit) = self.credit_of(deal, months)?
        {
            return Ok(Some(Subject { figures: credit.figures(deal.down_payment), words: None }));
        }
        let mut figures = Vec::new();
        gather(value, &mut figures);
        Ok(Some(Subject { figures, words: None }))
    }

    /// The figures of the term that a row of a quote is about.
    fn quoted(&self, line: &str) -> Result<Option<Vec<Money>>, Breach> {
        let request = self.talk.slots.get("quote_request");
        let amount = |name: &str| request.and_then(|request| deal::amount(&request[name]));
        let (Some(price), Some(down_payment)) = (amount("price"), amount("down_payment")) else {
            return Ok(None);
        };
        let offered = self.dealer.policy().terms().iter().map(|term| term.get());
        let Some(term) = leading_number(line)
            .filter(|number| offered.clone().any(|term| usize::from(term) == *number))
        else {
            return Ok(None);
        };
        let credit = self.credit_of(Deal { price, down_payment }, term as u64)?;
        Ok(credit.map(|credit| credit.figures(down_payment)))
    }

    /// The credit of the session's plan.
    fn credit(&self) -> Result<Option<Credit>, Breach> {
        let session = self.answer.session.value();
        match (deal::deal(session), session["months"].as_u64()) {
            (Some(deal), Some(months)) => self.credit_of(deal, months),
            _ => Ok(None),
        }
    }

    fn credit_of(&self, deal: Deal, months: u64) -> Result<Option<Credit>, Breach> {
        let Ok(months) = u16::try_from(months) else { return Ok(None) };
        let credit = deal.credit(self.dealer.policy(), months);
        credit.map_err(|what| Breach::of(Rule::Session, &self.answer.state, &what))
    }

    /// Every amount that is known: the car's, the credit's, the quote's, and what was said.
    fn known(&self) -> Result<Vec<Money>, Breach> {
        let mut known = Vec::new();
        for price in self.prices() {
            let (least, most) = self.dealer.policy().limits(price);
            known.extend([price, least, most]);
        }
        if let Some(deal) = deal::deal(self.answer.session.value()) {
            known.push(deal.down_payment);
            let credit = self.credit()?;
            known.extend(credit.iter().flat_map(|credit| credit.figures(deal.down_payment)));
        }
        let engine::Talk { slots, pending, previous, refusal, .. } = &self.talk;
        // A car and a plan are held against the catalogue and the policy instead.
        let said = slots.iter().filter(|(name, _)| !matches!(name.as_str(), "car" | "plan"));
        let said = said.chain(pending).chain(previous.iter().filter(|(name, _)| *name != "plan"));
        for (_, value) in said {
            gather(value, &mut known);
        }
        gather(refusal, &mut known);
        Ok(known)
    }

    /// Whether `price` is, to some pesos, the highest that the monthly payment buys which is wished
    /// or was, before another make took its place.
    fn is_affordable(&self, price: Money) -> bool {
        let mut wishes =
            ["search", "lost"].into_iter().filter_map(|slot| self.talk.slots.get(slot));
        wishes.any(|wish| self.is_affordable_by(wish, price))
    }

    fn is_affordable_by(&self, wish: &Value, price: Money) -> bool {
        let Some(monthly) = deal::amount(&wish["monthly_payment"]) else { return false };
        let policy = self.dealer.policy();
        let said = &wish["down_payment"];
        let percent = said["percent"].as_str().and_then(|percent| percent.parse().ok());
        let percent = percent.unwrap_or(policy.min_down_percent().get());
        let longest = policy.terms().last().map(|term| term.get());
        let months = wish["months"].as_u64().and_then(|months| months.try_into().ok()).or(longest);
        let at_once = deal::amount(&said["amount"]);
        let payment = |price: Money| {
            let (_, most) = policy.limits(price);
            let part = deal::part(policy, price, percent)?;
            let down_payment = at_once.map_or(part, |amount| amount.min(most));
            let credit = Deal { price, down_payment }.credit(policy, months?).ok()??;
            Some(credit.plan.monthly_payment())
        };
        // An amount at once can be too little for a price that the months would buy.
        let is_short = |price: Money| at_once.is_some_and(|amount| amount < policy.limits(price).0);
        let more = price + Money::from_pesos(100);
        payment(price).is_some_and(|payment| !is_short(price) && payment <= monthly)
            && (is_short(more) || payment(more).is_some_and(|payment| payment > monthly))
    }

    /// Whether `amount` is `percent` of a known price; a percentage is told with two places.
    fn is_part(&self, amount: Money, percent: rust_decimal::Decimal) -> bool {
        self.prices().into_iter().any(|price| {
            let part = deal::part(self.dealer.policy(), price, percent);
            let rounded = price.scaled(1, 20_000) + Money::from_cents(1);
            part.is_some_and(|part| part - rounded <= amount && amount <= part + rounded)
        })
    }

    /// The prices that a down payment can be part of.
    fn prices(&self) -> Vec<Money> {
        let quoted = self.talk.slots.get("quote_price").map(|price| &price["amount"]);
        let asked = self.talk.slots.get("quote_request").map(|request| &request["price"]);
        let car = deal::car(self.dealer, &self.answer.session.value()["car"]).map(Car::price);
        let others = [quoted, asked].into_iter().flatten().filter_map(deal::amount);
        car.into_iter().chain(others).collect()
    }
}

/// What a row with this car says.
fn row_of(car: Car<'_>) -> Subject {
    let km = Money::from_pesos(car.km().into()).short();
    Subject { figures: vec![car.price()], words: Some(format!("{} km", &km[1..])) }
}

/// Every amount in a stored value.
fn gather(value: &Value, found: &mut Vec<Money>) {
    match value {
        Value::String(_) => found.extend(deal::amount(value)),
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| gather(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
