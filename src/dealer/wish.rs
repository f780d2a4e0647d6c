//! What a customer looks for: the slot `search`.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::budget::affordable;
use super::value::SaidAmount;
use super::words::Words;
use crate::catalog::{Body, Bounds, Condition, Feature, Query};
use crate::credit::Policy;
use crate::money::Money;

/// What a customer looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// The conditions on the cars.
    pub query: Query,
    /// At most this much a month; it filters by the price that it buys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_payment: Option<Money>,
    /// What would be paid at once, where the monthly payment was said with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) down_payment: Option<SaidAmount>,
    /// The term that the monthly payment was said for; none is the longest one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) months: Option<u16>,
    /// The conditions that another make or model took the place of, in no words that say so; until
    /// that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lost: Option<Box<Wish>>,
    /// What is shown of the cars that fit.
    #[serde(skip_serializing_if = "is_default")]
    pub show: Show,
}

/// What is shown of the cars that fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// A few, each with what speaks for it.
    Recommended,
    /// Their models, those that there are most of first.
    Popular,
}

/// What a make or model that is named does to what was looked for before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// It takes the place of everything.
    #[default]
    Anew,
    /// It takes the place of the makes and models: `¿y Versa?`.
    Instead,
    /// It comes to the makes and models: `también Versa`.
    Beside,
}

