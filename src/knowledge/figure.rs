//! The figures of a text, with what each counts and what it is about.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::lexicon::{Lexicon, TermKind, Word};
use crate::spanish::{Value, extract};
use crate::text::{Text, Token, TokenKind, fold};

/// Words on either side of a figure that may say what it is about.
const NEAR: usize = 3;
/// Years that a text may be of; such a number by itself counts nothing.
const YEARS: RangeInclusive<u16> = 1990..=2050;
/// Digits of a telephone number.
const PHONE_DIGITS: usize = 10;

/// What ends a sentence, besides the line.
const SENTENCE_WALLS: [&str; 5] = [".", ";", "•", "?", "!"];
/// What ends a clause: words beyond are about something else.
const CLAUSE_WALLS: [&str; 11] = [".", ";", "•", "?", "!", ",", ":", "(", ")", "y", "pero"];

/// A figure of a text.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// What it counts, in the smallest unit of its kind.
    pub(super) unit: String,
    pub(super) value: Decimal,
    /// As it stands in the text: "3 meses".
    pub(super) written: String,
    /// The terms next to it: what it is about.
    pub(super) subject: BTreeSet<String>,
    /// Names and years in its sentence, which may tell it from another of the same subject.
    pub(super) names: BTreeSet<String>,
    pub(super) years: BTreeSet<String>,
    /// Which figures of the text stand in one run with it: `7 días o 300 km`.
    pub(super) run: usize,
    /// The line of the text that it stands on, from 0.
    pub(super) line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    units: HashMap<String, Vec<(String, u32)>>,
    words: Lists,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    joints: BTreeSet<String>,
    epithets: BTreeSet<String>,
    links: BTreeSet<String>,
    no_units: BTreeSet<String>,
    no_subjects: BTreeSet<String>,
}

struct Words {
    /// Folded words to their unit, and how many of it one is.
    units: HashMap<String, (String, u32)>,
    lists: Lists,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../data/knowledge/figures.toml"))
        .expect("a test reads the bundled list");
    let folded = |words: BTreeSet<String>| words.iter().map(|word| fold(word)).collect();
    let units = file.units.into_iter().flat_map(|(unit, words)| {
        words.into_iter().map(move |(word, times)| (fold(&word), (unit.clone(), times)))
    });
    Words {
        units: units.collect(),
        lists: Lists {
            joints: folded(file.words.joints),
            epithets: folded(file.words.epithets),
            links: folded(file.words.links),
            no_units: folded(file.words.no_units),
            no_subjects: folded(file.words.no_subjects),
        },
    }
});

/// A number of the text and what it counts.
struct Counted {
    value: Decimal,
    unit: String,
    /// Its tokens, unit and sign of money among them.
    tokens: Range<usize>,
}

/// The figures of `text` that count something. Where a sentence does not say what its telephone
/// numbers are of, `title` does.
pub(super) fn figures(lexicon: &Lexicon, title: &str, text: &str) -> Vec<Figure> {
    let text = Text::new(text);
    let counted = counted(&text);
    let mut figures = Vec::new();
    for (run, members) in runs(&text, &counted).into_iter().enumerate() {
        let (first, last) = (&counted[members.start], &counted[members.end - 1]);
        let span = first.tokens.start..last.tokens.end;
        let sentence = sentence(&text, &span);
        let mut subject = subject(lexicon, &text, &sentence, &span);
        if first.unit == "telefono" {
            subject.extend(about(lexicon, &words(text.tokens(), sentence.clone()), usize::MAX));
            subject.extend(about(lexicon, &super::lexicon::words(title), usize::MAX));
        }
        let (names, years) = (names(lexicon, &text, &sentence), years(&text, &sentence));
        let line =
            text.original()[..text.place(&text.tokens()[span.start]).start].matches('\n').count();
        figures.extend(counted[members].iter().map(|one| Figure {
            unit: one.unit.clone(),
            value: one.value,
            written: text.written(&one.tokens).to_owned(),
            subject: subject.clone(),
            names: names.clone(),
            years: years.clone(),
            run,
            line,
        }));
    }
    figures
}

