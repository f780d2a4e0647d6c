//! Reading amounts of money: what is given at once, and what a car costs.

use std::ops::Range;

use rust_decimal::Decimal;
use serde_json::Value;

use super::Dealer;
use super::budget::paid_beside;
use super::cue::Cue;
use super::limits::LIMITS;
use super::message::{Message, Purpose, pesos_of};
use super::present;
use super::raise::figure_of;
use super::value::{SaidAmount, write};
use crate::engine::flow::Slot;
use crate::engine::vocabulary::{Attention, Scene, Slots};
use crate::money::Money;
use crate::spanish::{Ordinal, Unit, Value as Said};

impl Dealer {
    /// The amounts that `message` may mean for a slot of type `money`, likeliest first.
    pub(super) fn read_money(
        &self,
        slot: &Slot,
        attention: Attention,
        message: &Message,
        scene: Scene<'_>,
    ) -> Vec<Value> {
        let base = slot.params.get("percent_of").and_then(Value::as_str);
        let percent_counts = base.is_some();
        let purpose = match slot.params.get("announced_by").and_then(Value::as_str) {
            Some("price") => Purpose::QuotedPrice,
            _ => Purpose::DownPayment,
        };
        if let Some(raised) = self.raised(slot, message, scene) {
            return vec![raised];
        }
        if attention == Attention::Overheard {
            return self.overheard_money(slot, purpose, message, scene);
        }
        if message.quote.is_some() || self.is_a_term_beside(message, scene) {
            return Vec::new();
        }
        if percent_counts && (message.says_only(Cue::NoDown) || message.refuses_down_payment()) {
            return written(&[SaidAmount::Percent { percent: Decimal::ZERO }]);
        }
        if message.has(Cue::Discount) {
            return Vec::new();
        }
        let mut amounts = message.amounts();
        let said = amounts.by_ref().find(|(said, tokens)| {
            let monthly = message.is_for(Purpose::MonthlyPayment, tokens);
            let percent = matches!(said, SaidAmount::Percent { .. });
            // Other money is told to be other money, in a limit too.
            let foreign = matches!(said, SaidAmount::Foreign { .. });
            let meant = foreign || can_be_meant(message, purpose, tokens);
            !monthly && (percent_counts || !percent) && meant
        });
        if let Some((said, _)) = said {
            return written(&plausible(&said));
        }
        let number = message
            .bare_number()
            .or_else(|| number_about(message))
            .or_else(|| announced_number(message, purpose))
            .or_else(|| spent(message).filter(|_| purpose == Purpose::QuotedPrice))
            .or_else(|| message.first_number())
            .or_else(|| message.last_number())
            .or_else(|| message.moved_to().map(figure_of))
            .or_else(|| message.paid_by_that());
        // `el 20` is no row of a list: a figure.
        let nth = message.bare_pick().and_then(|pick| match pick {
            Ordinal::Nth(number) => Some(Decimal::from(number)),
            _ => None,
        });
        let rest = || message.figure_besides_terms(&self.policy);
        let limit = || message.limit_under_any_price().filter(|_| percent_counts);
        let Some(number) = number.or(nth).or_else(rest).or_else(limit) else {
            let ends = message.ends_of_range().filter(|_| percent_counts);
            let read = |amount| written(&plausible(&SaidAmount::Amount { amount }));
            let extreme = || self.extreme_down_payment(message, percent_counts);
            return ends.map_or_else(extreme, |ends| ends.into_iter().flat_map(read).collect());
        };
        written(&bare_amounts(number, percent_counts))
    }

    /// The least or the most that the policy takes, where no figure is told.
    fn extreme_down_payment(&self, message: &Message, percent_counts: bool) -> Vec<Value> {
        let (min, max) = (self.policy.min_down_percent(), self.policy.max_down_percent());
        let percent = match () {
            () if !percent_counts || message.is_question => return Vec::new(),
            () if message.has(Cue::MinimumDown) => min,
            () if message.has(Cue::MaximumDown) => max,
            () => return Vec::new(),
        };
        vec![write(&SaidAmount::Percent { percent: percent.get() })]
    }

    /// A bare figure where it is asked how the car is paid: `20`, `el 20`. One that may be a row of the
    /// list, or is a term, is none.
    fn proposed_at_once(&self, message: &Message, scene: Scene<'_>) -> Option<Decimal> {
        let number = message.bare_number().or_else(|| number_with_article(message));
        let dated = || message.found.iter().any(|found| matches!(found.value, Said::Year(_)));
        let number = number.filter(|_| asks_for_payment(scene) && !dated())?;
        let rows = present::listed(scene).map_or(0, |listing| listing.values.len());
        let enough = number >= self.policy.min_down_percent().get();
        let is_term = self.is_term(number) && !corrects_unclear(message, scene);
        (enough && number > Decimal::from(rows) && !is_term).then_some(number)
    }

