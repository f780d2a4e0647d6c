//! The sessions of those who are in the middle of a talk, as their last turns left them. What the
//! next turn begins with need then be neither read nor parsed.
//!
//! What is in here is what the store holds: a session is put in once its turn is durable, and taken
//! out by the next turn, which puts it back only if that succeeds. Were it ever another, the store
//! would refuse the commit, for it names the version that it was taken on.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::engine::Session;
use crate::message::UserId;
use crate::store::Version;

/// How long a session is used after its last message: a fraction of what the sweep takes away.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Sessions, up to a number of them; the one that was put in longest ago makes room.
#[derive(Debug, Default)]
pub(super) struct Recent {
    most: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    by_user: HashMap<UserId, Kept>,
    /// Who was put in, in order, and as which of all that were. Those that were taken out since are
    /// still in here.
    order: VecDeque<(u64, UserId)>,
    count: u64,
}

#[derive(Debug)]
struct Kept {
    number: u64,
    version: Version,
    session: Session,
}

impl Recent {
    /// Room for the sessions of so many users.
    pub(super) fn of(most: usize) -> Self {
        Self { most, held: Mutex::default() }
    }

    /// The session of `user`, if their last turn was a moment ago.
    pub(super) fn take(&self, user: &UserId, now: Timestamp) -> Option<(Version, Session)> {
        let kept = self.held().by_user.remove(user)?;
        let seen = kept.session.last_seen?;
        (now.duration_since(seen) < FRESH).then_some((kept.version, kept.session))
    }

    /// Holds what a turn of `user` left in the store.
    pub(super) fn keep(&self, user: UserId, version: Version, session: Session) {
        if self.most == 0 {
            return;
        }
        let mut held = self.held();
        held.count += 1;
        let number = held.count;
        held.order.push_back((number, user.clone()));
        held.by_user.insert(user, Kept { number, version, session });
        held.make_room(self.most);
    }

    /// Forgets `user`.
    pub(super) fn forget(&self, user: &UserId) {
        self.held().by_user.remove(user);
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Lets go of the oldest, so that `most` are left, and of the traces of those taken out.
    fn make_room(&mut self, most: usize) {
        while let Some((number, user)) = self.order.front() {
            let is_held = self.by_user.get(user).is_some_and(|kept| kept.number == *number);
            if is_held && self.by_user.len() <= most {
                break;
            }
            if is_held {
                self.by_user.remove(user);
            }
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Channel;

    fn user(key: &str) -> UserId {
        UserId::new(Channel::Chat, key).unwrap()
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn seen(minute: i64) -> Session {
        Session { last_seen: Some(at(minute)), ..Session::default() }
    }

    #[test]
    fn a_session_is_taken_once_and_only_while_it_is_fresh() {
        let recent = Recent::of(2);
        recent.keep(user("ana"), Version::NEW.next(), seen(0));
        assert_eq!(recent.take(&user("ana"), at(14)), Some((Version::NEW.next(), seen(0))));
        assert_eq!(recent.take(&user("ana"), at(14)), None);
        recent.keep(user("ana"), Version::NEW, seen(0));
        assert_eq!(recent.take(&user("ana"), at(15)), None, "the sweep may have come by");
        recent.keep(user("ana"), Version::NEW, seen(0));
        recent.forget(&user("ana"));
        assert_eq!(recent.take(&user("ana"), at(0)), None);
    }

    #[test]
    fn the_oldest_makes_room_and_nothing_piles_up() {
        let recent = Recent::of(2);
        for name in ["ana", "beto", "ana", "carla"] {
            recent.keep(user(name), Version::NEW, seen(0));
        }
        let is_held = |name| recent.take(&user(name), at(0)).is_some();
        assert_eq!(["ana", "beto", "carla"].map(is_held), [true, false, true]);
        for _ in 0..100 {
            recent.keep(user("ana"), Version::NEW, seen(0));
        }
        assert_eq!(recent.held().order.len(), 1);
        let none = Recent::of(0);
        none.keep(user("ana"), Version::NEW, seen(0));
        assert_eq!(none.take(&user("ana"), at(0)), None);
    }
}
