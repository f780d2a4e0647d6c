//! Model years: `2019`, `dos mil diecinueve`, `modelo 19`.

use rust_decimal::Decimal;

use super::{Quantity, Reader, whole};
use crate::spanish::numeral::Style;
use crate::spanish::unit::Unit;
use crate::text::TokenKind;

/// Model years that a car on sale may have.
pub const MODEL_YEARS: std::ops::RangeInclusive<u32> = 1950..=2035;

impl Reader<'_> {
    /// `2019` and `dos mil diecinueve`.
    pub(super) fn model_year(&self) -> Option<Quantity> {
        let year = self.written_year().or_else(|| self.spoken_year()).or_else(|| {
            // "del 19" is a year; "del 15 de marzo" is a day.
            let start = self.numeral.tokens.start;
            let of =
                start > 0 && self.is(start - 1, "del") && !self.is(self.numeral.tokens.end, "de");
            of.then(|| self.short_year().filter(|year| (2000..=2035).contains(year)))?
        })?;
        Some(self.quantity(Unit::ModelYear, Decimal::from(year), self.numeral.tokens.clone()))
    }

    pub(super) fn written_year(&self) -> Option<u32> {
        let Style::Digits { count: 4, plain: true, .. } = self.numeral.style else { return None };
        whole(self.numeral.value.abs()).filter(|year| MODEL_YEARS.contains(year))
    }

    pub(super) fn spoken_year(&self) -> Option<u32> {
        let year = whole(self.numeral.value)?;
        let thousands =
            self.numeral.scale == Some(Decimal::ONE_THOUSAND) || self.numeral.scale.is_none();
        // "1 mil 950" is an amount: nobody says a year in digits and words.
        let digits = self.tokens[self.numeral.tokens.clone()]
            .iter()
            .any(|token| token.kind == TokenKind::Digits);
        let spoken = self.numeral.style == Style::Words && !digits && thousands && year % 100 != 0;
        (spoken && MODEL_YEARS.contains(&year)).then_some(year)
    }

    /// Two digits for a year: `19`, `98`.
    pub(super) fn short_year(&self) -> Option<u32> {
        let two_digits = match self.numeral.style {
            Style::Digits { count, plain, .. } => count == 2 && plain,
            Style::Words => self.numeral.scale.is_none(),
            Style::Fraction => false,
        };
        let short = whole(self.numeral.value).filter(|_| two_digits)?;
        [2000, 1900]
            .into_iter()
            .map(|century| century + short)
            .find(|year| MODEL_YEARS.contains(year))
            .filter(|_| short < 100)
    }
}
