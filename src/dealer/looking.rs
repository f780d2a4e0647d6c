//! Reading what a customer looks for: the slot `search`.

use std::ops::Range;

use super::bounds;
use super::budget::{payable, searched};
use super::cue::Cue;
use super::lexicon::{Meaning, Said};
use super::message::{Message, Purpose};
use super::names::{Name, Named};
use super::value::{SaidAmount, read as read_value};
use super::wish::{Naming, Show, Wish, WishChange};
use super::words::{BodyGroup, Words};
use crate::catalog::{Body, Bounds, Condition, Query, Sort, Words as KnownWords};
use crate::credit::Policy;
use crate::engine::vocabulary::{Attention, Scene};
use crate::spanish::{Found, Unit, Value};
use crate::text::TokenKind;

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
    if message.quote.is_some() || message.quote_price.is_some() {
        return None;
    }
    if message.only_sells() || message.goes_on_selling(scene) {
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
    let wants_others = message.wants_others_in_order(scene);
    read_order(message, scene, wants_others, &mut change.wish.query);
    read_released(message, scene, &mut change);
    read_budget(message, scene, policy, &mut change.wish);
    change.wish.show = shown(message, scene);
    if only_asks_about_the_car(message, scene, &change.wish) {
        return None;
    }
    let named = !change.wish.query.makes.is_empty() || !change.wish.query.models.is_empty();
    let shaped = !change.wish.query.bodies.is_empty();
    let described = change != WishChange::default();
    let everything = message.has(Cue::Everything);
    let looking = everything || message.has(Cue::Search) || message.has(Cue::Fresh);
    // A list on the screen, or nothing asked and no car in hand: figures are filters then. But not
    // where the message picks a car of it, or which of two amounts was meant is still asked.
    let no_car = !scene.slots.contains_key("car");
    let goes_on = message.ordinals().next().is_some() || scene.unclear.is_some();
    let listed = scene.asked == Some("car") && (no_car || !goes_on);
    let idle = scene.asked.is_none() && no_car;
    let asked = attention == Attention::Asked;
    // Whoever was asked for no figure sets a limit to what is looked for.
    let dated = !wants_a_figure(scene) && message.wants_others_of_a_year();
    let limits =
        !wants_a_figure(scene) && (message.limits_an_amount() || message.limits_year_or_km());
    if asked || described || looking || listed || idle || limits || dated {
        // `precio de 280 mil` is the answer where a price was asked for.
        let loose =
            asked || named || shaped || listed || dated || looking && !wants_a_figure(scene);
        bounds::read(message, loose, policy, &mut change.wish.query);
        change.foreign = foreign(message, loose);
        // `que sean 6 mil` is no price as well.
        let Wish { query, monthly_payment, .. } = &mut change.wish;
        query.price.max = query.price.max.filter(|max| Some(*max) != *monthly_payment);
        // `algo de menos de 200 mil` is of any make; by itself `algo de` asks for nothing.
        if message.has(Cue::Something) && change != WishChange::default() {
            release(&mut change, Condition::Make);
        }
    }
    if everything && change == WishChange::default() {
        return Some(WishChange { forgets: true, ..change });
    }
    // A question filters a list that stands there (`¿esos son estándar?`), and is no search else.
    let monthly = change.wish.monthly_payment.is_some();
    let advised = change.wish.show != Show::All;
    let ordered = change.wish.query.sort.is_some() && (no_car || wants_others);
    let about_cars =
        named || shaped || looking || monthly || advised || ordered || (listed && described);
    let asks = !message.only_asks() || about_cars || asked || message.is_all_values();
    if change == WishChange::default() || !asks {
        return None;
    }
    change.forgets = message.has(Cue::Forget);
    change.naming = if named && message.adds() {
        Naming::Beside
    } else if named && message.goes_on() {
        Naming::Instead
    } else {
        Naming::Anew
    };
    let begins = change.naming == Naming::Anew && !message.has(Cue::Refine);
    let anew = shaped || named && begins;
    change.fresh = message.has(Cue::Fresh) && anew;
    Some(change)
}