/// What one message changes about a [`Wish`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WishChange {
    /// What it asks for.
    pub wish: Wish,
    /// It begins anew: what was looked for before is forgotten. Where it names only a kind of car,
    /// budget, year and the like stay.
    #[serde(skip_serializing_if = "is_default")]
    pub fresh: bool,
    /// Nothing of what was looked for before counts.
    #[serde(skip_serializing_if = "is_default")]
    pub forgets: bool,
    /// What becomes of what was looked for before, where it names a make or model.
    #[serde(skip_serializing_if = "is_default")]
    pub naming: Naming,
    /// The price was told in this currency, which nobody converts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign: Option<String>,
    /// Conditions that no longer count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<Condition>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Wish {
    /// This wish after `change`: what the change states takes the place of the same condition, and
    /// another make, and any model, takes the place of everything, unless the change goes on with it.
    #[must_use]
    pub fn changed(&self, change: &WishChange) -> Self {
        let new = &change.wish.query;
        let renamed = !new.makes.is_empty() || !new.models.is_empty();
        // A make where none was named only narrows: `SUV de hasta 300 mil`, `¿y Nissan?`.
        let narrows = self.query.makes.is_empty() && self.query.models.is_empty() && !change.fresh;
        let kept = change.naming != Naming::Anew || narrows && new.models.is_empty();
        let anew = change.forgets || renamed && !kept || change.fresh && new.bodies.is_empty();
        let mut wish = if anew { Self::default() } else { self.clone() };
        wish.lost = None;
        // A make beside a model would only narrow it.
        let alike = wish.query.makes.is_empty() == new.makes.is_empty()
            && wish.query.models.is_empty() == new.models.is_empty();
        if renamed && !(change.naming == Naming::Beside && alike) || change.fresh {
            wish = wish.without(Condition::Make);
        }
        if !new.models.is_empty() {
            wish = wish.without(Condition::Body);
        }
        for condition in &change.released {
            wish = wish.without(*condition);
        }
        let old = &mut wish.query;
        add_list(&mut old.makes, &new.makes);
        add_list(&mut old.models, &new.models);
        add_list(&mut old.not_makes, &new.not_makes);
        add_list(&mut old.not_models, &new.not_models);
        old.features.retain(|feature| !new.not_features.contains(feature));
        old.not_features.retain(|feature| !new.features.contains(feature));
        add_list(&mut old.features, &new.features);
        add_list(&mut old.not_features, &new.not_features);
        if !new.bodies.is_empty() {
            old.bodies.clone_from(&new.bodies);
            // A body after a model asks for other models.
            if !renamed {
                old.models.clear();
            }
            old.not_bodies.retain(|body| !new.bodies.contains(body));
        }
        // What is ruled out is never shown: `camioneta que no sea pickup`.
        add_list(&mut old.not_bodies, &new.not_bodies);
        old.bodies.retain(|body| !new.not_bodies.contains(body));
        replace_bounds(&mut old.year, new.year);
        replace_bounds(&mut old.price, new.price);
        replace_bounds(&mut old.km, new.km);
        if new.transmission.is_some() || new.not_transmission.is_some() {
            old.transmission = new.transmission;
            old.not_transmission = new.not_transmission;
        }
        replace_bounds(&mut old.length_mm, new.length_mm);
        old.sort = new.sort.or(old.sort);
        wish.monthly_payment = change.wish.monthly_payment.or(wish.monthly_payment);
        wish.down_payment = change.wish.down_payment.clone().or(wish.down_payment);
        wish.months = change.wish.months.or(wish.months);
        wish.show = change.wish.show;
        if anew && !change.fresh && !change.forgets {
            wish.lost = self.lost_to(&wish).map(Box::new);
        }
        wish
    }

    /// The conditions of this wish that `new` says nothing about. Who names a model says what kind
    /// of car it is.
    fn lost_to(&self, new: &Self) -> Option<Self> {
        let told = new.query.conditions().into_iter().chain([Condition::Make]);
        let implied = (!new.query.models.is_empty()).then_some(Condition::Body);
        let mut lost = told.chain(implied).fold(self.clone(), |lost, told| lost.without(told));
        lost.lost = None;
        let limits = lost.monthly_payment.is_some() || !lost.query.conditions().is_empty();
        limits.then_some(lost)
    }

    /// The wish with `condition` given up.
    pub(super) fn without(&self, condition: Condition) -> Self {
        let mut wish = Self { query: self.query.without(condition), ..self.clone() };
        if condition == Condition::Price {
            (wish.monthly_payment, wish.down_payment, wish.months) = (None, None, None);
        }
        wish
    }

    /// The search that this wish means: a monthly payment becomes the highest price that it buys.
    #[must_use]
    pub fn to_query(&self, policy: &Policy) -> Query {
        let mut query = self.query.clone();
        if let Some(affordable) = self.affordable(policy) {
            query.price.max = Some(query.price.max.map_or(affordable, |max| max.min(affordable)));
        }
        query
    }

    /// The highest price that the monthly payment buys over the longest term.
    pub(super) fn affordable(&self, policy: &Policy) -> Option<Money> {
        Some(affordable(self.monthly_payment?, self.down_payment.as_ref(), self.months, policy))
    }

    /// The wish in the customer's words: `Nissan Versa de 2019 en adelante, de hasta $220,000`.
    pub(super) fn summary(&self, words: &Words, policy: &Policy) -> String {
        words.summary.sentence(Some(self.subject(words)), &self.conditions(words, policy))
    }

    /// How the wish was read, where that does not show by itself: names and a year stand in every row.
    pub(super) fn filters(&self, words: &Words, policy: &Policy) -> Option<String> {
        let conditions = self.conditions(words, policy);
        let one_year = self.query.year.min.is_some() && self.query.year.min == self.query.year.max;
        let telling = !self.query.bodies.is_empty() || conditions.len() > usize::from(one_year);
        telling.then(|| self.stated(words, policy))
    }

    /// What is stated about the cars, and no more: `SUV de hasta $400,000`, `automático`.
    pub(super) fn stated(&self, words: &Words, policy: &Policy) -> String {
        let Query { makes, models, bodies, .. } = &self.query;
        let named = !makes.is_empty() || !models.is_empty() || !bodies.is_empty();
        let subject = named.then(|| self.subject(words));
        words.summary.sentence(subject, &self.conditions(words, policy))
    }

    /// Everything but the kind of car.
    fn conditions(&self, words: &Words, policy: &Policy) -> Vec<String> {
        let query = &self.query;
        let says = &words.summary;
        let mut parts = Vec::new();
        match query.year {
            Bounds { min: Some(min), max: Some(max) } if min == max => {
                parts.push(fill(&says.year_one, min));
            }
            year => {
                parts.extend(year.min.map(|min| fill(&says.year_min, min)));
                parts.extend(year.max.map(|max| fill(&says.year_max, max)));
            }
        }
        parts.extend(query.transmission.map(|transmission| words.transmission(transmission)));
        parts.extend(query.features.iter().map(|feature| words.feature(*feature)));
        match query.price {
            Bounds { min: Some(min), max: Some(max) } => parts.push(words.price_between(min, max)),
            price => {
                parts.extend(price.min.map(|min| fill(&says.price_min, min.short())));
                parts.extend(price.max.map(|max| fill(&says.price_max, max.short())));
            }
        }
        parts.extend(self.budget(words, policy));
        parts.extend(query.km.min.map(|min| fill(&says.km_min, grouped(min))));
        parts.extend(query.km.max.map(|max| fill(&says.km_max, grouped(max))));
        let metres = |mm: u32| Decimal::new(i64::from(mm), 3).normalize();
        parts.extend(query.length_mm.min.map(|mm| fill(&says.length_min, metres(mm))));
        parts.extend(query.length_mm.max.map(|mm| fill(&says.length_max, metres(mm))));
        parts.extend(query.sort.map(|sort| words.sort(sort)));
        let names = query.not_makes.iter().chain(&query.not_models).cloned();
        let bodies = query.not_bodies.iter().map(|body| words.body(*body).to_owned());
        let features = query.not_features.iter().map(|feature| words.feature(*feature));
        let gearbox = query.not_transmission.map(|gearbox| words.transmission(gearbox));
        let unwanted = names.chain(bodies).chain(features).chain(gearbox);
        parts.extend(unwanted.map(|name| fill(&says.not, name)));
        parts
    }

    /// What is paid each month and at once, and the price that it buys.
    fn budget(&self, words: &Words, policy: &Policy) -> Option<String> {
        let says = &words.summary;
        let monthly = fill(&says.monthly_payment, self.monthly_payment?.short());
        let least = || format!("{}%", policy.min_down_percent().get().normalize());
        let down_payment = self.down_payment.as_ref().map_or_else(least, SaidAmount::told);
        let at_once = fill(&says.down_payment, down_payment);
        let longest = policy.terms().last().map(|term| term.get());
        let months = self.months.or(longest).map(|months| fill(&says.months, months));
        // Whole pesos: nobody reads the cents of a limit.
        let affordable = Money::from_pesos(self.affordable(policy)?.cents() / 100);
        let buys = fill(&says.affordable, affordable.short());
        let parts = [Some(monthly), months, Some(at_once), Some(buys)];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    /// What kind of car: bodies, makes and models, else just cars.
    fn subject(&self, words: &Words) -> String {
        let Query { makes, models, bodies, .. } = &self.query;
        let named = [words.bodies_named(bodies), words.any_of(makes), words.any_of(models)];
        let subject: Vec<String> = named.into_iter().filter(|name| !name.is_empty()).collect();
        if subject.is_empty() { words.summary.anything.clone() } else { subject.join(" ") }
    }
}

