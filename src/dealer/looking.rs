//! Reading what a customer looks for: the slot `search`.

use std::ops::{Range, RangeInclusive};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cue::Cue;
use super::lexicon::Meaning;
use super::limits::LIMITS;
use super::message::{Message, Purpose, as_price};
use super::names::Name;
use super::value::{SaidAmount, read as read_value};
use super::wish::{Show, Wish, WishChange};
use super::words::Words;
use crate::catalog::{Bounds, Condition, Query};
use crate::credit::Policy;
use crate::engine::vocabulary::{Attention, Scene};
use crate::spanish::{self, Currency, Unit, Value};

/// Millimetres.
const METRE: Decimal = Decimal::ONE_THOUSAND;

/// What may be the length of a car, in millimetres.
const LENGTHS: RangeInclusive<u32> = 2_500..=7_500;

/// What `message` may ask to be searched: nothing, one search, or one for each name that a mistyped
/// word may mean.
pub(super) fn read(
    message: &Message,
    attention: Attention,
    scene: Scene<'_>,
    words: &Words,
    policy: &Policy,
) -> Vec<WishChange> {
    let Some(change) = read_one(message, attention, scene, words, policy) else {
        return Vec::new();
    };
    let unsure = message.names.iter().find(|named| !named.or_else.is_empty());
    let others = unsure
        .into_iter()
        .flat_map(|named| named.or_else.iter().map(|other| with_name(&change, &named.name, other)));
    let others: Vec<WishChange> = others.collect();
    [change].into_iter().chain(others).collect()
}

/// The change with `other` in the place of `name`.
fn with_name(change: &WishChange, name: &Name, other: &Name) -> WishChange {
    let mut change = change.clone();
    let Query { makes, models, .. } = &mut change.wish.query;
    let (Name::Make(old) | Name::Model(old)) = name;
    makes.retain(|make| make != old);
    models.retain(|model| model != old);
    match other {
        Name::Make(make) => makes.push(make.clone()),
        Name::Model(model) => models.push(model.clone()),
    }
    change
}

fn read_one(
    message: &Message,
    attention: Attention,
    scene: Scene<'_>,
    words: &Words,
    policy: &Policy,
) -> Option<WishChange> {
    if message.quote.is_some() || message.quote_price.is_some() || message.has(Cue::Selling) {
        return None;
    }
    // `no, mejor 60 mil` right after a down payment was noted is another down payment.
    let corrects = scene.pending.contains_key("down_payment") && message.has(Cue::Retraction);
    if corrects && message.is_all_values() {
        return None;
    }
    let mut change = WishChange::default();
    read_names(message, &mut change.wish.query);
    read_words(message, words, &mut change.wish.query);
    if scene.asked.is_some_and(|slot| !matches!(slot, "car" | "search")) {
        // Where an amount or a term was asked for, `el más barato` is one of those.
        change.wish.query.sort = None;
    }
    read_released(message, &mut change);
    read_budget(message, scene, policy, &mut change.wish);
    change.wish.show = shown(message, scene);
    if only_asks_about_the_car(message, scene, &change.wish) {
        return None;
    }
    let named = !change.wish.query.makes.is_empty() || !change.wish.query.models.is_empty();
    let shaped = !change.wish.query.bodies.is_empty();
    if message.has(Cue::Everything) && change == WishChange::default() {
        return Some(WishChange { fresh: true, ..change });
    }
    let described = change != WishChange::default();
    let looking = message.has(Cue::Search) || message.has(Cue::Fresh);
    // A list on the screen, or nothing asked and no car in hand: figures are filters then.
    let listed = scene.asked == Some("car");
    let idle = scene.asked.is_none() && !scene.slots.contains_key("car");
    let asked = attention == Attention::Asked;
    if asked || described || looking || listed || idle {
        let loose = asked || named || shaped || looking || listed;
        read_figures(message, loose, policy, &mut change.wish.query);
        change.foreign = foreign(message).filter(|_| loose);
    }
    // A question filters a list that stands there (`¿esos son estándar?`), and is no search else.
    let monthly = change.wish.monthly_payment.is_some();
    let advised = change.wish.show != Show::All;
    let about_cars = named || shaped || looking || monthly || advised || (listed && described);
    let asks = !message.is_question || about_cars || asked || message.is_all_values();
    if change == WishChange::default() || !asks {
        return None;
    }
    change.swap = named && message.has(Cue::Swap);
    change.fresh = message.has(Cue::Fresh) && (shaped || named && !message.has(Cue::Refine));
    Some(change)
}

