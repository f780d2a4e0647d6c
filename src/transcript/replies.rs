//! The listed replies of a turn against those that came.

use indexmap::IndexMap;

use super::difference::{self, Edit, is_same};
use super::pattern::Texts;
use super::report::{Complaint, DiffLine, Mark};
use super::script::{Turn, Written};
use crate::message::Reply;
use crate::text::closest;

/// How alike a wrong text name and a right one must be for the right one to be suggested.
const SUGGESTION_FLOOR: f64 = 0.5;

/// Every reply that differs from the listed one in its place, is missing or is not listed.
pub(super) fn compare(turn: &Turn, came: &[Reply], texts: &Texts) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (listed, reply) in turn.replies.iter().zip(came) {
        let edits = difference::compare(listed, &reply.text, texts);
        if !is_same(&edits) {
            complaints
                .push(Complaint::Replies { line: first_line(listed, turn), lines: drawn(&edits) });
        }
    }
    for listed in turn.replies.iter().skip(came.len()) {
        let missing = listed.iter().map(|written| diff_line(Mark::Listed, &written.words));
        let lines = missing.collect();
        complaints.push(Complaint::Replies { line: first_line(listed, turn), lines });
    }
    for reply in came.iter().skip(turn.replies.len()) {
        complaints.push(Complaint::Replies { line: turn.line, lines: all_new(reply) });
    }
    complaints
}

/// Texts that a listed reply names and the flows do not have.
pub(super) fn unknown_texts<T>(turn: &Turn, texts: &IndexMap<String, T>) -> Vec<Complaint> {
    let unknown = turn.text_names().filter(|(_, name)| !texts.contains_key(*name));
    let complaint = |(line, name): (usize, &str)| {
        let near = closest(name, texts.keys().map(String::as_str), SUGGESTION_FLOOR);
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Complaint::Other { line, message: format!("there is no text `{name}`{hint}") }
    };
    unknown.map(complaint).collect()
}

fn first_line(listed: &[Written], turn: &Turn) -> usize {
    listed.first().map_or(turn.line, |first| first.line)
}

fn drawn(edits: &[Edit<'_>]) -> Vec<DiffLine> {
    let line = |edit: &Edit<'_>| match edit {
        Edit::Kept(words, _) => diff_line(Mark::Both, words),
        Edit::Gone(words) => diff_line(Mark::Listed, words),
        Edit::New(line) => diff_line(Mark::Came, line),
    };
    edits.iter().map(line).collect()
}

fn all_new(reply: &Reply) -> Vec<DiffLine> {
    reply.text.lines().map(|line| diff_line(Mark::Came, line)).collect()
}

fn diff_line(mark: Mark, text: &str) -> DiffLine {
    DiffLine { mark, text: text.to_owned() }
}
