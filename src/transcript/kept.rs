//! A transcript as it went, turn by turn: of what is played again, the turns that a change does not
//! touch need not be taken.
//!
//! What comes of a turn depends on the session, the message, the time and what the bot is made of; of
//! the flows, on what the turn looks at. So where the flows differ in nothing but what a revision tells,
//! a turn that looked at none of them goes as before, as long as the talk stands where it
//! stood then.

use std::sync::Arc;

use super::player::Taken;
use super::report::Case;
use super::script::{Move, Script, Sent};
use crate::engine::Session;
use crate::engine::revision::Revision;

/// How the turns of a transcript went.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The transcript as it was read.
    pub(super) script: Arc<Script>,
    pub(super) turns: Vec<KeptTurn>,
}

/// How one turn went.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeptTurn {
    pub(super) taken: Arc<Taken>,
    /// The session that it left behind, of any version ([`Session::of_any_version`]); where that is
    /// kept.
    pub(super) after: Option<Arc<Session>>,
}

/// How a transcript went with what changed since; itself it is as it was.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    pub(super) case: &'a Case,
    /// The turns of that case.
    pub(super) kept: &'a Kept,
    /// What became of the flows; none where more changed than can be told.
    pub(super) revision: Option<&'a Revision>,
}

impl Kept {
    /// Whether the turns of `script` can be told from one another: with other flows or cars on the way
    /// its sessions are of several versions, and a message that comes again needs the one before it.
    pub(super) fn holds(script: &Script) -> bool {
        let is_apart = |event: &Move| match event {
            Move::Turn(turn) => !matches!(turn.sent, Sent::Duplicate),
            Move::Wait(_) | Move::Restart => true,
            Move::Flows(_) | Move::Catalog(_) => false,
        };
        script.scene.session.is_none() && script.moves.iter().all(is_apart)
    }

    /// Whether any turn may go otherwise once `revision` happened to the flows.
    pub(super) fn is_touched_by(&self, revision: &Revision) -> bool {
        self.turns.iter().any(|turn| turn.is_touched_by(revision))
    }
}

impl KeptTurn {
    /// Whether the turn may go otherwise once `revision` happened to the flows. So may any with
    /// something wrong, for that names what there is.
    fn is_touched_by(&self, revision: &Revision) -> bool {
        !self.taken.complaints.is_empty() || self.taken.trace.consulted.is_touched_by(revision)
    }
}

impl<'a> Before<'a> {
    /// The turn after those that were taken `now`, unless it is touched or the talk stands elsewhere than
    /// it stood then.
    pub(super) fn spared_after(self, now: &[KeptTurn]) -> Option<&'a KeptTurn> {
        let (index, revision) = (now.len(), self.revision?);
        let next = self.kept.turns.get(index).filter(|turn| !turn.is_touched_by(revision))?;
        let Some(last) = now.last() else { return Some(next) };
        let (was, is) = (self.kept.turns[index - 1].after.as_ref()?, last.after.as_ref()?);
        (Arc::ptr_eq(was, is) || was == is).then_some(next)
    }
}