/// Every number with what it counts; of a run, the unit of its end: `36, 48 o 72 meses`.
fn counted(text: &Text) -> Vec<Counted> {
    let tokens = text.tokens();
    let mut counted = phones(text);
    let numbers = extract(text).into_iter().filter_map(|found| match found.value {
        // `una inspección` counts nothing, `un año` does.
        Value::Number(_) if found.is_article(text) && !is_measured(tokens, &found.tokens) => None,
        Value::Number(value) => Some((value, found.tokens)),
        _ => None,
    });
    let mut bare: Vec<(Decimal, Range<usize>)> = Vec::new();
    for (value, range) in numbers {
        if counted.iter().any(|phone| phone.tokens.contains(&range.start)) {
            continue;
        }
        match unit(tokens, &range) {
            Some((unit, times, range)) => {
                let joined = |(_, before): &(Decimal, Range<usize>), after: usize| {
                    is_joint(tokens, before.end..after)
                };
                let mut start = range.start;
                while let Some(one) = bare.pop_if(|one| joined(one, start)) {
                    start = one.1.start;
                    let value = one.0 * Decimal::from(times);
                    counted.push(Counted { value, unit: unit.clone(), tokens: one.1 });
                }
                counted.push(Counted { value: value * Decimal::from(times), unit, tokens: range });
            }
            None => bare.push((value, range)),
        }
    }
    counted.sort_by_key(|one| one.tokens.start);
    counted
}

/// What the number at `range` counts, how many of the unit it is each, and its tokens with the
/// unit's.
fn unit(tokens: &[Token], range: &Range<usize>) -> Option<(String, u32, Range<usize>)> {
    let sign = range.start.checked_sub(1).filter(|at| tokens[*at].text == "$");
    if let Some(sign) = sign {
        return Some(("pesos".to_owned(), 1, sign..range.end));
    }
    if tokens.get(range.start)?.text == "$" {
        return Some(("pesos".to_owned(), 1, range.clone()));
    }
    let of = usize::from(tokens.get(range.end).is_some_and(|token| token.text == "de"));
    let words = |length: usize| {
        let end = range.end + length;
        Some((tokens.get(range.end..end)?.iter().map(|token| token.text.as_str()), end))
    };
    for length in [2, 1] {
        let Some((words, end)) = words(length) else { continue };
        let words = words.skip(if length == 2 { of } else { 0 }).collect::<Vec<_>>().join(" ");
        if let Some((unit, times)) = WORDS.units.get(&words) {
            return Some((unit.clone(), *times, range.start..end));
        }
    }
    let next = tokens.get(range.end).filter(|token| token.kind == TokenKind::Word)?;
    let is_unit = !WORDS.lists.no_units.contains(&next.text) && next.text.len() > 2;
    is_unit.then(|| (next.text.trim_end_matches('s').to_owned(), 1, range.start..range.end + 1))
}

/// Whether a unit of the list stands behind `range`.
fn is_measured(tokens: &[Token], range: &Range<usize>) -> bool {
    tokens.get(range.end).is_some_and(|token| WORDS.units.contains_key(&token.text))
}

/// Telephone numbers: groups of digits that make ten.
fn phones(text: &Text) -> Vec<Counted> {
    let tokens = text.tokens();
    let mut phones = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let group = tokens[at..].iter().take_while(|token| token.kind == TokenKind::Digits);
        let length = group.count();
        let digits: String = tokens[at..at + length].iter().map(|one| one.text.as_str()).collect();
        if digits.len() == PHONE_DIGITS
            && let Ok(value) = digits.parse()
        {
            let unit = "telefono".to_owned();
            phones.push(Counted { value, unit, tokens: at..at + length });
        }
        at += length.max(1);
    }
    phones
}

