//! A text as the guard reads it: its contacts taken out, its tokens, and the clauses they make.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::contact;
use super::figure::{self, Figure};
use super::lists::LISTS;
use super::phrase::longest;
use crate::text::{Text, Token, TokenKind};

/// Words that a clause of its own has more of: shorter ones name what comes.
const SHORT: usize = 3;

/// The same where they open like `sobre eso,`.
const OPENING: usize = 7;

/// Stands where a contact stood.
const TAKEN: &str = " ~ ";

/// Thousands parted by a dot or a blank: `1.500`, `1 500`.
static THOUSANDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d{1,3}(?:[. ]\d{3})+\b").expect("a regular expression"));

/// A text, read once.
pub(super) struct Reading {
    pub(super) text: Text,
    /// The keys of its contacts.
    pub(super) contacts: Vec<String>,
    pub(super) figures: Vec<Figure>,
    /// For each token, what it is to the guard.
    roles: Vec<Role>,
    /// For each token, whether a sentence or a line begins with it.
    opens: Vec<bool>,
}

/// What a token is to the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Neither of the others.
    Free,
    /// Courtesy.
    Polite,
    /// Part of a number, or the unit behind it.
    Figure,
}

impl Reading {
    /// Reads `text`; `is_answer`: with courtesy, of which the passages
    /// have none, and without what its contacts are called, which it has to say itself.
    pub(super) fn new(text: &str, is_answer: bool) -> Self {
        let (mut contacts, mut rest, mut end) = (Vec::new(), String::new(), 0);
        for found in contact::find(text) {
            rest.push_str(&text[end..found.start]);
            let contact = &text[found.clone()];
            rest.push_str(TAKEN);
            if !is_answer {
                rest.push_str(contact::noun(contact));
                rest.push_str(TAKEN);
            }
            end = found.end;
            contacts.push(contact::key(contact));
        }
        rest.push_str(&text[end..]);
        let rest = THOUSANDS
            .replace_all(&rest, |found: &regex::Captures<'_>| found[0].replace(['.', ' '], ","));
        let text = Text::new(&rest);
        let opens = openings(&text);
        let mut roles = vec![Role::Free; text.tokens().len()];
        if is_answer {
            mark_polite(text.tokens(), &mut roles);
        }
        let figures = figure::read(&text, &opens);
        for figure in &figures {
            roles[figure.tokens.clone()].fill(Role::Figure);
        }
        Self { text, contacts, figures, roles, opens }
    }

    pub(super) fn tokens(&self) -> &[Token] {
        self.text.tokens()
    }

    /// Its words, digits and `%` in order, courtesy left out.
    pub(super) fn words(&self) -> Vec<&str> {
        let places = (0..self.roles.len()).filter(|at| self.roles[*at] != Role::Polite);
        places.map(|at| &self.tokens()[at]).filter(|token| is_said(token)).map(text_of).collect()
    }

    /// The same with the courtesy.
    pub(super) fn all_words(&self) -> Vec<&str> {
        self.tokens().iter().filter(|token| is_said(token)).map(text_of).collect()
    }

    /// Whether a token may carry meaning: a word that is neither courtesy nor part of a figure.
    pub(super) fn is_free(&self, at: usize) -> bool {
        self.roles[at] == Role::Free && self.tokens()[at].kind == TokenKind::Word
    }

    /// Whether a token belongs to courtesy.
    pub(super) fn is_polite(&self, at: usize) -> bool {
        self.roles[at] == Role::Polite
    }

    /// Whether a token belongs to a figure.
    pub(super) fn is_figure(&self, at: usize) -> bool {
        self.roles[at] == Role::Figure
    }

    /// Whether a sentence or a line begins with a token.
    pub(super) fn opens(&self, at: usize) -> bool {
        self.opens[at]
    }

    /// The sentences, as tokens.
    pub(super) fn sentences(&self) -> Vec<Range<usize>> {
        cut(self.tokens(), |at| self.opens[at])
    }

    /// The statements, as tokens: sentences that may go on behind a colon or in brackets, and the
    /// points of a list, each of them whole.
    pub(super) fn statements(&self) -> Vec<Range<usize>> {
        let is_point = |statement: &Range<usize>| self.mark_before(statement.start) == "•";
        let mut statements: Vec<Range<usize>> = Vec::new();
        for sentence in self.sentences() {
            let mark = self.mark_before(sentence.start);
            let goes_on = statements
                .last()
                .is_some_and(|last| matches!(mark, ":" | "(") || mark == ";" && is_point(last));
            match statements.last_mut() {
                Some(last) if goes_on => last.end = sentence.end,
                _ => statements.push(sentence),
            }
        }
        statements
    }

    /// The mark before a token, other than one that opens a question; nothing where a word is.
    pub(super) fn mark_before(&self, at: usize) -> &str {
        let before =
            self.tokens()[..at].iter().rfind(|token| !matches!(token.text.as_str(), "¿" | "¡"));
        let mark = before.filter(|token| token.kind == TokenKind::Symbol);
        mark.map_or("", |token| token.text.as_str())
    }

    /// The clauses, as tokens: sentences cut at commas and at words like `pero`; what is too short
    /// to say anything, or opens like `para eso,`, goes with the one behind it.
    pub(super) fn clauses(&self) -> Vec<Range<usize>> {
        let tokens = self.tokens();
        let mut clauses: Vec<Range<usize>> = Vec::new();
        let after_comma = |at: usize| {
            let is_in_number = tokens[at].glued && tokens[at].kind == TokenKind::Digits;
            at > 0 && tokens[at - 1].text == "," && !is_in_number
        };
        let begins = |at: usize| {
            let before_negator = tokens[at].text == "y"
                && tokens.get(at + 1).is_some_and(|next| LISTS.negators.contains(&next.text));
            let is_joint = before_negator || LISTS.joints.contains(&tokens[at].text);
            self.opens[at] || after_comma(at) || is_joint
        };
        let mut goes_on = false;
        for clause in cut(tokens, begins) {
            let is_opening = self.is_opening(&clause);
            match clauses.last_mut() {
                Some(last) if goes_on && after_comma(clause.start) => last.end = clause.end,
                _ => clauses.push(clause),
            }
            goes_on = is_opening;
        }
        clauses
    }

    fn is_opening(&self, clause: &Range<usize>) -> bool {
        let words = || self.tokens()[clause.clone()].iter().filter(|t| t.kind != TokenKind::Symbol);
        let first = words().next();
        let count = words().count();
        let is_opener = first.is_some_and(|word| LISTS.openers.contains(&word.text));
        count <= SHORT || is_opener && count <= OPENING
    }
}

fn text_of(token: &Token) -> &str {
    &token.text
}

fn is_said(token: &Token) -> bool {
    token.kind != TokenKind::Symbol || token.text == "%"
}

/// Ranges that begin where `begins` says so.
fn cut(tokens: &[Token], begins: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let starts: Vec<usize> = (0..tokens.len()).filter(|at| *at == 0 || begins(*at)).collect();
    let ends = starts.iter().skip(1).copied().chain([tokens.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// For each token, whether it is the first after a stop, a line break or a colon.
fn openings(text: &Text) -> Vec<bool> {
    let tokens = text.tokens();
    let mut pending = true;
    let mut opens = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 {
            let gap = text.place(&tokens[at - 1]).end..text.place(token).start;
            // One character may fold to several tokens; then there is no gap.
            pending |= text.original().get(gap).is_some_and(|gap| gap.contains('\n'));
        }
        let is_symbol = token.kind == TokenKind::Symbol;
        opens.push(pending && (!is_symbol || token.text == "~"));
        if *opens.last().unwrap_or(&false) {
            pending = false;
        }
        let next_is_glued_digit =
            tokens.get(at + 1).is_some_and(|next| next.glued && next.kind == TokenKind::Digits);
        let is_abbreviated = token.text == "."
            && tokens[..at].last().is_some_and(|last| LISTS.abbreviations.contains(&last.text));
        pending |= is_symbol && parts(&token.text) && !next_is_glued_digit && !is_abbreviated;
    }
    opens
}

fn parts(symbol: &str) -> bool {
    let known = [".", ";", ":", "!", "?", "¡", "¿", "•", "(", "…"];
    known.contains(&symbol) || symbol.chars().all(|character| LISTS.emoji.contains(&character))
}

fn mark_polite(tokens: &[Token], roles: &mut [Role]) {
    let places: Vec<usize> = (0..tokens.len()).filter(|at| is_said(&tokens[*at])).collect();
    let words: Vec<&str> = places.iter().map(|at| text_of(&tokens[*at])).collect();
    let mut at = 0;
    while at < words.len() {
        let length = longest(&LISTS.polite, &words[at..]).unwrap_or(0);
        for place in &places[at..at + length] {
            roles[*place] = Role::Polite;
        }
        at += length.max(1);
    }
}
