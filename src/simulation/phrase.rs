//! Phrases with cars, amounts and terms of the dealer in them.

use super::cast::CAST;
use super::chance::Chance;
use crate::catalog::Car;
use crate::dealer::Dealer;
use crate::money::Money;

/// What the next phrase may speak of.
pub(super) struct Subject<'a> {
    pub(super) dealer: &'a Dealer,
    /// The car that is wanted.
    pub(super) wanted: Car<'a>,
    /// Another one, for changes of mind.
    pub(super) other: Car<'a>,
    /// The amount that is spoken of.
    pub(super) amount: Money,
    /// A number on the screen.
    pub(super) number: &'a str,
    /// What stands beside it.
    pub(super) label: &'a str,
}

/// One of `phrases`, filled.
pub(super) fn phrase(phrases: &[String], subject: &Subject<'_>, chance: &mut Chance) -> String {
    let phrase: &String = chance.one_of(phrases);
    filled(phrase, subject, chance)
}

/// `template` with all its places filled.
fn filled(template: &str, subject: &Subject<'_>, chance: &mut Chance) -> String {
    let mut words = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        words.push_str(before);
        let named = after.split_once('}');
        let filled = named.and_then(|(name, after)| Some((value(name, subject, chance)?, after)));
        if let Some((value, after)) = filled {
            words.push_str(&value);
            rest = after;
        } else {
            words.push('{');
            rest = after;
        }
    }
    words + rest
}

/// What stands for a name; none where it is no place to fill.
fn value(name: &str, subject: &Subject<'_>, chance: &mut Chance) -> Option<String> {
    let Subject { dealer, wanted, other, amount: about, number, label } = subject;
    let policy = dealer.policy();
    Some(match name {
        "make" => wanted.make().to_owned(),
        "model" => wanted.model().to_lowercase(),
        "year" => wanted.year().to_string(),
        "other_model" => other.model().to_owned(),
        "folio" => wanted.stock_id().as_str().to_owned(),
        "body" => chance.one_of(&CAST.words.bodies).clone(),
        "number" => (*number).to_owned(),
        "label" => (*label).to_owned(),
        "percent" => {
            let least = policy.min_down_percent().get();
            let most = policy.max_down_percent().get();
            let steps = (most - least).try_into().unwrap_or(0_usize) / 5;
            (least + rust_decimal::Decimal::from(5 * chance.below(steps + 1))).to_string()
        }
        "months" => chance.one_of(policy.terms()).to_string(),
        "years" => (chance.one_of(policy.terms()).get() / 12).to_string(),
        "amount" => amount(*about, chance),
        "more" => amount(*about + Money::from_pesos(100_000), chance),
        "monthly" => amount(Money::from_pesos(thousands(chance.between(3, 20))), chance),
        "tiny" => chance.one_of(&CAST.words.tiny).clone(),
        "huge" => chance.one_of(&CAST.words.huge).clone(),
        _ => return None,
    })
}

/// `money`, rounded to thousands as people do, in one of the ways to write it.
fn amount(money: Money, chance: &mut Chance) -> String {
    let pesos = (money.cents() / 100_000).max(1) * 1_000;
    let written = chance.one_of(&CAST.words.amounts);
    let grouped = Money::from_pesos(pesos).short();
    written
        .replace("{thousands}", &(pesos / 1_000).to_string())
        .replace("{grouped}", grouped.trim_start_matches('$'))
        .replace("{plain}", &pesos.to_string())
}

fn thousands(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(0) * 1_000
}
