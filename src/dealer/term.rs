//! Reading terms: in months or years, told, or meant by a bare figure.

use std::ops::RangeInclusive;

use rust_decimal::Decimal;
use serde_json::Value;

use super::Dealer;
use super::answer::{
    announced_number, asks_for_payment, bare_amounts, corrects_unclear, is_of_a_quote, number_about,
};
use super::cue::Cue;
use super::message::{Message, Purpose};
use super::raise::figure_of;
use super::value::{KnownAmount, SaidAmount, read};
use crate::engine::vocabulary::{Attention, Scene};
use crate::spanish::Value as Said;
use crate::text::TokenKind;

/// Bare numbers up to this are years where a term was asked for; longer ones are months.
const MOST_YEARS: u32 = 10;

/// Bare terms lie between these many months: nothing shorter is said without its unit, and nobody
/// lends for longer.
const BARE_MONTHS: RangeInclusive<u32> = 11..=120;

/// Months of a year. With a plan on the screen a bare figure that is no term on offer is one where it is
/// whole years.
const YEAR: u32 = 12;

impl Dealer {
    /// The terms, in months, that `message` may mean.
    pub(super) fn read_months(
        &self,
        attention: Attention,
        message: &Message,
        scene: Scene<'_>,
    ) -> Vec<Value> {
        // A quote of a car that is not ours shows every term.
        let quotes = scene.asked.is_some_and(is_of_a_quote);
        if message.quote.is_some() || quotes {
            return Vec::new();
        }
        let terms = self.policy.terms();
        let asked = attention == Attention::Asked;
        let priced = message.amounts().next().is_some()
            || announced_number(message, Purpose::DownPayment).is_some();
        let settled = scene.slots.contains_key("down_payment");
        let extreme =
            asked && !message.is_question || (settled || priced) && message.has(Cue::TermLength);
        let figured = message.terms().next().is_some()
            || message.found.iter().any(|found| matches!(found.value, Said::Number(_)) && !priced);
        // `doy el mínimo de enganche` is no term.
        let told = |cue: Cue| {
            message.of(cue).any(|said| !message.told_after(Cue::DownPaymentAfter, &said.tokens))
        };
        let extreme = extreme && !figured;
        if extreme && told(Cue::Longest) {
            return terms.last().map(|months| Value::from(months.get())).into_iter().collect();
        }
        if extreme && told(Cue::Shortest) {
            return terms.first().map(|months| Value::from(months.get())).into_iter().collect();
        }
        // Where nobody asked, `mi hijo de 8 años` is no term: it is on offer, and told as one.
        let said = message.terms().find(|(months, tokens)| {
            let beside = priced && !message.only_asks() && !message.of_something(tokens);
            let supposed = scene.slots.contains_key("car") && message.has(Cue::Supposing);
            let told = message.ends_at(Cue::Term, tokens.start)
                || message.ends_at(Cue::MovingTo, tokens.start)
                || (beside || supposed) && self.offers(*months)
                // `30% y 2 años` is a term, if not one of ours.
                || beside && message.is_all_values();
            let meant = asked && !message.is_told_about(tokens)
                || message.is_all(tokens)
                || told
                || message.corrects_to(tokens);
            meant && !message.is_limit(tokens)
        });
        if let Some((months, _)) = said {
            return vec![Value::from(months)];
        }
        let alone = || {
            let number = message.bare_number().or_else(|| number_about(message));
            let number = number.or_else(|| message.first_number());
            let number = number.or_else(|| message.last_number());
            let number = number.or_else(|| message.months_in_short(asked));
            number.or_else(|| message.moved_to().map(figure_of))
        };
        // With the plan on the screen a bare 48 can be nothing else.
        let settled = scene.asked.is_none() && scene.slots.contains_key("plan");
        let beside = self.is_a_term_beside(message, scene) || self.proposes_a_term(message, scene);
        let number = if (asked || settled || beside) && !priced { alone() } else { None };
        let number = number
            .or_else(|| announced_term(message, (asked, settled), |number| self.is_term(number)));
        let beside = || message.bare_terms(&self.policy).first().copied().map(Decimal::from);
        let number = number.or_else(|| beside().filter(|_| priced));
        let another = message.has(Cue::Retraction) && scene.slots.contains_key("down_payment");
        let number = number.filter(|number| !another || self.is_term(*number));
        let Some(number) = number.and_then(|number| u32::try_from(number).ok()) else {
            return Vec::new();
        };
        let months = match number {
            1..=MOST_YEARS => number * YEAR,
            _ => number,
        };
        let whole_years = settled && number % YEAR == 0;
        let is_bare = asked || whole_years && message.bare_number() == Some(number.into());
        let understood = self.offers(months) || is_bare && BARE_MONTHS.contains(&months);
        understood.then(|| Value::from(months)).into_iter().collect()
    }

