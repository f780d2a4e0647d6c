//! The numbers, amounts, terms and picks of a message, and where they stand in it.

use std::ops::{Range, RangeInclusive};

use rust_decimal::Decimal;

use super::cue::Cue;
use super::limits::LIMITS;
use super::message::{Message, Purpose, pesos_of, starting};
use super::value::SaidAmount;
use crate::catalog::StockId;
use crate::credit::Policy;
use crate::money::Money;
use crate::spanish::{self, Bounds, Currency, Found, Unit, Value};
use crate::text::TokenKind;

/// Words that tell something in a short answer, at most.
const SHORT_ANSWER: usize = 2;

/// Tokens between what prefers and what is preferred, at most.
const REACH: usize = 2;

/// Bare figures that can only be the thousands of a car's price.
const THOUSANDS: RangeInclusive<Decimal> =
    Decimal::from_parts(100, 0, 0, false, 0)..=Decimal::from_parts(999, 0, 0, false, 0);

/// Digits from which on a bare number may be a stock id.
const SHORTEST_STOCK_ID: usize = 6;

impl Message {
    /// The number that is the whole message besides filler.
    pub(super) fn bare_number(&self) -> Option<Decimal> {
        self.found.iter().find_map(|found| match found.value {
            Value::Number(number) if self.is_all(&found.tokens) && self.is_plain(&found.tokens) => {
                Some(number)
            }
            _ => None,
        })
    }

    /// The number that somebody has, where that is the whole message or comes with a term: `con 60`,
    /// `traigo 80`, `con 100 y a 48`.
    pub(super) fn number_in_hand(&self, policy: &Policy) -> Option<(Decimal, &Range<usize>)> {
        self.found.iter().find_map(|found| match found.value {
            Value::Number(number)
                if self.ends_at(Cue::InHand, found.tokens.start)
                    && (self.is_all(&(found.tokens.start - 1..found.tokens.end))
                        || self.comes_with_a_term(&found.tokens, policy))
                    && self.is_plain(&found.tokens) =>
            {
                Some((number, &found.tokens))
            }
            _ => None,
        })
    }

    /// Whether the number in `tokens` bears no unit, and is no limit either.
    pub(super) fn is_plain(&self, tokens: &Range<usize>) -> bool {
        !self.bears_a_unit(tokens) && !self.is_limit(tokens)
    }

    /// Whether the figure in `tokens` only limits what is looked for: `menos de 20 mil`. An answer of
    /// `hasta 60 mil` is an amount, and so is `unos 60 mil`.
    pub(super) fn is_limit(&self, tokens: &Range<usize>) -> bool {
        self.found.iter().any(|found| {
            let Value::Range(bounds) = &found.value else { return false };
            let range = &found.tokens;
            let is_open = bounds.min.is_none() || bounds.max.is_none();
            range.start <= tokens.start
                && tokens.end <= range.end
                && (is_open || self.numbers_within(range) > 1)
                && !(self.is_all(range) && range.clone().any(|at| self.lies_in(Cue::UpTo, at)))
        })
    }

    /// The limit that is the whole message, where no car costs so little: whoever is asked how much
    /// they give means that by `menos de 20 mil`, though not by `algo de menos de 20 mil`.
    pub(super) fn limit_under_any_price(&self) -> Option<Decimal> {
        let limit = self.found.iter().find_map(|found| match &found.value {
            Value::Range(Bounds { min, max, unit: Unit::Plain | Unit::Money(Currency::Mxn) })
                if self.is_all(&found.tokens) && min.is_none() != max.is_none() =>
            {
                max.or(*min)
            }
            _ => None,
        });
        let is_small =
            |limit: &Decimal| pesos_of(*limit).is_some_and(|limit| limit < LIMITS.least_price);
        limit.filter(is_small).filter(|_| !self.has(Cue::Something))
    }

    /// The ends of the range that is the whole message: `entre 50 y 80 mil` may be either.
    pub(super) fn ends_of_range(&self) -> Option<[Money; 2]> {
        self.found.iter().find_map(|found| match found.value {
            Value::Range(Bounds {
                min: Some(min),
                max: Some(max),
                unit: Unit::Plain | Unit::Money(Currency::Mxn),
            }) if self.is_all(&found.tokens)
                && self.numbers_within(&found.tokens) > 1
                && min < max =>
            {
                Some([pesos_of(min)?, pesos_of(max)?])
            }
            _ => None,
        })
    }

