//! The rules, one a file; each says in its first line what it refuses and why.

mod branch;
mod date;
mod end;
mod label;
mod ladder;
mod length;
mod listen;
mod next;
mod number;
mod outcome;
mod placeholder;
mod reach;
mod refusal;
mod shown;
mod unset;
mod unused;
mod value;
mod version;
mod words;

use super::canvas::Canvas;
use super::facts::Known;
use super::subject::Subject;
use super::tried::{Trial, Tried};
use super::usage::uses;
use crate::engine::problem::Problem;
use crate::engine::vocabulary::Vocabulary;

/// Applies every rule that looks at the graph and the texts alone.
pub(super) fn apply_to_graph(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    reach::check(subject, problems);
    end::check(subject, problems);
    branch::check(subject, problems);
    outcome::check(subject, problems);
    next::check(subject, problems);
    ladder::check(subject, problems);
    refusal::check(subject, problems);
    listen::check(subject, problems);
    value::check(subject, problems);
    number::check(subject, problems);
    date::check(subject, problems);
    label::check_count(subject, problems);
    version::check(subject, problems);
    let uses = uses(subject);
    shown::check(subject, problems);
    words::check(subject, problems);
    placeholder::check(subject, &uses, problems);
    unused::check(subject, &uses, problems);
}

/// Applies every rule that tries the texts out with what the vocabulary has to show; to those uses of
/// them that were not `tried` with it.
pub(super) fn apply_to_wording(
    subject: &Subject<'_>,
    known: &Known,
    vocabulary: &impl Vocabulary,
    tried: &mut Tried,
    problems: &mut Vec<Problem>,
) {
    unset::check_inputs(subject, known, problems);
    let uses = uses(subject);
    let trials =
        uses.iter().map(|text_use| Trial::of(subject, known, text_use)).collect::<Vec<_>>();
    let uses = tried.without(subject, &trials, uses);
    if !uses.is_empty() {
        let canvas = Canvas::new(*subject, vocabulary);
        unset::check(&canvas, known, &uses, problems);
        label::check(&canvas, &uses, problems);
        length::check(&canvas, known, &uses, problems);
    }
    if problems.is_empty() {
        tried.note(subject, trials);
    }
}
