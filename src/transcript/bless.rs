//! Writing the replies that came into a transcript: `<` and its `|` lines, and nothing else.

use std::collections::{BTreeMap, HashSet};

use super::difference::{Edit, compare};
use super::pattern::Texts;
use super::player::Taken;
use super::script::{Turn, Written};

/// The transcript `text` with the replies of `turns` as they came. Listed lines that describe
/// what came stay as they are, wildcards and all; so do comments between them.
pub(super) fn bless(text: &str, turns: &[(&Turn, &Taken)]) -> String {
    let mut rewrite = Rewrite::default();
    for (turn, taken) in turns.iter().filter(|(turn, _)| turn.compares_replies()) {
        rewrite.turn(turn, taken);
    }
    rewrite.apply(text)
}

#[derive(Default)]
struct Rewrite {
    /// Lines that go.
    gone: HashSet<usize>,
    /// Lines that are put after a line.
    after: BTreeMap<usize, Vec<String>>,
}

impl Rewrite {
    fn turn(&mut self, turn: &Turn, taken: &Taken) {
        let came = taken.replies.iter().map(|reply| reply.text.as_str());
        for (listed, came) in turn.replies.iter().zip(came.clone()) {
            let before = listed.first().map_or(turn.opened_until, |first| first.line - 1);
            self.put(before, blessed(listed, came, &taken.texts));
        }
        self.gone.extend(turn.replies.iter().flatten().map(|written| written.line));
        let last = turn.replies.last().and_then(|reply| reply.last());
        let end = last.map_or(turn.opened_until, |last| last.line);
        for came in came.skip(turn.replies.len()) {
            self.put(end, blessed(&[], came, &taken.texts));
        }
    }

    fn put(&mut self, after: usize, lines: Vec<String>) {
        self.after.entry(after).or_default().extend(lines);
    }

    fn apply(&self, text: &str) -> String {
        let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut blessed = String::with_capacity(text.len());
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let stays = (!self.gone.contains(&number)).then_some(line);
            let new = self.after.get(&number).into_iter().flatten().map(String::as_str);
            for line in stays.into_iter().chain(new) {
                blessed.push_str(line);
                blessed.push_str(ending);
            }
        }
        blessed
    }
}

/// The lines of one reply, with their marks.
fn blessed(listed: &[Written], came: &str, texts: &Texts) -> Vec<String> {
    let kept = compare(listed, came, texts);
    let lines = kept.iter().filter_map(|edit| match edit {
        Edit::Kept(words, _) => Some(*words),
        Edit::New(line) => Some(*line),
        Edit::Gone(_) => None,
    });
    let marked = lines.enumerate().map(|(index, line)| {
        let mark = if index == 0 { '<' } else { '|' };
        format!("{mark} {line}").trim_end().to_owned()
    });
    marked.collect()
}
