//! What numbers count: pesos, per cent, months, kilometres, model years.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::lists::{self, Phrases, Slips, WordMap, WordSet};
use crate::text::{Token, fold};

/// A currency, as far as the bot tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Currency {
    /// Mexican pesos: whatever is not said to be something else.
    Mxn,
    /// US dollars.
    Usd,
    /// Euros.
    Eur,
    /// Any other.
    Other,
}

impl Currency {
    /// The code in JSON: `MXN`, `USD`, `EUR`, `XXX` (ISO 4217's "no currency") for any other.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mxn => "MXN",
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Other => "XXX",
        }
    }
}

/// What a number counts, as far as the words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// The words do not say.
    Plain,
    /// An amount of money.
    Money(Currency),
    /// Per cent.
    Percent,
    /// Months.
    Months,
    /// Years of time: `4 años`.
    Years,
    /// A model year: `2019`.
    ModelYear,
    /// Kilometres.
    Km,
    /// Something else that was named: doors, passengers, metres.
    Other,
}

/// The units of the language.
pub(super) static UNITS: LazyLock<Units> =
    LazyLock::new(|| Units::new(&lists::load(include_str!("../../data/spanish/units.toml"))));

pub(super) struct Units {
    /// Units after a number; of money only the phrases, the words are in `currencies`.
    pub(super) after: Phrases<Unit>,
    /// Units that are known with a slip in them: `48 mses`.
    slips: Slips<Unit>,
    pub(super) currencies: WordMap<Currency>,
    /// Currencies that stand before the amount.
    pub(super) before: WordSet,
    pub(super) split_dollar: WordSet,
    pub(super) cents: WordSet,
    /// Money of which one has some: `una lana` is no amount.
    pub(super) uncounted: WordSet,
    /// What may follow the word for pesos.
    pub(super) national: Phrases<()>,
    /// Words after which a number is a name.
    pub(super) names: WordSet,
    /// Shares of the whole, in per cent.
    pub(super) shares: Phrases<Decimal>,
    /// Spans of time without a number, in months.
    pub(super) spans: Phrases<u32>,
    /// Words that say what the numbers after them are.
    pub(super) announcers: WordMap<Unit>,
}

/// The unit that begins at a token (of money, only `m.n.`): what it is and the token after it.
pub(super) fn after(tokens: &[Token], at: usize) -> Option<(Unit, usize)> {
    let mistyped = || Some((UNITS.slips.meaning(&tokens.get(at)?.text)?, at + 1));
    UNITS.after.longest(tokens, at).or_else(mistyped)
}

/// Whether a unit other than a currency's name begins at a token.
pub(super) fn follows(tokens: &[Token], at: usize) -> bool {
    after(tokens, at).is_some()
}

/// Whether `%` or `por ciento` begins at a token.
pub(super) fn is_percent(tokens: &[Token], at: usize) -> bool {
    after(tokens, at).is_some_and(|(unit, _)| unit == Unit::Percent)
}

/// Whether `m.n.` begins at a token.
pub(super) fn is_money(tokens: &[Token], at: usize) -> bool {
    after(tokens, at).is_some_and(|(unit, _)| matches!(unit, Unit::Money(_)))
}

impl Units {
    fn new(file: &File) -> Self {
        let mut after = Phrases::new();
        after.add(&file.units.percent, Unit::Percent);
        after.add(&file.units.months, Unit::Months);
        after.add(&file.units.years, Unit::Years);
        after.add(&file.units.km, Unit::Km);
        after.add(&file.units.other, Unit::Other);
        after.add(&file.money.phrases, Unit::Money(Currency::Mxn));
        let Mistyped { months, years, km, look_alikes } = &file.mistyped;
        let mistyped = meanings([(months, Unit::Months), (years, Unit::Years), (km, Unit::Km)]);
        let mut national = Phrases::of(&file.money.phrases, ());
        national.add(&file.money.national, ());
        let mut shares = Phrases::new();
        for (share, phrases) in &file.shares {
            shares.add(phrases, percent(share));
        }
        let mut spans = Phrases::new();
        for (months, phrases) in &file.spans {
            spans.add(phrases, months.parse().expect("a span is a number of months"));
        }
        let Announcers { km, year } = &file.announcers;
        let announcers = [(km, Unit::Km), (year, Unit::ModelYear)];
        Self {
            after,
            slips: Slips::of(mistyped, look_alikes),
            currencies: currencies(&file.currencies),
            before: lists::words(&file.money.before),
            split_dollar: lists::words(&file.money.split_dollar),
            cents: lists::words(&file.money.cents),
            uncounted: lists::words(&file.money.uncounted),
            national,
            names: lists::words(&file.money.names),
            shares,
            spans,
            announcers: meanings(announcers).collect(),
        }
    }
}

fn currencies(file: &Currencies) -> WordMap<Currency> {
    meanings([
        (&file.mxn, Currency::Mxn),
        (&file.usd, Currency::Usd),
        (&file.eur, Currency::Eur),
        (&file.other, Currency::Other),
    ])
    .collect()
}

/// The words of lists, folded, each with what those of its list mean.
fn meanings<'a, M: Copy + 'a>(
    lists: impl IntoIterator<Item = (&'a Vec<String>, M)>,
) -> impl Iterator<Item = (String, M)> {
    let entries = lists.into_iter();
    entries.flat_map(|(words, meaning)| words.iter().map(move |word| (fold(word), meaning)))
}

/// A share written `1/4`, in per cent.
fn percent(share: &str) -> Decimal {
    let (over, under) = share.split_once('/').expect("a share is written like 1/4");
    let number = |digits: &str| Decimal::from(digits.parse::<u32>().expect("digits of a share"));
    Decimal::ONE_HUNDRED * number(over) / number(under)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    units: After,
    mistyped: Mistyped,
    currencies: Currencies,
    money: Money,
    shares: BTreeMap<String, Vec<String>>,
    spans: BTreeMap<String, Vec<String>>,
    announcers: Announcers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    percent: Vec<String>,
    months: Vec<String>,
    years: Vec<String>,
    km: Vec<String>,
    other: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mistyped {
    months: Vec<String>,
    years: Vec<String>,
    km: Vec<String>,
    look_alikes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Currencies {
    mxn: Vec<String>,
    usd: Vec<String>,
    eur: Vec<String>,
    other: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Money {
    before: Vec<String>,
    split_dollar: Vec<String>,
    cents: Vec<String>,
    phrases: Vec<String>,
    national: Vec<String>,
    uncounted: Vec<String>,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Announcers {
    km: Vec<String>,
    year: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn the_list_reads_and_knows_its_units() {
        let unit = |message: &str| after(Text::new(message).tokens(), 0).map(|(unit, _)| unit);
        assert_eq!(unit("por ciento"), Some(Unit::Percent));
        assert_eq!(unit("años"), Some(Unit::Years));
        assert_eq!(unit("kms"), Some(Unit::Km));
        assert_eq!(unit("puertas"), Some(Unit::Other));
        assert_eq!(unit("azules"), None);
        assert_eq!(unit("mses"), Some(Unit::Months));
        assert_eq!(unit("kilometors"), Some(Unit::Km));
        assert_eq!(unit("mesas"), None, "a word of its own");
        assert_eq!(UNITS.currencies.get("dolares"), Some(&Currency::Usd));
        let share = UNITS.shares.longest(Text::new("una cuarta parte").tokens(), 0);
        assert_eq!(share, Some((Decimal::from(25), 3)));
    }
}
