//! Whether a message asks something.

use std::sync::LazyLock;

use serde::Deserialize;

use super::filler::is_filler;
use super::lists::{self, Phrases, WordSet};
use super::short_form;
use crate::text::{Text, TokenKind};

/// Whether a message reads like a question: it has a question mark, or it begins with an
/// interrogative (`cuánto cuesta`, `aceptan mi auto`), perhaps after a greeting.
#[must_use]
pub fn is_question(text: &Text) -> bool {
    let full = short_form::spelled_out(text);
    let text = full.as_ref().unwrap_or(text);
    let tokens = text.tokens();
    if tokens.iter().any(|token| matches!(token.text.as_str(), "?" | "¿")) {
        return true;
    }
    (0..tokens.len()).any(|at| QUESTIONS.anywhere.longest(tokens, at).is_some()) || asks(text)
}

/// Whether a message begins with an interrogative, perhaps after a greeting.
#[must_use]
pub fn begins_to_ask(text: &Text) -> bool {
    let full = short_form::spelled_out(text);
    asks(full.as_ref().unwrap_or(text))
}

/// The tokens at which another part of what is said begins: a word that always parts (`pero`), and
/// one that joins a question to what was said before it (`doy 20% y qué garantía tiene`). What only
/// exclaims before it is no part: `ay y si doy el mínimo`.
#[must_use]
pub fn joints(text: &Text) -> Vec<usize> {
    let full = short_form::spelled_out(text);
    let text = full.as_ref().unwrap_or(text);
    let mut joints = Vec::new();
    let mut is_said = false;
    for (at, token) in text.tokens().iter().enumerate() {
        let asks_on = || is_said && at + 1 < text.tokens().len() && asks_from(text, at);
        let parts = QUESTIONS.parting.contains(&token.text)
            || QUESTIONS.joints.contains(&token.text) && asks_on();
        if parts && at > 0 {
            joints.push(at);
        }
        is_said |= token.kind != TokenKind::Symbol && !is_filler(&token.text);
    }
    joints
}

/// Whether a word always begins another part of what is said: `pero`.
#[must_use]
pub fn is_parting(word: &str) -> bool {
    QUESTIONS.parting.contains(word)
}

/// Whether a word may join what is asked to what stands before it: `además`.
#[must_use]
pub fn is_joint(word: &str) -> bool {
    QUESTIONS.joints.contains(word)
}

/// Words that may stand before a question, at most.
const MOST_OPENERS: usize = 8;

fn asks(text: &Text) -> bool {
    asks_from(text, 0)
}

fn asks_from(text: &Text, first: usize) -> bool {
    let tokens = text.tokens();
    let mut start = first;
    for _ in 0..MOST_OPENERS {
        let Some(token) = tokens.get(start) else { break };
        start = match QUESTIONS.openers.longest(tokens, start) {
            Some(((), end)) => end,
            None if token.kind == TokenKind::Symbol => start + 1,
            None => break,
        };
    }
    // A word that may open a question ("y si") may also be part of how one begins.
    let starts = start.saturating_sub(1).max(first)..=start;
    let begins = |at: usize| QUESTIONS.interrogatives.longest(tokens, at).is_some();
    let states = |at: usize| QUESTIONS.statements.longest(tokens, at).is_some();
    let accented = |at: usize| {
        tokens.get(at).is_some_and(|token| {
            let spelled = text.spelled(token);
            !spelled.is_ascii() && QUESTIONS.accented.contains(&token.text)
        })
    };
    starts.into_iter().any(|at| !states(at) && (begins(at) || accented(at)))
}

static QUESTIONS: LazyLock<Questions> = LazyLock::new(|| {
    let file: File = lists::load(include_str!("../../data/spanish/questions.toml"));
    Questions {
        interrogatives: Phrases::of(&file.interrogatives, ()),
        anywhere: Phrases::of(&file.anywhere, ()),
        accented: lists::words(&file.accented),
        statements: Phrases::of(&file.statements, ()),
        openers: Phrases::of(&file.openers, ()),
        joints: lists::words(&file.joints),
        parting: lists::words(&file.parting),
    }
});

struct Questions {
    interrogatives: Phrases<()>,
    anywhere: Phrases<()>,
    accented: WordSet,
    statements: Phrases<()>,
    openers: Phrases<()>,
    joints: WordSet,
    parting: WordSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    interrogatives: Vec<String>,
    anywhere: Vec<String>,
    accented: Vec<String>,
    statements: Vec<String>,
    openers: Vec<String>,
    joints: Vec<String>,
    parting: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joined_question_is_a_part_of_its_own() {
        let joints = |message| joints(&Text::new(message));
        assert_eq!(joints("doy 20% y q garantia tiene"), [3]);
        assert_eq!(joints("a 48 pero sin seguro"), [2]);
        assert_eq!(joints("jetta y versa"), Vec::<usize>::new());
        assert_eq!(joints("ay y si doy el minimo"), Vec::<usize>::new());
    }

    #[test]
    fn questions_are_told_with_and_without_marks() {
        let questions = [
            "¿y la garantía?",
            "doy 60 mil pero ¿trae garantía?",
            "cuanto cuesta",
            "Hola, tienen jetta",
            "oye y aceptan mi coche a cuenta",
            "qué requisitos piden",
            "que requisitos piden",
            "se puede pagar en efectivo",
            "si doy 100 mil cuanto queda",
            "como funciona el credito",
            "y si doy 30 mil",
            "q papeles piden pa un credito",
            "y de una vez dime que papeles piden",
            "me puedes decir si dan garantía",
            "ah y q garantia tiene",
        ];
        for message in questions {
            assert!(is_question(&Text::new(message)), "{message}");
        }
        let statements = [
            "que no sea nissan",
            "como 250 mil",
            "cuando menos 20 mil",
            "quiero el 2",
            "48 meses",
            "",
            "hola",
            "doy 60 mil",
            "seria de contado",
        ];
        for message in statements {
            assert!(!is_question(&Text::new(message)), "{message}");
        }
    }
}
