//! Parts of a whole and decimals, as they are spoken: `dos tercios`, `y medio`, `coma cero tres`.

use rust_decimal::Decimal;

use super::word::NumberWord;
use super::{Group, NUMBER_WORDS, Reader, Style};
use crate::spanish::unit;
use crate::text::TokenKind;

/// Noughts that may lead spoken decimals.
const MAX_NOUGHTS: usize = 6;

impl Reader<'_> {
    /// `medio millón`, `cuarto de millón`.
    pub(super) fn part_of_scale(&mut self) -> bool {
        let Some(NumberWord::Part { of, plural: false }) = self.word(self.at) else { return false };
        let linked = self.tokens.get(self.at + 1).is_some_and(|token| token.text == "de");
        let at = if linked { self.at + 2 } else { self.at + 1 };
        let Some(by) = self.scale_at(at, false) else { return false };
        if self.style.is_some() || !(linked || of == 2) {
            return false;
        }
        self.scaled(Decimal::ONE / Decimal::from(of), by, at + 1)
    }

    /// `dos tercios`, `un cuarto`, `un cuarto de millón`.
    pub(super) fn parts_of_whole(&mut self) -> bool {
        let Some(NumberWord::Part { of, plural }) = self.word(self.at) else { return false };
        let Some(group) = self.group.filter(|group| group.whole && self.ceiling.is_none()) else {
            return false;
        };
        if !plural && group.value != Decimal::ONE {
            return false;
        }
        let value = group.value / Decimal::from(of);
        self.at += 1;
        self.style = Some(Style::Fraction);
        self.group = Some(Group { value, digits: false, whole: false });
        if self.tokens.get(self.at).is_some_and(|token| token.text == "de")
            && self.scale_at(self.at + 1, false).is_some()
        {
            self.at += 1;
        }
        true
    }

    /// `uno sobre tres`, down to tenths, as with `1/3`: `uno sobre 300` is about a price.
    pub(super) fn over(&mut self) -> bool {
        let Some(group) = self.group.filter(|group| group.whole && self.ceiling.is_none()) else {
            return false;
        };
        if self.word(self.at) != Some(NumberWord::Over) {
            return false;
        }
        let digits = self.tokens.get(self.at + 1).and_then(|token| token.text.parse().ok());
        let words = || self.small_at(self.at + 1).map(|(value, _)| value);
        let Some(under) = digits.or_else(words).filter(|under| (2..=10).contains(under)) else {
            return false;
        };
        let under = Decimal::from(under);
        if group.value >= under || self.scale_at(self.at + 2, true).is_some() {
            return false;
        }
        self.at += 2;
        self.style = Some(Style::Fraction);
        self.group = Some(Group { value: group.value / under, digits: false, whole: false });
        true
    }

    /// `y medio`, `con un cuarto`, `con dos tercios`: parts of the last scale.
    pub(super) fn and_fraction(&mut self) -> bool {
        let joins = matches!(self.word(self.at), Some(NumberWord::And | NumberWord::With));
        if !joins || self.style.is_none_or(|style| style == Style::Fraction) {
            return false;
        }
        let (fraction, end) = match (self.word(self.at + 1), self.word(self.at + 2)) {
            (Some(NumberWord::Part { of: 2, plural: false }), next) => {
                // "el 2 con medio millón"
                let amount = matches!(next, Some(NumberWord::Scale { .. }));
                if amount && self.word(self.at) == Some(NumberWord::With) {
                    return false;
                }
                (Decimal::new(5, 1), self.at + 2)
            }
            // millón y cuarto
            (Some(NumberWord::Part { of, plural: false }), _) if self.millions.is_some() => {
                (Decimal::ONE / Decimal::from(of), self.at + 2)
            }
            (Some(NumberWord::Small(over)), Some(NumberWord::Part { of, plural }))
                if over < of && plural == (over > 1) =>
            {
                (Decimal::from(over) / Decimal::from(of), self.at + 3)
            }
            _ => return false,
        };
        self.at = end;
        self.style = Some(Style::Words);
        match &mut self.group {
            Some(group) => {
                group.value += fraction;
                group.whole = false;
            }
            None => self.total += self.ceiling.unwrap_or(Decimal::ONE) * fraction,
        }
        true
    }

    /// `punto cinco`, where the message begins with it.
    pub(super) fn leading_point(&mut self) -> bool {
        if self.at > 0 || self.word(self.at) != Some(NumberWord::Point) {
            return false;
        }
        let Some((value, end)) = self.decimals_at(self.at + 1) else { return false };
        self.at = end;
        self.style = Some(Style::Words);
        self.group = Some(Group { value, digits: false, whole: false });
        true
    }

    /// `coma cero tres`, `punto 5`, `con cincuenta`.
    pub(super) fn spoken_decimals(&mut self) -> bool {
        let Some(group) = self.group.filter(|group| group.whole) else { return false };
        let with = match self.word(self.at) {
            Some(NumberWord::Point) => false,
            Some(NumberWord::With) => true,
            _ => return false,
        };
        let Some((decimals, end)) = self.decimals_at(self.at + 1) else { return false };
        if with && !self.with_means_decimals(&group, end) {
            return false;
        }
        self.at = end;
        self.style = Some(Style::Words);
        self.group = Some(Group { value: group.value + decimals, digits: false, whole: false });
        true
    }

    /// Decimals in words (leading noughts, then a number below a thousand) or digits.
    fn decimals_at(&self, at: usize) -> Option<(Decimal, usize)> {
        let noughts = (at..).take_while(|index| self.word(*index) == Some(NumberWord::Small(0)));
        let noughts = noughts.take(MAX_NOUGHTS).count();
        let at = at + noughts;
        let (value, end) = match self.tokens.get(at) {
            Some(token) if token.kind == TokenKind::Digits => {
                let decimals = token.text.get(..).filter(|text| text.len() <= 6)?;
                (decimals.to_owned(), at + 1)
            }
            _ => self.thousand_at(at).map(|(value, end)| (value.to_string(), end))?,
        };
        let scale = u32::try_from(noughts + value.len()).ok()?;
        Some((Decimal::new(value.parse().ok()?, scale), end))
    }

    /// The number below two thousand at a token: `quinientos`, `mil quinientos`.
    fn thousand_at(&self, at: usize) -> Option<(u32, usize)> {
        let Some(NumberWord::Scale { by: 1000, alone: true, .. }) = self.word(at) else {
            return self.small_at(at);
        };
        let (rest, end) = self.small_at(at + 1).unwrap_or((0, at + 1));
        Some((1000 + rest, end))
    }

    /// `con` brings decimals in `siete con cincuenta`, but the next fact in `el 2 con veinte por
    /// ciento`, `300 mil con 20` and `dos mil quinientos con cuarenta y ocho meses`.
    fn with_means_decimals(&self, group: &Group, end: usize) -> bool {
        let in_words = self.tokens[end - 1].kind == TokenKind::Word;
        let before = self.start.checked_sub(1).map(|index| &self.tokens[index].text);
        let picked = before.is_some_and(|word| NUMBER_WORDS.pick.contains(word));
        let percent = unit::is_percent(self.tokens, end);
        let mixed = percent && (group.digits || self.ceiling.is_some());
        let counts = !percent && unit::follows(self.tokens, end);
        let pronoun = !group.digits && group.value == Decimal::ONE;
        in_words && !picked && !mixed && !counts && !pronoun
    }
}
