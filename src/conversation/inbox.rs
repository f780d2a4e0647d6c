//! Messages of channels that answer later: accepted, gathered for a quiet moment, and given their
//! turn; one user's in the order of arrival, those of different users beside one another.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument as _;

use super::{Inner, TurnError};
use crate::engine::vocabulary::Vocabulary;
use crate::message::{Arrival, Content, Inbound, Route, UserId};
use crate::store::Waiting;

/// Messages of one user that can wait for their turn.
const MAX_WAITING_PER_USER: usize = 64;

/// Messages of all users that can wait for their turn.
const MAX_WAITING: usize = 10_000;

/// Quiet moments that one turn waits for at most, as a multiple of one: who never stops writing is
/// answered all the same.
const MOST_QUIET: u32 = 3;

/// Tries of a turn that the store does not take, and the pauses between them.
const STORE_TRIES: u32 = 6;
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// The messages that wait, by their users; a user with an entry has somebody at work on it.
#[derive(Debug, Default)]
pub(super) struct Inbox(Mutex<Queues>);

#[derive(Debug, Default)]
struct Queues {
    users: HashMap<UserId, Queue>,
    all: usize,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    more: Arc<Notify>,
}

/// Several messages that have one turn.
struct Burst {
    inbound: Inbound,
    settles: Vec<u64>,
    route: Route,
}

impl Inbox {
    /// Whether there is room for these messages.
    fn has_room(&self, arrivals: &[Arrival]) -> bool {
        let queues = self.queues();
        let of = |user: &UserId| queues.users.get(user).map_or(0, |queue| queue.waiting.len());
        let crowded =
            arrivals.iter().any(|arrival| of(&arrival.inbound.user) >= MAX_WAITING_PER_USER);
        !crowded && queues.all + arrivals.len() <= MAX_WAITING
    }

    /// Messages that wait, of all users.
    pub(super) fn depth(&self) -> usize {
        self.queues().all
    }

    /// Puts a message at the end of its user's queue; whether nobody is at work on that.
    fn push(&self, waiting: Waiting) -> bool {
        let mut queues = self.queues();
        queues.all += 1;
        let user = waiting.arrival.inbound.user.clone();
        let is_idle = !queues.users.contains_key(&user);
        let queue = queues.users.entry(user).or_default();
        queue.waiting.push_back(waiting);
        queue.more.notify_one();
        is_idle
    }