    /// Numbers that a range is told by: two where it lies between them, one where it lies about it.
    pub(super) fn numbers_within(&self, range: &Range<usize>) -> usize {
        let begun = self.found_from(range.start, range.end).iter();
        begun.filter(|found| matches!(found.value, Value::Number(_))).count()
    }

    /// Whether an amount is what somebody has: one that no car costs, `un Versa, tengo 30 mil`, or
    /// one beside what they pay each month, `tengo 100 mil y puedo pagar 7 mil al mes`.
    pub(super) fn is_in_hand(&self, tokens: &Range<usize>) -> bool {
        let small = |found: &Found| match &found.value {
            Value::Money(amount) => {
                let is_beside = || self.monthly_payment().is_some() && !self.is_monthly(tokens);
                amount.currency == Currency::Mxn
                    && (amount.money < LIMITS.least_price || is_beside())
            }
            _ => false,
        };
        self.ends_at(Cue::InHand, tokens.start)
            && !self.is_limit(tokens)
            && self.found_from(tokens.start, tokens.start + 1).iter().any(small)
    }

    /// Whether there are amounts, and each is told to be paid at once.
    pub(super) fn pays_at_once(&self) -> bool {
        let mut amounts = self.amounts().peekable();
        amounts.peek().is_some()
            && amounts.all(|(said, tokens)| {
                matches!(said, SaidAmount::Percent { .. })
                    || self.is_for(Purpose::DownPayment, tokens)
            })
    }

    /// Whether an amount is there that only limits what is looked for.
    pub(super) fn limits_an_amount(&self) -> bool {
        self.amounts().any(|(said, tokens)| {
            !matches!(said, SaidAmount::Percent { .. }) && self.is_limit(tokens)
        })
    }

    /// Whether what begins with `tokens` is an amount.
    pub(super) fn is_money(&self, tokens: &Range<usize>) -> bool {
        let mut same = self.found_from(tokens.start, tokens.start + 1).iter();
        same.any(|found| matches!(found.value, Value::Money(_)))
    }

    /// Whether the price is told by a bare figure of thousands, so that others are too: `un Versa de
    /// 250 con 50 de enganche`.
    pub(super) fn speaks_in_thousands(&self) -> bool {
        self.thousands(|tokens| self.is_spent(tokens) || self.is_limit(tokens)).is_some()
    }

    /// The first bare figure of thousands that is a price.
    pub(super) fn thousands(&self, is_price: impl Fn(&Range<usize>) -> bool) -> Option<Decimal> {
        self.found.iter().find_map(|found| match found.value {
            Value::Number(number) => {
                let counts = THOUSANDS.contains(&number) && !self.is_counted(&found.tokens);
                (counts && is_price(&found.tokens)).then_some(number)
            }
            _ => None,
        })
    }

    /// Whether `tokens` are part of a range.
    pub(super) fn in_range(&self, tokens: &Range<usize>) -> bool {
        self.found.iter().any(|found| {
            matches!(found.value, Value::Range(_))
                && found.tokens.start < tokens.end
                && tokens.start < found.tokens.end
        })
    }

    /// Whether a word right before `tokens` says that they are money to spend: `un Jetta de 300`.
    pub(super) fn is_spent(&self, tokens: &Range<usize>) -> bool {
        self.ends_at(Cue::Spending, tokens.start)
    }

    /// The number that is all there is in the first part of the message: `72. ¿Y cuál es el CAT?`
    pub(super) fn first_number(&self) -> Option<Decimal> {
        let tokens = self.text.tokens();
        let is_plain = |found: &&Found| {
            matches!(found.value, Value::Number(_)) && self.is_plain(&found.tokens)
        };
        let found = self.found.iter().find(is_plain)?;
        let Value::Number(number) = found.value else { return None };
        let alone_before = (0..found.tokens.start)
            .all(|index| tokens[index].kind == TokenKind::Symbol || self.carries_nothing(index));
        let ends = tokens.get(found.tokens.end).is_some_and(|next| next.kind == TokenKind::Symbol);
        (alone_before && ends).then_some(number)
    }

    /// The number that is all there is in the last part of the message: `uno menos, 36`.
    pub(super) fn last_number(&self) -> Option<Decimal> {
        let tokens = self.text.tokens();
        let is_plain = |found: &&Found| {
            matches!(found.value, Value::Number(_)) && self.is_plain(&found.tokens)
        };
        let found = self.found.iter().rfind(is_plain)?;
        let Value::Number(number) = found.value else { return None };
        let mut after = found.tokens.end..tokens.len();
        let ends = after
            .all(|index| tokens[index].kind == TokenKind::Symbol || self.carries_nothing(index));
        let before = found.tokens.start.checked_sub(1)?;
        (ends && tokens[before].kind == TokenKind::Symbol).then_some(number)
    }

