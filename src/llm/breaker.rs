//! Leaves a server alone that fails again and again, so that customers do not wait for it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Failure;

/// Failures in a row after which the server is left alone.
const MOST_FAILURES: u32 = 5;

/// How long it is left alone before one call tries it again.
const REST: Duration = Duration::from_secs(30);

/// The same after a failure that somebody must do something about.
const LONG_REST: Duration = Duration::from_mins(10);

/// A circuit breaker: closed while calls go through, open while the server rests.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Failures since the last call that went through.
    failures: u32,
    /// Until when the server rests; none while it is asked.
    rests_until: Option<Instant>,
}

/// A change that the log should tell of, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// From now on the server is left alone.
    Opened {
        /// For how long, in seconds.
        seconds: u64,
    },
    /// It answers again.
    Closed,
}

impl Breaker {
    /// Whether the server rests at `now`: no use to prepare a call.
    pub fn rests(&self, now: Instant) -> bool {
        self.state().rests_until.is_some_and(|until| now < until)
    }

    /// Whether a call may be made at `now`, which then has to be made. After a rest one call is let
    /// through, and the others wait for what becomes of it, for another rest at most.
    pub fn lets_through(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.rests_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                state.rests_until = Some(now + REST);
                true
            }
        }
    }

    /// A call went through.
    pub fn succeeded(&self) -> Option<Change> {
        let mut state = self.state();
        state.failures = 0;
        state.rests_until.take().map(|_| Change::Closed)
    }

    /// A call failed, which ended at `now`. What is not the server's fault says nothing about it.
    pub fn failed(&self, failure: &Failure, now: Instant) -> Option<Change> {
        if !failure.is_the_server_s() {
            return self.succeeded();
        }
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if !failure.is_lasting() && state.failures < MOST_FAILURES {
            return None;
        }
        let rest = if failure.is_lasting() { LONG_REST } else { REST };
        let before = state.rests_until;
        // A call from before may fail late; it does not cut a longer rest short.
        state.rests_until = before.max(Some(now + rest));
        before.is_none().then_some(Change::Opened { seconds: rest.as_secs() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    fn at(second: u64) -> Instant {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        *START + Duration::from_secs(second)
    }

    fn open() -> Breaker {
        let breaker = Breaker::default();
        for _ in 1..MOST_FAILURES {
            assert_eq!(breaker.failed(&Failure::Late, at(0)), None);
            assert!(breaker.lets_through(at(0)));
        }
        let opened = breaker.failed(&Failure::Late, at(0));
        assert_eq!(opened, Some(Change::Opened { seconds: 30 }));
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_it_is_told_once() {
        let breaker = open();
        assert!(!breaker.lets_through(at(29)));
        // A call that was under way fails too: nothing new.
        assert_eq!(breaker.failed(&Failure::Late, at(1)), None);
    }

    #[test]
    fn after_a_rest_one_call_tries_and_decides() {
        let breaker = open();
        assert!(breaker.lets_through(at(30)));
        assert!(!breaker.lets_through(at(30)), "the others wait for the first");
        assert_eq!(breaker.failed(&Failure::Late, at(38)), None);
        assert!(!breaker.lets_through(at(67)));
        assert!(breaker.lets_through(at(68)));
        assert_eq!(breaker.succeeded(), Some(Change::Closed));
        assert!(breaker.lets_through(at(69)) && breaker.lets_through(at(69)));
        assert_eq!(breaker.succeeded(), None);
    }

    #[test]
    fn a_try_that_never_ends_does_not_keep_it_open_for_ever() {
        let breaker = open();
        assert!(breaker.lets_through(at(30)));
        assert!(breaker.lets_through(at(60)));
    }

    #[test]
    fn what_lasts_opens_it_at_once_and_for_longer() {
        let breaker = Breaker::default();
        let quota = Failure::Quota { code: "insufficient_quota".into() };
        assert_eq!(breaker.failed(&quota, at(0)), Some(Change::Opened { seconds: 600 }));
        assert!(!breaker.lets_through(at(599)));
    }

    #[test]
    fn a_call_from_before_does_not_cut_a_long_rest_short() {
        let breaker = open();
        let quota = Failure::Quota { code: "insufficient_quota".into() };
        assert_eq!(breaker.failed(&quota, at(1)), None);
        assert_eq!(breaker.failed(&Failure::Late, at(2)), None);
        assert!(breaker.rests(at(600)) && !breaker.lets_through(at(600)));
        assert!(!breaker.rests(at(601)) && breaker.lets_through(at(601)));
    }

    #[test]
    fn a_model_that_refuses_says_nothing_about_its_server() {
        let breaker = Breaker::default();
        for _ in 0..20 {
            assert_eq!(breaker.failed(&Failure::Refused, at(0)), None);
        }
        assert!(breaker.lets_through(at(0)));
    }
}
