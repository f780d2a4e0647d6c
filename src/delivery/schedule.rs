//! Whose replies are being sent, and whose must wait.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::message::UserId;

/// The users with a round under way or to come.
#[derive(Debug, Default)]
pub(super) struct Schedule(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Those with a round under way, and whether more came meanwhile.
    under_way: HashMap<UserId, bool>,
    /// Those whose first reply must wait, and until when.
    waits: HashMap<UserId, Timestamp>,
    /// Whether nothing new is begun.
    closed: bool,
}

impl Schedule {
    /// Whether a round of `user` begins now: not while one is under way, which then looks once
    /// more, and not before its time, for nothing overtakes the first reply.
    pub(super) fn begin(&self, user: &UserId) -> bool {
        let mut state = self.state();
        if state.closed || state.waits.contains_key(user) {
            return false;
        }
        if let Some(more) = state.under_way.get_mut(user) {
            *more = true;
            return false;
        }
        state.under_way.insert(user.clone(), false);
        true
    }

    /// Whether the round of `user` ends: not where more came meanwhile.
    pub(super) fn end(&self, user: &UserId) -> bool {
        let mut state = self.state();
        let goes_on = !state.closed && state.under_way.get(user) == Some(&true);
        if goes_on {
            state.under_way.insert(user.clone(), false);
        } else {
            state.under_way.remove(user);
        }
        !goes_on
    }

    /// Ends the round of `user`, whose first reply must wait until `at`.
    pub(super) fn wait(&self, user: UserId, at: Timestamp) {
        let mut state = self.state();
        state.under_way.remove(&user);
        state.waits.insert(user, at);
    }

    /// Has a round of `user` begin at `at`; one that is under way looks once more.
    pub(super) fn begin_at(&self, user: UserId, at: Timestamp) {
        let mut state = self.state();
        if let Some(more) = state.under_way.get_mut(&user) {
            *more = true;
        } else {
            state.waits.entry(user).or_insert(at);
        }
    }

    /// Those whose wait is over at `now`, and the end of the next wait.
    pub(super) fn due(&self, now: Timestamp) -> (Vec<UserId>, Option<Timestamp>) {
        let mut state = self.state();
        let due = state.waits.extract_if(|_, at| *at <= now).map(|(user, _)| user).collect();
        (due, state.waits.values().min().copied())
    }

    /// From now on nothing new is begun.
    pub(super) fn close(&self) {
        self.state().closed = true;
    }

    /// Whether nothing new is begun.
    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Whether no round is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.state().under_way.is_empty()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Channel;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_user_has_one_round_that_looks_once_more() {
        let ana = UserId::new(Channel::Meta, "ana").unwrap();
        let schedule = Schedule::default();
        assert!(schedule.begin(&ana));
        assert!(!schedule.begin(&ana), "it is under way");
        assert!(!schedule.end(&ana), "more came");
        assert!(schedule.end(&ana) && schedule.is_idle());
        assert!(schedule.begin(&ana));
        schedule.wait(ana.clone(), at(10));
        assert!(!schedule.begin(&ana), "nothing overtakes the first");
        assert_eq!(schedule.due(at(9)), (vec![], Some(at(10))));
        assert_eq!(schedule.due(at(10)), (vec![ana.clone()], None));
        assert!(schedule.begin(&ana));
        schedule.close();
        assert!(schedule.end(&ana) && !schedule.begin(&ana));
    }
}
