//! Yes and no: the last answer of a message that is neither negated nor quoted.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::filler;
use super::lists::{self, Phrases, WordMap, WordSet};
use crate::text::{Text, Token, TokenKind, fold};

/// The answer of a message: whether it is a yes, and its tokens. Words that are part of another
/// value (`taken`) answer nothing: `2020 en adelante`, `que no pase de 300`.
pub(super) fn read(
    text: &Text,
    taken: impl Iterator<Item = Range<usize>>,
) -> Option<(bool, Range<usize>)> {
    let tokens = squeezed(text.tokens());
    let tokens = tokens.as_deref().unwrap_or(text.tokens());
    let mut silent = vec![false; tokens.len()];
    for tokens in taken.chain(quoted(tokens)) {
        silent[tokens].fill(true);
    }
    let mut last = None;
    for clause in &clauses(tokens) {
        let reader = Reader { text, tokens, clause, silent: &silent };
        last = winner(last, reader.read());
    }
    last.map(|said| (said.yes, said.tokens))
}

/// An answer that was found.
struct Said {
    yes: bool,
    tokens: Range<usize>,
    /// It only tells what was answered before (`dije que no`), or is a word that often answers
    /// nothing (`por favor`).
    weak: bool,
}

/// The later of two answers, unless it is the weaker one.
fn winner(earlier: Option<Said>, later: Option<Said>) -> Option<Said> {
    match (earlier, later) {
        (Some(earlier), Some(later)) if later.weak && !earlier.weak => Some(earlier),
        (earlier, later) => later.or(earlier),
    }
}

/// The tokens with drawn-out words cut short (`siii`, `nooo`), where there are any.
fn squeezed(tokens: &[Token]) -> Option<Vec<Token>> {
    tokens.iter().any(is_drawn_out).then(|| {
        let mut tokens = tokens.to_vec();
        for token in &mut tokens {
            while is_drawn_out(token) {
                token.text.pop();
            }
        }
        tokens
    })
}

fn is_drawn_out(token: &Token) -> bool {
    let mut letters = token.text.bytes().rev();
    let last = letters.next();
    token.kind == TokenKind::Word && last.is_some_and(|b| b.is_ascii()) && last == letters.next()
}

/// What stands between two marks, and whether a question mark closes it.
struct Clause {
    tokens: Range<usize>,
    asks: bool,
}

fn clauses(tokens: &[Token]) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (index, token) in tokens.iter().enumerate() {
        let ends = token.kind == TokenKind::Symbol
            && !ANSWERS.inside_clauses.contains(&token.text)
            && ANSWERS.phrases.longest(tokens, index).is_none();
        if ends {
            clauses.push(Clause { tokens: start..index, asks: token.text == "?" });
            start = index + 1;
        }
    }
    clauses.push(Clause { tokens: start..tokens.len(), asks: false });
    clauses
}

/// The tokens inside quotation marks; none where the whole message is quoted.
fn quoted(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut marks = tokens.iter().enumerate().filter(|(_, t)| ANSWERS.quotes.contains(&t.text));
    let mut quoted = Vec::new();
    while let (Some((open, _)), Some((close, _))) = (marks.next(), marks.next()) {
        if (open, close) != (0, tokens.len() - 1) {
            quoted.push(open..close);
        }
    }
    quoted
}

struct Reader<'a> {
    text: &'a Text,
    tokens: &'a [Token],
    clause: &'a Clause,
    /// Which tokens answer nothing: those of other values and those inside quotation marks.
    silent: &'a [bool],
}

