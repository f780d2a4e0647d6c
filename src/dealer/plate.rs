//! Number plates, only after a word that announces one: free text is full of look-alikes (`BMW
//! 330e`, `GMC 2021`).

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::{Token, TokenKind};

/// The shapes of Mexican plates, in capitals and without their hyphens; letters but I, Ñ, O and Q.
/// NOM-001-SCT-2-2016 for private cars (states, Mexico City), then what came before it and is still
/// on the road (states, Federal District), then private trucks.
static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    let letter = "[A-HJ-NPR-Z]";
    let shapes =
        ["L{3}[0-9]{3}L", "L[0-9]{2}L{3}", "L{3}[0-9]{4}", "[0-9]{3}L{3}", "L[0-9]{3}L{2}"];
    let shapes = shapes.map(|shape| shape.replace('L', letter)).join("|");
    Regex::new(&format!("^(?:{shapes})$")).expect("the shapes are a regular expression")
});

/// Characters of the longest shape.
const LONGEST: usize = 7;

/// Words between the announcement and the plate: `mis placas son ABC-123-D`.
const MAX_GAP: usize = 3;

/// The plate that begins within some tokens after `start`: its tokens and its plain form.
pub(super) fn after(tokens: &[Token], start: usize) -> Option<(Range<usize>, String)> {
    let starts = start..tokens.len().min(start + MAX_GAP + 1);
    starts.filter_map(|first| longest_at(tokens, first)).max_by_key(|(_, plate)| plate.len())
}

fn longest_at(tokens: &[Token], first: usize) -> Option<(Range<usize>, String)> {
    let mut plate = String::new();
    let mut best = None;
    for (index, token) in tokens.iter().enumerate().skip(first) {
        match token.kind {
            TokenKind::Symbol if matches!(token.text.as_str(), "-" | "." | "·" | "–" | "—") => {
                continue;
            }
            TokenKind::Symbol => break,
            TokenKind::Word | TokenKind::Digits => plate.push_str(&token.text.to_uppercase()),
        }
        if plate.chars().count() > LONGEST {
            break;
        }
        if SHAPES.is_match(&plate) {
            best = Some((first..index + 1, plate.clone()));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn plate(message: &str) -> Option<String> {
        let text = Text::new(message);
        let start = text.tokens().iter().position(|token| token.text.starts_with("placa"))?;
        after(text.tokens(), start + 1).map(|(_, plate)| plate)
    }

    #[test]
    fn plates_are_read_in_every_spelling() {
        assert_eq!(plate("mis placas son abc-123-d").as_deref(), Some("ABC123D"));
        assert_eq!(plate("placa A01 AAA").as_deref(), Some("A01AAA"));
        assert_eq!(plate("placas: ABC 12 34").as_deref(), Some("ABC1234"));
        assert_eq!(plate("¿cuánto cuestan las placas?"), None);
        assert_eq!(plate("las placas de mi auto, un BMW 2019"), None);
    }
}
