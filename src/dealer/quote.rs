//! A quote for a car that is not ours, in one message.

use rust_decimal::Decimal;

use super::cue::Cue;
use super::lexicon::Meaning;
use super::message::{Message, Purpose};
use super::value::{QuoteRequest, SaidAmount};
use crate::credit::{Percent, Policy};
use crate::spanish::Value;

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
        let any_price = self.has(Cue::Quote) && !names_a_car;
        let price = self.amounts().find_map(|(said, tokens)| match said {
            SaidAmount::Amount { amount } => {
                let other = self.is_for(Purpose::DownPayment, tokens)
                    || self.is_for(Purpose::MonthlyPayment, tokens);
                let told = self.is_for(Purpose::QuotedPrice, tokens) || any_price && !other;
                told.then(|| (amount, tokens.clone()))
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
        let tokens = self.text.tokens();
        let numbers = self.found.iter().filter_map(|found| match found.value {
            Value::Number(number) if found.tokens.start > 0 => {
                let before = tokens[found.tokens.start - 1].text.as_str();
                matches!(before, "a" | "y" | "o" | ",").then_some(number)
            }
            _ => None,
        });
        let offered = |number: &Decimal| {
            policy.terms().iter().any(|term| Decimal::from(term.get()) == *number)
        };
        numbers.filter(offered).filter_map(|number| u16::try_from(number).ok()).collect()
    }
}
