//! Number plates, only after a word that announces one: free text is full of look-alikes (`BMW
//! 330e`, `GMC 2021`).

use std::ops::Range;

use crate::text::{Token, TokenKind};

/// The shapes of Mexican plates, without their hyphens: `L` a letter but I, Ñ, O and Q, `D` a
/// digit. NOM-001-SCT-2-2016 for private cars (states, Mexico City), then what came before it and
/// is still on the road (states, Federal District), then private trucks.
const SHAPES: [&str; 5] = ["LLLDDDL", "LDDLLL", "LLLDDDD", "DDDLLL", "LDDDLL"];

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
        if SHAPES.iter().any(|shape| has_shape(&plate, shape)) {
            best = Some((first..index + 1, plate.clone()));
        }
    }
    best
}

fn has_shape(plate: &str, shape: &str) -> bool {
    plate.chars().count() == shape.len()
        && plate.chars().zip(shape.chars()).all(|(character, kind)| match kind {
            'L' => character.is_ascii_uppercase() && !matches!(character, 'I' | 'O' | 'Q'),
            _ => character.is_ascii_digit(),
        })
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
