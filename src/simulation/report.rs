//! What a run tells.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::breach::Rule;

/// How a run ended.
#[derive(Debug)]
pub struct Report {
    /// Conversations that were played.
    pub conversations: u64,
    /// Messages that were answered.
    pub turns: u64,
    /// What customers wanted.
    pub goals: BTreeMap<&'static str, Ends>,
    /// The steps where a customer stood.
    pub stood: BTreeSet<String>,
    /// The steps that wait and where none did.
    pub missed: Vec<String>,
    /// A hash of every answer, in the order of the conversations.
    pub digest: [u8; 32],
    /// What does not hold, each kind once, the shortest way to it.
    pub failures: Vec<Failure>,
    /// Kinds of failures besides, which were not shortened.
    pub untold: usize,
}

/// How the customers of one goal ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ends {
    /// Customers who wanted it.
    pub customers: u64,
    /// Those who got it.
    pub reached: u64,
}

/// Something that does not hold.
#[derive(Debug)]
pub struct Failure {
    /// The rule.
    pub rule: Rule,
    /// The step where it does not hold.
    pub state: String,
    /// What is the matter.
    pub what: String,
    /// Conversations that fail so.
    pub count: u64,
    /// The first of them.
    pub conversation: u64,
    /// A transcript that shows it.
    pub chat: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} conversations, {} turns", self.conversations, self.turns)?;
        for (goal, Ends { customers, reached }) in &self.goals {
            writeln!(f, "  {goal:<8} {reached} of {customers} got there")?;
        }
        let all = self.stood.len() + self.missed.len();
        write!(f, "customers stood at {} of {all} questions", self.stood.len())?;
        if !self.missed.is_empty() {
            write!(f, "; never at {}", self.missed.join(", "))?;
        }
        f.write_str("\ndigest ")?;
        for byte in &self.digest {
            write!(f, "{byte:02x}")?;
        }
        writeln!(f)?;
        for Failure { rule, state, what, count, conversation, .. } in &self.failures {
            writeln!(
                f,
                "{} at {state} ({count} times, first in {conversation}): {what}",
                rule.as_str()
            )?;
        }
        write!(f, "{} failures", self.failures.len() + self.untold)
    }
}
