//! Amounts of money: `$300`, `80 mil de lana`, `usd$ 15`, `15 dólares con 50`, `300,000`.

use rust_decimal::Decimal;

use super::{Quantity, Reader};
use crate::spanish::numeral::{self, Style, past_emoji};
use crate::spanish::unit::{self, Currency, UNITS, Unit};
use crate::text::TokenKind;

/// From so many digits on, a number without any unit is money.
const MONEY_DIGITS: usize = 5;

/// From so many digits on, digits without separators are a telephone.
const TELEPHONE_DIGITS: usize = 10;

impl Reader<'_> {
    /// Money by a sign on either side, or by a scale.
    pub(super) fn money(&self) -> Option<Quantity> {
        let before = self.currency_before();
        let mut tokens =
            before.map_or(self.numeral.tokens.start, |(_, start)| start)..self.numeral.tokens.end;
        let mut value = self.thousands_if_dotted();
        let after = self.currency_after();
        if let Some((_, end)) = after {
            tokens.end = end;
            if let Some((scaled, end)) = self.scale_after_currency(value, end) {
                (value, tokens.end) = (scaled, end);
            } else if let Some((cents, end)) = self.cents(end) {
                value += cents;
                tokens.end = end;
            }
        }
        let last = &self.tokens[self.numeral.tokens.end - 1];
        let in_scale = UNITS.currencies.get(&last.text).filter(|_| !self.numeral.vague).copied();
        let explicit = |found: Option<(Currency, usize)>| found.map(|(currency, _)| currency);
        let currency = explicit(after)
            .filter(|currency| *currency != Currency::Mxn)
            .or(in_scale)
            .or(explicit(before))
            .or(explicit(after));
        // "dos mil diecinueve" is a year before it is an amount.
        if currency.is_none() && (self.numeral.scale.is_none() || self.spoken_year().is_some()) {
            return None;
        }
        if currency.is_none() && self.announcer().is_some() {
            return None;
        }
        Some(self.quantity(Unit::Money(currency.unwrap_or(Currency::Mxn)), value, tokens))
    }

    /// `$300`, `MXN$ 20`, `usd 15`, `U$D 90`: the currency and its first token.
    fn currency_before(&self) -> Option<(Currency, usize)> {
        let sign = |index: usize| {
            let token = self.tokens.get(index).filter(|_| index >= self.before)?;
            let stands_before = UNITS.before.contains(&token.text);
            stands_before.then(|| UNITS.currencies.get(&token.text).copied())?
        };
        let at = self.numeral.tokens.start.checked_sub(1)?;
        if at < self.before {
            return None;
        }
        let split = |index: usize| UNITS.split_dollar.contains(&self.tokens[index].text);
        if at >= self.before + 2 && split(at) && self.is(at - 1, "$") && split(at - 2) {
            return Some((Currency::Usd, at - 2));
        }
        let currency = sign(at)?;
        let code = at.checked_sub(1).filter(|_| self.is(at, "$"));
        if let Some(code) = code.filter(|code| self.tokens[code + 1].glued || *code >= self.before)
        {
            if let Some(currency) = sign(code) {
                return Some((currency, code));
            }
            if code >= self.before && self.is(code, "u") {
                return Some((Currency::Usd, code));
            }
        }
        Some((currency, at))
    }

    /// `300 pesos`, `300 mil de lana`, `20 MXN$`, `300 m.n.`: the currency and the token after it.
    fn currency_after(&self) -> Option<(Currency, usize)> {
        let end = past_emoji(self.tokens, self.numeral.tokens.end);
        if let Some((Unit::Money(currency), end)) = unit::after(self.tokens, end) {
            return Some((currency, end));
        }
        let at = if self.is(end, "de") { end + 1 } else { end };
        let token = self.tokens.get(at)?;
        let currency = UNITS.currencies.get(&token.text).copied()?;
        // "una lana" is some money and no amount.
        if self.numeral.is_article(self.tokens) && UNITS.uncounted.contains(&token.text) {
            return None;
        }
        let sign = token.kind == TokenKind::Symbol;
        let next_number = self.following.first().is_some_and(|next| next.tokens.start == at + 1);
        // "20 $ 30": the sign belongs to the amount after it.
        if sign && !token.glued && next_number {
            return None;
        }
        let doubled = !sign && self.is(at + 1, "$") && self.tokens[at + 1].glued;
        let end = if doubled { at + 2 } else { at + 1 };
        let peso = currency == Currency::Mxn;
        let national = peso.then(|| UNITS.national.longest(self.tokens, end)).flatten();
        Some((currency, national.map_or(end, |((), end)| end)))
    }

    /// `75 USD millones`: the scale stands after the currency.
    fn scale_after_currency(&self, value: Decimal, at: usize) -> Option<(Decimal, usize)> {
        let scale = numeral::scale_at(self.tokens, at)?;
        let none_said = self.numeral.scale.is_none();
        none_said.then(|| value.checked_mul(scale).map(|scaled| (scaled, at + 1)))?
    }

    /// `15 dólares con 50`, `15 pesos 50`, `20 pesos 50 centavos`: the cents and the token after
    /// them.
    fn cents(&self, at: usize) -> Option<(Decimal, usize)> {
        let joined = self.is(at, "con") || self.is(at, "y");
        let cents = self.following.first()?;
        let adjacent = cents.tokens.start == if joined { at + 1 } else { at };
        let fits = cents.value.fract().is_zero() && cents.value < Decimal::ONE_HUNDRED;
        let end = cents.tokens.end;
        let named = self.tokens.get(end).is_some_and(|token| UNITS.cents.contains(&token.text));
        let clause_ends = self
            .tokens
            .get(end)
            .is_none_or(|token| token.kind == TokenKind::Symbol && token.text != "%");
        let in_two_digits = matches!(cents.style, Style::Digits { count: 2, plain: true, .. });
        let small =
            self.numeral.value < Decimal::ONE_THOUSAND && (joined || in_two_digits) && clause_ends;
        let value = cents.value.abs() / Decimal::ONE_HUNDRED;
        (adjacent && fits && (named || small)).then_some((value, end + usize::from(named)))
    }

    /// Five digits or more, unless they name something or are a telephone.
    pub(super) fn money_by_size(&self) -> Option<Quantity> {
        let Style::Digits { count, plain, .. } = self.numeral.style else { return None };
        let start = self.numeral.tokens.start;
        let named = (start.saturating_sub(2)..start)
            .any(|index| UNITS.names.contains(&self.tokens[index].text));
        let leading_nought = self.tokens[start].text.starts_with('0');
        let telephone = plain && count >= TELEPHONE_DIGITS;
        if count < MONEY_DIGITS || named || leading_nought || telephone {
            return None;
        }
        let money = Unit::Money(Currency::Mxn);
        Some(self.quantity(money, self.numeral.value, self.numeral.tokens.clone()))
    }
}
