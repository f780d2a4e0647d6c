//! Number plates: glued or with hyphens wherever they stand, in any spelling behind `placas`, or
//! behind `circula`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::lists::LISTS;
use crate::spanish::MODEL_YEARS;
use crate::text::fold;

/// The shapes of Mexican plates as `dealer/plate.rs` explains them (NOM-001-SCT-2-2016, and what
/// came before it), with the marks that may part them for `-`.
const SHAPES: [&str; 5] = ["LLL-DDD-L", "L-DD-LLL", "LLL-DD-DD", "DDD-LLL", "L-DDD-LL"];

/// What is left of a plate whose last letter is not told. A model and its number look the same
/// (`MKZ 300`), so that it is one behind an announcement alone.
const SHORT_SHAPE: &str = "LLL-DDD";

/// Words between the announcement and the plate: `mis placas son`.
const GAP: &str = r"(?:\s+\p{L}+){0,3}?\s*[:#]?\s*";

static PLATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)\b(?:{})\b", shapes(&SHAPES, "[-–·]?")))
        .expect("a regular expression")
});

static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    let mark = r"[-–·.\s]{0,3}";
    let (sure, short) = (shapes(&SHAPES, mark), shapes(&[SHORT_SHAPE], mark));
    Regex::new(&format!(r"(?i)\b(?P<word>\p{{L}}+){GAP}\b(?P<plate>(?P<sure>{sure})|{short})\b"))
        .expect("a regular expression")
});

fn shapes(shapes: &[&str], mark: &str) -> String {
    let letter = "[A-HJ-NPR-Z]";
    let shape = |shape: &str| {
        // The digits first: the letter's class has a `D` in it.
        shape
            .replace('D', r"\d")
            .replace('L', letter)
            .replace(r"]-", &format!("]{mark}"))
            .replace(r"d-", &format!("d{mark}"))
    };
    shapes.iter().copied().map(shape).collect::<Vec<_>>().join("|")
}

/// `text` with its plates masked.
pub(super) fn masked(text: &str) -> String {
    let mut rest = text;
    let mut masked = String::with_capacity(text.len());
    while let Some((start, end)) = announced(rest) {
        masked.push_str(&rest[..start]);
        masked.push_str("[placa]");
        rest = &rest[end..];
    }
    masked.push_str(rest);
    let masked = PLATE.replace_all(&masked, |found: &Captures<'_>| {
        let plate = &found[0];
        if is_look_alike(plate) { plate.to_owned() } else { "[placa]".to_owned() }
    });
    masked.into_owned()
}

/// Where the first plate behind an announcement stands.
fn announced(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = ANNOUNCED.captures_at(text, from) {
        let (word, plate) = (found.name("word")?, found.name("plate")?);
        let is_sure = found.name("sure").is_some() || !is_look_alike(plate.as_str());
        let is_plate = is_sure && !is_word(plate.as_str());
        if is_plate && LISTS.plates.announced.has(&fold(word.as_str())) {
            return Some((plate.start(), plate.end()));
        }
        from = word.end();
    }
    None
}

/// Whether the letters of something shaped like a plate are a word: `por 800`, `desde 2019`.
fn is_word(plate: &str) -> bool {
    let letters: String = fold(plate).chars().filter(|it| it.is_alphabetic()).collect();
    LISTS.knows(&letters)
}

/// Whether something shaped like a plate is a model with its trim or its year, or an amount.
fn is_look_alike(plate: &str) -> bool {
    let plain: String = fold(plate).chars().filter(|it| it.is_alphanumeric()).collect();
    let letters = |part: &str| LISTS.plates.look_alikes.has(part);
    let parts = plain.split(|it: char| it.is_ascii_digit());
    let year = plain.get(3..).and_then(|digits| digits.parse::<u32>().ok());
    let opening = plain.get(..4).unwrap_or_default();
    parts.into_iter().any(letters)
        || year.is_some_and(|year| MODEL_YEARS.contains(&year))
        || LISTS.plates.model_openings.has(opening)
}
