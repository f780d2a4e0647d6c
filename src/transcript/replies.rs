//! The listed replies of a turn against those that came.

use indexmap::IndexMap;

use super::difference::{self, Edit};
use super::finding::Finding;
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
    for (index, (listed, reply)) in turn.replies.iter().zip(came).enumerate() {
        if difference::describe(listed, &reply.text, texts) {
            continue;
        }
        let edits = difference::compare(listed, &reply.text, texts);
        let line = first_line(listed, turn);
        complaints.push(Complaint::Replies { line, index, lines: drawn(&edits, texts) });
    }
    for (index, listed) in turn.replies.iter().enumerate().skip(came.len()) {
        let missing = listed.iter().map(|written| diff_line(Mark::Listed, &written.words));
        let lines = missing.collect();
        complaints.push(Complaint::Replies { line: first_line(listed, turn), index, lines });
    }
    for (index, reply) in came.iter().enumerate().skip(turn.replies.len()) {
        complaints.push(Complaint::Replies { line: turn.line, index, lines: all_new(reply) });
    }
    complaints
}

/// Texts that a listed reply names and the flows do not have.
pub(super) fn unknown_texts<T>(turn: &Turn, texts: &IndexMap<String, T>) -> Vec<Complaint> {
    let unknown = turn.text_names().filter(|(_, name)| !texts.contains_key(*name));
    let complaint = |(line, name): (usize, &str)| {
        let near = closest(name, texts.keys().map(String::as_str), SUGGESTION_FLOOR);
        let finding = Finding::NoText { name: name.to_owned(), near: near.map(str::to_owned) };
        Complaint::Other { line, finding }
    };
    unknown.map(complaint).collect()
}

fn first_line(listed: &[Written], turn: &Turn) -> usize {
    listed.first().map_or(turn.line, |first| first.line)
}

fn drawn(edits: &[Edit<'_>], texts: &Texts) -> Vec<DiffLine> {
    let line = |edit: &Edit<'_>| match edit {
        Edit::Kept(words, described) => {
            let described = described.iter().map(|&line| line.to_owned()).collect();
            DiffLine { described, ..diff_line(Mark::Both, words) }
        }
        Edit::Gone(words) => diff_line(Mark::Listed, words),
        Edit::New(line) => diff_line(Mark::Came, line),
    };
    let mut lines: Vec<DiffLine> = edits.iter().map(line).collect();
    for index in 1..lines.len() {
        let (before, after) = lines.split_at_mut(index);
        if let ([.., listed], [came, ..]) = (before, after)
            && (listed.mark, came.mark) == (Mark::Listed, Mark::Came)
        {
            (listed.changed, came.changed) =
                difference::changed_words(&listed.text, &came.text, texts);
        }
    }
    lines
}

fn all_new(reply: &Reply) -> Vec<DiffLine> {
    reply.text.lines().map(|line| diff_line(Mark::Came, line.trim_end())).collect()
}

fn diff_line(mark: Mark, text: &str) -> DiffLine {
    DiffLine { mark, text: text.to_owned(), changed: Vec::new(), described: Vec::new() }
}
