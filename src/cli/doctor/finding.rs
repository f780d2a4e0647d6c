//! One thing that was looked at.

use std::fmt;

/// What was found, and what to do about it.
pub(super) struct Finding {
    state: State,
    /// What was looked at.
    subject: &'static str,
    what: String,
    /// What to do; nothing where all is well.
    todo: String,
}

#[derive(PartialEq, Eq)]
enum State {
    Fine,
    /// It works, and somebody should know.
    Look,
    Wrong,
}

impl Finding {
    /// All is well.
    pub(super) fn fine(subject: &'static str, what: impl fmt::Display) -> Self {
        Self { state: State::Fine, subject, what: what.to_string(), todo: String::new() }
    }

    /// It works, and somebody should know.
    pub(super) fn look(
        subject: &'static str,
        what: impl fmt::Display,
        todo: impl fmt::Display,
    ) -> Self {
        let (what, todo) = (what.to_string(), todo.to_string());
        Self { state: State::Look, subject, what, todo }
    }

    /// It does not work.
    pub(super) fn wrong(
        subject: &'static str,
        what: impl fmt::Display,
        todo: impl fmt::Display,
    ) -> Self {
        Self { state: State::Wrong, ..Self::look(subject, what, todo) }
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.state == State::Wrong
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { state, subject, what, todo } = self;
        let state = match state {
            State::Fine => "ok   ",
            State::Look => "look ",
            State::Wrong => "WRONG",
        };
        write!(f, "{state} {subject}: {what}")?;
        if !todo.is_empty() {
            write!(f, "\n      → {todo}")?;
        }
        Ok(())
    }
}