    /// Whether a bare figure is a term on offer while the screen asks which of two amounts was meant:
    /// whoever passes over that goes on. An amount's own figure is that amount once more.
    pub(super) fn is_a_term_beside(&self, message: &Message, scene: Scene<'_>) -> bool {
        let Some(unclear) = scene.unclear.filter(|unclear| !is_of_a_quote(unclear.slot)) else {
            return false;
        };
        if corrects_unclear(message, scene) {
            return false;
        }
        let figure = message.bare_number().or_else(|| message.moved_to().map(figure_of));
        figure.is_some_and(|figure| {
            let offered = u32::try_from(figure).is_ok_and(|months| self.offers(months));
            let own = |known: KnownAmount| {
                bare_amounts(figure, true).iter().any(|said| match said {
                    SaidAmount::Percent { percent } => {
                        known.as_percent && known.percent == Some(*percent)
                    }
                    SaidAmount::Amount { amount } => !known.as_percent && known.amount == *amount,
                    SaidAmount::Known(_) | SaidAmount::Foreign { .. } => false,
                })
            };
            offered && !unclear.readings.iter().filter_map(read).any(own)
        })
    }

    /// Whether a bare figure is a term on offer, in months, where it is asked how the car is paid.
    fn proposes_a_term(&self, message: &Message, scene: Scene<'_>) -> bool {
        let months = message.bare_number().and_then(|number| u32::try_from(number).ok());
        let offered = months.is_some_and(|months| self.offers(months));
        // `con 60` is what somebody has.
        let in_hand = message.number_in_hand(&self.policy).is_some();
        offered && asks_for_payment(scene) && !in_hand && !corrects_unclear(message, scene)
    }

    /// Whether a bare figure is a term on offer, in years or in months.
    pub(super) fn is_term(&self, number: Decimal) -> bool {
        let number = u32::try_from(number).ok();
        number.is_some_and(|number| {
            self.offers(number) || number <= MOST_YEARS && self.offers(number * YEAR)
        })
    }

    fn offers(&self, months: u32) -> bool {
        self.policy.terms().iter().any(|term| u32::from(term.get()) == months)
    }
}

/// A plain number right after `a`, at the end of its clause or on offer: `mejor a 60`. Where a term
/// was `asked` for, `el de 60` is one too; with a plan on the screen, where that is `settled`, at the
/// end of its clause.
fn announced_term(
    message: &Message,
    (asked, settled): (bool, bool),
    is_term: impl Fn(Decimal) -> bool,
) -> Option<Decimal> {
    let tokens = message.text.tokens();
    message.found.iter().find_map(|found| {
        let Said::Number(number) = found.value else { return None };
        let before = found.tokens.start.checked_sub(1)?;
        // It ends its clause: `a 48, oye…`.
        let rest = (found.tokens.end..tokens.len())
            .take_while(|index| tokens[*index].kind != TokenKind::Symbol);
        let last = rest.into_iter().all(|index| message.carries_nothing(index));
        let announces = message.lies_in(Cue::TermTo, before)
            || message.lies_in(Cue::TermOf, before) && (asked || settled && last);
        let offered = is_term(number) && !message.is_counted(&found.tokens);
        let other = message.is_money(&found.tokens) || message.is_limit(&found.tokens);
        (announces && (last || offered) && !other).then_some(number)
    })
}
