//! Figures with their units, in digits and in words: each stands in a cited passage, or is refused.

use std::ops::Range;

use rust_decimal::Decimal;

use super::breach::Breach;
use super::lists::{LEXICON, LISTS};
use super::phrase::{Phrase, longest};
use super::reading::Reading;
use crate::spanish::{Found, MODEL_YEARS, Value, extract};
use crate::text::{Text, Token, TokenKind};

/// Words before a figure that may bound it.
const MAX_BOUND: usize = 4;

/// A number and what it counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// In the class's own measure: 12 for a year.
    value: Decimal,
    unit: Unit,
    bound: Option<Bound>,
    /// The number with its unit, but not with the noun it counts.
    pub(super) tokens: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum Unit {
    /// Nothing that is said.
    Plain,
    /// A class of `units` in the word list.
    Measure(&'static str),
    /// Things, by their stem.
    Things(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bound {
    is_upper: bool,
    is_strict: bool,
}

/// The figures of `text`, in order; `opens` says which tokens open a line or a sentence.
pub(super) fn read(text: &Text, opens: &[bool]) -> Vec<Figure> {
    let tokens = text.tokens();
    let steps = steps(tokens, opens);
    let mut figures = Vec::new();
    let mut end = 0;
    for found in extract(text) {
        let Value::Number(value) = found.value else { continue };
        let start = found.tokens.start;
        if start < end || steps.contains(&start) {
            continue;
        }
        let figure = figure(text, &found, value);
        if let Some(figure) = figure {
            end = figure.tokens.end;
            figures.push(figure);
        }
    }
    share_units(tokens, &mut figures);
    figures
}

/// Numbers that only count the steps of a list: 1), 2), 3), or 1. and 2. at the head of a line.
fn steps(tokens: &[Token], opens: &[bool]) -> Vec<usize> {
    let mut steps = Vec::new();
    for at in 0..tokens.len() {
        let expected = (steps.len() + 1).to_string();
        let Some(next) = tokens.get(at + 1).filter(|next| next.glued) else { continue };
        let is_mark = next.text == ")" || next.text == "." && opens[at];
        if tokens[at].text == expected && is_mark {
            steps.push(at);
        }
    }
    steps
}

fn figure(text: &Text, found: &Found, value: Decimal) -> Option<Figure> {
    let tokens = text.tokens();
    let Range { start, mut end } = found.tokens.clone();
    if let Some(minutes) = time_of_day(&tokens[start..]) {
        let unit = Unit::Measure("minutes");
        return Some(Figure { value: minutes, unit, bound: None, tokens: start..start + 3 });
    }
    let mut value = value;
    let unit = match unit_after(tokens, end) {
        Some((unit, after)) => {
            end = after;
            value = value.checked_mul(unit.times.into())?.checked_add(unit.plus.into())?;
            Unit::Measure(&unit.class)
        }
        None if start > 0 && tokens[start - 1].text == "$" => Unit::Measure("mxn"),
        None => things(tokens, end),
    };
    let is_one = tokens[start].text == "uno" && found.tokens.len() == 1;
    if (found.is_article(text) || is_one) && !matches!(unit, Unit::Measure(_)) {
        return None;
    }
    let bound = bound_before(tokens, start);
    Some(Figure { value, unit, bound, tokens: start..end })
}

/// `9:00` in minutes.
fn time_of_day(tokens: &[Token]) -> Option<Decimal> {
    let [hour, colon, minute, ..] = tokens else { return None };
    let is_time = colon.text == ":" && colon.glued && minute.glued && minute.text.len() == 2;
    let number = |token: &Token| token.text.parse::<u32>().ok();
    is_time.then(|| Some(Decimal::from(number(hour)? * 60 + number(minute)?)))?
}

/// The unit behind a number, and the token after it.
fn unit_after(tokens: &[Token], at: usize) -> Option<(&'static super::lists::Unit, usize)> {
    let skipped = usize::from(tokens.get(at).is_some_and(|token| token.text == "de"));
    [0, skipped].into_iter().find_map(|skip| {
        let rest: Vec<&str> =
            tokens.get(at + skip..)?.iter().take(4).map(|token| token.text.as_str()).collect();
        let lengths = LISTS.units.iter().filter_map(|unit| {
            longest(&unit.words, &rest).map(|length| (unit, at + skip + length))
        });
        lengths.max_by_key(|(_, end)| *end)
    })
}

fn things(tokens: &[Token], at: usize) -> Unit {
    let noun = tokens.get(at).filter(|token| token.kind == TokenKind::Word);
    let noun = noun.filter(|noun| !LISTS.function_words.contains(&noun.text));
    noun.map_or(Unit::Plain, |noun| Unit::Things(LEXICON.forms(&noun.text).0))
}

fn bound_before(tokens: &[Token], start: usize) -> Option<Bound> {
    let words: Vec<&str> = tokens[start.saturating_sub(MAX_BOUND)..start]
        .iter()
        .filter(|token| token.kind == TokenKind::Word)
        .map(|token| token.text.as_str())
        .filter(|word| !matches!(*word, "los" | "las" | "unos" | "unas"))
        .collect();
    let closed_by = |phrases: &[Phrase]| phrases.iter().any(|phrase| phrase.closes(&words));
    let lists = [
        (&LISTS.upper.strict, true, true),
        (&LISTS.lower.strict, false, true),
        (&LISTS.upper.loose, true, false),
        (&LISTS.lower.loose, false, false),
    ];
    let found = lists.into_iter().find(|(phrases, ..)| closed_by(phrases));
    found.map(|(_, is_upper, is_strict)| Bound { is_upper, is_strict })
}

/// Gives a number without a unit the one of the number it is joined to: `36, 48 o 60 meses`.
fn share_units(tokens: &[Token], figures: &mut [Figure]) {
    for at in (1..figures.len()).rev() {
        let (before, after) = figures.split_at_mut(at);
        let (Some(left), right) = (before.last_mut(), &after[0]) else { continue };
        let between = &tokens[left.tokens.end..right.tokens.start];
        let is_joined = between.iter().all(|token| LISTS.joiners.contains(&token.text));
        if left.unit != Unit::Plain || !is_joined || between.is_empty() {
            continue;
        }
        if let Unit::Measure(class) = right.unit {
            let times = scale(tokens, right, class);
            left.value = left.value.checked_mul(times).unwrap_or(left.value);
        }
        left.unit = right.unit.clone();
    }
}

/// How many of its class the unit of a figure makes.
fn scale(tokens: &[Token], figure: &Figure, class: &str) -> Decimal {
    let last = tokens[figure.tokens.end - 1].text.as_str();
    let unit = LISTS
        .units
        .iter()
        .find(|unit| unit.class == class && longest(&unit.words, &[last]).is_some());
    unit.map_or(Decimal::ONE, |unit| unit.times.into())
}

/// Refuses figures of the answer that no cited passage has.
pub(super) fn check(said: &Reading, source: &Reading) -> Result<(), Breach> {
    for figure in &said.figures {
        if !source.figures.iter().any(|known| figure.repeats(known, source)) {
            return Err(breach(said, figure.tokens.clone()));
        }
    }
    let digits = |reading: &Reading, at: usize| reading.tokens()[at].text.clone();
    let known: Vec<String> = (0..source.tokens().len()).map(|at| digits(source, at)).collect();
    let steps = steps(said.tokens(), &openings(said));
    for (at, token) in said.tokens().iter().enumerate() {
        let is_loose = token.kind == TokenKind::Digits && !said.is_figure(at);
        if is_loose && !steps.contains(&at) && !known.contains(&token.text) {
            return Err(breach(said, at..at + 1));
        }
    }
    ordinals(said, source)
}

fn openings(reading: &Reading) -> Vec<bool> {
    (0..reading.tokens().len()).map(|at| reading.opens(at)).collect()
}

fn breach(said: &Reading, tokens: Range<usize>) -> Breach {
    Breach::Figure { span: said.text.written(&tokens).to_owned() }
}

impl Figure {
    /// Whether both say the same amount of the same unit.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.value == other.value && self.is_comparable(other)
    }

    /// Whether both count in the same unit.
    pub(super) fn is_comparable(&self, other: &Self) -> bool {
        self.unit == other.unit && self.is_year() == other.is_year()
    }

    /// Whether it counts nothing that is said: a house number, a year.
    pub(super) fn is_plain(&self) -> bool {
        self.unit == Unit::Plain
    }

    /// Whether it is money or a share of it.
    pub(super) fn is_amount(&self) -> bool {
        let Unit::Measure(class) = self.unit else { return false };
        matches!(class, "percent" | "mxn" | "usd" | "eur" | "uma")
    }

    fn is_year(&self) -> bool {
        let years = Decimal::from(*MODEL_YEARS.start())..=Decimal::from(*MODEL_YEARS.end());
        self.value.is_integer() && years.contains(&self.value)
    }

    /// Whether it says what `known`, a figure of `source`, says.
    pub(super) fn repeats(&self, known: &Self, source: &Reading) -> bool {
        let same_bound = match (self.bound, known.bound) {
            // What is no more than a ceiling is not said to be so much.
            (None, Some(known)) => !(self.is_amount() && known.is_upper),
            (None, None) => true,
            (Some(bound), None) => !bound.is_strict,
            (Some(bound), Some(known)) => bound.is_upper == known.is_upper,
        };
        same_bound && self.same_amount(known, source)
    }

    fn same_amount(&self, known: &Self, source: &Reading) -> bool {
        // "de 9 a 18" where the passage says "de 9:00 a 18:00".
        let is_hour = self.unit == Unit::Plain && known.unit == Unit::Measure("minutes");
        if is_hour && self.value.checked_mul(60.into()) == Some(known.value) {
            return true;
        }
        if self.value != known.value {
            return false;
        }
        match (&self.unit, &known.unit) {
            (Unit::Plain, _) | (Unit::Things(_), Unit::Plain) => true,
            (Unit::Measure(class), Unit::Plain | Unit::Things(_)) => {
                // "8,700 millones", of the dollars that another figure has.
                let same = |other: &Self| other.unit == Unit::Measure(class);
                known.value >= Decimal::ONE_THOUSAND
                    && matches!(*class, "mxn" | "usd" | "eur")
                    && source.figures.iter().any(same)
            }
            (Unit::Things(noun), Unit::Things(other)) => {
                // "13 sedes" where the passage counts 15 of them.
                noun == other || !source.figures.iter().any(|figure| figure.unit == self.unit)
            }
            (unit, other) => unit == other,
        }
    }
}

/// Refuses ordinals that no cited passage has, other than those that count steps: `Segundo, …`.
fn ordinals(said: &Reading, source: &Reading) -> Result<(), Breach> {
    let known = source.all_words();
    for (at, token) in said.tokens().iter().enumerate() {
        let Some(ordinal) =
            LISTS.ordinals.iter().find(|ordinal| ordinal.opens(&[token.text.as_str()]).is_some())
        else {
            continue;
        };
        let counts_time = unit_after(said.tokens(), at + 1).is_some();
        let opens = said.opens(at)
            || at > 0 && matches!(said.tokens()[at - 1].text.as_str(), "," | "y" | "luego" | "lo");
        let is_step = opens && token.text.ends_with('o') && !counts_time;
        let next = said.tokens().get(at + 1).filter(|_| counts_time);
        let stands = known.iter().enumerate().any(|(place, word)| {
            let same_time =
                next.is_none_or(|next| known.get(place + 1) == Some(&next.text.as_str()));
            ordinal.opens(&[word]).is_some() && same_time
        });
        if !is_step && !stands {
            return Err(breach(said, at..at + 1));
        }
    }
    Ok(())
}