    /// The next message of `user`, if `wanted` lets it through; where there is none at all the
    /// user's queue ends with `ends`.
    fn pop(&self, user: &UserId, ends: bool, wanted: impl Fn(&Waiting) -> bool) -> Next {
        let mut queues = self.queues();
        let Some(queue) = queues.users.get_mut(user) else { return Next::None };
        match queue.waiting.front() {
            Some(front) if wanted(front) => {
                let next = queue.waiting.pop_front().map_or(Next::None, Next::Message);
                queues.all -= 1;
                next
            }
            Some(_) => Next::Other,
            None => {
                let more = Arc::clone(&queue.more);
                if ends {
                    queues.users.remove(user);
                }
                Next::Later(more)
            }
        }
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands at the head of a queue.
enum Next {
    /// This message.
    Message(Waiting),
    /// One that is not wanted now.
    Other,
    /// Nothing yet.
    Later(Arc<Notify>),
    /// Nothing, and nobody is at work.
    None,
}

impl<V: Vocabulary> Inner<V> {
    /// Makes the messages durable, and gives them their turns in time.
    pub(super) async fn accept(self: &Arc<Self>, arrivals: Vec<Arrival>) -> Result<(), TurnError> {
        if !self.inbox.has_room(&arrivals) {
            return Err(TurnError::Overloaded);
        }
        // One batch after the other, so that the queues have the order of the places.
        let _one = self.accepting.lock().await;
        let places = self.store.accept(arrivals.clone()).await?;
        let new = places.into_iter().zip(arrivals);
        self.queue(new.filter_map(|(place, arrival)| Some(Waiting { place: place?, arrival })));
        Ok(())
    }

    /// Takes up the messages that waited when the process before this one ended.
    pub(super) async fn resume(self: &Arc<Self>) -> Result<usize, TurnError> {
        let _one = self.accepting.lock().await;
        let (waiting, unreadable) = self.store.waiting(MAX_WAITING)?;
        if unreadable > 0 {
            tracing::error!(unreadable, "messages that waited cannot be read back");
        }
        let count = waiting.len();
        self.queue(waiting);
        Ok(count)
    }

    fn queue(self: &Arc<Self>, waiting: impl IntoIterator<Item = Waiting>) {
        for waiting in waiting {
            let user = waiting.arrival.inbound.user.clone();
            if self.inbox.push(waiting) {
                tokio::spawn(Arc::clone(self).work(user));
            }
        }
    }

    /// Gives the messages of `user` their turns until none waits.
    async fn work(self: Arc<Self>, user: UserId) {
        while let Next::Message(first) = self.inbox.pop(&user, true, |_| true) {
            let burst = self.gather(&user, first).await;
            self.settle(burst).await;
        }
    }

    /// The first message with those that follow it within a quiet moment.
    async fn gather(&self, user: &UserId, first: Waiting) -> Burst {
        let mut burst = Burst::of(first);
        if self.quiet.is_zero() || !self.gathers(&burst.inbound.content) {
            return burst;
        }
        let end = Instant::now() + self.quiet * MOST_QUIET;
        let mut quiet_until = (Instant::now() + self.quiet).min(end);
        let gathers = |waiting: &Waiting| self.gathers(&waiting.arrival.inbound.content);
        loop {
            match self.inbox.pop(user, false, gathers) {
                Next::Message(next) => {
                    burst.add(next);
                    quiet_until = (Instant::now() + self.quiet).min(end);
                }
                Next::Later(more) => {
                    if timeout_at(quiet_until, more.notified()).await.is_err() {
                        return burst;
                    }
                }
                Next::Other | Next::None => return burst,
            }
        }
    }

    /// Whether a message waits for others: words do; a tap, a number, a command and what is no text
    /// do not.
    fn gathers(&self, content: &Content) -> bool {
        let Content::Text(words) = content else { return false };
        words.chars().any(char::is_alphabetic) && !self.engine.is_command(content)
    }

    /// Takes the turn of a burst, in a task of its own: a panic is no end.
    async fn settle(self: &Arc<Self>, burst: Burst) {
        let Burst { inbound, settles, route } = burst;
        let span = self.span(&inbound.user);
        let mut broken = false;
        for tries in 1..=STORE_TRIES {
            let inner = Arc::clone(self);
            let (inbound, settles, route) = (inbound.clone(), settles.clone(), route.clone());
            let turn = async move {
                let reply_to = ReplyTo { route, settles, apologises: broken };
                inner.turn(inbound, Some(reply_to)).await
            };
            let turn = tokio::spawn(turn.instrument(span.clone()));
            match turn.await.unwrap_or(Err(TurnError::Broken)) {
                Ok(_) => return,
                Err(error) => {
                    span.in_scope(|| {
                        tracing::error!(%error, tries, "a turn of a waiting message failed");
                    });
                    broken |= matches!(error, TurnError::Broken);
                }
            }
            if !broken {
                sleep(STORE_PAUSE * tries).await;
            }
        }
        // It stays in the store, and has its turn once the server is started again.
    }
}

/// Where the answer of a turn goes, and which messages have it.
pub(super) struct ReplyTo {
    /// Where it goes.
    pub(super) route: Route,
    /// The places of the messages.
    pub(super) settles: Vec<u64>,
    /// Whether the turn broke before: the customer is told of it instead.
    pub(super) apologises: bool,
}

impl Burst {
    fn of(waiting: Waiting) -> Self {
        let Waiting { place, arrival: Arrival { inbound, route } } = waiting;
        Self { inbound, settles: vec![place], route }
    }

    /// The words of both, on lines of their own; what else is told of a message is the newest's.
    fn add(&mut self, next: Waiting) {
        let Self { inbound, settles, route } = Self::of(next);
        let before = std::mem::replace(&mut self.inbound, inbound);
        if let (Content::Text(words), Content::Text(earlier)) =
            (&mut self.inbound.content, before.content)
        {
            *words = format!("{earlier}\n{words}");
        }
        self.settles.extend(settles);
        self.route = route;
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::message::Channel;

    fn arrival(key: &str) -> Arrival {
        let inbound = Inbound {
            user: UserId::new(Channel::Meta, key).expect("a key"),
            id: None,
            content: Content::Text("hola".to_owned()),
            at: Timestamp::UNIX_EPOCH,
        };
        Arrival { inbound, route: Route(String::new()) }
    }

    #[test]
    fn a_user_s_queue_is_bounded_and_others_pass_by() {
        let inbox = Inbox::default();
        for place in 0..MAX_WAITING_PER_USER as u64 {
            assert!(inbox.has_room(&[arrival("ana")]));
            let is_idle = inbox.push(Waiting { place, arrival: arrival("ana") });
            assert_eq!(is_idle, place == 0, "one worker for each user");
        }
        assert!(!inbox.has_room(&[arrival("ana")]));
        assert!(!inbox.has_room(&[arrival("beto"), arrival("ana")]), "a batch is taken as a whole");
        assert!(inbox.has_room(&[arrival("beto")]));
        let ana = arrival("ana").inbound.user;
        assert!(matches!(inbox.pop(&ana, true, |_| true), Next::Message(_)));
        assert!(inbox.has_room(&[arrival("ana")]));
    }

    #[test]
    fn an_empty_queue_ends_and_begins_anew() {
        let inbox = Inbox::default();
        assert!(inbox.push(Waiting { place: 0, arrival: arrival("ana") }));
        let ana = arrival("ana").inbound.user;
        assert!(matches!(inbox.pop(&ana, true, |_| false), Next::Other));
        assert!(matches!(inbox.pop(&ana, true, |_| true), Next::Message(_)));
        assert!(matches!(inbox.pop(&ana, true, |_| true), Next::Later(_)));
        assert!(matches!(inbox.pop(&ana, true, |_| true), Next::None));
        assert!(inbox.push(Waiting { place: 1, arrival: arrival("ana") }), "nobody is at work");
    }
}
