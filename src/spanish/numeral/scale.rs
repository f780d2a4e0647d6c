//! What numbers are multiplied by: `300 mil`, `un millón y doscientos mil`, `doscientos y pico mil`.

use rust_decimal::Decimal;

use super::word::{After, NumberWord};
use super::{Group, NUMBER_WORDS, Reader, Style, past_emoji, skipped};
use crate::spanish::unit;

/// From here on `mil` says again what digits said before it.
const REPEATED_FROM: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// From here on a scale multiplies the thousands before it too.
const MILLION: u64 = 1_000_000;

impl Reader<'_> {
    /// `cincuentamil`, perhaps after its hundreds: `doscientos cincuentamil`.
    pub(super) fn joined(&mut self) -> bool {
        let Some(NumberWord::Joined { small, by }) = self.word(self.at) else { return false };
        let small = Decimal::from(small);
        let hundreds = match self.group {
            None => Decimal::ZERO,
            Some(group) => {
                let open = !group.digits && (group.value % Decimal::ONE_HUNDRED).is_zero();
                if !open || small >= Decimal::ONE_HUNDRED {
                    return false;
                }
                group.value
            }
        };
        self.scaled(hundreds + small, Decimal::from(by), self.at + 1)
    }

    /// `mil` and the like after what they multiply.
    pub(super) fn scale(&mut self) -> bool {
        let Some(group) = self.group else { return false };
        let at = past_emoji(self.tokens, self.at);
        let Some(by) = self.scale_at(at, group.digits) else { return false };
        if at > self.at && skipped(self.tokens, at).is_some() {
            return false;
        }
        self.scaled(group.value / repeated(group, by), by, at + 1)
    }

    /// A scale with nothing before it to multiply: `mil` at the start or after millions (`dos
    /// millones mil`), `millones` right after a thousand (`un mil millones`).
    pub(super) fn bare_scale(&mut self) -> bool {
        let Some(NumberWord::Scale { by, alone, after: After::Anything }) = self.word(self.at)
        else {
            return false;
        };
        let coefficient = match self.thousands.is_zero() {
            true if alone && (self.style.is_none() || by < MILLION) => Decimal::ONE,
            false if by >= MILLION => Decimal::ZERO,
            _ => return false,
        };
        self.scaled(coefficient, Decimal::from(by), self.at + 1)
    }

    /// Takes `coefficient` times a scale, where the scale may come here; the number goes on at
    /// token `end`. Millions multiply the thousands before them too: `dos mil quinientos millones`.
    pub(super) fn scaled(&mut self, coefficient: Decimal, by: Decimal, end: usize) -> bool {
        let millions = by >= Decimal::from(MILLION);
        let (coefficient, limit) = if millions {
            (self.thousands + coefficient, self.millions)
        } else {
            (coefficient, self.ceiling)
        };
        if limit.is_some_and(|limit| by >= limit) {
            return false;
        }
        let Some(product) = coefficient.checked_mul(by) else { return false };
        if millions {
            self.total += product;
            self.thousands = Decimal::ZERO;
            self.millions = Some(by);
        } else {
            self.thousands += product;
        }
        self.ceiling = Some(by);
        self.group = None;
        self.style = Some(Style::Words);
        self.at = end;
        true
    }

    /// `un millón y doscientos mil`; never after `entre`, where `y` parts two numbers.
    pub(super) fn and_thousands(&mut self) -> bool {
        let thousand = Decimal::ONE_THOUSAND;
        let millions = self.ceiling.is_some_and(|ceiling| ceiling >= Decimal::from(MILLION));
        let opener = self.start.checked_sub(1).map(|index| &self.tokens[index].text);
        let parted = opener.is_some_and(|word| NUMBER_WORDS.openers.contains(word));
        if !millions || parted || self.nested || self.word(self.at) != Some(NumberWord::And) {
            return false;
        }
        let mut list_end = 0;
        let mut rest = Reader::new(self.text, self.words, self.at + 1, &mut list_end);
        rest.nested = true;
        let rest = rest.read().filter(|rest| rest.scale == Some(thousand));
        let Some(rest) = rest else { return false };
        self.at = rest.tokens.end;
        self.thousands = rest.value;
        self.ceiling = Some(thousand);
        true
    }

    /// `y pico` and the like: at the end of a number (`300 y tantos`) or before its scale
    /// (`doscientos y pico mil`).
    pub(super) fn and_something(&mut self) -> bool {
        if self.style.is_none() {
            return false;
        }
        let Some(((), end)) = NUMBER_WORDS.vague.longest(self.tokens, self.at) else {
            return false;
        };
        self.vague = true;
        self.at = end;
        self.group.is_some_and(|group| self.scale_at(end, group.digits).is_some())
    }

    /// The scale at a token, where it may stand after digits or words.
    pub(super) fn scale_at(&self, at: usize, after_digits: bool) -> Option<Decimal> {
        let Some(NumberWord::Scale { by, after, .. }) = self.word(at) else { return None };
        let token = &self.tokens[at];
        let fits = match after {
            After::Anything => true,
            After::Digits => after_digits,
            After::DigitsAsCapital => {
                let capital = self.text.spelled(token).chars().all(char::is_uppercase);
                let sign = self.start.checked_sub(1).map(|index| self.tokens[index].text.as_str());
                // "$300,000.00 M.N."
                let national = || unit::is_money(self.tokens, at);
                after_digits && ((token.glued && capital) || sign == Some("$")) && !national()
            }
        };
        fits.then(|| Decimal::from(by))
    }
}

/// What a scale repeats of the digits before it: people write `300,000 mil` for 300 thousand.
fn repeated(group: Group, by: Decimal) -> Decimal {
    let thousand = Decimal::ONE_THOUSAND;
    let repeats = group.digits
        && by == thousand
        && group.value >= REPEATED_FROM
        && (group.value % thousand).is_zero();
    if repeats { thousand } else { Decimal::ONE }
}
