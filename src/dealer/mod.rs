//! The car-selling vocabulary that the engine speaks: recognisers, lists and actions over the
//! catalogue and the credit policy.
//!
//! - `offers`: everything by name, for the checker.
//! - `limits`: what is proposed and what is taken for sensible.
//! - `words`, `cue`, `lexicon`: the word lists.
//! - `names`, `directory`, `support`: the makes and models that customers write.
//! - `message`, `figures`, `negation`, `quote`, `question`: what is understood of one message,
//!   whatever the step.
//! - `looking`, `bounds`, `budget`, `reach`, `answer`, `raise`, `choice`, `pick`: reading a search,
//!   its figures, what can be paid, what buys no car, an answer, what changes one, a choice, a pick
//!   out of it.
//! - `entity`, `plate`: telling what was understood, for `understand`.
//! - `admit`: checking what was read.
//! - `listing`, `nearest`, `advice`, `action`: the lists of menus and the actions of steps.
//! - `present`: what texts and the chat API see.
//! - `value`, `wish`: the values of slots.
//! - `said`: what customers may say, to look for conversations that nobody has tried.
//! - `profile`: who sells.

mod action;
mod admit;
mod advice;
mod answer;
mod bounds;
mod budget;
mod choice;
mod cue;
mod directory;
mod entity;
mod figures;
mod lexicon;
mod limits;
mod listing;
mod looking;
mod marks;
mod memory;
mod message;
mod names;
mod nearest;
mod negation;
mod offers;
mod pick;
mod plate;
mod present;
mod profile;
mod question;
mod quote;
mod raise;
mod reach;
mod said;
mod sample;
mod support;
mod term;
mod value;
mod view;
mod wish;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde_json::{Value, json};

pub use entity::Entity;
pub use message::Message;
pub use offers::offers;
pub use profile::{Branch, Profile, ProfileError};
pub use wish::{Naming, Show, Wish, WishChange};

use crate::catalog::{Catalog, Query, StockId};
use crate::credit::Policy;
use crate::engine::flow::Slot;
use crate::engine::seen::Seen;
use crate::engine::trace::Side;
use crate::engine::vocabulary::{
    Acted, Admission, Attention, Freshness, Item, Offers, Page, PartKind, Sample, Scene, Slots,
    View, Vocabulary,
};
use crate::spanish;
use memory::Memory;
use names::Names;
use value::{ChosenCar, write};
use words::Words;

/// The car dealer.
#[derive(Debug)]
pub struct Dealer {
    catalog: Arc<Catalog>,
    policy: Policy,
    names: Names,
    words: &'static Words,
    offers: Offers,
    globals: Value,
    /// The cars with the longest names, once a sample has asked for them.
    widest: OnceLock<Vec<StockId>>,
    /// What was understood, where that is remembered.
    memory: Option<Memory>,
}

impl Dealer {
    /// The dealer `profile`, with these cars and this policy.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>, policy: Policy, profile: &Profile) -> Self {
        let globals = json!({
            "dealer": profile.seen(),
            "policy": {
                "min_down_percent": policy.min_down_percent().get().to_string(),
                "max_down_percent": policy.max_down_percent().get().to_string(),
                "rate_percent": policy.annual_rate().percent().to_string(),
                "terms": terms_in_words(&policy),
            },
        });
        let names = Names::of(&catalog);
        let words = Words::built_in();
        let (offers, widest) = (offers::offers(), OnceLock::new());
        Self { catalog, policy, names, words, offers, globals, widest, memory: None }
    }

    /// Has him remember what he understood of messages: for tests, which bring the same ones again
    /// and again. What real customers write is not to be kept beside the store.
    pub fn remember(&mut self) {
        self.memory.get_or_insert_default();
    }

    /// The cars on sale.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The search that `words` ask for, as from an empty screen.
    #[must_use]
    pub fn query(&self, words: &str) -> Option<Query> {
        let (slots, listings) = (Slots::new(), BTreeMap::new());
        let scene = Scene {
            asked: None,
            slots: &slots,
            pending: &slots,
            listings: &listings,
            question: "",
            numbers: 0,
            unclear: None,
        };
        let message = self.understand(words);
        let changes = looking::read(&message, Attention::Asked, scene, self.words, &self.policy);
        Some(Wish::default().changed(changes.first()?).to_query(&self.policy))
    }

    /// The credit policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// `36, 48, 60 o 72`.