impl Message {
    /// Whether its first name takes the place of another and leaves the other conditions: `que sea
    /// Mazda`, `¿y Versa?`.
    fn goes_on(&self) -> bool {
        let first = self.names.first().map_or(0, |named| named.tokens.start);
        let told = |cue| self.of(cue).filter(|said| said.tokens.end <= first);
        // `cambiar mi Versa por un Sentra` lets go of nothing that is looked for.
        let own = |said: &Said| self.lies_in(Cue::OwnedBefore, said.tokens.end);
        let mut swaps = told(Cue::Swap).chain(told(Cue::Exchanging).filter(|said| !own(said)));
        let joins = |at| self.lies_in(Cue::Joining, at) || self.lies_in(Cue::Also, at);
        swaps.next().is_some() || self.begins_with_a_name(joins)
    }

    /// Whether years or kilometres are there from or up to which cars are looked for.
    fn limits_year_or_km(&self) -> bool {
        self.found.iter().any(|found| match &found.value {
            Value::Range(bounds) => matches!(bounds.unit, Unit::ModelYear | Unit::Km),
            _ => false,
        })
    }

    /// Whether nothing is said but by what other cars are to be compared with the one in hand: `más
    /// baratos`, `uno con menos km`. `El más barato` is one of what stands there; and `más barato`
    /// where a figure was asked for may be that.
    fn wants_others_in_order(&self, scene: Scene<'_>) -> bool {
        let ordered = self.said.iter().find_map(|said| match said.meaning {
            Meaning::Sort(sort) => Some((sort, &said.tokens)),
            _ => None,
        });
        let Some((sort, tokens)) = ordered else { return false };
        // The lists have `más barato` as one order, and `económico` without its `más`.
        let is_before = self.ends_at(Cue::Comparative, tokens.start);
        let compares = is_before || self.ends_at(Cue::Comparative, tokens.start + 1);
        let begins = tokens.start - usize::from(is_before);
        let is_plural = self.text.tokens()[tokens.end - 1].text.ends_with('s');
        let priced = matches!(sort, Sort::PriceAsc | Sort::PriceDesc);
        let may_be_a_figure = wants_a_figure(scene) && priced && !is_plural;
        let others = self.has(Cue::Another) || self.has(Cue::Search);
        let points = self.ends_at(Cue::Superlative, begins)
            // `no más caro` wants none.
            || self.negated_before(tokens) && matches!(sort, Sort::PriceDesc | Sort::Oldest);
        (compares && !may_be_a_figure || others) && !points && self.says_no_more_than(tokens)
    }

    /// Whether nothing is said but of what year other cars are to be: `no, de 2020`, `uno 2022`.
    fn wants_others_of_a_year(&self) -> bool {
        let mut years = self.found.iter().filter(|found| matches!(found.value, Value::Year(_)));
        years.next().is_some_and(|year| self.says_no_more_than(&year.tokens))
    }

    /// Whether nothing is said besides `tokens` but that others are looked for, and that the one in
    /// hand is not it.
    fn says_no_more_than(&self, tokens: &Range<usize>) -> bool {
        let light = [Cue::Another, Cue::Search, Cue::Connecting, Cue::Comparative];
        // `no más barato` is rather a no with its comma left out.
        let first = self.content().first();
        let refuses = |at: &usize| {
            let no = |found: &Found| found.value == Value::YesNo(false);
            let is_no = self.found.iter().any(|found| no(found) && found.tokens.contains(at))
                || self.of(Cue::Not).any(|said| said.tokens == (*at..*at + 1));
            is_no && first == Some(at)
        };
        self.content().iter().all(|at| {
            tokens.contains(at) || refuses(at) || light.iter().any(|cue| self.lies_in(*cue, *at))
        })
    }

    /// Whether its first name comes to what is looked for: `también Versa`, `o Versa`.
    fn adds(&self) -> bool {
        // `o sea un Versa` adds nothing.
        let tells = |at| self.content().contains(&at);
        self.begins_with_a_name(|at| self.lies_in(Cue::Also, at) && tells(at))
    }