    /// The number before `m` that is all the message, where a term was `asked` for: `60 m`.
    pub(super) fn months_in_short(&self, asked: bool) -> Option<Decimal> {
        self.found.iter().filter(|_| asked).find_map(|found| match found.value {
            Value::Number(number) => {
                let tokens = found.tokens.start..found.tokens.end + 1;
                let in_short = self.lies_in(Cue::MonthsInShort, found.tokens.end);
                (in_short && self.is_all(&tokens)).then_some(number)
            }
            _ => None,
        })
    }

    /// Whether the figure in `tokens` is a year that follows a car: `doy mi Spark 2015 a cuenta`.
    pub(super) fn is_year_of_a_car(&self, tokens: &Range<usize>) -> bool {
        let same =
            starting(&self.all_found, tokens.start..tokens.start + 1, |one| one.tokens.start);
        let is_year = same.iter().any(|found| matches!(found.value, Value::Year(_)));
        let is_car = || {
            let before = tokens.start.checked_sub(1);
            before.is_some_and(|before| self.lies_in(Cue::Vehicle, before))
                || self.name_before(tokens.start).is_some()
        };
        is_year && is_car()
    }

    /// Whether the message begins with what stands in `tokens`, and a value follows: `sí, a 60`.
    pub(super) fn opens_with(&self, tokens: &Range<usize>) -> bool {
        let first = (0..tokens.start).all(|index| self.carries_nothing(index));
        let is_value = |found: &Found| {
            let told = match found.value {
                Value::Money(_) | Value::Percent(_) | Value::Months(_) => true,
                Value::Number(_) => self.ends_at(Cue::Term, found.tokens.start),
                _ => false,
            };
            told && tokens.end <= found.tokens.start
        };
        first && !self.is_question && self.found.iter().any(is_value)
    }

    /// Whether the amount in `tokens` comes with a term on offer: `un Tiguan con 100 mil a 48` is
    /// a down payment.
    pub(super) fn comes_with_a_term(&self, tokens: &Range<usize>, policy: &Policy) -> bool {
        self.ends_at(Cue::With, tokens.start) && !self.offered_terms(policy).is_empty()
    }

    /// The terms on offer that the message names, with their unit or after `a`.
    pub(super) fn offered_terms(&self, policy: &Policy) -> Vec<u16> {
        let offered = |months: &u16| policy.terms().iter().any(|term| term.get() == *months);
        let told = self.terms().filter_map(|(months, _)| u16::try_from(months).ok());
        told.filter(offered).chain(self.bare_terms(policy)).collect()
    }

    /// The terms in a message, in months, in order.
    pub(super) fn terms(&self) -> impl Iterator<Item = (u32, &Range<usize>)> {
        self.found.iter().filter_map(|found| match found.value {
            Value::Months(months) => Some((months, &found.tokens)),
            _ => None,
        })
    }

    /// The ordinals in a message, with their tokens.
    pub(super) fn ordinals(&self) -> impl Iterator<Item = (spanish::Ordinal, &Range<usize>)> {
        self.found.iter().filter_map(|found| match found.value {
            // `eso último` is no car.
            Value::Ordinal(_) if self.ends_at(Cue::Neuter, found.tokens.start) => None,
            Value::Ordinal(ordinal) => Some((ordinal, &found.tokens)),
            _ => None,
        })
    }

    /// The ordinal that is preferred in so many words: `mejor por el dos`.
    pub(super) fn preferred_pick(&self) -> Option<spanish::Ordinal> {
        let preferred = |tokens: &Range<usize>| {
            let mut before = tokens.start.saturating_sub(REACH)..tokens.start;
            before.any(|index| self.lies_in(Cue::Preferring, index))
        };
        self.ordinals().find(|(_, tokens)| preferred(tokens)).map(|(ordinal, _)| ordinal)
    }

    /// The ordinal that is the whole message besides filler.
    pub(super) fn bare_pick(&self) -> Option<spanish::Ordinal> {
        let pointed = |tokens: &Range<usize>| {
            let points = self.ends_at(Cue::Pointing, tokens.start);
            tokens.start - usize::from(points)..tokens.end
        };
        let mut ordinals = self.ordinals();
        ordinals.find(|(_, tokens)| self.is_all(&pointed(tokens))).map(|(ordinal, _)| ordinal)
    }

