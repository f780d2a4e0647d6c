//! Picking from what stands on the screen: by ordinal, by name, by what is special about it.

use std::ops::Range;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::Dealer;
use super::answer::asks_for_payment;
use super::cue::Cue;
use super::lexicon::{Meaning, Said};
use super::message::Message;
use super::names::{Name, Named};
use super::present;
use super::value::{ChosenCar, KnownAmount, read};
use super::wish::Wish;
use crate::catalog::{Car, Query, Sort, StockId};
use crate::engine::vocabulary::Scene;
use crate::spanish::{self, Ordinal};
use crate::text::TokenKind;

impl Dealer {
    /// The index of the choice that `message` picks.
    pub(super) fn picked(
        &self,
        message: &Message,
        choices: &[Option<&Value>],
        scene: Scene<'_>,
    ) -> Option<usize> {
        if message.quote.is_some() {
            return None;
        }
        let preferred = message.preferred_pick().filter(|_| !self.cars(choices).is_empty());
        if let Some(index) = preferred.and_then(|ordinal| place(ordinal, choices)) {
            return Some(index);
        }
        let special = self.special(message, choices).or_else(|| Self::reading(message, choices));
        let special = special.or_else(|| self.only_one(message, choices));
        let special = special.or_else(|| self.priced(message, choices));
        if special.is_some() {
            return special;
        }
        // `el 2 de la lista` means the list of cars, whatever is on the screen.
        let sorts = message.said.iter().any(|said| matches!(said.meaning, Meaning::Sort(_)));
        let on_list = !message.has(Cue::List) || !self.cars(choices).is_empty();
        let ordinal = message.ordinals().next();
        // Two picks are a comparison, and `el primero, el Aveo` is no pick where the first is another.
        let compared = message.has(Cue::Comparing) && message.ordinals().count() > 1;
        if let Some((ordinal, _)) = ordinal.filter(|_| on_list && !sorts && !compared) {
            let index = place(ordinal, choices)?;
            let cars = self.cars(choices);
            let chosen = cars.iter().find(|(place, _)| *place == index);
            let named_so = chosen.is_none_or(|(_, car)| {
                message.names.iter().all(|named| is_called(car, &named.name))
            });
            return if named_so { Some(index) } else { self.named(message, choices) };
        }
        let whole = message.bare_number().and_then(|number| number.to_usize());
        // With a plan on the screen `mejor cinco` are years, and no number of it.
        let corrects = message.has(Cue::Retraction) && scene.slots.contains_key("plan");
        let worded = whole.filter(|_| {
            !corrects && !message.text.plain().bytes().any(|byte| byte.is_ascii_digit())
        });
        worded
            .and_then(|number| place(Ordinal::Nth(u32::try_from(number).ok()?), choices))
            .or_else(|| self.named(message, choices))
    }

    /// `el más barato` of a search that goes on beyond the list: of all that fits, not of what stands
    /// on the screen.
    pub(super) fn best_of_search(&self, message: &Message, scene: Scene<'_>) -> Option<Value> {
        let listing = present::listed(scene).filter(|_| scene.asked == Some("car"))?;
        let sort = match () {
            () if message.has(Cue::CheapestOfList) => Sort::PriceAsc,
            () if message.has(Cue::NewestOfList) => Sort::Newest,
            () if message.has(Cue::LeastKmOfList) => Sort::KmAsc,
            () => return None,
        };
        let goes_on = listing.total > listing.values.len() && message.names.is_empty();
        let wish: Wish = scene.slots.get("search").and_then(read).filter(|_| goes_on)?;
        let query = Query { sort: Some(sort), ..wish.to_query(self.policy()) };
        let car = self.catalog.search(&query, 0, 1).cars.into_iter().next()?;
        Some(Value::from(car.stock_id().as_str()))
    }