    fn overheard_money(
        &self,
        slot: &Slot,
        purpose: Purpose,
        message: &Message,
        scene: Scene<'_>,
    ) -> Vec<Value> {
        let slots = scene.slots;
        let base = slot.params.get("percent_of").and_then(Value::as_str);
        let percent_counts = base.is_some();
        let base_known = base.is_some_and(|base| slots.contains_key(base));
        if message.quote.is_some() || message.has(Cue::Discount) {
            return Vec::new();
        }
        if purpose == Purpose::QuotedPrice {
            return message.quote_price.iter().map(write).collect();
        }
        // Before a car is chosen a bare figure means what its search took it for.
        if percent_counts && !base_known {
            let said = paid_beside(message, scene, &self.policy);
            if said.is_some() || message.monthly_payment().is_some() {
                return said.iter().map(write).collect();
            }
        }
        let announced = message.amounts().find(|(said, tokens)| {
            if matches!(said, SaidAmount::Percent { .. }) {
                let quotes = message.comes_with_a_term(tokens, &self.policy);
                return percent_counts && (quotes || !message.only_asks());
            }
            let meant = message.is_for(purpose, tokens)
                || base_known && can_be_paid_at_once(message, tokens)
                || corrects_pending(slot, message, scene)
                || message.comes_with_a_term(tokens, &self.policy)
                || message.is_in_hand(tokens)
                || self.buys_none(message, scene, tokens);
            let monthly = message.is_for(Purpose::MonthlyPayment, tokens);
            meant && !monthly && can_be_meant(message, purpose, tokens)
        });
        if let Some((said, _)) = announced {
            return written(&plausible(&said));
        }
        // Whoever pays in cash gives none, and is owed no word about it.
        let cash = |values: &Slots| values.get("payment").is_some_and(|paid| paid == "cash");
        let on_credit = !cash(slots) && !cash(scene.pending);
        if percent_counts && on_credit && message.refuses_down_payment() {
            return written(&[SaidAmount::Percent { percent: Decimal::ZERO }]);
        }
        // Where a term was asked for, it is the least or the most of that.
        let of_term = scene.asked == Some("months");
        if base_known && !of_term && gives_an_extreme(message, scene) {
            return self.extreme_down_payment(message, percent_counts);
        }
        // A question about the minimum never changes what was agreed.
        let open = !message.only_asks();
        if message.has(Cue::DownPaymentBefore) && message.has(Cue::MinimumDown) && open {
            let percent = self.policy.min_down_percent().get();
            return written(&[SaidAmount::Percent { percent }]);
        }
        // `ay no, 95` after the down payment was taken, where 95 is no term.
        let corrected = message.bare_number().or_else(|| message.last_number());
        let corrected = corrected.filter(|number| {
            let known = slots.contains_key(&slot.name) && message.has(Cue::Retraction);
            known && percent_counts && !self.is_term(*number)
        });
        // With a down payment agreed, `ponle 60` may be a term.
        let agreed = slots.contains_key(&slot.name);
        let moved = || {
            let figure = message.moved_to().filter(|_| base_known).map(figure_of)?;
            (!agreed || !self.is_term(figure)).then_some(figure)
        };
        let in_hand = || {
            let (number, tokens) = message.number_in_hand(&self.policy)?;
            (base_known || self.buys_none(message, scene, tokens)).then_some(number)
        };
        let told_back = || message.paid_by_that();
        let proposed = || self.proposed_at_once(message, scene).filter(|_| base_known && !agreed);
        let had = || in_hand().or_else(moved).or_else(told_back).or_else(proposed);
        let had = || had().filter(|_| percent_counts);
        let number = announced_number(message, purpose).or(corrected).or_else(had);
        let percent_counts = percent_counts && !message.speaks_in_thousands();
        let readings = number.map(|number| bare_amounts(number, percent_counts));
        written(&readings.unwrap_or_default())
    }
}

/// Whether a message is the least or the most to pay at once, where nobody asked for that.
fn gives_an_extreme(message: &Message, scene: Scene<'_>) -> bool {
    message.comes_with_an_extreme() || asks_for_payment(scene) && message.is_an_extreme()
}

/// Whether it is asked how the chosen car is paid.
pub(super) fn asks_for_payment(scene: Scene<'_>) -> bool {
    scene.asked == Some("payment") && scene.slots.contains_key("car")
}

/// Whether a slot is about a car that is not ours.
pub(super) fn is_of_a_quote(slot: &str) -> bool {
    slot.starts_with("quote_")
}

