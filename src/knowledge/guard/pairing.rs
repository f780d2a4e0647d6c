//! What the answer says together stands together in a passage: `verde es al corriente; rojo, más
//! de 89 días` does not make `rojo es al corriente`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::breach::Breach;
use super::concept::{Concepts, is_content, is_filler};
use super::lists::LISTS;
use super::reading::Reading;
use crate::text::TokenKind;

/// How many that stand before something must go with it.
const BESIDE: usize = 2;

/// The statements of the passages that have something, by number.
type Places = BTreeSet<usize>;

/// Refuses clauses of the answer that bring together what no statement of the passages does.
pub(super) fn check(said: &Reading, source: &Reading, concepts: &Concepts) -> Result<(), Breach> {
    let statements = Statements::new(source, concepts);
    let mut before: Vec<(usize, Places)> = Vec::new();
    for clause in said.clauses() {
        if said.mark_before(clause.start) != ":" {
            before.clear();
        }
        for at in clause {
            let Some(places) = statements.of(said, concepts, at) else { continue };
            let is_listed = before.last().is_some_and(|(last, _)| is_list(said, last + 1..at));
            let apart = before.iter().find(|(_, known)| known.is_disjoint(&places));
            if let Some((start, _)) = apart.filter(|_| !is_listed) {
                let span = said.text.written(&(*start..at + 1)).to_owned();
                return Err(Breach::Ungrounded { span });
            }
            if is_listed {
                before.clear();
            } else if before.len() == BESIDE {
                before.remove(0);
            }
            before.push((at, places));
        }
    }
    Ok(())
}

/// Whether some tokens only part the points of a list: `Explanada y Las Torres`.
fn is_list(said: &Reading, between: Range<usize>) -> bool {
    let mut words = said.tokens()[between].iter().map(|token| token.text.as_str());
    let parts = |word: &str| matches!(word, "," | ")" | "y" | "o" | "ni");
    words.next().is_some_and(parts)
        && words.all(|word| parts(word) || LISTS.function_words.contains(word))
}

/// Where the passages say what.
struct Statements<'a> {
    source: &'a Reading,
    /// For each concept the statements that have it.
    by_concept: Vec<Places>,
    /// For each figure the statement that has it.
    by_figure: Vec<usize>,
}

impl<'a> Statements<'a> {
    fn new(source: &'a Reading, concepts: &Concepts) -> Self {
        let mut by_concept = vec![Places::new(); concepts.len()];
        let mut by_figure = vec![0; source.figures.len()];
        let statements = source.statements();
        let said: Vec<Places> =
            statements.iter().map(|statement| said_in(source, concepts, statement)).collect();
        for (number, statement) in statements.iter().enumerate() {
            let reached = reached(source, &statements, &said, number);
            for at in statement.clone() {
                if let Some(concept) = concepts.of(&source.tokens()[at].text) {
                    by_concept[concept].extend(reached.iter().copied());
                }
            }
            for (figure, place) in source.figures.iter().zip(&mut by_figure) {
                if statement.contains(&figure.tokens.start) {
                    *place = number;
                }
            }
        }
        Self { source, by_concept, by_figure }
    }

    /// The statements that have what a token of the answer says; nothing where it says nothing.
    fn of(&self, said: &Reading, concepts: &Concepts, at: usize) -> Option<Places> {
        if let Some(figure) = said.figures.iter().find(|figure| figure.tokens.start == at) {
            let known = self.source.figures.iter().zip(&self.by_figure);
            let same = known.filter(|(known, _)| figure.repeats(known, self.source));
            return Some(same.map(|(_, place)| *place).collect());
        }
        let word = said.tokens()[at].text.as_str();
        let is_meant = said.is_free(at) && is_content(word) && !is_filler(word);
        let is_order = LISTS.orders.contains(word);
        if !is_meant && !is_order {
            return None;
        }
        concepts.of(word).map(|concept| self.by_concept[concept].clone())
    }
}

/// The concepts of a statement that say something.
fn said_in(source: &Reading, concepts: &Concepts, statement: &Range<usize>) -> Places {
    let words = statement.clone().filter(|at| source.is_free(*at));
    let words = words.map(|at| source.tokens()[at].text.as_str());
    words
        .filter(|word| is_content(word) && !is_filler(word))
        .filter_map(|it| concepts.of(it))
        .collect()
}

/// The statements that what one says goes with: itself; the sentences beside it that speak of the
/// same; and the points of a list, for what stands above them.
fn reached(
    source: &Reading,
    statements: &[Range<usize>],
    said: &[Places],
    number: usize,
) -> Places {
    let mark = |number: usize| source.mark_before(statements[number].start);
    let points_back = |number: usize| {
        let words = &source.tokens()[statements[number].clone()];
        let is_step = words.len() > 1 && words[0].kind == TokenKind::Digits && words[1].text == ")";
        let has_no_subject = LISTS.subjectless.contains(&words[0].text);
        is_step || has_no_subject || words.iter().any(|it| LISTS.pointers.contains(&it.text))
    };
    let goes_on = |number: usize| match mark(number) {
        "." => points_back(number) || !said[number].is_disjoint(&said[number - 1]),
        ";" => points_back(number),
        _ => false,
    };
    let mut reached = Places::from([number]);
    if number > 0 && goes_on(number) {
        reached.insert(number - 1);
    }
    if number + 1 < statements.len() && goes_on(number + 1) {
        reached.insert(number + 1);
    }
    if mark(number) != "•" {
        reached.extend((number + 1..statements.len()).take_while(|it| mark(*it) == "•"));
    }
    reached
}
