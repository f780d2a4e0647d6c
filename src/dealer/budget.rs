//! What a customer can pay each month and at once, and the price that it buys.

use std::ops::Range;

use rust_decimal::Decimal;

use super::answer::{announced_number, bare_amounts, plausible};
use super::cue::Cue;
use super::lexicon::Said;
use super::limits::LIMITS;
use super::message::{Message, Purpose, pesos_of};
use super::value::{SaidAmount, read};
use super::wish::Wish;
use crate::credit::{Percent, Policy};
use crate::engine::vocabulary::Scene;
use crate::money::Money;
use crate::spanish::{Currency, Found, Value};

/// Tokens from the word that points back at a figure to the one that says what it is for, at most.
const REACH: usize = 3;

/// The highest price that `monthly` buys over `months`, or else the policy's longest term, with
/// `down_payment` at once, or else the least that the policy asks for.
pub(super) fn affordable(
    monthly: Money,
    down_payment: Option<&SaidAmount>,
    months: Option<u16>,
    policy: &Policy,
) -> Money {
    let told = policy.terms().iter().find(|term| Some(term.get()) == months);
    let Some(term) = told.or(policy.terms().last()) else { return Money::ZERO };
    let (min, max) = (policy.min_down_percent(), policy.max_down_percent());
    match down_payment {
        Some(SaidAmount::Amount { amount }) => policy.affordable_price(monthly, *amount, *term),
        Some(SaidAmount::Percent { percent }) => {
            let percent = Percent::new(*percent).unwrap_or(min).clamp(min, max);
            policy.affordable_price_at(monthly, percent, *term)
        }
        _ => policy.affordable_price_at(monthly, min, *term),
    }
}

/// A down payment of a search: a percentage as near to the one that was said as the policy takes it,
/// so that what is told is what is computed with.
pub(super) fn payable(said: SaidAmount, policy: &Policy) -> SaidAmount {
    let (min, max) = (policy.min_down_percent().get(), policy.max_down_percent().get());
    match said {
        SaidAmount::Percent { percent } => SaidAmount::Percent { percent: percent.clamp(min, max) },
        other => other,
    }
}

/// What a customer pays at once beside what they can pay each month, told in this message or in the
/// search before it.
pub(super) fn paid_beside(
    message: &Message,
    scene: Scene<'_>,
    policy: &Policy,
) -> Option<SaidAmount> {
    let before = || searched(scene)?.monthly_payment;
    let monthly = message.monthly_payment().or_else(before)?;
    message.down_payment_beside(monthly, policy)
}

/// What is looked for, where no car is chosen yet.
pub(super) fn searched(scene: Scene<'_>) -> Option<Wish> {
    let is_open = !scene.slots.contains_key("car");
    scene.slots.get("search").filter(|_| is_open).and_then(read)
}

impl Message {
    /// An amount that is paid each month: `que me quede en 6 mil al mes`, `4500 al mes`.
    pub(super) fn monthly_payment(&self) -> Option<Money> {
        let amounts = self.found.iter().filter_map(|found| match &found.value {
            Value::Money(amount) if amount.currency == Currency::Mxn => {
                Some((amount.money, &found.tokens))
            }
            Value::Number(number) => Some((pesos_of(*number)?, &found.tokens)),
            _ => None,
        });
        let mut monthly = amounts.filter_map(|(amount, tokens)| {
            let paid = self.paid_each_month(amount, tokens);
            paid.filter(|paid| *paid >= LIMITS.least_monthly_payment)
        });
        monthly.next()
    }

    /// The only amount of the message, where it is too small for a price and not told to be paid at
    /// once: after a search by the month it is another monthly payment.
    pub(super) fn small_amount(&self) -> Option<Money> {
        let mut amounts = self.found.iter().filter_map(|found| match &found.value {
            Value::Money(amount) if amount.currency == Currency::Mxn => {
                Some((amount.money, &found.tokens))
            }
            _ => None,
        });
        let (amount, tokens) = amounts.next().filter(|_| amounts.next().is_none())?;
        if self.is_for(Purpose::DownPayment, tokens) || self.is_in_hand(tokens) {
            return None;
        }
        (LIMITS.least_monthly_payment..LIMITS.least_price).contains(&amount).then_some(amount)
    }