    /// Another car of the newest list, with one in hand: `el Civic`, `no, el primero`, `mejor el
    /// otro`.
    pub(super) fn picked_again<'v>(
        &self,
        message: &Message,
        scene: Scene<'v>,
    ) -> Option<&'v Value> {
        let chosen: ChosenCar = scene.slots.get("car").and_then(read)?;
        let values = &present::listed(scene)?.values;
        let choices: Vec<Option<&Value>> = values.iter().map(Some).collect();
        if let Some(index) = self.named(message, &choices) {
            return values.get(index);
        }
        if message.is_question {
            return None;
        }
        let is_chosen = |value: &Value| value.as_str() == Some(chosen.id.as_str());
        if message.says_only(Cue::OtherOne) {
            let mut others = values.iter().filter(|value| !is_chosen(value));
            return others.next().filter(|_| others.next().is_none());
        }
        let told = self.special(message, &choices).or_else(|| self.priced(message, &choices));
        let whole = || message.bare_number().filter(|number| number.fract().is_zero());
        let number = || Some(Ordinal::Nth(whole()?.to_u32()?));
        // `la 4` under three choices is the fourth car of the list.
        let beyond = |ordinal: &Ordinal| {
            let is_beyond =
                matches!(ordinal, Ordinal::Nth(number) if *number as usize > scene.numbers);
            asks_for_payment(scene) && is_beyond
        };
        // With a plan on the screen `mejor cuatro` are years.
        let planned = scene.slots.contains_key("plan") && !message.has(Cue::Pointing);
        let corrects = message.has(Cue::Retraction) && !planned;
        let pick = message.bare_pick().filter(|ordinal| corrects || beyond(ordinal));
        let ordinal = pick.or_else(|| number().filter(beyond));
        let index = told.or_else(|| place(ordinal?, &choices))?;
        values.get(index)
    }

    /// `el más barato`: of the cars on the screen the first by that measure.
    fn special(&self, message: &Message, choices: &[Option<&Value>]) -> Option<usize> {
        let measure: fn(&Car<'_>) -> u64 = if message.has(Cue::CheapestOfList) {
            |car| u64::try_from(car.price().cents()).unwrap_or(u64::MAX)
        } else if message.has(Cue::NewestOfList) {
            |car| u64::from(u16::MAX - car.year())
        } else if message.has(Cue::LeastKmOfList) {
            |car| u64::from(car.km())
        } else {
            return None;
        };
        // `del más caro al más barato` orders a list.
        let ordered = |said: &Said| {
            matches!(said.meaning, Meaning::Sort(_))
                && message.ends_at(Cue::OrderEnd, said.tokens.start)
        };
        if message.said.iter().any(ordered) {
            return None;
        }
        // `el más nuevo que tengas de Jetta` is about Jettas, here or elsewhere.
        let cars = self.cars(choices);
        let names = names_here(message, &cars);
        let fits = |car: &Car<'_>| names.iter().all(|named| is_called(car, &named.name));
        let cars = cars.into_iter().filter(|(_, car)| fits(car));
        cars.min_by_key(|(_, car)| measure(car)).map(|(index, _)| index)
    }

    /// The one car on the screen that is all that the message says of it: names, year, kind. The
    /// message points at it (`el Versa`, `el 2019`, `el automático`) or says nothing but names.
    pub(super) fn named(&self, message: &Message, choices: &[Option<&Value>]) -> Option<usize> {
        let years: Vec<(u16, &Range<usize>)> = message
            .found
            .iter()
            .filter_map(|found| match found.value {
                spanish::Value::Year(year) => Some((year, &found.tokens)),
                _ => None,
            })
            .collect();
        let kinds: Vec<&Said> = message.said.iter().filter(|said| is_kind(said)).collect();
        if message.all_names.is_empty() && years.is_empty() && kinds.is_empty() {
            return None;
        }
        let cars = self.cars(choices);
        let names_here = names_here(message, &cars);
        let names = names_here.iter().map(|name| &name.tokens);
        let told_by = names.clone().chain(years.iter().map(|(_, tokens)| *tokens));
        let first = told_by
            .chain(kinds.iter().map(|said| &said.tokens))
            .min_by_key(|tokens| tokens.start)?;
        // `el Versa`, `el de 2019`.
        let joined = first.start.checked_sub(1).filter(|at| message.lies_in(Cue::Connecting, *at));
        let starts = [Some(first.start), joined];
        let pointed = starts.into_iter().flatten().any(|at| message.ends_at(Cue::Pointing, at));
        let mut told = vec![false; message.text.tokens().len()];
        for tokens in names.chain(years.iter().map(|(_, tokens)| *tokens)) {
            told[tokens.clone()].fill(true);
        }
        let alone = message.content().iter().all(|index| told[*index]);
        if names_here.iter().any(|named| message.negated(&named.tokens)) {
            return None;
        }
        if !pointed && (!alone || names_here.is_empty()) {
            return None;
        }
        let fits = |car: &Car<'_>| {
            names_here.iter().all(|named| is_called(car, &named.name))
                && years.iter().all(|(year, _)| *year == car.year())
                && kinds.iter().all(|said| self.is_of_kind(car, said.meaning))
        };
        let mut fitting = cars.iter().filter(|(_, car)| fits(car));
        let (index, _) = fitting.next()?;
        fitting.next().is_none().then_some(*index)
    }

    fn is_of_kind(&self, car: &Car<'_>, meaning: Meaning) -> bool {
        let bodies = match meaning {
            Meaning::Transmission(wanted) => return car.transmission() == Some(wanted),
            Meaning::Body(index) => std::slice::from_ref(&self.words.bodies[index].body),
            Meaning::BodyGroup(index) => &self.words.body_groups[index].bodies,
            _ => return true,
        };
        car.body().is_some_and(|body| bodies.contains(&body))
    }

    /// The one car on the screen of that price, in pesos or in thousands: `el de 127`.
    fn priced(&self, message: &Message, choices: &[Option<&Value>]) -> Option<usize> {
        let figure = message.found.iter().find_map(|found| match found.value {
            spanish::Value::Number(number) => {
                let of = found
                    .tokens
                    .start
                    .checked_sub(1)
                    .filter(|index| message.lies_in(Cue::Connecting, *index))?;
                let pointed = message.of(Cue::Pointing).any(|said| said.tokens.end <= of);
                pointed.then_some(number)
            }
            _ => None,
        })?;
        let costs = |car: &Car<'_>| {
            let pesos = Decimal::new(car.price().cents(), 2);
            let thousands = pesos / Decimal::ONE_THOUSAND;
            let told = if figure >= Decimal::ONE_THOUSAND {
                figure / Decimal::ONE_THOUSAND
            } else {
                figure
            };
            figure == pesos || told == thousands.trunc() || told == thousands.round()
        };
        let mut fitting = self.cars(choices).into_iter().filter(|(_, car)| costs(car));
        let (index, _) = fitting.next()?;
        fitting.next().is_none().then_some(index)
    }

    /// The only car there is: a yes or a word that points picks it.
    fn only_one(&self, message: &Message, choices: &[Option<&Value>]) -> Option<usize> {
        let [(index, _)] = self.cars(choices)[..] else { return None };
        let is_yes = |found: &spanish::Found| found.value == spanish::Value::YesNo(true);
        let tokens = message.text.tokens();
        let alone = |found: &spanish::Found| {
            let next = tokens.get(found.tokens.end);
            message.is_all(&found.tokens) || next.is_some_and(|next| next.kind == TokenKind::Symbol)
        };
        let yes = message.found.iter().any(|found| is_yes(found) && alone(found));
        let points = message.has(Cue::ThatOne) && message.points_at_the_only_one();
        (choices.len() == 1 && (yes || points)).then_some(index)
    }

    /// One of two readings of an amount, by the word that names it: `pesos`, `porcentaje`.
    fn reading(message: &Message, choices: &[Option<&Value>]) -> Option<usize> {
        let wants_percent = match () {
            () if message.has(Cue::AsPercent) => true,
            () if message.has(Cue::AsAmount) => false,
            () => return None,
        };
        let mut readings = choices.iter().map(|value| value.and_then(read::<KnownAmount>));
        let wanted = |known: Option<KnownAmount>| {
            known.is_some_and(|known| known.as_percent == wants_percent)
        };
        let says_no_amount = message.amounts().next().is_none();
        readings.position(wanted).filter(|_| says_no_amount)
    }

    fn cars(&self, choices: &[Option<&Value>]) -> Vec<(usize, Car<'_>)> {
        let car = |value: &Value| {
            let id: StockId = value.as_str()?.parse().ok()?;
            self.catalog.car(&id)
        };
        let choices = choices.iter().enumerate();
        choices.filter_map(|(index, value)| Some((index, car((*value)?)?))).collect()
    }
}