/// What conditions are called where they could be given up.
pub(super) fn condition_name(conditions: &[Condition], words: &Words) -> String {
    let names = &words.conditions;
    let [condition] = conditions else { return names.several.clone() };
    let name = match condition {
        Condition::Length => &names.length,
        Condition::Feature(Feature::Bluetooth) => &names.bluetooth,
        Condition::Feature(Feature::CarPlay) => &names.car_play,
        Condition::Feature(Feature::FourWheelDrive) => &names.four_wheel_drive,
        Condition::Feature(Feature::Diesel) => &names.diesel,
        Condition::Transmission => &names.transmission,
        Condition::Km => &names.km,
        Condition::Year => &names.year,
        Condition::Price => &names.price,
        Condition::Body => &names.body,
        Condition::Model => &names.model,
        Condition::Make => &names.make,
    };
    name.clone()
}

/// A wish for these bodies alone.
pub(super) fn for_body(body: Body) -> WishChange {
    let query = Query { bodies: vec![body], ..Query::default() };
    WishChange { wish: Wish { query, ..Wish::default() }, ..WishChange::default() }
}

/// A wording with its value in place.
pub(super) fn fill(template: &str, value: impl std::fmt::Display) -> String {
    template.replace("{}", &value.to_string())
}

/// A count with its thousands apart: `58,400`.
pub(super) fn grouped(number: u32) -> String {
    Money::from_pesos(i64::from(number)).short().trim_start_matches('$').to_owned()
}