fn terms_in_words(policy: &Policy) -> String {
    let terms: Vec<String> = policy.terms().iter().map(ToString::to_string).collect();
    match terms.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} o {last}", rest.join(", ")),
        _ => terms.concat(),
    }
}

impl Vocabulary for Dealer {
    type Message = Arc<Message>;

    fn offers(&self) -> &Offers {
        &self.offers
    }

    fn understand(&self, text: &str) -> Arc<Message> {
        let understood = || Message::new(text, &self.names, &self.policy);
        match &self.memory {
            Some(memory) => memory.get(text, understood),
            None => Arc::new(understood()),
        }
    }

    fn gist(&self, text: &str) -> String {
        Message::words_of(text).gist()
    }

    fn gist_of(&self, message: &Arc<Message>, _text: &str) -> String {
        message.gist()
    }

    fn phrased(&self, message: &Arc<Message>) -> Vec<String> {
        choice::phrased(message)
    }

    fn in_full(&self, plain: &str) -> String {
        spanish::in_full(plain)
    }

    fn parts(&self, text: &str) -> Vec<Range<usize>> {
        question::parts(text)
    }

    fn kind_of(&self, part: &str) -> PartKind {
        self.part_kind(part)
    }

    fn yes_or_no(&self, part: &str) -> Option<bool> {
        self.answers_only(part)
    }

    fn question(&self, message: &Arc<Message>, scene: Scene<'_>) -> Option<String> {
        message.question(scene)
    }

    fn read(
        &self,
        slot: &Slot,
        attention: Attention,
        message: &Arc<Message>,
        scene: Scene<'_>,
    ) -> Vec<Value> {
        match slot.kind.as_str() {
            // `¿y el Civic?` with a Civic on the list is a pick.
            "search"
                if attention == Attention::Overheard && self.names_a_listed(message, scene) =>
            {
                Vec::new()
            }
            "search" if self.best_of_search(message, scene).is_some() => Vec::new(),
            "search" => {
                let changes = looking::read(message, attention, scene, self.words, &self.policy);
                let kept = changes
                    .into_iter()
                    .filter_map(|change| self.without_what_buys_none(change, message, scene));
                kept.map(|change| write(&change)).collect()
            }
            "car" => self.read_car(attention, message, scene),
            "choice" => choice::read_choice(slot, attention, message),
            // `el de 265 mil` is a car of the list; `el Versa, doy 20%` is one and a down payment.
            "money" if !message.pays_at_once() && self.picked_again(message, scene).is_some() => {
                Vec::new()
            }
            // With a quote on the screen and no car, amounts and terms are about the quote.
            "money" | "months" if self.quoted_again(message, scene).is_some() => Vec::new(),
            "money" => self.read_money(slot, attention, message, scene),
            "months" => self.read_months(attention, message, scene),
            "quote_request" => {
                let again = || self.quoted_again(message, scene);
                message.quote.clone().or_else(again).iter().map(write).collect()
            }
            _ => Vec::new(),
        }
    }

    fn admit(&self, slot: &Slot, value: &Value, slots: &Slots) -> Admission {
        self.admitted(slot, value, slots)
    }

    fn goes_with(&self, slot: &Slot, value: &Value, slots: &Slots) -> Option<bool> {
        match slot.kind.as_str() {
            "car" => Some(self.is_looked_for(value, slots)),
            // A note about what was said before.
            "text" => Some(false),
            _ => None,
        }
    }

