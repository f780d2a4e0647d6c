//! Numbers written in digits: `300,000.00`, `1'500,000`, `1.111,11`, `1 234 567`, `.77`, `3/4`.
//!
//! The Mexican format (a comma between thousands, a point before decimals) comes first; the
//! European one is read only where the digits cannot be anything else.

use rust_decimal::Decimal;

use crate::text::{Token, TokenKind};

/// A number in digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) value: Decimal,
    /// The token after it.
    pub(super) end: usize,
    /// How many digits its whole part has.
    pub(super) digits: usize,
    /// One run of digits, with no separator.
    pub(super) plain: bool,
    /// Like `250.000`: by the format a decimal, but where pesos or kilometres are meant, thousands,
    /// because neither has three decimals.
    pub(super) dotted: bool,
    /// Where the separated digits that follow are numbers of their own (`3,4,5`), the token after
    /// them all: each is to be read alone.
    pub(super) list_end: Option<usize>,
}

/// A chain of more groups than this is a list, whatever it looks like.
const MAX_GROUPS: usize = 6;

/// More digits than this are no quantity that anybody means.
const MAX_DIGITS: usize = 15;

/// What stands beside digits and says how their separators are meant.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside {
    /// A scale or a percent sign after them: a single comma is a decimal one (`1,5 millones`).
    pub(super) scale: bool,
    /// A currency before them: as after a scale, and groups with blanks between are one number.
    pub(super) sign: bool,
    /// A currency after them: a single comma is a decimal one (`2,75 dólares`).
    pub(super) currency: bool,
}

/// Reads the number in digits that begins at token `at`; `beside` tells what stands beside digits
/// that end before a token.
pub(super) fn read(
    tokens: &[Token],
    at: usize,
    beside: impl Fn(usize) -> Beside,
) -> Option<Written> {
    if tokens.get(at)?.kind != TokenKind::Digits {
        return leading_separator(tokens, at);
    }
    let chain = Chain::collect(tokens, at)?;
    let read = if chain.length > 1 && !chain.too_long {
        let beside = beside(chain.end);
        chain.grouped(beside).or_else(|| chain.decimal(beside))
    } else {
        None
    };
    if let Some((value, digits)) = read {
        let dotted = chain.separators() == [Separator::Point]
            && is_leading_group(chain.groups()[0])
            && chain.groups()[1].len() == 3;
        return Some(Written {
            value,
            end: chain.end,
            digits,
            plain: false,
            dotted,
            list_end: None,
        });
    }
    alone(tokens, at).map(|alone| {
        let list = chain.length > 1 && chain.separators()[0] != Separator::Blank;
        Written { list_end: list.then_some(chain.end), ..alone }
    })
}

/// Reads the run of digits at token `at` and nothing beyond it.
pub(super) fn alone(tokens: &[Token], at: usize) -> Option<Written> {
    let token = tokens.get(at).filter(|token| token.kind == TokenKind::Digits)?;
    let value = parse(&token.text, "")?;
    let digits = token.text.len();
    Some(Written { value, end: at + 1, digits, plain: true, dotted: false, list_end: None })
}

/// Reads `3/4` (or `¾`, which folds to it) at token `at`: the value and the token after it.
///
/// Only parts of a whole, down to tenths: `24/7` and a date are no fraction.
pub(super) fn fraction(tokens: &[Token], at: usize) -> Option<(Decimal, usize)> {
    let [over, slash, under] = tokens.get(at..at + 3)? else { return None };
    let is_slash = |token: &Token| matches!(token.text.as_str(), "/" | "\u{2044}");
    let chained = |index: usize| tokens.get(index).is_some_and(|t| t.glued && is_slash(t));
    let after_slash = at > 0 && over.glued && is_slash(&tokens[at - 1]);
    if !is_slash(slash) || !slash.glued || !under.glued || chained(at + 3) || after_slash {
        return None;
    }
    let over: u32 = over.text.parse().ok()?;
    let under: u32 = under.text.parse().ok()?;
    let proper = over > 0 && over < under && under <= 10;
    proper.then(|| (Decimal::from(over) / Decimal::from(under), at + 3))
}

