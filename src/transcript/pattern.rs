//! One line of a reply as QA writes it: words with wildcards.

use std::collections::HashMap;

/// All wildcards.
pub(super) const WILDCARDS: [&str; 4] = ["{...}", "{n:int}", "{m:money}", "{text:NAME}"];

/// The words of each text that a turn wrote, by the text's name. A text of a list's line is
/// written once a row.
pub(super) type Texts = HashMap<String, Vec<String>>;

/// A line with its wildcards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Literal words.
    Words(String),
    /// `{n:int}`: `7`, `2019`, `58,000`.
    Int,
    /// `{m:money}`: `$1,234`, `$1,234.50`.
    Money,
    /// `{...}`: anything, over lines too.
    Any,
    /// `{text:NAME}`: a text of the bot, as this turn wrote it.
    Text(String),
}

/// What looks like a wildcard and is none, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoWildcard(pub String);

impl Pattern {
    /// Reads a line. Braces that nobody would take for a wildcard stand for themselves.
    ///
    /// # Errors
    ///
    /// The first one that is written wrong.
    pub(super) fn parse(line: &str) -> Result<Self, NoWildcard> {
        let mut pieces = Vec::new();
        let mut words = String::new();
        let mut rest = line;
        while let Some((before, inside, after)) = first_braces(rest) {
            let piece = wildcard(inside).map_err(|_| NoWildcard(format!("{{{inside}}}")))?;
            words.push_str(before);
            if let Some(piece) = piece {
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(piece);
                rest = after;
            } else {
                words.push('{');
                rest = &rest[before.len() + 1..];
            }
        }
        if let Some((_, open)) = rest.split_once('{').filter(|(_, open)| is_begun(open)) {
            return Err(NoWildcard(format!("{{{open}")));
        }
        words.push_str(rest);
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        Ok(Self(pieces))
    }

    /// What the line describes, where it has no wildcard.
    pub(super) fn words(&self) -> Option<&str> {
        match &self.0[..] {
            [] => Some(""),
            [Piece::Words(words)] => Some(words),
            _ => None,
        }
    }

    /// Whether `text` is what the line describes.
    pub(super) fn matches(&self, text: &str, texts: &Texts) -> bool {
        // What is easily told apart is told first: most lines have no wildcard, or `{...}` at the end.
        let (pieces, is_open) = match &self.0[..] {
            [Piece::Words(words)] => return text == words,
            [.., Piece::Words(words)] if !text.ends_with(words) => return false,
            [pieces @ .., Piece::Any] => (pieces, true),
            pieces => (pieces, false),
        };
        let mut ends = vec![0];
        for piece in pieces {
            ends = piece.ends(text, &ends, texts);
            if ends.is_empty() {
                return false;
            }
        }
        is_open || ends.contains(&text.len())
    }

    /// The line is nothing but `{...}`: it stands for any number of lines, also none.
    pub(super) fn is_gap(&self) -> bool {
        self.0 == [Piece::Any]
    }

    /// The line can describe several lines of a reply.
    pub(super) fn spans_lines(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Any | Piece::Text(_)))
    }

    /// The texts that the line names.
    pub(super) fn text_names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// What stands before, in and after the first pair of braces.
fn first_braces(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('{')?;
    let close = open + text[open..].find('}')?;
    Some((&text[..open], &text[open + 1..close], &text[close + 1..]))
}

/// A wildcard that is written wrong.
struct Miswritten;

/// The wildcard that stands in braces; none where they stand for themselves.
fn wildcard(inside: &str) -> Result<Option<Piece>, Miswritten> {
    if matches!(inside, "..." | "…") {
        return Ok(Some(Piece::Any));
    }
    if !inside.is_empty() && inside.chars().all(|sign| ".…".contains(sign)) {
        return Err(Miswritten);
    }
    let Some((name, kind)) = inside.split_once(':') else { return Ok(None) };
    let is_name =
        |text: &str| text.chars().all(|sign| sign.is_alphanumeric() || "_.-".contains(sign));
    match kind {
        _ if name.is_empty() || !is_name(name) || !is_name(kind) => Ok(None),
        "" if name != "text" => Ok(None),
        "" => Err(Miswritten),
        _ if name == "text" => Ok(Some(Piece::Text(kind.to_owned()))),
        "int" => Ok(Some(Piece::Int)),
        "money" => Ok(Some(Piece::Money)),
        _ => Err(Miswritten),
    }
}

/// Whether what stands after a brace that nothing closes begins a wildcard.
fn is_begun(open: &str) -> bool {
    let kind = open.split_once(':').map(|(_, kind)| kind);
    open.starts_with("...")
        || open.starts_with("text:")
        || kind.is_some_and(|kind| kind.starts_with("int") || kind.starts_with("money"))
}