    fn side(&self, slot: &Slot, value: &Value, slots: &Slots) -> Option<Side> {
        self.side_of(slot, value, slots)
    }

    fn pick(
        &self,
        message: &Arc<Message>,
        choices: &[Option<&Value>],
        scene: Scene<'_>,
    ) -> Option<usize> {
        // `no, el primero` with a car in hand and no list on the screen is another car.
        let another = has_car(scene) && choices.iter().all(Option::is_none);
        if another && self.picked_again(message, scene).is_some()
            || self.best_of_search(message, scene).is_some()
        {
            return None;
        }
        self.picked(message, choices, scene)
    }

    fn list(&self, list: &str, inputs: &Slots, shown: &[Value], limit: usize) -> Page {
        self.rows(list, inputs, shown, limit)
    }

    fn act(&self, action: &str, inputs: &Slots, _now: Timestamp) -> Acted {
        self.carry_out(action, inputs)
    }

    fn refresh(&self, slot: &Slot, value: &Value) -> Freshness {
        let chosen: Option<ChosenCar> = value::read(value).filter(|_| slot.kind == "car");
        let Some(chosen) = chosen else { return Freshness::Fresh };
        match self.catalog.car(&chosen.id) {
            None => Freshness::Gone,
            Some(car) if car.price() == chosen.price => Freshness::Fresh,
            Some(car) => Freshness::Changed(write(&ChosenCar { price: car.price(), ..chosen })),
        }
    }

    fn present(&self, slot: &Slot, value: &Value) -> Seen {
        self.seen_value(slot, value)
    }

    fn globals(&self) -> &Value {
        &self.globals
    }

    fn view(&self, scene: Scene<'_>) -> View {
        Self::shown(scene)
    }

    fn shown_on_sale(&self, scene: Scene<'_>) -> usize {
        present::listed(scene).map_or(0, |listing| listing.values.len())
    }

    fn sample(&self, slot: &Slot, size: Sample) -> Value {
        self.sample_value(slot, size)
    }

    fn said(&self, slot: &Slot) -> Vec<String> {
        self.messages_about(slot)
    }

    fn sample_rows(&self, list: &str, size: Sample, limit: usize) -> Vec<Item> {
        self.sample_page(list, size, limit)
    }

    fn sample_refusal(&self, slot: &Slot, reason: &str, size: Sample) -> Value {
        self.sample_refused(slot, reason, size)
    }
}

impl Dealer {
    /// Whether a message names one car of the newest list, with another in hand.
    fn names_a_listed(&self, message: &Message, scene: Scene<'_>) -> bool {
        let Some(listing) = present::listed(scene).filter(|_| has_car(scene)) else { return false };
        let choices: Vec<Option<&Value>> = listing.values.iter().map(Some).collect();
        self.named(message, &choices).is_some()
    }

    /// A car by its stock id (`folio 100234`), or one of the newest list, named as such: `el 2 de la
    /// lista`.
    fn read_car(&self, attention: Attention, message: &Message, scene: Scene<'_>) -> Vec<Value> {
        if let Some(car) = message.stock_ids().find_map(|id| self.catalog.car(&id)) {
            return vec![Value::from(car.stock_id().as_str())];
        }
        if let Some(car) = self.best_of_search(message, scene) {
            return vec![car];
        }
        let listing = present::listed(scene).filter(|_| attention == Attention::Overheard);
        let Some(listing) = listing else { return Vec::new() };
        if let Some(car) = self.picked_again(message, scene) {
            return vec![car.clone()];
        }
        let values = &listing.values;
        let number = message.list_number();
        number.and_then(|number| values.get(number.checked_sub(1)?)).cloned().into_iter().collect()
    }
}

fn has_car(scene: Scene<'_>) -> bool {
    scene.slots.contains_key("car") && scene.asked != Some("car")
}

/// Values by name, for samples.
fn slots<const N: usize>(values: [(&str, Value); N]) -> BTreeMap<String, Value> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