fn add_list<T: Clone + PartialEq>(old: &mut Vec<T>, new: &[T]) {
    for item in new {
        if !old.contains(item) {
            old.push(item.clone());
        }
    }
}

/// Takes the ends that are told; the other end stays where the two make sense together.
fn replace_bounds<T: Copy + PartialOrd>(old: &mut Bounds<T>, new: Bounds<T>) {
    let (min, max) = (new.min.or(old.min), new.max.or(old.max));
    let crossed = min.zip(max).is_some_and(|(min, max)| min > max);
    *old = if crossed { new } else { Bounds { min, max } };
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Transmission;

    fn change(query: Query) -> WishChange {
        WishChange { wish: Wish { query, ..Wish::default() }, ..WishChange::default() }
    }

    #[test]
    fn a_follow_up_refines_and_a_new_model_replaces() {
        let price = Bounds { min: None, max: Some(Money::from_pesos(300_000)) };
        let cheap = Wish::default().changed(&change(Query {
            bodies: vec![Body::Suv],
            price,
            ..Query::default()
        }));
        let automatic = Query { transmission: Some(Transmission::Automatic), ..Query::default() };
        let refined = cheap.changed(&change(automatic));
        assert_eq!(refined.query.price, price);
        assert_eq!(refined.query.transmission, Some(Transmission::Automatic));
        let replaced =
            refined.changed(&change(Query { models: vec!["Versa".into()], ..Query::default() }));
        assert!(replaced.query.price.is_open());
        assert_eq!(replaced.query.bodies, []);
    }

    #[test]
    fn what_another_make_takes_away_is_told_where_there_is_something() {
        let make = |name: &str| change(Query { makes: vec![name.into()], ..Query::default() });
        let cheap = Bounds { min: None, max: Some(Money::from_pesos(300_000)) };
        let query = Query { price: cheap, bodies: vec![Body::Suv], ..Query::default() };
        let suv = Wish { query, ..Wish::default() };
        let nissan = suv.changed(&make("Nissan"));
        assert_eq!((nissan.query.price, &nissan.lost), (cheap, &None), "it took no other's place");
        let mazda = nissan.changed(&make("Mazda"));
        let policy = Policy::load(Path::new("data/credit_policy.toml")).expect("it reads");
        let lost = mazda.lost.as_ref().expect("two conditions are lost");
        assert_eq!(lost.stated(Words::built_in(), &policy), "SUV de hasta $300,000");
        assert_eq!(mazda.changed(&make("Kia")).lost, None, "nothing is left to lose");
        let shown = Wish { show: Show::Recommended, ..Wish::default() };
        assert_eq!(shown.changed(&make("Kia")).lost, None, "advice is no condition");
        let versa =
            change(Query { models: vec!["Versa".into()], price: cheap, ..Query::default() });
        assert_eq!(suv.changed(&versa).lost, None, "a model says its kind, and the price was said");
    }

    #[test]
    fn the_summary_reads_like_a_sentence() {
        let query = Query {
            makes: vec!["Nissan".into()],
            models: vec!["Versa".into()],
            year: Bounds { min: Some(2019), max: None },
            price: Bounds { min: None, max: Some(Money::from_pesos(220_000)) },
            ..Query::default()
        };
        let wish = Wish { query, ..Wish::default() };
        let policy = Policy::load(Path::new("data/credit_policy.toml")).expect("it reads");
        let summary = wish.summary(Words::built_in(), &policy);
        assert_eq!(summary, "Nissan Versa de 2019 en adelante, de hasta $220,000");
        let query = Query {
            bodies: vec![Body::Suv],
            transmission: Some(Transmission::Automatic),
            ..Query::default()
        };
        let wish = Wish { query, ..Wish::default() };
        assert_eq!(wish.summary(Words::built_in(), &policy), "SUV, automático");
    }
}