/// Whether a message asks about the chosen car: its gearbox, what it has.
fn only_asks_about_the_car(message: &Message, scene: Scene<'_>, wish: &Wish) -> bool {
    if !scene.slots.contains_key("car") {
        return false;
    }
    let query = &wish.query;
    let unnamed = query.makes.is_empty() && query.models.is_empty();
    let facts = query.transmission.is_some() || !query.features.is_empty();
    let others = !query.bodies.is_empty()
        || query.sort.is_some()
        || wish.monthly_payment.is_some()
        || wish.show != Show::All;
    let asks = message.is_question || message.has(Cue::Confirming);
    facts && asks && unnamed && !others && !message.has(Cue::Fresh)
}

fn read_names(message: &Message, query: &mut Query) {
    (query.makes, query.models) = message.makes_and_models(false);
    (query.not_makes, query.not_models) = message.makes_and_models(true);
}

fn read_words(message: &Message, words: &Words, query: &mut Query) {
    for said in &message.said {
        let negated = message.negated(&said.tokens);
        let bodies = match said.meaning {
            Meaning::Body(index) => std::slice::from_ref(&words.bodies[index].body),
            Meaning::BodyGroup(index) => &words.body_groups[index].bodies,
            _ => &[],
        };
        let list = if negated { &mut query.not_bodies } else { &mut query.bodies };
        list.extend(bodies.iter().filter(|body| !list.contains(body)).copied().collect::<Vec<_>>());
        match said.meaning {
            Meaning::Feature(feature) => {
                let list = if negated { &mut query.not_features } else { &mut query.features };
                if !list.contains(&feature) {
                    list.push(feature);
                }
            }
            Meaning::Transmission(transmission) if negated => {
                query.not_transmission = Some(transmission);
            }
            Meaning::Transmission(transmission) => query.transmission = Some(transmission),
            Meaning::Size(index) => {
                let size = &words.sizes[index];
                let (min, max) = (size.min_mm, size.max_mm);
                // What is not large is at most as long as where large begins.
                query.length_mm =
                    if negated { Bounds { min: max, max: min } } else { Bounds { min, max } };
            }
            // `2018 o más nuevo` is a range, no order.
            Meaning::Sort(sort) if !message.in_range(&said.tokens) => query.sort = Some(sort),
            _ => {}
        }
    }
}

/// The conditions that no longer count: `sin límite de precio`.
fn read_released(message: &Message, change: &mut WishChange) {
    let told = message.said.iter().filter_map(|said| match said.meaning {
        Meaning::Release(condition) => Some(condition),
        Meaning::Cue(Cue::AnyName) => Some(Condition::Make),
        _ => None,
    });
    for condition in told {
        if !change.released.contains(&condition) {
            change.released.push(condition);
        }
    }
}

/// What can be paid each month, and at once beside it: in this message or since the last search.
fn read_budget(message: &Message, scene: Scene<'_>, policy: &Policy, wish: &mut Wish) {
    wish.monthly_payment = message.monthly_payment();
    let searched: Option<Wish> = scene.slots.get("search").and_then(read_value);
    let known = searched.filter(|_| !scene.slots.contains_key("car"));
    let monthly = wish.monthly_payment.or_else(|| known?.monthly_payment);
    wish.down_payment = monthly.and_then(|monthly| message.down_payment_beside(monthly, policy));
}

/// Another currency that a price was told in.
fn foreign(message: &Message) -> Option<String> {
    message.amounts().find_map(|(said, tokens)| match said {
        SaidAmount::Foreign { foreign } if !message.is_for(Purpose::DownPayment, tokens) => {
            Some(foreign)
        }
        _ => None,
    })
}

/// Whether advice is asked for, and of what kind. With an amount or a term to give, or with a car in
/// hand, `¿cuánto me recomiendas?` is about that.
fn shown(message: &Message, scene: Scene<'_>) -> Show {
    let other = message.has(Cue::OtherAdvice)
        || scene.asked.is_some_and(|slot| !matches!(slot, "car" | "search" | "payment"));
    if message.has(Cue::Popular) {
        Show::Popular
    } else if message.has(Cue::Recommend) && !other {
        Show::Recommended
    } else {
        Show::All
    }
}

