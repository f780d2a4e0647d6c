//! A quote for a car that is not ours, in one message.

use rust_decimal::Decimal;

use super::Dealer;
use super::answer::can_be_meant;
use super::cue::Cue;
use super::lexicon::Meaning;
use super::message::{Message, Purpose};
use super::value::{QuoteRequest, SaidAmount, read};
use crate::credit::{Percent, Policy};
use crate::engine::vocabulary::Scene;
use crate::spanish::Value;

impl Dealer {
    /// The quote on the screen with another down payment or term: `¿y si doy 80 mil?`, `¿y a 6
    /// años?`. Only while nothing else is asked and no car is chosen.
    pub(super) fn quoted_again(&self, message: &Message, scene: Scene<'_>) -> Option<QuoteRequest> {
        let shown: QuoteRequest = scene.slots.get("quote_request").and_then(read)?;
        let elsewhere = scene.asked.is_some() || scene.slots.contains_key("car");
        if elsewhere || message.quote.is_some() || message.describes_cars() {
            return None;
        }
        let policy = self.policy();
        let down_payment = message.amounts().find_map(|(said, tokens)| match said {
            _ if message.is_for(Purpose::MonthlyPayment, tokens) => None,
            _ if !can_be_meant(message, Purpose::DownPayment, tokens) => None,
            SaidAmount::Amount { amount } => Some(amount),
            SaidAmount::Percent { percent } => {
                Some(policy.down_payment_of(shown.price, Percent::new(percent).ok()?))
            }
            _ => None,
        });
        let months = message.offered_terms(policy);
        let other_terms = months.is_empty() && message.terms().next().is_some();
        if down_payment.is_none() && months.is_empty() && !other_terms {
            return None;
        }
        let down_payment = down_payment.unwrap_or(shown.down_payment);
        Some(QuoteRequest { down_payment, months, other_terms, ..shown })
    }
}

impl Message {
    /// A price with a down payment, for a car that is not ours: `cuesta 280000 y tengo 60000 de
    /// enganche`.
    pub(super) fn read_quote(&mut self, policy: &Policy) {
        // Who asks for a quote and names no car of ours quotes the price that stands there.
        let names_a_car = !self.names.is_empty()
            || self
                .said
                .iter()
                .any(|said| matches!(said.meaning, Meaning::Body(_) | Meaning::BodyGroup(_)));
        if names_a_car && self.has(Cue::Fresh) && !self.has(Cue::Quote) {
            return;
        }
        let any_price = self.has(Cue::Quote) && !names_a_car;
        let price = self.amounts().find_map(|(said, tokens)| match said {
            SaidAmount::Amount { amount } => {
                let other = self.is_for(Purpose::DownPayment, tokens)
                    || self.is_for(Purpose::MonthlyPayment, tokens);
                let told = self.is_for(Purpose::QuotedPrice, tokens) || any_price && !other;
                (told && !self.is_limit(tokens)).then(|| (amount, tokens.clone()))
            }
            _ => None,
        });
        let Some((price, price_tokens)) = price else { return };
        let down_payment = self.amounts().find_map(|(said, tokens)| match said {
            _ if *tokens == price_tokens => None,
            SaidAmount::Amount { amount } if self.is_for(Purpose::DownPayment, tokens) => {
                Some(amount)
            }
            SaidAmount::Percent { percent } => {
                Some(policy.down_payment_of(price, Percent::new(percent).ok()?))
            }
            _ => None,
        });
        let mut months: Vec<u16> =
            self.terms().filter_map(|(months, _)| u16::try_from(months).ok()).collect();
        for months_told in self.bare_terms(policy) {
            if !months.contains(&months_told) {
                months.push(months_told);
            }
        }
        match down_payment {
            Some(down_payment) => {
                self.quote = Some(QuoteRequest { price, down_payment, months, other_terms: false });
            }
            None if self.has(Cue::Quote) => {
                self.quote_price = Some(SaidAmount::Amount { amount: price });
            }
            None => {}
        }
    }

    /// The terms on offer that are told by their number alone: `a 36 y a 48`.
    pub(super) fn bare_terms(&self, policy: &Policy) -> Vec<u16> {
        let numbers = self.found.iter().filter_map(|found| match found.value {
            Value::Number(number) if found.tokens.start > 0 => {
                let start = found.tokens.start;
                let joined = self.lies_in(Cue::TermJoining, start - 1);
                // `20% 36`.
                let beside = self.found.iter().any(|other| {
                    other.tokens.end == start && matches!(other.value, Value::Percent(_))
                });
                (joined || beside).then_some(number)
            }
            _ => None,
        });
        let offered = |number: &Decimal| {
            policy.terms().iter().any(|term| Decimal::from(term.get()) == *number)
        };
        numbers.filter(offered).filter_map(|number| u16::try_from(number).ok()).collect()
    }
}
