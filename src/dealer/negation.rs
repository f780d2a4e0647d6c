//! What a message rules out, and what it takes back: `que no sea Nissan`, `no, dije 15 mil, no 50`.

use std::ops::Range;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cue::Cue;
use super::lexicon::Meaning;
use super::message::{Message, Purpose, pesos_of, starting};
use super::names::{Name, Named};
use crate::spanish::{Amount, Currency, Found, Value};
use crate::text::TokenKind;

/// What a figure can be exchanged for: an amount for an amount, a term for a term, a plain number
/// for anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Amount,
    Term,
    Pick,
    Plain,
}

/// The values that stand on the same words: `15 mil` is a number and an amount.
#[derive(Debug)]
struct Figure {
    tokens: Range<usize>,
    sort: Sort,
    /// What it counts, for a plain number that takes its place: `50 mil no, 15`.
    unit: Option<Unit>,
    number: Option<Decimal>,
}

/// What a number counts.
#[derive(Debug, Clone, Copy)]
enum Unit {
    /// Months or pesos, so many for one: 12 for years, 1,000 for `mil`.
    Months(Decimal),
    Pesos(Decimal),
    Percent,
}

impl Message {
    /// Whether what stands in `tokens` is ruled out: `que no sea Nissan ni Honda`, `sin bluetooth`,
    /// `el Jetta no`, `los Jetta no me gustan`.
    pub(super) fn negated(&self, tokens: &Range<usize>) -> bool {
        let told = tokens.len() > 1 && self.lies_in(Cue::Not, tokens.start);
        told || self.negated_before(tokens) || self.negated_after(tokens)
    }

    /// Whether a negation before it rules out what stands in `tokens`.
    pub(super) fn negated_before(&self, tokens: &Range<usize>) -> bool {
        self.ruled_out.get(tokens.start).is_some_and(|ruled_out| *ruled_out)
    }

    /// Finds what is ruled out by what stands before it. Between the negation and what it negates
    /// stand at most words that carry it on, and, in a list, the names before.
    pub(super) fn rule_out(&mut self) {
        let tokens = self.text.tokens().len();
        let mut name_ending_at = vec![None; tokens + 1];
        for named in &self.all_names {
            name_ending_at[named.tokens.end] = Some(named.tokens.start);
        }
        let kinds = self.said.iter().filter(|said| !matches!(said.meaning, Meaning::Cue(_)));
        for kind in kinds {
            name_ending_at[kind.tokens.end] = Some(kind.tokens.start);
        }
        let mut ruled_out = Vec::with_capacity(tokens);
        for start in 0..tokens {
            let before = start.checked_sub(1);
            let listed = before.filter(|before| self.lies_in(Cue::Joining, *before));
            let listed = listed.and_then(|before| name_ending_at[before]);
            let carried = || before.filter(|before| self.lies_in(Cue::NotThrough, *before));
            let goes_on = listed.or_else(carried).is_some_and(|before| ruled_out[before]);
            // `si no, el Accord` rules nothing out.
            let denied = self.ends_at(Cue::Not, start)
                && !self.ends_at(Cue::Otherwise, start)
                && !self.ends_at(Cue::NotNegating, start);
            ruled_out.push(goes_on || denied);
        }
        self.ruled_out = ruled_out;
    }

    /// Whether what stands in `tokens` is part of letting go: `quita lo de automático`.
    pub(super) fn is_released(&self, tokens: &Range<usize>) -> bool {
        self.said.iter().any(|said| {
            matches!(said.meaning, Meaning::Release(_))
                && said.tokens.start <= tokens.start
                && tokens.end <= said.tokens.end
                && said.tokens != *tokens
        })
    }

    fn negated_after(&self, tokens: &Range<usize>) -> bool {
        let next = |index: usize| self.text.tokens().get(index).map(|token| token.text.as_str());
        // `¿el Jetta no?` rules nothing out.
        let closes = |end: usize| match self.text.tokens().get(end) {
            None => true,
            Some(token) => token.kind == TokenKind::Symbol && next(end) != Some("?"),
        };
        let mut after = self.said_from(tokens.end, tokens.end + 1).iter();
        let ruled_out = after.any(|said| {
            // `un Versa, no + de 300` turns the limit round.
            let closes = || closes(said.tokens.end) && !self.in_range(&said.tokens);
            said.is(Cue::NotAfter) && (said.tokens.len() > 1 || closes())
        });
        // `si no trae bluetooth no me interesa` wants it.
        let otherwise = || self.of(Cue::Otherwise).next();
        ruled_out && otherwise().is_none_or(|said| tokens.start <= said.tokens.start)
    }

