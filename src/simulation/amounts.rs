//! Amounts and numbers in the words of a reply.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::money::Money;

/// The amounts of a line, `$1,234` or `$1,234.50`, with their places.
pub(super) fn amounts(line: &str) -> Vec<(Range<usize>, Money)> {
    let mut found = Vec::new();
    for (start, _) in line.match_indices('$') {
        let digits = &line[start + 1..];
        let is_part = |character: char| character.is_ascii_digit() || ",.".contains(character);
        let length = digits.find(|character| !is_part(character)).unwrap_or(digits.len());
        let written = digits[..length].trim_end_matches([',', '.']);
        let sign = if line[..start].ends_with('-') { "-" } else { "" };
        if let Ok(amount) = format!("{sign}{}", written.replace(',', "")).parse() {
            found.push((start..start + 1 + written.len(), amount));
        }
    }
    found
}

/// An amount with a letter or a digit right before or behind it, `9$219,999`: nobody reads that one.
pub(super) fn run_together(line: &str) -> Option<&str> {
    let is_apart = |character: Option<char>| !character.is_some_and(char::is_alphanumeric);
    let (place, _) = amounts(line).into_iter().find(|(place, _)| {
        let (before, after) = (&line[..place.start], &line[place.end..]);
        !is_apart(before.chars().next_back()) || !is_apart(after.chars().next())
    })?;
    let start = line[..place.start].rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let end = line[place.end..].find(char::is_whitespace).map_or(line.len(), |end| place.end + end);
    Some(&line[start..end])
}

/// The line without what stands between quotation marks: the customer's words, or an example.
pub(super) fn unquoted(line: &str) -> String {
    let mut rest = line;
    let mut told = String::with_capacity(line.len());
    while let Some((before, quoted)) = rest.split_once('“') {
        told.push_str(before);
        rest = quoted.split_once('”').map_or("", |(_, after)| after);
    }
    told + rest
}

/// The number that a line begins with.
pub(super) fn leading_number(line: &str) -> Option<usize> {
    let length = line.find(|character: char| !character.is_ascii_digit()).unwrap_or(line.len());
    line[..length].parse().ok()
}

/// The first number of a line that is no amount.
pub(super) fn first_number(line: &str) -> Option<usize> {
    let start = line.find(|character: char| character.is_ascii_digit())?;
    if line[..start].ends_with('$') { None } else { leading_number(&line[start..]) }
}

/// The percentage in brackets right after `place`: `$43,799.80 (20%)`.
pub(super) fn percent_after(line: &str, place: usize) -> Option<Decimal> {
    let (written, after) = line[place..].strip_prefix(" (")?.split_once('%')?;
    after.starts_with([')', ',']).then(|| written.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        let read =
            |line| amounts(line).into_iter().map(|found| found.1.cents()).collect::<Vec<_>>();
        assert_eq!(read("de $60,000 a $1,234.50."), [6_000_000, 123_450]);
        assert_eq!(read("Entendí -$3"), [-300]);
        assert_eq!(read("no hay $ ni $x"), Vec::<i64>::new());
        let line = "1. $43,799.80 (20%, mínimo)";
        assert_eq!(percent_after(line, amounts(line)[0].0.end), Some(Decimal::from(20)));
    }

    #[test]
    fn an_amount_stands_apart() {
        assert_eq!(run_together("Enganche: 9$219,999.50 (20%)"), Some("9$219,999.50"));
        assert_eq!(run_together("son $219,999x"), Some("$219,999x"));
        assert_eq!(run_together("Hasta -$3, ($4) y $5."), None);
    }

    #[test]
    fn numbers_tell_rows_apart() {
        assert_eq!(leading_number("3 años (36 meses)"), Some(3));
        assert_eq!(leading_number("Mes 13: $5"), None);
        assert_eq!(first_number("Mes 13: $5"), Some(13));
        assert_eq!(first_number("Cada pago: $7,994.27"), None);
    }

    #[test]
    fn the_customer_s_words_are_not_ours() {
        assert_eq!(unquoted("No entendí “$3 o\u{201d}. Di $5"), "No entendí . Di $5");
        assert_eq!(unquoted("“abierto"), "");
    }
}
