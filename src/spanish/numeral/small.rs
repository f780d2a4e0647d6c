//! Numbers below a thousand in words: `doscientos cincuenta`, `treinta y 3`, `tres cincuenta`.

use rust_decimal::Decimal;

use super::word::NumberWord;
use super::{Group, NUMBER_WORDS, Reader, Style};
use crate::text::Token;

impl Reader<'_> {
    /// A number below a thousand in words.
    pub(super) fn small(&mut self) -> bool {
        let Some((value, end)) = self.short_hundreds().or_else(|| self.small_at(self.at)) else {
            return false;
        };
        let value = Decimal::from(value);
        if self.ceiling.is_some_and(|ceiling| value >= ceiling || value.is_zero()) {
            return false;
        }
        self.at = end;
        self.style = Some(Style::Words);
        self.group = Some(Group { value, digits: false, whole: true });
        true
    }

    /// `tres cincuenta`, as people say 350; but not in a pick (`el dos veinte por ciento`) nor in a
    /// time of day (`a las tres treinta`).
    fn short_hundreds(&self) -> Option<(u32, usize)> {
        let before = self.at.checked_sub(1).map(|index| &self.tokens[index].text);
        let apart = before.is_some_and(|word| NUMBER_WORDS.not_hundreds_after.contains(word));
        if self.style.is_some() || apart {
            return None;
        }
        let (Some(NumberWord::Small(hundreds @ 1..10)), Some(NumberWord::Small(10..100))) =
            (self.word(self.at), self.word(self.at + 1))
        else {
            return None;
        };
        let (rest, end) = self.small_at(self.at + 1)?;
        Some((hundreds * 100 + rest, end))
    }

    /// The number below a thousand at a token: each word must fit the noughts that those before it
    /// left open.
    pub(super) fn small_at(&self, at: usize) -> Option<(u32, usize)> {
        let Some(NumberWord::Small(mut value)) = self.word(at) else { return None };
        let mut at = at + 1;
        loop {
            let open = match value {
                // cero cinco
                0 => 10,
                100.. if value % 100 == 0 => 100,
                10.. if value % 10 == 0 && value % 100 != 0 => 10,
                _ => 1,
            };
            let tens = open == 10 && value > 0;
            let digit = self.tokens.get(at + 1).and_then(one_digit);
            match (self.word(at), self.word(at + 1)) {
                (Some(NumberWord::And), None) if tens && digit.is_some() => {
                    // treinta y 3
                    value += digit.unwrap_or_default();
                    at += 1;
                }
                (Some(NumberWord::Hundreds), _) if (2..10).contains(&value) => value *= 100,
                (Some(NumberWord::Small(more)), _) if more > 0 && more < open => value += more,
                (Some(NumberWord::And), Some(NumberWord::Small(more)))
                    if tens && more > 0 && more < open =>
                {
                    value += more;
                    at += 1;
                }
                _ => return Some((value, at)),
            }
            at += 1;
        }
    }
}

fn one_digit(token: &Token) -> Option<u32> {
    let digit = token.text.parse().ok()?;
    (1..10).contains(&digit).then_some(digit)
}
