//! How much is answered: replies that cost money are bounded, and nobody walks through all the
//! stock or fills the store with users that were never there.
//!
//! A message beyond a limit is taken as any other; only its reply is withheld, with one polite line
//! a minute. What is counted here is forgotten with the process, but for the replies of a day: the
//! store counts those to all users, and those to one are found in their history.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::message::UserId;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Users that are counted at once; beyond them those go who have been silent for longest.
const MAX_USERS: usize = 100_000;

/// Turns that a user's count begins with, at most.
const MAX_TURNS: u32 = 10_000;

/// What is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrafficLimits {
    /// Messages of one user that are answered in a minute.
    pub messages_a_minute: u32,
    /// Replies to one user in 24 hours.
    pub user_replies_a_day: u32,
    /// Replies to all users on a day, in UTC.
    pub replies_a_day: u64,
    /// Users who are new, in a minute.
    pub new_users_a_minute: u32,
    /// Pages of cars that one user is shown in an hour.
    pub pages_an_hour: u32,
}

impl TrafficLimits {
    /// As much as anybody likes.
    pub const NONE: Self = Self {
        messages_a_minute: u32::MAX,
        user_replies_a_day: u32::MAX,
        replies_a_day: u64::MAX,
        new_users_a_minute: u32::MAX,
        pages_an_hour: u32::MAX,
    };
}

/// What becomes of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// It is said.
    Said,
    /// A polite line is said instead.
    TooMuch,
    /// Nothing is said.
    Withheld,
}

/// What was let through.
#[derive(Debug)]
pub(super) struct Traffic {
    limits: TrafficLimits,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    users: HashMap<UserId, Counts>,
    new_users: Window,
}

#[derive(Debug, Default)]
struct Counts {
    messages: Window,
    replies: Window,
    pages: Window,
    /// Cars on the user's screen after the last message.
    listed: usize,
    /// When the polite line was said.
    told: Option<Timestamp>,
    last: Timestamp,
}

/// A count that begins anew some time after its first event.
#[derive(Debug, Default)]
struct Window {
    began: Option<Timestamp>,
    count: u32,
}

impl Window {
    /// How many there are at `now`.
    fn count_at(&self, now: Timestamp, length: SignedDuration) -> u32 {
        let is_over = self.began.is_none_or(|began| now.duration_since(began) >= length);
        if is_over { 0 } else { self.count }
    }

    /// Counts one more at `now`: how many it makes.
    fn add(&mut self, now: Timestamp, length: SignedDuration) -> u32 {
        let count = self.count_at(now, length);
        if count == 0 {
            self.began = Some(now);
        }
        self.count = count.saturating_add(1);
        self.count
    }
}

impl Traffic {
    /// Nothing was let through yet.
    pub(super) fn new(limits: TrafficLimits) -> Self {
        Self { limits, state: Mutex::default() }
    }

    /// Whether one more user may be new at `now`.
    pub(super) fn admits(&self, now: Timestamp) -> bool {
        let count = self.state().new_users.add(now, MINUTE);
        count <= self.limits.new_users_a_minute
    }

    /// How many of the newest turns of `user` tell the replies of the last 24 hours; none where these
    /// are counted already, or not bounded.
    pub(super) fn uncounted(&self, user: &UserId) -> Option<usize> {
        // With the line that says so.
        let most = self.limits.user_replies_a_day.checked_add(1)?.min(MAX_TURNS);
        let is_counted = self.state().users.contains_key(user);
        usize::try_from(most).ok().filter(|_| !is_counted)
    }

    /// Begins to count the replies to `user` with those of `turns` that are not a day old: each of
    /// them had one, or had it withheld since there were too many.
    pub(super) fn begin(
        &self,
        user: &UserId,
        now: Timestamp,
        turns: impl Iterator<Item = Timestamp>,
    ) {
        let mut state = self.state();
        let counts = state.users.entry(user.clone()).or_default();
        for turn in turns.filter(|turn| now.duration_since(*turn) < DAY) {
            counts.replies.add(turn, DAY);
        }
    }

