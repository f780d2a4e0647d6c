//! Messages of channels that answer later: accepted, gathered for a quiet moment, and given their
//! turn; one user's in the order of arrival, those of different users beside one another.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, MutexGuard as AsyncGuard, Notify};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument as _;

use super::door::{Door, door};
use super::told::{How, Taken};
use super::{Inner, Later, TurnError};
use crate::engine::vocabulary::Vocabulary;
use crate::message::{Answer, Arrival, Content, Inbound, Route, UserId};
use crate::store::Waiting;

/// Messages that are taken up again at a start, at most: more than can have been let in.
const MAX_RESUMED: usize = 1_000_000;

/// Quiet moments that one turn waits for at most, as a multiple of one: who never stops writing is
/// answered all the same.
const MOST_QUIET: u32 = 3;

/// The longest pause before a turn that could not be stored is taken once more.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Turns that break, of one message, after which it is set aside.
const MOST_BREAKS: u32 = 3;

/// Ways in, side by side: the messages of one user come through one of them.
const GATES: usize = 64;

/// The messages that wait, by their users; a user with an entry has somebody at work on it.
#[derive(Debug)]
pub(super) struct Inbox {
    queues: Mutex<Queues>,
    /// Held from when messages get their places until they stand in the queues, so that the queues
    /// have the order of the places.
    gates: [AsyncMutex<()>; GATES],
}

#[derive(Debug, Default)]
struct Queues {
    users: HashMap<UserId, Queue>,
    all: usize,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Queued>,
    more: Arc<Notify>,
    /// How often the user was erased since the queue began: what was taken out before is void.
    era: u64,
}

/// A message in its queue, and who waits for its answer.
#[derive(Debug)]
struct Queued {
    waiting: Waiting,
    door: Option<Door>,
}

/// Several messages that have one turn.
struct Burst {
    inbound: Inbound,
    settles: Vec<u64>,
    route: Route,
    /// Who waits for the newest of them; who waited for the others is told to wait no longer.
    door: Option<Door>,
    era: u64,
}

impl Default for Inbox {
    fn default() -> Self {
        Self { queues: Mutex::default(), gates: std::array::from_fn(|_| AsyncMutex::default()) }
    }
}

impl Inbox {
    /// Whether there is room for these messages, where `later` says how many may wait.
    fn has_room(&self, arrivals: &[Arrival], later: &Later) -> bool {
        let queues = self.queues();
        let of = |user: &UserId| queues.users.get(user).map_or(0, |queue| queue.waiting.len());
        let crowded =
            arrivals.iter().any(|arrival| of(&arrival.inbound.user) >= later.waiting_per_user);
        !crowded && queues.all + arrivals.len() <= later.waiting
    }