    /// Drops the figures and the names that the message takes back.
    pub(super) fn take_back(&mut self) {
        let figures = self.figures();
        let mut taken_back: Vec<bool> = Vec::new();
        let mut take = |tokens: &Range<usize>| {
            taken_back.resize(taken_back.len().max(tokens.end), false);
            taken_back[tokens.clone()].fill(true);
        };
        let mut counted = Vec::new();
        let mut corrections = Vec::new();
        let negated = |figure: &&Figure| self.negated_before(&figure.tokens);
        let standing: Vec<&Figure> = figures.iter().filter(|figure| !negated(figure)).collect();
        for (index, figure) in figures.iter().enumerate() {
            let next = figures.get(index + 1).filter(|next| figure.can_be(next.sort));
            let next = next.filter(|next| self.corrected(&figure.tokens, &next.tokens));
            let stands = || standing.iter().find(|other| figure.can_be(other.sort)).copied();
            let instead = next.or_else(|| negated(&figure).then(stands).flatten());
            let Some(instead) = instead else { continue };
            take(&figure.tokens);
            corrections.push(instead.tokens.clone());
            counted.extend(figure.unit.and_then(|unit| instead.counted(unit)));
        }
        // `un Versa, no + de 300` is about no Chrysler 300.
        let is_limit = |named: &Named| {
            self.all_found.iter().any(|found| {
                matches!(found.value, Value::Range(_)) && found.tokens.contains(&named.tokens.start)
            })
        };
        for pair in self.all_names.windows(2) {
            let alike = matches!(
                (&pair[0].name, &pair[1].name),
                (Name::Make(_), Name::Make(_)) | (Name::Model(_), Name::Model(_))
            );
            let alike = alike && !is_limit(&pair[1]);
            let corrected = || alike && self.corrected(&pair[0].tokens, &pair[1].tokens);
            if corrected() || self.exchanged(&pair[0].tokens) {
                take(&pair[0].tokens);
            }
        }
        let lies = |tokens: &Range<usize>| {
            tokens.clone().any(|index| taken_back.get(index).is_some_and(|taken| *taken))
        };
        let found = self.all_found.iter();
        let found = found.filter(|found| !lies(&found.tokens) && !self.is_beside_the_point(found));
        self.found = found.cloned().collect();
        for (value, tokens) in counted {
            let (first, last) =
                (&self.text.tokens()[tokens.start], &self.text.tokens()[tokens.end - 1]);
            self.found.push(Found { value, start: first.start, end: last.end, tokens });
        }
        self.found.sort_by_key(|found| found.tokens.start);
        self.all_names.retain(|named| !lies(&named.tokens));
        (self.taken_back, self.corrections) = (taken_back, corrections);
    }

    /// Whether a value is not about the car that is looked for: what is earned or owed, the year of a
    /// car that is owned, and what is part of a word for cars.
    fn is_beside_the_point(&self, found: &Found) -> bool {
        // The figures of `4 x 4` and `5 puertas` count nothing.
        let begun = self.said_from(found.tokens.start.saturating_sub(2), found.tokens.end);
        let in_kind = begun.iter().any(|said| {
            matches!(said.meaning, Meaning::Feature(_) | Meaning::Body(_) | Meaning::BodyGroup(_))
                && found.tokens.end <= said.tokens.end
        });
        if in_kind {
            return true;
        }
        match found.value {
            Value::Money(_) | Value::Number(_) | Value::Range(_) => {
                self.ends_at(Cue::NotPaid, found.tokens.start)
            }
            Value::Year(_) => {
                let mut names = self.all_names.iter();
                names.any(|name| name.tokens.end == found.tokens.start && self.owned(&name.tokens))
                    || (found.tokens.start.saturating_sub(3)..=found.tokens.start)
                        .any(|end| self.ends_at(Cue::OwnedBefore, end))
            }
            _ => false,
        }
    }

    /// Whether what stands in `tokens` is had already: `tengo un Jetta`, `el Chevy que tenemos`.
    pub(super) fn owned(&self, tokens: &Range<usize>) -> bool {
        let article = tokens.start.checked_sub(1);
        let article = article.filter(|at| self.lies_in(Cue::NotThrough, *at));
        let year = starting(&self.all_found, tokens.end..tokens.end + 1, |one| one.tokens.start);
        let year = year.iter().find(|found| matches!(found.value, Value::Year(_)));
        let end = year.map_or(tokens.end, |year| year.tokens.end);
        let mut starts = [Some(tokens.start), article].into_iter().flatten();
        starts.any(|start| self.ends_at(Cue::OwnedBefore, start))
            || self.said_from(end, end + 1).iter().any(|said| {
                // `un Versa, que tengo 150 mil` speaks of money.
                let next = self.text.tokens().get(said.tokens.end);
                said.is(Cue::OwnedAfter) && next.is_none_or(|next| next.kind != TokenKind::Digits)
            })
    }