impl Reader<'_> {
    /// The answer of the clause.
    fn read(&self) -> Option<Said> {
        let pure = self.is_pure();
        if self.clause.asks && !pure {
            return None;
        }
        let mut leads = true;
        let mut last = None;
        let mut at = self.clause.tokens.start;
        while at < self.clause.tokens.end {
            let Some((meaning, end)) = self.answer(at) else {
                leads = leads && filler::is_filler(&self.tokens[at].text);
                at += 1;
                continue;
            };
            if let Some(yes) = meaning.yes
                && self.counts(meaning, at..end, leads, pure)
            {
                let weak = meaning.strength == Strength::Weak || self.follows(&ANSWERS.reports, at);
                last = winner(last, Some(Said { yes, tokens: at..end, weak }));
            }
            leads = leads && meaning.yes.is_some();
            at = end;
        }
        last
    }

    fn answer(&self, at: usize) -> Option<(Answer, usize)> {
        let (meaning, end) = ANSWERS.phrases.longest(&self.tokens[..self.clause.tokens.end], at)?;
        // Written with its accent, "sí" is no "if".
        let accented = end == at + 1 && self.text.spelled(&self.tokens[at]).contains(['í', 'Í']);
        let strength = if accented { Strength::Sure } else { meaning.strength };
        Some((Answer { strength, ..meaning }, end))
    }

    fn counts(&self, answer: Answer, at: Range<usize>, leads: bool, pure: bool) -> bool {
        let strong = match answer.strength {
            Strength::Sure => true,
            Strength::Leading => (leads && !self.is_blocked(&at)) || self.closes(&at),
            Strength::Alone | Strength::Weak => pure,
        };
        strong && !self.silent[at.start] && !self.is_negated(answer, at.start)
    }

    /// Nothing in the clause but answers and fillers.
    fn is_pure(&self) -> bool {
        let mut at = self.clause.tokens.start;
        while at < self.clause.tokens.end {
            at = match self.answer(at) {
                Some((_, end)) => end,
                None if filler::is_filler(&self.tokens[at].text) => at + 1,
                None => return false,
            };
        }
        true
    }

    /// `va a entrar` is no yes; `va a 48 meses` is.
    fn is_blocked(&self, at: &Range<usize>) -> bool {
        let Some(next) = self.tokens[..self.clause.tokens.end].get(at.end) else { return false };
        let word = &self.tokens[at.start].text;
        let blocks = ANSWERS.blockers.get(word).is_some_and(|list| list.contains(&next.text));
        let number = self.tokens.get(at.end + 1).is_some_and(|t| t.kind == TokenKind::Digits);
        blocks && !(number && ANSWERS.unless_number.contains(word))
    }

    /// `creo que la verdad no`.
    fn closes(&self, at: &Range<usize>) -> bool {
        let word = &self.tokens[at.start].text;
        let before = at.start.checked_sub(1).map(|index| &self.tokens[index].text);
        at.end == self.clause.tokens.end
            && at.start > self.clause.tokens.start
            && ANSWERS.closing.contains(word)
            && before.is_some_and(|before| !ANSWERS.not_closing_after.contains(before))
    }

    /// `no está bien`, `en vez de sí`.
    fn is_negated(&self, answer: Answer, at: usize) -> bool {
        let start = self.clause.tokens.start;
        let negator = at > start && ANSWERS.negators.contains(&self.tokens[at - 1].text);
        self.follows(&ANSWERS.contrasts, at) || (negator && answer.yes == Some(true))
    }

    /// Whether one of these phrases ends right before a token, in its clause.
    fn follows(&self, phrases: &Phrases<()>, at: usize) -> bool {
        (self.clause.tokens.start..at).rev().take(MAX_WORDS).any(|from| {
            phrases.longest(&self.tokens[..at], from).is_some_and(|((), end)| end == at)
        })
    }
}

/// The longest phrase that changes the answer after it has so many words: `en vez de`.
const MAX_WORDS: usize = 3;

/// What a phrase answers, and where it may stand to do so.
#[derive(Debug, Clone, Copy)]
struct Answer {
    /// `None` where it begins like an answer and is none.
    yes: Option<bool>,
    strength: Strength,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// Anywhere.
    Sure,
    /// At the start of its clause.
    Leading,
    /// Where its clause holds nothing else.
    Alone,
    /// Where its clause holds nothing else, and no other answer is given.
    Weak,
}

static ANSWERS: LazyLock<Answers> =
    LazyLock::new(|| Answers::new(&lists::load(include_str!("../../data/spanish/answers.toml"))));

struct Answers {
    phrases: Phrases<Answer>,
    contrasts: Phrases<()>,
    reports: Phrases<()>,
    blockers: WordMap<WordSet>,
    unless_number: WordSet,
    closing: WordSet,
    not_closing_after: WordSet,
    negators: WordSet,
    quotes: WordSet,
    inside_clauses: WordSet,
}

impl Answers {
    fn new(file: &File) -> Self {
        let mut phrases = Phrases::new();
        let mut add = |list: &[String], yes: Option<bool>, strength: Strength| {
            phrases.add(list, Answer { yes, strength });
        };
        add(&file.weak.yes, Some(true), Strength::Weak);
        add(&file.weak.no, Some(false), Strength::Weak);
        add(&file.alone.yes, Some(true), Strength::Alone);
        add(&file.alone.no, Some(false), Strength::Alone);
        add(&file.leading.yes, Some(true), Strength::Leading);
        add(&file.leading.no, Some(false), Strength::Leading);
        add(&file.sure.yes, Some(true), Strength::Sure);
        add(&file.sure.no, Some(false), Strength::Sure);
        add(&file.neither.phrases, None, Strength::Sure);
        let blockers = &file.leading.blockers;
        Self {
            phrases,
            contrasts: Phrases::of(&file.rules.contrasts, ()),
            reports: Phrases::of(&file.rules.reports, ()),
            blockers: blockers
                .iter()
                .map(|(word, list)| (fold(word), lists::words(list)))
                .collect(),
            unless_number: lists::words(&file.leading.unless_number),
            closing: lists::words(&file.closing.words),
            not_closing_after: lists::words(&file.closing.not_after),
            negators: lists::words(&file.rules.negators),
            quotes: lists::words(&file.rules.quotes),
            inside_clauses: lists::words(&file.rules.inside_clauses),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sure: Pair,
    leading: Leading,
    neither: Neither,
    closing: Closing,
    alone: Pair,
    weak: Pair,
    rules: Rules,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Leading {
    unless_number: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
    blockers: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Neither {
    phrases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    words: Vec<String>,
    not_after: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    negators: Vec<String>,
    contrasts: Vec<String>,
    reports: Vec<String>,
    quotes: Vec<String>,
    inside_clauses: Vec<String>,
}
