//! The parts of a message between its marks.

use std::ops::Range;

/// Where each clause of `text` stands, in bytes: what commas, stops, marks of question and
/// exclamation, line breaks and pictures part. A comma or a stop within a number parts nothing, and
/// no clause is blank.
#[must_use]
pub fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = characters.peek().map(|(_, next)| *next);
        if parts(before, character, after) {
            push(text, start..at, &mut clauses);
            start = at + character.len_utf8();
        }
        before = Some(character);
    }
    push(text, start..text.len(), &mut clauses);
    clauses
}

/// `clause` with the marks of question and exclamation around it.
#[must_use]
pub fn with_marks(text: &str, clause: &Range<usize>) -> Range<usize> {
    let is_mark = |mark: char| matches!(mark, '?' | '!' | '¿' | '¡');
    let start = text[..clause.start].trim_end_matches(is_mark).len();
    let end = text.len() - text[clause.end..].trim_start_matches(is_mark).len();
    start..end
}

fn push(text: &str, range: Range<usize>, clauses: &mut Vec<Range<usize>>) {
    let clause = &text[range.clone()];
    let start = range.end - clause.trim_start().len();
    let end = range.start + clause.trim_end().len();
    if start < end {
        clauses.push(start..end);
    }
}

fn parts(before: Option<char>, character: char, after: Option<char>) -> bool {
    let is_digit = |neighbour: Option<char>| neighbour.is_some_and(char::is_numeric);
    match character {
        ',' | '.' => !(is_digit(before) && is_digit(after)),
        ';' | '!' | '¡' | '?' | '¿' | '\n' | '…' => true,
        _ => is_picture(character),
    }
}

/// Emoji and other pictures. Joiners, skin tones and keycaps only shape the one before them.
fn is_picture(character: char) -> bool {
    matches!(character, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')
        && !character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<&str> {
        clauses(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn marks_part_a_message_and_numbers_stay_whole() {
        assert_eq!(read("hola, doy $300,000.50 ¿va?"), ["hola", "doy $300,000.50", "va"]);
        assert_eq!(read("gracias 😍😍 ese\ny ya"), ["gracias", "ese", "y ya"]);
        assert_eq!(read("2\u{fe0f}\u{20e3}"), ["2\u{fe0f}\u{20e3}"]);
        assert_eq!(read("?! ,"), Vec::<&str>::new());
    }

    #[test]
    fn the_marks_around_a_clause_belong_to_it() {
        let text = "sí ¿dónde??, va";
        let clause = clauses(text)[1].clone();
        assert_eq!(&text[with_marks(text, &clause)], "¿dónde??");
    }

    proptest! {
        #[test]
        fn clauses_come_in_order_and_lose_no_word(text in "\\PC{0,60}") {
            let ranges = clauses(&text);
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
            let kept: String = ranges.iter().map(|range| &text[range.clone()]).collect();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            prop_assert_eq!(letters(&kept), letters(&text));
        }
    }
}