    /// What becomes of the reply to a message of `user` at `now`, after which `listed` cars are on
    /// the screen. Where replies cost money, `today` of them have left on this day before; where
    /// they do not, only the pages of cars are counted.
    pub(super) fn weigh(
        &self,
        user: &UserId,
        now: Timestamp,
        listed: usize,
        today: Option<u64>,
    ) -> Leave {
        let limits = self.limits;
        let mut state = self.state();
        if state.users.len() >= MAX_USERS && !state.users.contains_key(user) {
            state.users.retain(|_, counts| now.duration_since(counts.last) < MINUTE);
        }
        let counts = state.users.entry(user.clone()).or_default();
        counts.last = now;
        let is_page = listed > counts.listed;
        counts.listed = listed;
        let walks = is_page && counts.pages.add(now, HOUR) > limits.pages_an_hour;
        let Some(today) = today else { return if walks { Leave::TooMuch } else { Leave::Said } };
        let is_quick = counts.messages.add(now, MINUTE) > limits.messages_a_minute;
        let replies = counts.replies.count_at(now, DAY);
        // The line that says so is one reply more.
        if today >= limits.replies_a_day || replies > limits.user_replies_a_day {
            return Leave::Withheld;
        }
        let is_much = is_quick || walks || replies == limits.user_replies_a_day;
        if is_much && counts.told.is_some_and(|told| now.duration_since(told) < MINUTE) {
            return Leave::Withheld;
        }
        counts.replies.add(now, DAY);
        if !is_much {
            return Leave::Said;
        }
        counts.told = Some(now);
        Leave::TooMuch
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Channel;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn user(key: &str) -> UserId {
        UserId::new(Channel::Twilio, key).unwrap()
    }

    fn traffic(limits: TrafficLimits) -> Traffic {
        Traffic::new(limits)
    }

    #[test]
    fn who_writes_too_fast_is_told_once_a_minute() {
        let traffic = traffic(TrafficLimits { messages_a_minute: 2, ..TrafficLimits::NONE });
        let ana = user("ana");
        let seen: Vec<Leave> = (0..5).map(|s| traffic.weigh(&ana, at(s), 0, Some(0))).collect();
        let [said, told, silent] = [Leave::Said, Leave::TooMuch, Leave::Withheld];
        assert_eq!(seen, [said, said, told, silent, silent]);
        assert_eq!(traffic.weigh(&user("beto"), at(5), 0, Some(0)), said, "others are not held up");
        assert_eq!(traffic.weigh(&ana, at(60), 0, Some(0)), said, "a new minute");
    }

    #[test]
    fn a_day_has_so_many_replies_of_one_and_of_all() {
        let limits =
            TrafficLimits { user_replies_a_day: 2, replies_a_day: 10, ..TrafficLimits::NONE };
        let traffic = traffic(limits);
        let ana = user("ana");
        let seen: Vec<Leave> =
            (0..6).map(|n| traffic.weigh(&ana, at(n * 120), 0, Some(0))).collect();
        let [said, told, silent] = [Leave::Said, Leave::TooMuch, Leave::Withheld];
        assert_eq!(seen, [said, said, told, silent, silent, silent]);
        assert_eq!(traffic.weigh(&ana, at(24 * 3_600), 0, Some(0)), said, "another day");
        assert_eq!(traffic.weigh(&user("beto"), at(0), 0, Some(9)), said);
        assert_eq!(traffic.weigh(&user("carla"), at(0), 0, Some(10)), silent);
    }

    #[test]
    fn a_count_begins_with_the_turns_of_the_last_day() {
        let traffic = traffic(TrafficLimits { user_replies_a_day: 2, ..TrafficLimits::NONE });
        let ana = user("ana");
        let day = 24 * 3_600;
        assert_eq!(traffic.uncounted(&ana), Some(3));
        traffic.begin(&ana, at(day), [at(0), at(day - 60)].into_iter());
        assert_eq!(traffic.uncounted(&ana), None);
        assert_eq!(traffic.weigh(&ana, at(day), 0, Some(0)), Leave::Said, "one was a day ago");
        assert_eq!(traffic.weigh(&ana, at(day + 60), 0, Some(0)), Leave::TooMuch);
        let unbounded = Traffic::new(TrafficLimits::NONE);
        assert_eq!(unbounded.uncounted(&ana), None, "nobody need look");
    }

    #[test]
    fn nobody_walks_through_all_the_stock() {
        let traffic = traffic(TrafficLimits { pages_an_hour: 2, ..TrafficLimits::NONE });
        let ana = user("ana");
        for (second, listed, leave) in [
            (0, 5, Leave::Said),
            (1, 10, Leave::Said),
            (2, 10, Leave::Said),
            (3, 15, Leave::TooMuch),
            (4, 20, Leave::Withheld),
            (5, 0, Leave::Said),
            (3_600, 5, Leave::Said),
        ] {
            assert_eq!(traffic.weigh(&ana, at(second), listed, Some(0)), leave, "{second}");
        }
    }

    #[test]
    fn so_many_may_be_new_in_a_minute() {
        let traffic = traffic(TrafficLimits { new_users_a_minute: 2, ..TrafficLimits::NONE });
        assert!(traffic.admits(at(0)) && traffic.admits(at(1)) && !traffic.admits(at(2)));
        assert!(traffic.admits(at(61)));
    }
}