    /// Whether the name in `tokens`, with another after it, is let go for that one: `cámbiame el Versa
    /// por un Sentra`.
    fn exchanged(&self, tokens: &Range<usize>) -> bool {
        let start = tokens.start;
        let article = start.checked_sub(1).filter(|at| self.lies_in(Cue::NotThrough, *at));
        self.ends_at(Cue::Exchanging, article.unwrap_or(start))
            && self.lies_in(Cue::ExchangedFor, tokens.end)
    }

    /// Whether only words that correct stand between two: `200 mil, digo, 220 mil`.
    fn corrected(&self, first: &Range<usize>, second: &Range<usize>) -> bool {
        let mut corrects = false;
        let only = (first.end..second.start).all(|index| {
            let here = self.lies_in(Cue::Retraction, index);
            corrects |= here;
            here || self.text.tokens()[index].kind == TokenKind::Symbol
                || self.lies_in(Cue::NotThrough, index)
                || self.carries_nothing(index)
        });
        // `50 mil no, 15 mil` takes the first back, `15 mil, no 50` the second.
        only && corrects && !self.negated_before(second)
    }

    fn figures(&self) -> Vec<Figure> {
        let mut figures: Vec<Figure> = Vec::new();
        for found in &self.all_found {
            let Some(sort) = self.sort_of(found) else { continue };
            if figures.last().is_none_or(|last| last.tokens.end <= found.tokens.start) {
                let tokens = found.tokens.clone();
                figures.push(Figure { tokens, sort, unit: None, number: None });
            }
            let Some(figure) = figures.last_mut() else { continue };
            figure.tokens.end = figure.tokens.end.max(found.tokens.end);
            if figure.sort == Sort::Plain {
                figure.sort = sort;
            }
            if let Value::Number(number) = found.value {
                figure.number = Some(number);
            }
        }
        for figure in &mut figures {
            let Range { start, end } = figure.tokens;
            let within = starting(&self.all_found, start..end, |found| found.tokens.start);
            let mut found = within.iter().filter(|found| found.tokens.end <= end);
            figure.unit = found.find_map(|found| unit_of(&found.value, figure.number?));
        }
        figures
    }

    fn sort_of(&self, found: &Found) -> Option<Sort> {
        match found.value {
            Value::Number(_) if found.is_article(&self.text) => None,
            Value::Number(_) if self.is_for(Purpose::DownPayment, &found.tokens) => {
                Some(Sort::Amount)
            }
            Value::Number(_) if self.ends_at(Cue::Term, found.tokens.start) => Some(Sort::Term),
            Value::Number(_) | Value::Year(_) | Value::Km(_) => Some(Sort::Plain),
            Value::Money(_) | Value::Percent(_) | Value::Range(_) => Some(Sort::Amount),
            Value::Months(_) => Some(Sort::Term),
            Value::Ordinal(_) => Some(Sort::Pick),
            Value::YesNo(_) => None,
        }
    }
}

impl Figure {
    fn can_be(&self, sort: Sort) -> bool {
        self.sort == sort || self.sort == Sort::Plain || sort == Sort::Plain
    }

    /// A plain number as so many of `unit`.
    fn counted(&self, unit: Unit) -> Option<(Value, Range<usize>)> {
        let number = self.number.filter(|_| self.sort == Sort::Plain && self.unit.is_none())?;
        let value = match unit {
            Unit::Months(each) => Value::Months((number * each).to_u32()?),
            Unit::Pesos(each) => {
                let money = pesos_of(number.checked_mul(each)?)?;
                Value::Money(Amount { money, currency: Currency::Mxn })
            }
            Unit::Percent => Value::Percent(number),
        };
        Some((value, self.tokens.clone()))
    }
}

/// What `number` counts in a value that holds it.
fn unit_of(value: &Value, number: Decimal) -> Option<Unit> {
    match value {
        Value::Months(months) => Decimal::from(*months).checked_div(number).map(Unit::Months),
        Value::Money(Amount { money, currency: Currency::Mxn }) => {
            // `50 mil` is the number 50,000: who goes on with 15 means thousands.
            let thousands =
                number >= Decimal::ONE_THOUSAND && (number % Decimal::ONE_THOUSAND).is_zero();
            let each = if thousands { Decimal::ONE_THOUSAND } else { Decimal::ONE };
            (money.cents() > 0).then_some(Unit::Pesos(each))
        }
        Value::Percent(_) => Some(Unit::Percent),
        _ => None,
    }
}