    /// Whether the amount in `tokens` is paid each month: one that is told so, and that somebody
    /// can pay each month.
    pub(super) fn is_monthly(&self, tokens: &Range<usize>) -> bool {
        let beyond = |found: &Found| match &found.value {
            Value::Money(amount) => amount.money > LIMITS.most_monthly_payment,
            _ => false,
        };
        self.is_for(Purpose::MonthlyPayment, tokens)
            && !self.found_from(tokens.start, tokens.start + 1).iter().any(beyond)
    }

    /// Whether the figure in `tokens`, or the limit that it is, follows the word for what is paid
    /// each month, and no other figure has that: `el mensual no más de 3500`.
    pub(super) fn follows_the_month(&self, tokens: &Range<usize>) -> bool {
        if !self.has(Cue::MonthlyWord) {
            return false;
        }
        let mut ranges = self.found.iter().filter(|found| matches!(found.value, Value::Range(_)));
        let holds = |range: &Range<usize>| range.start <= tokens.start && tokens.end <= range.end;
        let limit = ranges.find(|found| holds(&found.tokens));
        let start = limit.map_or(tokens.start, |limit| limit.tokens.start);
        // `6 mil de mensualidad 50 mil` has its own.
        let is_taken = |said: &Said| {
            let before = said.tokens.start.saturating_sub(1)..=said.tokens.start;
            self.found.iter().any(|found| {
                let is_figure = matches!(found.value, Value::Number(_));
                is_figure
                    && before.contains(&found.tokens.end)
                    && !self.is_year_of_a_car(&found.tokens)
            })
        };
        self.ends_at(Cue::MonthlyWord, start)
            && !self.told_after(Cue::DownPaymentAfter, tokens)
            && !self.of(Cue::MonthlyWord).any(|said| said.tokens.end == start && is_taken(said))
    }

    /// The one bare figure that words after it say is paid at once: `mi carro vale 120, eso de
    /// enganche`.
    pub(super) fn paid_by_that(&self) -> Option<Decimal> {
        let tells = |at| {
            self.lies_in(Cue::DownPaymentBefore, at) || self.lies_in(Cue::DownPaymentAfter, at)
        };
        let mut pointed = self.of(Cue::Neuter).map(|said| said.tokens.end);
        let that = pointed.find(|end| (*end..*end + REACH).any(tells))?;
        let mut figures = self.found.iter().filter_map(|found| match found.value {
            Value::Number(number) => {
                let other = self.is_counted(&found.tokens)
                    || self.is_money(&found.tokens)
                    || found.is_article(&self.text);
                (found.tokens.end < that && !other).then_some(number)
            }
            _ => None,
        });
        figures.next().filter(|_| figures.next().is_none())
    }

    /// An amount as it is paid each month: twice where it is paid each fortnight, four times where
    /// each week.
    fn paid_each_month(&self, amount: Money, tokens: &Range<usize>) -> Option<Money> {
        if self.told_after(Cue::FortnightlyAfter, tokens) {
            return Some(amount.scaled(2, 1));
        }
        if self.told_after(Cue::WeeklyAfter, tokens) {
            return Some(amount.scaled(4, 1));
        }
        self.is_monthly(tokens).then_some(amount)
    }

    /// What is paid at once beside `monthly`. Of the readings of a bare figure that are enough for
    /// what `monthly` buys, the one that buys less: nobody is shown cars that are out of reach.
    pub(super) fn down_payment_beside(
        &self,
        monthly: Money,
        policy: &Policy,
    ) -> Option<SaidAmount> {
        let told = self.amounts().find(|(said, tokens)| {
            let percent = matches!(said, SaidAmount::Percent { .. });
            let told = self.is_for(Purpose::DownPayment, tokens) || self.is_in_hand(tokens);
            percent || told && !self.is_counted(tokens)
        });
        let readings = match told {
            Some((SaidAmount::Foreign { .. }, _)) => return None,
            Some((said, _)) => plausible(&said),
            None => bare_amounts(announced_number(self, Purpose::DownPayment)?, true),
        };
        let least = affordable(monthly, None, None, policy);
        let buys = |said: &SaidAmount| affordable(monthly, Some(said), None, policy);
        let enough = readings.iter().filter(|said| buys(said) >= least);
        enough.min_by_key(|said| buys(said)).or(readings.first()).cloned()
    }
}
