//! What a replay tells: how many conversations part, where, and some of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::parting::Parting;
use super::play::Played;
use crate::knowledge::masked;

/// Characters of a message or a line that are shown at most.
const MAX_SHOWN: usize = 120;

/// How two versions of the bot compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Conversations that were played.
    pub conversations: usize,
    /// Those in which both versions said the same throughout.
    pub same: usize,
    /// Messages that both versions answered.
    pub compared: usize,
    /// Messages after a parting, which tell nothing.
    pub unknown: usize,
    /// The conversations that part, by what changed: the furthest apart first, then the most.
    pub groups: Vec<Group>,
}

/// Conversations that part in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
    /// In how many conversations.
    pub count: usize,
    /// Some of them.
    pub examples: Vec<Example>,
}

/// What changed where a conversation parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Change {
    /// How far the answers are apart.
    pub parting: Parting,
    /// Where the talk stood before the message.
    pub at: String,
    /// Where it stands after the old answer, and who understood the message.
    pub old: String,
    /// The same for the new answer.
    pub new: String,
    /// Where only words differ: the first line that does, as it was and as it is, with `#` for
    /// figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<(String, String)>,
}

/// One conversation that parts, personal data masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// What the conversation is called.
    pub conversation: String,
    /// The message at which it parts, counted from 1.
    pub turn: usize,
    /// That message.
    pub message: String,
    /// The first line of the answer that differs, as it was.
    pub old: String,
    /// As it is.
    pub new: String,
}

impl Report {
    /// Sums up; `examples` are shown of each group, those that come first in the recordings.
    pub(super) fn of(played: Vec<Played>, examples: usize) -> Self {
        let mut report =
            Self { conversations: 0, same: 0, compared: 0, unknown: 0, groups: Vec::new() };
        let mut groups: BTreeMap<Change, (usize, Vec<Example>)> = BTreeMap::new();
        for Played { compared, unknown, parted } in played {
            report.conversations += 1;
            report.compared += compared;
            report.unknown += unknown;
            let Some((change, example)) = parted else {
                report.same += 1;
                continue;
            };
            let (count, shown) = groups.entry(change).or_default();
            *count += 1;
            if shown.len() < examples {
                shown.push(example);
            }
        }
        let groups = groups.into_iter();
        report.groups =
            groups.map(|(change, (count, examples))| Group { change, count, examples }).collect();
        report.groups.sort_by_key(|group| std::cmp::Reverse((group.change.parting, group.count)));
        report
    }

    /// How many conversations part so.
    #[must_use]
    pub fn count(&self, parting: Parting) -> usize {
        let groups = self.groups.iter().filter(|group| group.change.parting == parting);
        groups.map(|group| group.count).sum()
    }

    /// The same, as a share of all conversations, in percent.
    #[must_use]
    pub fn percent(&self, parting: Parting) -> f64 {
        percent(self.count(parting), self.conversations)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of conversations fit")]
fn percent(count: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { 100.0 * count as f64 / all as f64 }
}

impl Example {
    /// The same without what would tell whose it is, and cut to a line's length.
    pub(super) fn masked(mut self) -> Self {
        for text in [&mut self.message, &mut self.old, &mut self.new] {
            *text = shown(text);
        }
        self
    }
}

/// A text on one line, without what would tell whose it is, and cut to a line's length.
pub(super) fn shown(text: &str) -> String {
    let text = masked(text).replace('\n', " / ");
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for group in &self.groups {
            writeln!(f, "{group}")?;
        }
        let Self { conversations, compared, unknown, .. } = self;
        let kinds = Parting::ALL.map(|parting| (parting.as_str(), self.count(parting)));
        for (what, count) in kinds.into_iter().chain([("same", self.same)]) {
            writeln!(f, "{what:<13} {count:>7}  {:>5.1} %", percent(count, *conversations))?;
        }
        write!(
            f,
            "{conversations} conversations; {compared} answers compared, {unknown} not: they come \
             after a parting"
        )
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Change { parting, at, old, new, .. } = &self.change;
        let what = parting.as_str();
        let stands = if old == new { old.clone() } else { format!("{old} → {new}") };
        writeln!(f, "{what}, {} times: at {at}, then {stands}", self.count)?;
        for Example { conversation, turn, message, old, new } in &self.examples {
            writeln!(f, "  conversation {conversation}, message {turn}: > {message}")?;
            writeln!(f, "    - {old}\n    + {new}")?;
        }
        Ok(())
    }
}