/// `.77` and `,23`: a separator with nothing glued before it, and digits after it.
fn leading_separator(tokens: &[Token], at: usize) -> Option<Written> {
    let [separator, digits] = tokens.get(at..at + 2)? else { return None };
    let opens = !separator.glued || matches!(tokens[at - 1].text.as_str(), "$" | "(" | "-");
    let is_separator = matches!(separator.text.as_str(), "." | ",");
    if !opens || !is_separator || !digits.glued || digits.kind != TokenKind::Digits {
        return None;
    }
    let value = parse("0", &digits.text)?;
    Some(Written { value, end: at + 2, digits: 0, plain: false, dotted: false, list_end: None })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Comma,
    Point,
    Apostrophe,
    Blank,
}

/// Runs of digits with one separator between each and the next.
struct Chain<'a> {
    groups: [&'a str; MAX_GROUPS],
    separators: [Separator; MAX_GROUPS],
    length: usize,
    end: usize,
    /// It goes on beyond what a number can have.
    too_long: bool,
}

impl<'a> Chain<'a> {
    /// The chain at token `at`, as far as a number can go.
    fn collect(tokens: &'a [Token], at: usize) -> Option<Self> {
        let first = tokens.get(at).filter(|token| token.kind == TokenKind::Digits)?;
        let mut chain = Self {
            groups: [""; MAX_GROUPS],
            separators: [Separator::Blank; MAX_GROUPS],
            length: 1,
            end: at + 1,
            too_long: false,
        };
        chain.groups[0] = &first.text;
        while let Some((separator, group)) = next_group(tokens, chain.end) {
            let blank = separator == Separator::Blank;
            let mixed = chain.length > 1 && blank != (chain.separators[0] == Separator::Blank);
            // 300 000.00: only decimals may follow groups with blanks between.
            let decimals = !blank && tokens[group].text.len() <= 2;
            if mixed && !decimals {
                break;
            }
            if chain.length == MAX_GROUPS {
                chain.too_long = true;
                break;
            }
            chain.separators[chain.length - 1] = separator;
            chain.groups[chain.length] = &tokens[group].text;
            chain.length += 1;
            chain.end = group + 1;
            if mixed {
                break;
            }
        }
        let follows = tokens.get(chain.end).is_some_and(|token| token.kind == TokenKind::Digits);
        let priced = at > 0 && tokens[at - 1].text == "$";
        if follows && !priced && chain.separators().last() == Some(&Separator::Blank) {
            // 55 123 4567 is a telephone, $1 000 48 is none.
            chain.length = 1;
            chain.end = at + 1;
        }
        Some(chain)
    }

    fn groups(&self) -> &[&'a str] {
        &self.groups[..self.length]
    }

    fn separators(&self) -> &[Separator] {
        &self.separators[..self.length - 1]
    }

    /// Thousands in groups, perhaps with decimals: the value and the digits of its whole part.
    fn grouped(&self, beside: Beside) -> Option<(Decimal, usize)> {
        let (groups, separators) = (self.groups(), self.separators());
        let last = groups.len() - 1;
        if !is_leading_group(groups[0]) {
            return None;
        }
        let thousands = groups[1..].iter().take_while(|group| group.len() == 3).count();
        let (whole, decimals) = match separators {
            [Separator::Point] => return None,
            // 1.234.567, 1,234,567 and 1 234 567
            _ if thousands == last && alike(separators) => (last, ""),
            // 1,234.56, 1.234,56 and 1 234.56
            [head @ .., tail] if alike(head) && !head.is_empty() && *tail != head[0] => {
                (last - 1, groups[last])
            }
            // 300.000.00: the same separator, and cents can be nothing but cents
            [head @ .., _] if !head.is_empty() && alike(separators) && groups[last].len() == 2 => {
                (last - 1, groups[last])
            }
            _ => return None,
        };
        let spaced = separators[0] == Separator::Blank;
        if thousands < whole || (spaced && !self.reads_as_spaced(whole, beside)) {
            return None;
        }
        let digits = groups[..=whole].concat();
        Some((parse(&digits, decimals)?, digits.len()))
    }

    /// Two groups with a blank between are one number only where the first can hardly be a number
    /// of its own: `300 000`, not `mazda 3 320` nor `2 250 mil`.
    fn reads_as_spaced(&self, last_group: usize, beside: Beside) -> bool {
        let apart = beside.scale || (self.groups[0].len() == 1 && !beside.sign);
        let two_numbers = apart && self.groups[1] != "000";
        last_group > 1 || !two_numbers
    }

