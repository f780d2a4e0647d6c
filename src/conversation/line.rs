//! One user, one line: messages of one user are taken in the order of arrival.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::message::UserId;

/// Messages of one user that can wait for their turn.
const MAX_WAITING_PER_USER: usize = 16;

/// Messages of all users that can wait for their turn.
const MAX_WAITING: usize = 4_096;

/// The lines of all users who have a message under way.
#[derive(Debug, Default)]
pub(super) struct Lines(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    users: HashMap<UserId, Line>,
    all: usize,
}

#[derive(Debug, Default)]
struct Line {
    turn: Arc<AsyncMutex<()>>,
    waiting: usize,
}

/// A place at the head of a user's line; it ends where it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _turn: OwnedMutexGuard<()>,
    _queued: Queued,
}

/// A place anywhere in a line.
#[derive(Debug)]
struct Queued {
    lines: Arc<Mutex<Waiting>>,
    user: UserId,
}

impl Lines {
    /// Waits until no earlier message of `user` is under way; none where the line is too long.
    pub(super) async fn enter(&self, user: &UserId) -> Option<Place> {
        let (turn, queued) = self.queue(user)?;
        // Tokio's mutex is fair: who waits longest is next.
        let turn = turn.lock_owned().await;
        Some(Place { _turn: turn, _queued: queued })
    }

    /// Messages under way and waiting, of all users.
    pub(super) fn depth(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    fn queue(&self, user: &UserId) -> Option<(Arc<AsyncMutex<()>>, Queued)> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = waiting.users.get(user).map_or(0, |line| line.waiting);
        if line >= MAX_WAITING_PER_USER || waiting.all >= MAX_WAITING {
            return None;
        }
        waiting.all += 1;
        let line = waiting.users.entry(user.clone()).or_default();
        line.waiting += 1;
        let queued = Queued { lines: Arc::clone(&self.0), user: user.clone() };
        Some((Arc::clone(&line.turn), queued))
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        let mut waiting = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.all -= 1;
        if let Some(line) = waiting.users.get_mut(&self.user) {
            line.waiting -= 1;
            if line.waiting == 0 {
                waiting.users.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Channel;

    fn user(key: &str) -> UserId {
        UserId::new(Channel::Chat, key).expect("a key")
    }

    #[tokio::test]
    async fn a_line_is_bounded_and_others_pass_by() {
        let lines = Lines::default();
        let first = lines.enter(&user("ana")).await.expect("the line is empty");
        let waiting: Vec<_> = (1..MAX_WAITING_PER_USER)
            .map(|_| lines.queue(&user("ana")).expect("there is room"))
            .collect();
        assert!(lines.enter(&user("ana")).await.is_none());
        assert!(lines.enter(&user("beto")).await.is_some());
        drop((first, waiting));
        assert!(lines.enter(&user("ana")).await.is_some());
    }
}