/// Prices, years and kilometres. With `loose`, a single amount is a price too.
fn read_figures(message: &Message, loose: bool, policy: &Policy, query: &mut Query) {
    let taken = |tokens: &Range<usize>| {
        message.is_for(Purpose::DownPayment, tokens)
            || message.is_for(Purpose::MonthlyPayment, tokens)
            || message.comes_with_a_term(tokens, policy)
    };
    let is_money = |tokens: &Range<usize>| {
        let mut same = message.found_from(tokens.start, tokens.start + 1).iter();
        same.any(|found| matches!(found.value, Value::Money(_)))
    };
    for found in &message.found {
        let Value::Range(bounds) = &found.value else { continue };
        if message.in_metres(&found.tokens) {
            let mm = |end: Option<Decimal>| end.and_then(|metres| (metres * METRE).to_u32());
            query.length_mm = Bounds { min: mm(bounds.min), max: mm(bounds.max) };
        } else if !taken(&found.tokens) {
            read_range(bounds, query);
        }
    }
    let mut ranges_end = 0;
    for found in &message.found {
        if matches!(found.value, Value::Range(_)) {
            ranges_end = ranges_end.max(found.tokens.end);
        }
        if found.tokens.end <= ranges_end || taken(&found.tokens) {
            continue;
        }
        match &found.value {
            Value::Year(year) => query.year = Bounds { min: Some(*year), max: Some(*year) },
            Value::Km(km) => query.km.max = Some(*km),
            Value::Money(amount) if loose && amount.currency == Currency::Mxn => {
                // Nobody looks for a car of 250 pesos: `250 pesos` are thousands.
                let price = as_price(Decimal::new(amount.money.cents(), 2));
                query.price.max =
                    price.filter(|price| *price >= LIMITS.least_price).or(query.price.max);
            }
            Value::Number(metres) if message.in_metres(&found.tokens) => {
                query.length_mm.max = (metres * METRE).to_u32().filter(|mm| LENGTHS.contains(mm));
            }
            Value::Number(number)
                if loose
                    && is_price(*number)
                    && !is_money(&found.tokens)
                    && (message.is_all(&found.tokens) || message.is_spent(&found.tokens)) =>
            {
                query.price.max = as_price(*number);
            }
            _ => {}
        }
    }
}

fn read_range(bounds: &spanish::Bounds, query: &mut Query) {
    let ends = [bounds.min, bounds.max].into_iter().flatten();
    let years = Decimal::from(1990)..=Decimal::from(2035);
    match bounds.unit {
        Unit::Money(Currency::Mxn) => {
            let price =
                Bounds { min: bounds.min.and_then(as_price), max: bounds.max.and_then(as_price) };
            if price.max.is_none_or(|max| max >= LIMITS.least_price) {
                query.price = price;
            }
        }
        Unit::Km => {
            let km = |end: Option<Decimal>| end.and_then(|end| end.to_u32());
            query.km = Bounds { min: km(bounds.min), max: km(bounds.max) };
        }
        Unit::ModelYear => query.year = year_bounds(bounds),
        Unit::Plain if ends.clone().all(|end| years.contains(&end)) => {
            query.year = year_bounds(bounds);
        }
        Unit::Plain if ends.clone().all(is_price) => {
            let price =
                Bounds { min: bounds.min.and_then(as_price), max: bounds.max.and_then(as_price) };
            if price.max.is_none_or(|max| max >= LIMITS.least_price) {
                query.price = price;
            }
        }
        _ => {}
    }
}

fn year_bounds(bounds: &spanish::Bounds) -> Bounds<u16> {
    let year = |end: Option<Decimal>| end.and_then(|end| end.to_u16());
    Bounds { min: year(bounds.min), max: year(bounds.max) }
}

/// Whether a bare figure can be a price: in thousands (100 to 999; smaller ones are numbers of
/// something else) or in pesos.
fn is_price(figure: impl Into<Decimal>) -> bool {
    let figure = figure.into();
    let thousands = Decimal::ONE_HUNDRED..Decimal::ONE_THOUSAND;
    thousands.contains(&figure) || figure >= Decimal::from(10_000)
}
