//! What must always hold, and what is told where it does not.

use std::fmt;

/// What must always hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Every message is answered, and no reply is blank or too long.
    Answered,
    /// The talk stands at a step that waits.
    Waits,
    /// A choice on the screen is understood when it is tapped, or written as it stands there.
    Choice,
    /// A command leads where its flow says, from every step.
    Command,
    /// Whoever is not understood is led on before long.
    DeadEnd,
    /// A message that comes again gets the same answer and changes nothing.
    Duplicate,
    /// What is known of a car and its credit agrees with the catalogue and the credit module.
    Session,
    /// Every amount that is said agrees with what it is about.
    Figure,
    /// The same seed gives the same bytes.
    SameBytes,
}

impl Rule {
    /// The rule's name, also in file names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Waits => "waits",
            Self::Choice => "choice",
            Self::Command => "command",
            Self::DeadEnd => "dead-end",
            Self::Duplicate => "duplicate",
            Self::Session => "session",
            Self::Figure => "figure",
            Self::SameBytes => "same-bytes",
        }
    }

    /// Whether only two playings of a conversation show that it does not hold, so that its
    /// transcript, which is played once, passes.
    #[must_use]
    pub const fn takes_two_playings(self) -> bool {
        matches!(self, Self::SameBytes)
    }
}

/// A rule that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) rule: Rule,
    /// Where the talk stood after the message; empty before the first one.
    pub(super) state: String,
    /// What is the matter.
    pub(super) what: String,
    /// What should have come: lines of a transcript, under the message.
    pub(super) expected: Vec<String>,
}

impl Breach {
    pub(super) fn of(rule: Rule, state: &str, what: &str) -> Self {
        Self { rule, state: state.to_owned(), what: what.to_owned(), expected: Vec::new() }
    }

    pub(super) fn expecting(mut self, line: impl Into<String>) -> Self {
        self.expected.push(line.into());
        self
    }

    /// Whether two breaches are likely of one cause.
    pub(super) fn resembles(&self, other: &Self) -> bool {
        self.rule == other.rule && self.state == other.state
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.rule.as_str(), self.state, self.what)
    }
}