fn is_called(car: &Car<'_>, name: &Name) -> bool {
    match name {
        Name::Make(make) => make == car.make(),
        Name::Model(model) => model == car.model(),
    }
}

/// The names that count for these cars: those that are surely meant, and common words that one of
/// the cars is called.
fn names_here<'m>(message: &'m Message, cars: &[(usize, Car<'_>)]) -> Vec<&'m Named> {
    let meant = |named: &Named| {
        let starts = message.names.binary_search_by_key(&named.tokens.start, |n| n.tokens.start);
        starts.is_ok()
    };
    let here =
        |named: &&Named| meant(named) || cars.iter().any(|(_, car)| is_called(car, &named.name));
    message.all_names.iter().filter(here).collect()
}

/// Whether it tells cars apart by body or gearbox.
fn is_kind(said: &Said) -> bool {
    matches!(said.meaning, Meaning::Transmission(_) | Meaning::Body(_) | Meaning::BodyGroup(_))
}

/// The index that an ordinal means; rows that bring a number with them (terms) are not counted.
fn place(ordinal: Ordinal, choices: &[Option<&Value>]) -> Option<usize> {
    let terms =
        choices.iter().flatten().all(|value| value.is_u64()) && choices.iter().any(Option::is_some);
    match ordinal {
        Ordinal::Nth(_) if terms => None,
        Ordinal::Nth(number) => {
            let index = usize::try_from(number).ok()?.checked_sub(1)?;
            (index < choices.len()).then_some(index)
        }
        Ordinal::Last => choices.len().checked_sub(1),
        Ordinal::BeforeLast(back) => choices.len().checked_sub(1 + usize::try_from(back).ok()?),
        Ordinal::Middle => (!choices.is_empty()).then(|| (choices.len() - 1) / 2),
    }
}