    /// Keeps others out who bring messages of the same users.
    pub(super) async fn enter<'u>(
        &self,
        users: impl IntoIterator<Item = &'u UserId>,
    ) -> Vec<AsyncGuard<'_, ()>> {
        let gate = |user: &UserId| {
            let mut hasher = DefaultHasher::new();
            user.hash(&mut hasher);
            usize::try_from(hasher.finish() % GATES as u64).unwrap_or(0)
        };
        // Always in one order, so that no two wait for each other.
        let gates: BTreeSet<usize> = users.into_iter().map(gate).collect();
        let mut held = Vec::with_capacity(gates.len());
        for gate in gates {
            held.push(self.gates[gate].lock().await);
        }
        held
    }

    /// Messages that wait, of all users.
    pub(super) fn depth(&self) -> usize {
        self.queues().all
    }

    /// Puts a message at the end of its user's queue; whether nobody is at work on that.
    fn push(&self, message: Queued) -> bool {
        let mut queues = self.queues();
        queues.all += 1;
        let user = message.waiting.arrival.inbound.user.clone();
        let is_idle = !queues.users.contains_key(&user);
        let queue = queues.users.entry(user).or_default();
        queue.waiting.push_back(message);
        queue.more.notify_one();
        is_idle
    }

    /// The next message of `user`, if `wanted` lets it through in the queue's era; where there is
    /// none at all the user's queue ends with `ends`.
    fn pop(&self, user: &UserId, ends: bool, wanted: impl Fn(&Content, u64) -> bool) -> Next {
        let mut queues = self.queues();
        let Some(queue) = queues.users.get_mut(user) else { return Next::None };
        let era = queue.era;
        match queue.waiting.front() {
            Some(front) if wanted(&front.waiting.arrival.inbound.content, era) => {
                let next = queue.waiting.pop_front();
                queues.all -= 1;
                next.map_or(Next::None, |next| Next::Message(next, era))
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

    /// Forgets what waits of `user`, and that which was taken out and had no turn yet.
    pub(super) fn forget(&self, user: &UserId) {
        let mut queues = self.queues();
        let Some(queue) = queues.users.get_mut(user) else { return };
        queue.era += 1;
        let forgotten = std::mem::take(&mut queue.waiting).len();
        queues.all -= forgotten;
    }

    /// Whether what was taken out in `era` is still to have its turn.
    pub(super) fn is_current(&self, user: &UserId, era: u64) -> bool {
        self.queues().users.get(user).is_some_and(|queue| queue.era == era)
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands at the head of a queue.
enum Next {
    /// This message, taken out in this era.
    Message(Queued, u64),
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
        if !self.inbox.has_room(&arrivals, &self.later) {
            return Err(TurnError::Overloaded);
        }
        let _gates = self.inbox.enter(users(&arrivals)).await;
        let places = self.store.accept(arrivals.clone()).await?;
        for (place, arrival) in places.into_iter().zip(arrivals) {
            if let Some(place) = place {
                self.queue(Queued { waiting: Waiting { place, arrival }, door: None });
            }
        }
        Ok(())
    }

    /// Makes one message durable, and waits for its answer for a while; none where that is sent.
    pub(super) async fn accept_and_wait(
        self: &Arc<Self>,
        arrival: Arrival,
        within: Duration,
    ) -> Result<Option<Answer>, TurnError> {
        let arrivals = [arrival];
        if !self.inbox.has_room(&arrivals, &self.later) {
            return Err(TurnError::Overloaded);
        }
        let gates = self.inbox.enter(users(&arrivals)).await;
        let [place] = self.store.accept(arrivals.to_vec()).await?[..] else {
            return Err(TurnError::Broken);
        };
        let [arrival] = arrivals;
        let Some(place) = place else {
            drop(gates);
            return self.answered_at_the_door(&arrival.inbound);
        };
        let (door, waiter) = door();
        self.queue(Queued { waiting: Waiting { place, arrival }, door: Some(door) });
        drop(gates);
        Ok(waiter.wait(within).await)
    }

    /// What a message that comes again is told: its answer, unless that was or will be sent.
    fn answered_at_the_door(&self, inbound: &Inbound) -> Result<Option<Answer>, TurnError> {
        let Some(id) = &inbound.id else { return Ok(None) };
        if self.store.is_sent(&inbound.user, id)? {
            return Ok(None);
        }
        Ok(self.store.answered(&inbound.user, id)?)
    }

    /// Takes up the messages that waited when the process before this one ended.
    pub(super) fn resume(self: &Arc<Self>) -> Result<usize, TurnError> {
        let (waiting, unreadable) = self.store.waiting(MAX_RESUMED)?;
        if unreadable > 0 {
            tracing::error!(unreadable, "messages that waited cannot be read back");
        }
        let count = waiting.len();
        for waiting in waiting {
            self.queue(Queued { waiting, door: None });
        }
        Ok(count)
    }

    /// Erases `user` between two turns. Messages of theirs that wait, or that were taken out for a
    /// turn which has not begun, go too; what is accepted afterwards is a new user's. Whether
    /// anything was stored.
    pub(super) async fn erase(&self, user: &UserId) -> Result<bool, TurnError> {
        let _place = self.lines.enter(user).await.ok_or(TurnError::Overloaded)?;
        // Nothing of the user's is durable and not yet in the inbox meanwhile.
        let _gates = self.inbox.enter([user]).await;
        let found = !self.store.export(user)?.is_empty();
        self.store.erase(user).await?;
        self.inbox.forget(user);
        self.recent.forget(user);
        Ok(found)
    }

    fn queue(self: &Arc<Self>, queued: Queued) {
        let user = queued.waiting.arrival.inbound.user.clone();
        if self.inbox.push(queued) {
            tokio::spawn(Arc::clone(self).work(user));
        }
    }

    /// Gives the messages of `user` their turns until none waits.
    async fn work(self: Arc<Self>, user: UserId) {
        while let Next::Message(first, era) = self.inbox.pop(&user, true, |_, _| true) {
            let burst = self.gather(&user, Burst::of(first, era)).await;
            self.settle(burst).await;
        }
    }

    /// The first message with those that follow it within a quiet moment.
    async fn gather(&self, user: &UserId, mut burst: Burst) -> Burst {
        let quiet = self.later.quiet;
        if quiet.is_zero() || !self.gathers(&burst.inbound.content) {
            return burst;
        }
        let end = Instant::now() + quiet * MOST_QUIET;
        let mut quiet_until = (Instant::now() + quiet).min(end);
        let first = burst.era;
        let gathers = |content: &Content, era| era == first && self.gathers(content);
        loop {
            match self.inbox.pop(user, false, gathers) {
                Next::Message(next, era) => {
                    burst.add(next, era);
                    quiet_until = (Instant::now() + quiet).min(end);
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
        words.chars().any(char::is_alphabetic) && !self.engine().is_command(content)
    }

    /// Takes the turn of a burst, in a task of its own: a panic is no end.
    async fn settle(self: &Arc<Self>, burst: Burst) {
        let Burst { inbound, settles, route, door, era } = burst;
        let mut door = door.map(Arc::new);
        let span = self.span(&inbound.user);
        let (mut breaks, mut pause) = (0, Duration::from_secs(1));
        while breaks < MOST_BREAKS {
            let inner = Arc::clone(self);
            let (inbound, settles, route) = (inbound.clone(), settles.clone(), route.clone());
            let (apologises, door_now) = (breaks > 0, door.clone());
            let reply_to = ReplyTo { route, settles, era, apologises, door: door_now };
            let turn = async move { inner.turn(inbound, Some(reply_to)).await };
            let turn = tokio::spawn(turn.instrument(span.clone()));
            let taken = turn.await.unwrap_or(Err(TurnError::Broken));
            // Who waits is not held up by what follows.
            let door = door.take().and_then(Arc::into_inner);
            match taken {
                Ok(Taken { answer, how }) => {
                    if let Some(door) = door.filter(|_| how != How::Sent) {
                        door.give(answer);
                    }
                    return;
                }
                Err(TurnError::Erased) => return,
                Err(TurnError::Broken) => {
                    span.in_scope(|| {
                        tracing::error!(breaks, "a turn of a waiting message broke off");
                    });
                    breaks += 1;
                }
                // It will be stored, or let in, once there is room.
                Err(error) => {
                    span.in_scope(|| {
                        tracing::error!(%error, "a turn of a waiting message must wait");
                    });
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        span.in_scope(|| {
            tracing::error!("a message is set aside until the next start: its turn breaks");
        });
    }
}

/// Whose messages these are.
fn users(arrivals: &[Arrival]) -> impl Iterator<Item = &UserId> {
    arrivals.iter().map(|arrival| &arrival.inbound.user)
}

/// Where the answer of a turn goes, and which messages have it.
pub(super) struct ReplyTo {
    /// Where it goes.
    pub(super) route: Route,
    /// The places of the messages.
    pub(super) settles: Vec<u64>,
    /// When they were taken out of the inbox.
    pub(super) era: u64,
    /// Whether the turn broke before: the customer is told of it instead.
    pub(super) apologises: bool,
    /// Who may still wait for the answer.
    pub(super) door: Option<Arc<Door>>,
}

impl Burst {
    fn of(Queued { waiting, door }: Queued, era: u64) -> Self {
        let Waiting { place, arrival: Arrival { inbound, route } } = waiting;
        Self { inbound, settles: vec![place], route, door, era }
    }

    /// The words of both, on lines of their own; what else is told of a message is the newest's.
    fn add(&mut self, next: Queued, era: u64) {
        let Self { inbound, settles, route, door, .. } = Self::of(next, era);
        let before = std::mem::replace(&mut self.inbound, inbound);
        if let (Content::Text(words), Content::Text(earlier)) =
            (&mut self.inbound.content, before.content)
        {
            *words = format!("{earlier}\n{words}");
        }
        self.settles.extend(settles);
        self.route = route;
        self.door = door;
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

    fn has_room(inbox: &Inbox, keys: &[&str]) -> bool {
        let later = Later { waiting_per_user: 3, ..Later::default() };
        let arrivals: Vec<Arrival> = keys.iter().map(|key| arrival(key)).collect();
        inbox.has_room(&arrivals, &later)
    }

    fn queued(place: u64) -> Queued {
        Queued { waiting: Waiting { place, arrival: arrival("ana") }, door: None }
    }

    #[test]
    fn a_user_s_queue_is_bounded_and_others_pass_by() {
        let inbox = Inbox::default();
        for place in 0..3 {
            assert!(has_room(&inbox, &["ana"]));
            let is_idle = inbox.push(queued(place));
            assert_eq!(is_idle, place == 0, "one worker for each user");
        }
        assert!(!has_room(&inbox, &["ana"]));
        assert!(!has_room(&inbox, &["beto", "ana"]), "a batch is taken as a whole");
        assert!(has_room(&inbox, &["beto"]));
        let ana = arrival("ana").inbound.user;
        assert!(matches!(inbox.pop(&ana, true, |_, _| true), Next::Message(..)));
        assert!(has_room(&inbox, &["ana"]));
    }

    #[test]
    fn an_empty_queue_ends_and_begins_anew() {
        let inbox = Inbox::default();
        assert!(inbox.push(queued(0)));
        let ana = arrival("ana").inbound.user;
        assert!(matches!(inbox.pop(&ana, true, |_, _| false), Next::Other));
        assert!(matches!(inbox.pop(&ana, true, |_, _| true), Next::Message(..)));
        assert!(matches!(inbox.pop(&ana, true, |_, _| true), Next::Later(_)));
        assert!(matches!(inbox.pop(&ana, true, |_, _| true), Next::None));
        assert!(inbox.push(queued(1)), "nobody is at work");
    }
}
