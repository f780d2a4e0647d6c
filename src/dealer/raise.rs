//! What is added to a down payment, or taken off it, and what it is moved to: `20 mil más`, `quítale
//! 10`, `súbele a 150`.

use std::ops::Range;

use rust_decimal::Decimal;

use super::Dealer;
use super::cue::Cue;
use super::message::{Message, Purpose, pesos_of};
use super::value::{KnownAmount, SaidAmount, read, write};
use crate::engine::flow::Slot;
use crate::engine::vocabulary::Scene;
use crate::money::Money;
use crate::spanish::{Currency, Value};
use crate::text::TokenKind;

/// Bare figures under this are thousands.
const THOUSANDS: Money = Money::from_pesos(1_000);

/// Bare figures under this are no difference: `uno menos` is a term, `dos más` are cars.
const LEAST: Money = Money::from_pesos(5);

impl Dealer {
    /// The down payment that `message` makes of the one in `slot`, where it tells the difference, or
    /// what it is moved to.
    pub(super) fn raised(
        &self,
        slot: &Slot,
        message: &Message,
        scene: Scene<'_>,
    ) -> Option<serde_json::Value> {
        let known: KnownAmount = scene.slots.get(&slot.name).and_then(read)?;
        // `ponle 60` may be a term.
        let moved = || message.moved_to().filter(|amount| !self.is_term(figure_of(*amount)));
        let amount = message.raised(known.amount).or_else(|| moved().map(in_thousands))?;
        Some(write(&SaidAmount::Amount { amount }))
    }
}

/// An amount as the figure that it was said by.
pub(super) fn figure_of(amount: Money) -> Decimal {
    Decimal::new(amount.cents(), 2)
}

/// A figure as somebody says it of a down payment.
fn in_thousands(figure: Money) -> Money {
    if figure < THOUSANDS { figure.scaled(1_000, 1) } else { figure }
}

impl Message {
    /// The down payment that the message makes of `known`, where it tells the difference alone.
    pub(super) fn raised(&self, known: Money) -> Option<Money> {
        let mut differences = self.differences();
        let (difference, is_more) = differences.next().filter(|_| differences.next().is_none())?;
        let (known, difference) = (known.cents(), in_thousands(difference).cents());
        let raised =
            if is_more { known.checked_add(difference) } else { known.checked_sub(difference) };
        raised.map(Money::from_cents).filter(|raised| *raised > Money::ZERO)
    }

    /// The figure that the down payment is moved to: `súbele a 150`.
    pub(super) fn moved_to(&self) -> Option<Money> {
        let mut amounts = self.plain_amounts();
        amounts.find_map(|(amount, tokens)| {
            let moves = self.ends_at(Cue::MovingTo, tokens.start);
            (moves && !self.closes(Cue::MoreAfter, &tokens)).then_some(amount)
        })
    }

    /// The amounts that are differences, and whether each is more.
    fn differences(&self) -> impl Iterator<Item = (Money, bool)> {
        let amounts = self.plain_amounts();
        amounts.filter_map(|(amount, tokens)| {
            // `quiero ver 5 más` is about cars.
            let is_paid = || {
                self.is_money(&tokens)
                    || self.is_for(Purpose::DownPayment, &tokens)
                    || self.ends_at(Cue::With, tokens.start)
                    || self.ends_at(Cue::MovingTo, tokens.start)
            };
            let told = |before, after| {
                self.ends_at(before, tokens.start) || self.closes(after, &tokens) && is_paid()
            };
            match () {
                () if told(Cue::RaisingBefore, Cue::MoreAfter) => Some((amount, true)),
                () if told(Cue::LoweringBefore, Cue::LessAfter) => Some((amount, false)),
                () => None,
            }
        })
    }

    /// Whether a cue of this list follows `tokens`, and nothing but the word for the down payment
    /// follows that: `20 mil más de enganche`, not `20 mil más barato` nor `20 mil más o menos`.
    fn closes(&self, cue: Cue, tokens: &Range<usize>) -> bool {
        let all = self.text.tokens();
        let mut after = tokens.end..all.len();
        let begins = after.next().is_some_and(|next| self.lies_in(cue, next));
        let rest = after.skip_while(|at| self.lies_in(cue, *at));
        begins
            && rest.take_while(|at| all[*at].kind != TokenKind::Symbol).all(|at| {
                self.carries_nothing(at)
                    || self.lies_in(Cue::DownPaymentAfter, at)
                    || self.lies_in(Cue::TermOf, at)
            })
    }

    /// The amounts and the bare figures of the message.
    fn plain_amounts(&self) -> impl Iterator<Item = (Money, Range<usize>)> {
        self.found.iter().filter_map(|found| {
            let amount = match &found.value {
                Value::Money(amount) if amount.currency == Currency::Mxn => Some(amount.money),
                Value::Number(figure)
                    if !self.is_money(&found.tokens) && !self.is_counted(&found.tokens) =>
                {
                    pesos_of(*figure).filter(|amount| *amount >= LEAST)
                }
                _ => None,
            };
            amount.map(|amount| (amount, found.tokens.clone()))
        })
    }
}