impl Piece {
    /// Where the piece can end in `text` when it begins at one of `starts`. Following all of them
    /// at once keeps the work within pieces × characters, however many wildcards there are.
    fn ends(&self, text: &str, starts: &[usize], texts: &Texts) -> Vec<usize> {
        let mut ends = Vec::new();
        match self {
            Self::Words(words) => ends.extend(ends_of(words, text, starts)),
            Self::Int => ends.extend(ends_by(int_lengths, text, starts)),
            Self::Money => ends.extend(ends_by(money_lengths, text, starts)),
            // What is reached from the first start holds what is reached from the others.
            Self::Any => {
                let reached = starts.first().map_or(0..0, |first| *first..text.len() + 1);
                ends.extend(reached.filter(|end| text.is_char_boundary(*end)));
            }
            Self::Text(name) => {
                let written = texts.get(name).into_iter().flatten();
                ends.extend(written.flat_map(|words| ends_of(words, text, starts)));
            }
        }
        ends.sort_unstable();
        ends.dedup();
        ends
    }
}

/// Where `words` end in `text` that begin at one of `starts`.
fn ends_of(words: &str, text: &str, starts: &[usize]) -> impl Iterator<Item = usize> {
    let begins = move |start: &&usize| text[**start..].starts_with(words);
    starts.iter().filter(begins).map(|start| start + words.len())
}

/// Where what begins at one of `starts` ends in `text`, which `lengths` tells.
fn ends_by(
    lengths: fn(&str) -> Vec<usize>,
    text: &str,
    starts: &[usize],
) -> impl Iterator<Item = usize> {
    let from = move |start: &usize| {
        let start = *start;
        lengths(&text[start..]).into_iter().map(move |length| start + length)
    };
    starts.iter().flat_map(from)
}

/// The lengths of the whole numbers that `text` begins with, thousands commas included.
fn int_lengths(text: &str) -> Vec<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let plain = digits(text);
    let mut lengths: Vec<usize> = (1..=plain).collect();
    let mut end = plain;
    while (1..=3).contains(&plain) && text[end..].starts_with(',') && digits(&text[end + 1..]) == 3
    {
        end += 4;
        lengths.push(end);
    }
    lengths
}

/// The lengths of the amounts that `text` begins with: `$` and a whole number, perhaps cents.
fn money_lengths(text: &str) -> Vec<usize> {
    let Some(figure) = text.strip_prefix('$') else { return Vec::new() };
    let mut lengths = Vec::new();
    for whole in int_lengths(figure) {
        lengths.push(1 + whole);
        let mut cents = figure[whole..].bytes();
        let has_cents = cents.next() == Some(b'.')
            && cents.by_ref().take(2).filter(u8::is_ascii_digit).count() == 2;
        if has_cents {
            lengths.push(1 + whole + 3);
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;
    use proptest::prelude::*;

    fn matches(line: &str, text: &str) -> bool {
        Pattern::parse(line).unwrap().matches(text, &Texts::new())
    }

    #[test]
    fn wildcards_take_what_they_name_and_nothing_else() {
        assert!(matches("Encontré {n:int} autos:", "Encontré 1,204 autos:"));
        assert!(!matches("Encontré {n:int} autos:", "Encontré 12,04 autos:"));
        assert!(!matches("Encontré {n:int} autos:", "Encontré muchos autos:"));
        assert!(matches("{m:money} al mes", "$5,653.00 al mes"));
        assert!(matches("Son {m:money}.", "Son $218,999."));
        assert!(!matches("Son {m:money}", "Son 218,999"));
        assert!(matches("{...}enganche{...}", "¿Cuánto das\nde enganche?"));
        assert!(matches("{…}enganche", "enganche"));
    }

    #[test]
    fn braces_that_are_no_wildcard_stand_for_themselves() {
        assert!(matches("{a} {} {n", "{a} {} {n"));
        assert!(matches("{ {n:int}", "{ 7"));
        assert!(matches("", ""));
        assert!(!matches("a", "ab"));
    }

    #[test]
    fn an_unknown_kind_is_told() {
        let unknown = Pattern::parse("año {n:int} {n:entero}").unwrap_err();
        assert_eq!(unknown, NoWildcard("{n:entero}".to_owned()));
    }

    #[test]
    fn a_text_is_what_the_turn_wrote() {
        let pattern = Pattern::parse("{text:media.audio} {...}").unwrap();
        let written = vec!["No escucho audios.".to_owned(), "Sin\naudio.".to_owned()];
        let texts = Texts::from([("media.audio".to_owned(), written)]);
        assert!(pattern.matches("Sin\naudio. ¿Va?", &texts));
        assert!(!pattern.matches("Con audio. ¿Va?", &texts));
        assert!(!pattern.matches("No escucho audios. ¿Va?", &Texts::new()));
    }

    // A pattern in `prop_assert!` would be read as a format string.
    proptest! {
        #[test]
        fn every_amount_we_write_is_money(cents in 0_i64..100_000_000_000) {
            let amount = Money::from_cents(cents);
            for written in [amount.short(), amount.exact()] {
                prop_assert_eq!(matches("({m:money})", &format!("({written})")), true);
            }
        }

        #[test]
        fn any_text_matches_itself_and_a_gap(text in "[^{}]{0,40}") {
            prop_assert!(matches(&text, &text));
            prop_assert_eq!(matches("{...}{...}", &text), true);
        }
    }
}
