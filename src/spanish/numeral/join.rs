//! Digits as parts of a number: which belong to it, and which to a name or to the next number.

use rust_decimal::Decimal;

use super::digits::{self, Beside, Written};
use super::{Group, NUMBER_WORDS, Reader, Style};
use crate::spanish::unit;
use crate::text::TokenKind;

impl Reader<'_> {
    /// Digits, perhaps with a fraction behind: `300`, `1 1/2`.
    pub(super) fn digits(&mut self) -> bool {
        let Some(written) = self.written() else { return false };
        if self.style.is_some() && !self.continues(&written) {
            return false;
        }
        if let Some((value, end)) = digits::fraction(self.tokens, self.at)
            && self.style.is_none()
        {
            self.style = Some(Style::Fraction);
            self.group = Some(Group { value, digits: false, whole: false });
            self.at = end;
            return true;
        }
        let Written { mut value, end, digits: count, plain, dotted, list_end } = written;
        *self.list_end = list_end.unwrap_or(*self.list_end);
        self.at = end;
        if let Some((fraction, end)) = digits::fraction(self.tokens, end)
            && plain
        {
            value += fraction;
            self.at = end;
        }
        self.style = Some(match self.style {
            None => Style::Digits { count, plain, dotted },
            Some(_) => Style::Words,
        });
        self.group = Some(Group { value, digits: true, whole: plain });
        true
    }

    fn written(&self) -> Option<Written> {
        let alone = self.at < *self.list_end;
        let written = if alone {
            digits::alone(self.tokens, self.at)
        } else {
            digits::read(self.tokens, self.at, |end| self.beside(end))
        }?;
        (self.free_before() && self.free_after(written.end)).then_some(written)
    }

    /// What stands beside digits that begin here and end before token `end`.
    fn beside(&self, end: usize) -> Beside {
        let before = self.at.checked_sub(1).map(|index| &self.tokens[index].text);
        let after = self.tokens.get(end).map(|token| &token.text);
        Beside {
            scale: self.scale_at(end, true).is_some() || unit::is_percent(self.tokens, end),
            sign: before.is_some_and(|word| unit::UNITS.before.contains(word)),
            currency: after.is_some_and(|word| unit::UNITS.currencies.contains(word)),
        }
    }

    /// Whether digits after a scale go on with the number: all three in `52 mil 300`, while the 48
    /// of `50 mil 48 meses` and the 5 of `200 mil 5` stand for something else.
    fn continues(&self, written: &Written) -> bool {
        let Some(ceiling) = self.ceiling else { return false };
        let fits = written.value < ceiling && written.value.fract().is_zero();
        if self.scale_at(written.end, true).is_some() {
            return fits;
        }
        let remainder =
            written.digits == 3 || self.so_far() < Decimal::from(10_000) || self.millions.is_some();
        fits && written.plain && remainder && !unit::follows(self.tokens, written.end)
    }

    /// Digits glued to letters before them are part of a name (`cx5`, `f-150`), except after the
    /// few words that people glue (`de20`) and currencies.
    fn free_before(&self) -> bool {
        let token = &self.tokens[self.at];
        if !token.glued || self.at == 0 || self.style.is_some() {
            return true;
        }
        let before = &self.tokens[self.at - 1];
        match before.kind {
            TokenKind::Digits => true,
            TokenKind::Word => {
                let word = before.text.as_str();
                let between = before.glued && NUMBER_WORDS.between_digits.contains(word);
                between
                    || NUMBER_WORDS.before_digits.contains(word)
                    || unit::UNITS.currencies.contains(word)
            }
            TokenKind::Symbol => {
                before.text != "-" || !before.glued || self.at < 2 || !self.is_name(self.at - 2)
            }
        }
    }

    /// Whether a word before a dash belongs to a name, and not to another number (`200k-300k`).
    fn is_name(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let ends_number = self.scale_at(at, true).is_some()
            || unit::follows(self.tokens, at)
            || unit::UNITS.currencies.contains(&token.text);
        token.kind == TokenKind::Word && !(token.glued && ends_number)
    }

    /// Digits glued to letters after them are a number only where the letters belong to it: a
    /// scale, a unit, a currency; not in `4to`, `4x4`, `320i`.
    fn free_after(&self, end: usize) -> bool {
        let Some(next) = self.tokens.get(end).filter(|t| t.glued && t.kind == TokenKind::Word)
        else {
            return true;
        };
        let digits_again =
            || self.tokens.get(end + 1).is_some_and(|t| t.glued && t.kind == TokenKind::Digits);
        self.scale_at(end, true).is_some()
            || unit::follows(self.tokens, end)
            || unit::UNITS.currencies.contains(&next.text)
            || (NUMBER_WORDS.between_digits.contains(&next.text) && digits_again())
    }
}
