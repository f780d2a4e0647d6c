//! Turns that were taken before, for whoever plays the same talks again and again.
//!
//! What comes of a turn depends on the session, the message, the time and the vocabulary, and of the
//! flows on what it looks at. Where all of that is the same, it need not be taken again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Engine, Outcome};
use crate::engine::revision::Revision;
use crate::engine::session::{Place, Session};
use crate::engine::trace::Trace;
use crate::engine::vocabulary::Vocabulary;
use crate::message::Content;

/// Turns that are remembered at most; more are taken as if nothing were.
const MAX_TURNS: usize = 50_000;

/// Stands for the version that a step's flow has now, in sessions that name no other.
const OF_NOW: u32 = u32::MAX;

/// The turns that an engine took, by all that they depend on but its flows and vocabulary.
#[derive(Debug, Default)]
pub(super) struct Memo(Mutex<Turns>);

type Turns = HashMap<Print, Arc<(Outcome, Trace)>>;

/// A hash by which nobody will find two turns that differ.
type Print = [u8; 32];

impl Memo {
    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V: Vocabulary> Engine<V> {
    /// Has the engine remember each turn that it plays. It takes over those that `before`
    /// remembers, which forgets them, and that would go the same way here.
    pub fn remember(&self, before: Option<&Self>) {
        let turns = before.and_then(|before| self.unchanged_of(before)).unwrap_or_default();
        self.memo.get_or_init(|| Memo(Mutex::new(turns)));
    }

    /// The turns of `before` that looked at nothing that has changed since.
    fn unchanged_of(&self, before: &Self) -> Option<Turns> {
        let turns = std::mem::take(&mut *before.memo.get()?.turns());
        let is_same_world = Arc::ptr_eq(&before.vocabulary, &self.vocabulary);
        let revision = Revision::between(&before.flows, &self.flows).filter(|_| is_same_world)?;
        let is_same = |(_, trace): &(Outcome, Trace)| !trace.consulted.is_touched_by(&revision);
        Some(turns.into_iter().filter(|(_, taken)| is_same(taken)).collect())
    }

    /// The turn as it was taken before, where it was and is remembered, or else as `take` takes it.
    ///
    /// Versions are remembered as what they are now, so that a new one forgets nothing; a turn of a
    /// session that names another one is not remembered, for that may lead it elsewhere.
    pub(super) fn recall(
        &self,
        mut session: Session,
        content: &Content,
        now: Timestamp,
        take: impl FnOnce(Session) -> (Outcome, Trace),
    ) -> (Outcome, Trace) {
        let is_of_now = |place: &mut Place| self.version_of(place) == Some(place.version);
        let memo = self.memo.get().filter(|_| session.places().all(is_of_now));
        let Some(memo) = memo else { return take(session) };
        session.places().for_each(|place| place.version = OF_NOW);
        let print = print(&session, content, now);
        let known = memo.turns().get(&print).cloned();
        let known = known.unwrap_or_else(|| {
            self.name_versions(&mut session);
            let (mut outcome, trace) = take(session);
            outcome.session.places().for_each(|place| place.version = OF_NOW);
            let taken = Arc::new((outcome, trace));
            let mut turns = memo.turns();
            if turns.len() < MAX_TURNS {
                turns.insert(print, Arc::clone(&taken));
            }
            taken
        });
        let (mut outcome, trace) = (*known).clone();
        self.name_versions(&mut outcome.session);
        (outcome, trace)
    }

    /// Names the versions again that were remembered as what they are now.
    fn name_versions(&self, session: &mut Session) {
        for place in session.places() {
            place.version = self.version_of(place).unwrap_or(place.version);
        }
    }

    /// The version of the flow that a step is in, if there is one.
    fn version_of(&self, place: &Place) -> Option<u32> {
        let (flow, _) = place.step.split_once('.')?;
        Some(self.flows.flows.get(flow)?.version)
    }
}

fn print(session: &Session, content: &Content, now: Timestamp) -> Print {
    let turn = serde_json::to_vec(&(session, content, now));
    Sha256::digest(turn.expect("a session is plain data")).into()
}