    /// The amounts and percentages in a message, with their tokens.
    pub(super) fn amounts(&self) -> impl Iterator<Item = (SaidAmount, &Range<usize>)> {
        self.found.iter().filter_map(|found| match &found.value {
            Value::Money(amount) => {
                let said = match amount.currency {
                    Currency::Mxn => SaidAmount::Amount { amount: amount.money },
                    other => SaidAmount::Foreign { foreign: other.as_str().to_owned() },
                };
                Some((said, &found.tokens))
            }
            Value::Percent(percent) => {
                Some((SaidAmount::Percent { percent: *percent }, &found.tokens))
            }
            _ => None,
        })
    }

    /// Whether the number in `tokens` counts months, kilometres, a month's payment or the like.
    pub(super) fn is_counted(&self, tokens: &Range<usize>) -> bool {
        let mut same = self.found_from(tokens.start, tokens.start + 1).iter();
        same.any(|found| matches!(found.value, Value::Year(_))) || self.bears_a_unit(tokens)
    }

    /// The same without years: `2019` bears nothing that makes it one.
    fn bears_a_unit(&self, tokens: &Range<usize>) -> bool {
        let bears = |found: &Found| {
            matches!(found.value, Value::Months(_) | Value::Km(_) | Value::Percent(_))
        };
        self.found_from(tokens.start, tokens.start + 1).iter().any(bears) || self.is_monthly(tokens)
    }

    /// The one plain number that is no term on offer: `50 a 48`, `mejor 100 y a 4 años`.
    pub(super) fn figure_besides_terms(&self, policy: &Policy) -> Option<Decimal> {
        let terms = self.bare_terms(policy);
        let mut figures = self.found.iter().filter_map(|found| match found.value {
            Value::Number(number) => {
                let is_term = terms.iter().any(|term| Decimal::from(*term) == number);
                let counts = self.is_counted(&found.tokens)
                    || self.is_limit(&found.tokens)
                    || found.is_article(&self.text);
                (!is_term && !counts).then_some(number)
            }
            _ => None,
        });
        let told = !terms.is_empty() || self.terms().next().is_some();
        figures.next().filter(|_| told && figures.next().is_none())
    }

    /// Whether it is a few words and no values: a yes or a no in it is the answer.
    pub(super) fn is_short_answer(&self) -> bool {
        let is_word =
            |found: &Found| matches!(found.value, Value::YesNo(_)) && found.tokens.len() == 1;
        let one_clause = self.text.tokens().iter().all(|token| token.kind == TokenKind::Word);
        self.content().len() <= SHORT_ANSWER
            && one_clause
            && self.found.iter().all(is_word)
            && !self.is_question
            && !self.describes_cars()
            && !self.has(Cue::Topic)
    }

    /// Whether a term belongs to something: `mi hijo de 8 años`.
    pub(super) fn of_something(&self, tokens: &Range<usize>) -> bool {
        self.ends_at(Cue::Connecting, tokens.start) && !self.ends_at(Cue::Term, tokens.start)
    }

    /// Whether a message tells or asks about a span of time instead of giving it: `si truena el motor
    /// a los 2 meses`.
    pub(super) fn is_told_about(&self, tokens: &Range<usize>) -> bool {
        self.only_asks() && !self.is_all(tokens)
    }

    /// The number of `el 2 de la lista`.
    pub(super) fn list_number(&self) -> Option<usize> {
        let list = self.of(Cue::List).next()?;
        self.found.iter().rev().find_map(|found| match found.value {
            Value::Ordinal(spanish::Ordinal::Nth(number))
                if found.tokens.end <= list.tokens.start =>
            {
                usize::try_from(number).ok()
            }
            _ => None,
        })
    }

    /// What may be the stock id of a car: the word after `folio`, and numbers as long as an id.
    pub(super) fn stock_ids(&self) -> impl Iterator<Item = StockId> {
        let tokens = self.text.tokens();
        let told = self.of(Cue::Folio).filter_map(|said| tokens.get(said.tokens.end));
        let long = tokens.iter().filter(|token| {
            token.kind == TokenKind::Digits && token.text.len() >= SHORTEST_STOCK_ID
        });
        told.chain(long).filter_map(|token| token.text.parse().ok())
    }
}
