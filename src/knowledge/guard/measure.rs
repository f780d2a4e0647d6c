//! What an amount measures: a ceiling is no price, and a rate by the year is none by the month.

use std::ops::Range;

use super::breach::Breach;
use super::lists::LISTS;
use super::phrase::{Phrase, longest};
use super::reading::Reading;

/// Refuses amounts of the answer that stand beside a word for what they measure, where no statement
/// of the passages has the amount and such a word.
pub(super) fn check(said: &Reading, source: &Reading) -> Result<(), Breach> {
    let clauses = said.clauses();
    let statements = source.statements();
    for figure in said.figures.iter().filter(|figure| figure.is_amount()) {
        let Some(clause) = clauses.iter().find(|it| it.contains(&figure.tokens.start)) else {
            continue;
        };
        let known = || source.figures.iter().filter(|known| figure.repeats(known, source));
        let statement = |at: usize| statements.iter().find(|it| it.contains(&at));
        for measure in LISTS.measures.iter().filter(|measure| has(said, clause, measure)) {
            let is_measured = known().any(|known| {
                statement(known.tokens.start).is_some_and(|it| has(source, it, measure))
            });
            if !is_measured {
                let span = said.text.written(&figure.tokens).to_owned();
                return Err(Breach::Figure { span });
            }
        }
    }
    Ok(())
}

/// Whether one of the phrases stands among some tokens.
fn has(reading: &Reading, tokens: &Range<usize>, phrases: &[Phrase]) -> bool {
    let words: Vec<&str> =
        reading.tokens()[tokens.clone()].iter().map(|token| token.text.as_str()).collect();
    (0..words.len()).any(|at| longest(phrases, &words[at..]).is_some())
}