    /// Whether nothing is said before the first name but what asks for it, and a word that `joins`
    /// it to what was said.
    fn begins_with_a_name(&self, joins: impl Fn(usize) -> bool) -> bool {
        let first = self.names.first().map_or(0, |named| named.tokens.start);
        let says_nothing = |at: usize| {
            let cues = [Cue::Joining, Cue::Also, Cue::Search, Cue::NotThrough, Cue::Connecting];
            self.text.tokens()[at].kind == TokenKind::Symbol
                || self.carries_nothing(at)
                || cues.iter().any(|cue| self.lies_in(*cue, at))
        };
        (0..first).any(joins) && (0..first).all(says_nothing)
    }
}

/// Whether an amount or a term was asked for.
fn wants_a_figure(scene: Scene<'_>) -> bool {
    scene.asked.is_some_and(|slot| !matches!(slot, "car" | "search" | "payment"))
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
    let alike = |named: &Named| {
        let start = named.tokens.start;
        let article = start.checked_sub(1).filter(|at| message.lies_in(Cue::NotThrough, *at));
        [Some(start), article].into_iter().flatten().any(|at| message.ends_at(Cue::Alike, at))
    };
    if message.names.iter().any(alike) {
        let known = KnownWords::built_in().known_models().iter();
        let alike = known.filter(|known| query.models.contains(&known.model));
        query.bodies = alike.map(|known| known.body).collect();
        query.bodies.dedup();
        (query.makes, query.models) = (Vec::new(), Vec::new());
    }
}

fn read_words(message: &Message, words: &Words, query: &mut Query) {
    // Whether what a group takes together is told more closely.
    let told = |group: &BodyGroup| {
        message.said.iter().any(|said| match said.meaning {
            Meaning::Body(index) => {
                let is_in = group.describes || group.bodies.contains(&words.bodies[index].body);
                is_in && !message.negated(&said.tokens)
            }
            Meaning::BodyGroup(index) => {
                let narrower = &words.body_groups[index].bodies;
                let is_in = |body: &Body| group.bodies.contains(body);
                narrower.len() < group.bodies.len() && narrower.iter().all(is_in)
            }
            _ => false,
        })
    };
    let described = message.said.iter().filter(|said| !matches!(said.meaning, Meaning::Cue(_)));
    let described = described.filter(|said| !message.lies_in(Cue::NotAKind, said.tokens.start));
    // `Yaris Sedan` is a name.
    let named = |said: &&Said| {
        message.names.iter().any(|named| {
            named.tokens.len() > said.tokens.len() && named.tokens.contains(&said.tokens.start)
        })
    };
    let described = described.filter(|said| !named(said));
    let wanted = described.filter(|said| !message.is_released(&said.tokens));
    for said in wanted.filter(|said| !message.owned(&said.tokens)) {
        let negated = message.negated(&said.tokens);
        let bodies = match said.meaning {
            Meaning::Body(index) => std::slice::from_ref(&words.bodies[index].body),
            // `camioneta SUV` is an SUV, and a family's car for seven a van.
            Meaning::BodyGroup(index) if !told(&words.body_groups[index]) => {
                &words.body_groups[index].bodies
            }
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
            // `automático o manual` is either.
            Meaning::Transmission(transmission) => {
                let other = query.transmission.is_some_and(|told| told != transmission);
                query.transmission = Some(transmission).filter(|_| !other);
            }
            Meaning::Size(index) => {
                let size = &words.sizes[index];
                let (min, max) = (size.min_mm, size.max_mm);
                // What is not large is at most as long as where large begins.
                query.length_mm =
                    if negated { Bounds { min: max, max: min } } else { Bounds { min, max } };
            }
            // `del más caro al más barato` ends where the order does.
            Meaning::Sort(sort) if message.ends_at(Cue::OrderEnd, said.tokens.start) => {
                query.sort = Some(sort.reversed());
            }
            // `2018 o más nuevo` is a range, no order.
            Meaning::Sort(_) if message.in_range(&said.tokens) => {}
            Meaning::Sort(_) if is_judged(message, &said.tokens) => {}
            Meaning::Sort(sort) => query.sort = Some(sort),
            _ => {}
        }
    }
}