    /// One whole part and its decimals: the value and the digits of the whole part.
    fn decimal(&self, beside: Beside) -> Option<(Decimal, usize)> {
        let ([whole, decimals], [separator]) = (self.groups(), self.separators()) else {
            return None;
        };
        let is_decimal = match separator {
            Separator::Point => true,
            // 3,4 and 36,48 are lists; 0,77 and 1234,50 and 9,2321 cannot be.
            Separator::Comma => {
                let no_list = whole.len() > 2 || whole.starts_with('0') || decimals.len() > 3;
                beside.scale || beside.sign || beside.currency || no_list
            }
            Separator::Apostrophe | Separator::Blank => false,
        };
        if !is_decimal {
            return None;
        }
        Some((parse(whole, decimals)?, whole.len()))
    }
}

/// The separator at token `at` and the index of the digits after it.
fn next_group(tokens: &[Token], at: usize) -> Option<(Separator, usize)> {
    let token = tokens.get(at)?;
    if token.kind == TokenKind::Digits {
        return (!token.glued && token.text.len() == 3).then_some((Separator::Blank, at));
    }
    let separator = match token.text.as_str() {
        "," => Separator::Comma,
        "." => Separator::Point,
        "'" | "\u{2019}" => Separator::Apostrophe,
        _ => return None,
    };
    let digits = tokens.get(at + 1)?;
    let joined = token.glued && digits.glued && digits.kind == TokenKind::Digits;
    joined.then_some((separator, at + 1))
}

/// One to three digits that do not begin with a nought: what stands before the first separator.
fn is_leading_group(group: &str) -> bool {
    group.len() <= 3 && !group.starts_with('0')
}

/// All the same, as in `1,234,567` and `1'234'567`; the apostrophe of the millions also goes with
/// commas.
fn alike(separators: &[Separator]) -> bool {
    match separators {
        [Separator::Apostrophe, Separator::Comma, rest @ ..] => {
            rest.iter().all(|s| *s == Separator::Comma)
        }
        [first, rest @ ..] => rest.iter().all(|s| s == first),
        [] => true,
    }
}

fn parse(whole: &str, decimals: &str) -> Option<Decimal> {
    if whole.len() + decimals.len() > MAX_DIGITS {
        return None;
    }
    let places = u32::try_from(decimals.len()).ok()?;
    let number = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse().ok() };
    let digits = number(whole)? * 10_i64.pow(places) + number(decimals)?;
    Some(Decimal::new(digits, places).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn value(message: &str) -> String {
        let text = Text::new(message);
        read(text.tokens(), 0, |_| Beside::default()).map_or_else(String::new, |written| {
            let rest = text.tokens().len() - written.end;
            format!("{}{}", written.value, if rest > 0 { "…" } else { "" })
        })
    }

    #[test]
    fn formats_are_told_apart() {
        let cases = [
            ("300,000.00", "300000"),
            ("1'500,000", "1500000"),
            ("1.111,11", "1111.11"),
            ("1.234.567", "1234567"),
            ("1'300'000", "1300000"),
            ("1´300,000", "1300000"),
            ("300.000.00", "300000"),
            ("1 234 567", "1234567"),
            ("300 000", "300000"),
            ("423 0000", "423…"),
            ("300 000.00", "300000"),
            ("1 234 567,89", "1234567.89"),
            ("3 320.50", "3…"),
            ("3 320", "3…"),
            ("55 123 4567", "55…"),
            (".77", "0.77"),
            (",23456000", "0.23456"),
            ("0,77", "0.77"),
            ("0,683", "0.683"),
            ("01,10", "1.1"),
            ("1111,121", "1111.121"),
            ("1234,50", "1234.5"),
            ("9,2321312", "9.2321312"),
            ("3,4", "3…"),
            ("3,4,5", "3…"),
            ("1. 234", "1…"),
            ("1.5", "1.5"),
            ("12345678901234567890", ""),
        ];
        for (message, expected) in cases {
            assert_eq!(value(message), expected, "{message}");
        }
    }

    #[test]
    fn a_point_before_three_digits_may_stand_for_thousands() {
        let text = Text::new("250.000");
        let written = read(text.tokens(), 0, |_| Beside::default()).expect("a number");
        assert!(written.dotted);
        assert_eq!(written.value, Decimal::from(250));
    }

    #[test]
    fn fractions_are_proper_ones() {
        let read = |message: &str| fraction(Text::new(message).tokens(), 0).map(|(value, _)| value);
        assert_eq!(read("3/4"), Some(Decimal::new(75, 2)));
        assert_eq!(read("½"), Some(Decimal::new(5, 1)));
        assert_eq!(read("24/7"), None);
        assert_eq!(read("3/4/5"), None);
    }
}