/// The figures that stand together, as ranges.
fn runs(text: &Text, counted: &[Counted]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in 0..counted.len() {
        match runs.last_mut() {
            Some(run)
                if is_joint(
                    text.tokens(),
                    counted[at - 1].tokens.end..counted[at].tokens.start,
                ) =>
            {
                run.end = at + 1;
            }
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

fn is_joint(tokens: &[Token], between: Range<usize>) -> bool {
    let Some(between) = tokens.get(between) else { return false };
    matches!(between, [one] if one.text == "," || WORDS.lists.joints.contains(&one.text))
}

/// Whether nothing is said over it: an end of a sentence, of a line, of a clause.
fn is_wall(text: &Text, at: usize, walls: &[&str]) -> bool {
    let token = &text.tokens()[at];
    let breaks = |next: &Token| {
        let (this, next) = (text.place(token), text.place(next));
        text.original()[this.end..next.start].contains('\n')
    };
    walls.contains(&token.text.as_str()) || text.tokens().get(at + 1).is_some_and(breaks)
}

/// The tokens of the sentence around `span`.
fn sentence(text: &Text, span: &Range<usize>) -> Range<usize> {
    around(text, span, &SENTENCE_WALLS)
}

fn around(text: &Text, span: &Range<usize>, walls: &[&str]) -> Range<usize> {
    let start = (0..span.start).rev().find(|at| is_wall(text, *at, walls)).map_or(0, |at| at + 1);
    let end = text.tokens().len();
    let stop = (span.end - 1..end).find(|at| is_wall(text, *at, walls)).map_or(end, |at| at + 1);
    start..stop
}

/// What the figures at `span` are about: the words before them in their clause, and those that a
/// link leads to behind them.
fn subject(
    lexicon: &Lexicon,
    text: &Text,
    sentence: &Range<usize>,
    span: &Range<usize>,
) -> BTreeSet<String> {
    let tokens = text.tokens();
    let clause = around(text, span, &CLAUSE_WALLS);
    let start = clause.start.max(sentence.start);
    let digits = |at: &usize| tokens[*at].kind == TokenKind::Digits;
    let start = (start..span.start).rev().find(digits).map_or(start, |at| at + 1);
    let mut before = words(tokens, start..span.start);
    before.reverse();
    let mut behind = words(tokens, span.end..clause.end.max(span.end));
    let epithets = behind.iter().take_while(|one| WORDS.lists.epithets.contains(&one.text)).count();
    behind.drain(..epithets);
    if behind.first().is_none_or(|one| !WORDS.lists.links.contains(&one.text)) {
        behind.clear();
    }
    behind.truncate(2 * NEAR);
    before.truncate(2 * NEAR);
    before.reverse();
    let near: Vec<String> =
        about(lexicon, &before, usize::MAX).into_iter().rev().take(NEAR).collect();
    near.into_iter().chain(about(lexicon, &behind, NEAR)).collect()
}

fn words(tokens: &[Token], range: Range<usize>) -> Vec<Word> {
    let said = tokens[range].iter().filter(|token| token.kind != TokenKind::Symbol);
    said.map(|token| Word {
        text: token.text.clone(),
        confidence: 1.0,
        number: token.kind == TokenKind::Digits,
    })
    .collect()
}

/// The first `most` terms that can tell what a figure is about.
fn about(lexicon: &Lexicon, words: &[Word], most: usize) -> Vec<String> {
    let terms = lexicon.terms(words).into_iter().filter(|term| term.kind == TermKind::Subject);
    terms
        .map(|term| term.key)
        .filter(|key| !WORDS.lists.no_subjects.contains(&fold(key)))
        .take(most)
        .collect()
}

/// The terms of words with a capital, but for the first of the sentence.
fn names(lexicon: &Lexicon, text: &Text, sentence: &Range<usize>) -> BTreeSet<String> {
    let tokens = text.tokens();
    let is_name = |at: &usize| {
        let token = &tokens[*at];
        token.kind == TokenKind::Word
            && *at > sentence.start
            && text.spelled(token).starts_with(char::is_uppercase)
    };
    let named: Vec<Word> =
        sentence.clone().filter(is_name).flat_map(|at| words(tokens, at..at + 1)).collect();
    about(lexicon, &named, usize::MAX).into_iter().collect()
}

fn years(text: &Text, sentence: &Range<usize>) -> BTreeSet<String> {
    let tokens = text.tokens()[sentence.clone()].iter().map(|token| &token.text);
    tokens.filter(|text| text.parse().is_ok_and(|year| YEARS.contains(&year))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String, String)> {
        let figures = figures(&Lexicon::bundled(), "", text);
        let subject =
            |figure: &Figure| figure.subject.iter().cloned().collect::<Vec<_>>().join(" ");
        figures
            .iter()
            .map(|figure| (figure.value.to_string(), figure.unit.clone(), subject(figure)))
            .collect()
    }

    fn figure(value: &str, unit: &str, subject: &str) -> (String, String, String) {
        (value.to_owned(), unit.to_owned(), subject.to_owned())
    }

    #[test]
    fn figures_are_read_with_what_they_count_and_are_about() {
        assert_eq!(read("Incluye garantía de tres meses."), [figure("3", "meses", "garantia")]);
        assert_eq!(read("Dan 3 meses de garantía."), [figure("3", "meses", "garantia")]);
        assert_eq!(read("La garantía dura un año."), [figure("12", "meses", "garantia")]);
        assert_eq!(
            read("Pasa una inspección de 240 puntos."),
            [figure("240", "punto", "inspeccion")]
        );
        assert_eq!(read("Tasa de 10 % anual."), [figure("10", "%", "intereses")]);
        assert_eq!(read("Calle Uno 334, Centro, 07760. En 2025."), []);
    }

    #[test]
    fn a_run_shares_unit_and_subject() {
        let run = read("Tienes 7 días o 300 km de prueba.");
        assert_eq!(run[0], figure("7", "días", "prueb"));
        assert_eq!(run[1], figure("300", "km", "prueb"));
        let values: Vec<_> =
            read("Letras a 36, 48 o 72 meses").into_iter().map(|one| one.0).collect();
        assert_eq!(values, ["36", "48", "72"]);
    }

    #[test]
    fn telephones_are_about_the_names_beside_them() {
        let read = read("Profeco: 55 5568 8722 en CDMX y 800 468 8722.");
        assert_eq!(read[0], figure("5555688722", "telefono", "profec"));
        assert_eq!(read[1], figure("8004688722", "telefono", "profec"));
    }
}