/// The order that is asked for; `wants_others` where nothing else is.
fn read_order(message: &Message, scene: Scene<'_>, wants_others: bool, query: &mut Query) {
    if scene.asked.is_some_and(|slot| !matches!(slot, "car" | "search")) && !wants_others {
        // Where an amount or a term was asked for, `el más barato` is one of those.
        query.sort = None;
    }
    if message.has(Cue::Reversed) {
        let searched: Option<Wish> = scene.slots.get("search").and_then(read_value);
        query.sort = searched.and_then(|wish| wish.query.sort).map(Sort::reversed);
    }
}

/// Whether what stands in `tokens` says how something is, and wants no order: `está más caro`, unlike
/// `cuál está más caro`.
fn is_judged(message: &Message, tokens: &Range<usize>) -> bool {
    let asked = message.of(Cue::Which).any(|said| said.tokens.end < tokens.start);
    !asked && message.ends_at(Cue::Judging, tokens.start)
}

/// The conditions that no longer count: `sin límite de precio`.
fn read_released(message: &Message, scene: Scene<'_>, change: &mut WishChange) {
    let no_car = !scene.slots.contains_key("car");
    let told = message.said.iter().filter_map(|said| match said.meaning {
        Meaning::Release(condition) => Some(condition),
        Meaning::Cue(Cue::AnyName) => Some(Condition::Make),
        Meaning::Cue(Cue::Whatever) if no_car => Some(Condition::Make),
        _ => None,
    });
    for condition in told {
        release(change, condition);
    }
}

fn release(change: &mut WishChange, condition: Condition) {
    if !change.released.contains(&condition) {
        change.released.push(condition);
    }
}

/// What can be paid each month, and at once beside it: in this message or since the last search.
fn read_budget(message: &Message, scene: Scene<'_>, policy: &Policy, wish: &mut Wish) {
    let searched = searched(scene);
    let known = searched.as_ref().and_then(|searched| searched.monthly_payment);
    // `que sean 6 mil` after `7,500 al mes`.
    wish.monthly_payment =
        message.monthly_payment().or_else(|| message.small_amount().filter(|_| known.is_some()));
    let Some(monthly) = wish.monthly_payment.or(known) else { return };
    // What was told before the search counts in it.
    let before = || scene.pending.get("down_payment").and_then(read_value);
    let is_first = known.is_none();
    let said =
        message.down_payment_beside(monthly, policy).or_else(|| is_first.then(before).flatten());
    wish.down_payment = said.map(|said| payable(said, policy));
    wish.months = message.offered_terms(policy).first().copied();
}

/// Another currency that a price was told in: in a range, or `loose`, by a single amount.
fn foreign(message: &Message, loose: bool) -> Option<String> {
    message.amounts().find_map(|(said, tokens)| match said {
        SaidAmount::Foreign { foreign }
            if (loose || message.in_range(tokens))
                && !message.is_for(Purpose::DownPayment, tokens) =>
        {
            Some(foreign)
        }
        _ => None,
    })
}

/// Whether a message asks what sells most: `cuál sale más`, unlike `cuál sale más barato`.
fn asks_for_popular(message: &Message) -> bool {
    let ordered = |tokens: &Range<usize>| {
        let mut inside = message.said_from(tokens.start, tokens.end).iter();
        inside.any(|said| matches!(said.meaning, Meaning::Sort(_)) && tokens.end < said.tokens.end)
    };
    message.of(Cue::Popular).any(|said| !ordered(&said.tokens))
}

/// Whether advice is asked for, and of what kind. With an amount or a term to give, or with a car in
/// hand, `¿cuánto me recomiendas?` is about that.
fn shown(message: &Message, scene: Scene<'_>) -> Show {
    let other = message.has(Cue::OtherAdvice) || wants_a_figure(scene);
    if asks_for_popular(message) {
        Show::Popular
    } else if message.has(Cue::Recommend) && !other {
        Show::Recommended
    } else {
        Show::All
    }
}