/// An amount as it was said; one that is too small for a car may be thousands: `50 varos`.
pub(super) fn plausible(said: &SaidAmount) -> Vec<SaidAmount> {
    match said {
        SaidAmount::Amount { amount }
            if Money::ZERO < *amount && *amount < LIMITS.least_down_payment =>
        {
            let thousands = SaidAmount::Amount { amount: amount.scaled(1_000, 1) };
            vec![thousands, said.clone()]
        }
        _ => vec![said.clone()],
    }
}

/// A bare figure as a percentage, as thousands, as pesos: which of them fit is the policy's to say.
pub(super) fn bare_amounts(number: Decimal, percent_counts: bool) -> Vec<SaidAmount> {
    let mut readings = Vec::new();
    if percent_counts && (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&number) {
        readings.push(SaidAmount::Percent { percent: number });
    }
    let small = (Decimal::ZERO..Decimal::ONE_THOUSAND).contains(&number);
    let thousands = small.then(|| number * Decimal::from(1_000));
    for figure in thousands.into_iter().chain([number]) {
        readings.extend(pesos_of(figure).map(|amount| SaidAmount::Amount { amount }));
    }
    readings
}

/// Whether an amount can be what it is asked for: a limit is one only where it is announced, `doy
/// hasta 60 mil`, and what is announced as a down payment is no price.
pub(super) fn can_be_meant(message: &Message, purpose: Purpose, tokens: &Range<usize>) -> bool {
    let paid_at_once = message.is_for(Purpose::DownPayment, tokens);
    if purpose == Purpose::QuotedPrice {
        let told = message.is_for(Purpose::QuotedPrice, tokens);
        (told || !paid_at_once) && !message.is_limit(tokens)
    } else {
        let told = paid_at_once || !message.is_limit(tokens);
        told && !message.was_seen_elsewhere(tokens)
    }
}

/// Whether nothing but values is said, to correct what waits for a car.
pub(super) fn corrects_pending(slot: &Slot, message: &Message, scene: Scene<'_>) -> bool {
    let waits = scene.pending.contains_key(&slot.name);
    waits && message.has(Cue::Retraction) && message.is_all_values()
}

/// Whether the amount is taken back of which it is asked what was meant: `no, mejor 60`.
pub(super) fn corrects_unclear(message: &Message, scene: Scene<'_>) -> bool {
    scene.unclear.is_some() && message.has(Cue::Retraction)
}

/// Whether an amount can be nothing else with a price known: the whole message, or said of no other
/// car, and not asked about.
fn can_be_paid_at_once(message: &Message, tokens: &Range<usize>) -> bool {
    let asked = message.only_asks() && !message.is_spent(tokens);
    message.is_all_values()
        || message.corrects_to(tokens)
        || !asked && !message.describes_cars() && !message.has(Cue::Search)
}

fn written(readings: &[SaidAmount]) -> Vec<Value> {
    readings.iter().map(write).collect()
}

/// A plain number right beside a cue: `enganche 60`.
pub(super) fn announced_number(message: &Message, purpose: Purpose) -> Option<Decimal> {
    message.found.iter().find_map(|found| match found.value {
        Said::Number(number)
            if !found.is_article(&message.text)
                && !message.is_counted(&found.tokens)
                && message.is_for(purpose, &found.tokens) =>
        {
            Some(number)
        }
        _ => None,
    })
}

/// The number that is the whole message after its article: `el 20`, `y con el 30`.
fn number_with_article(message: &Message) -> Option<Decimal> {
    message.found.iter().find_map(|found| {
        let Said::Number(number) = found.value else { return None };
        let article = found.tokens.start.checked_sub(1)?;
        let begins = article - usize::from(message.ends_at(Cue::InHand, article));
        let is_whole = message.text.tokens()[article].text == "el"
            && message.is_all(&(begins..found.tokens.end));
        (is_whole && message.is_plain(&found.tokens)).then_some(number)
    })
}

/// The number about which the whole message lies: `como 50`.
pub(super) fn number_about(message: &Message) -> Option<Decimal> {
    let about = message.found.iter().find(|found| {
        let Said::Range(bounds) = &found.value else { return false };
        bounds.min.is_some()
            && bounds.max.is_some()
            && bounds.unit == Unit::Plain
            && message.is_all(&found.tokens)
            && message.numbers_within(&found.tokens) == 1
    })?;
    message.found_from(about.tokens.start, about.tokens.end).iter().find_map(|found| {
        match found.value {
            Said::Number(number) => Some(number),
            _ => None,
        }
    })
}

/// The bare figure of thousands that a car costs: `no sé cuál, uno de 200`.
fn spent(message: &Message) -> Option<Decimal> {
    message.thousands(|tokens| message.is_spent(tokens) && !message.is_limit(tokens))
}
