//! What is understood of one message, whatever the step.

use kavak_bot::text::{Text, Token, TokenKind, fold};

use super::clinic::Clinic;

/// The earliest hour that is said as it is: `a las 4` is in the afternoon.
const MORNING: u32 = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The first treatment that is named, by its id.
    pub(crate) treatment: Option<String>,
    /// The last day that is named, by its id: `no el lunes, mejor el martes`.
    pub(crate) day: Option<String>,
    /// An hour that says it is one: `a las 10`, `10 hrs`, `10:00`.
    pub(crate) hour: Option<u32>,
    /// The message is nothing but a number.
    pub(crate) number: Option<u32>,
    /// A row that is picked by its place, from 0.
    pub(crate) ordinal: Option<usize>,
    /// The whole message, where it asks something.
    pub(crate) question: Option<String>,
}

impl Message {
    pub(crate) fn new(words: &str, clinic: &Clinic) -> Self {
        let text = Text::new(words);
        let says = |word: &str| text.tokens().iter().any(|token| token.text == word);
        let treatment = clinic.treatments.iter().find(|t| t.words.iter().any(|word| says(word)));
        let last = |token: &Token| clinic.days.iter().find(|day| fold(&day.name) == token.text);
        Self {
            treatment: treatment.map(|treatment| treatment.id.clone()),
            day: text.tokens().iter().rev().find_map(last).map(|day| day.id.clone()),
            hour: hour(text.tokens()),
            number: text.plain().parse().ok(),
            ordinal: clinic.ordinals.iter().position(|ordinal| says(ordinal)),
            question: words.contains('?').then(|| words.trim().to_owned()),
        }
    }
}

/// The first number that stands as an hour does; appointments begin on the hour.
fn hour(tokens: &[Token]) -> Option<u32> {
    let word = |index: usize| tokens.get(index).map_or("", |token| token.text.as_str());
    let digits = |(_, token): &(usize, &Token)| token.kind == TokenKind::Digits;
    tokens.iter().enumerate().filter(digits).find_map(|(index, token)| {
        let full = match word(index + 1) {
            ":" => word(index + 2) == "00",
            "hrs" | "horas" => true,
            _ => index > 0 && matches!(word(index - 1), "las" | "la"),
        };
        token.text.parse().ok().filter(|_| full).map(of_the_day)
    })
}

fn of_the_day(said: u32) -> u32 {
    if (1..MORNING).contains(&said) { said + 12 } else { said }
}
