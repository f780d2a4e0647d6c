//! Sessions and turns, durable.
//!
//! The store speaks in whole turns. [`Store::load`] gives a session with its version,
//! [`Store::commit`] writes session, turn record and message id as one operation, and fails when
//! the version moved. A turn whose commit returned `Ok` is on the disk.
//!
//! In reading order:
//!
//! - `error`: what can go wrong, and what to do about it.
//! - `key`: how the key space is laid out.
//! - `value`: how sessions, turn records and message ids become bytes.
//! - `space`: an ordered space of bytes: all that a database must offer.
//! - `ledger`: the rules: what a commit checks and writes, what is read back.
//! - `mailbox`: messages that wait for their turn, replies that wait to be sent.
//! - `receipt`: what providers tell of replies that they took.
//! - `calls`: what calls of a model come to, and how much is allowed.
//! - `cache`: what is dear to find out again.
//! - `mend`: what is set aside because it cannot be read back.
//! - `export`: all that is stored of one user.
//! - `backup`: a store in one file, and a store out of it.
//! - `sweep`: what is deleted once it is old.
//! - `memory`, `sled`: the two stores. Both hold the same bytes, so that what passes on one is not
//!   a special case of the other.
//! - `committer`, `folder`, `witness`, `watch`: the thread that makes groups of commits durable, the
//!   files it syncs, the count by which a loss is noticed, and whoever measures it.
//!
//! The store reads no clock and writes no log: it is told what time it is, and gives errors.

mod backup;
mod cache;
mod calls;
mod committer;
mod error;
mod export;
mod folder;
mod key;
mod ledger;
mod mailbox;
mod memory;
mod mend;
mod receipt;
mod sled;
mod space;
mod sweep;
mod value;
mod watch;
mod witness;

#[cfg(test)]
mod contract;

use std::path::Path;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::engine::Session;
use crate::message::{Answer, Arrival, Channel, MessageId, TurnRecord, UserId};

pub use self::backup::{Backup, BackupError, Newest, RestoreError, Restored, broke_off, restore};
pub use self::cache::{CACHE_AGE, CacheKey};
pub use self::calls::{Booked, Booking, CallLimit, CallLimits};
pub use self::error::{Conflict, StoreError, Unreadable};
pub use self::export::{Export, KnownMessage, Raw};
pub use self::mailbox::{Attempt, Letter, LetterId, LetterState, Mail, Outgoing, Waiting};
pub use self::memory::MemoryStore;
pub use self::mend::SetAside;
pub use self::receipt::{Failure, Fate, News};
pub use self::sled::SledStore;
pub use self::sweep::{MESSAGE_ID_AGE, Swept};
pub use self::value::MAX_VALUE_BYTES;
pub use self::watch::Watch;

/// Where sessions and turns live.
///
/// Reads may see a commit some moments before it is durable. Whoever takes turns therefore keeps
/// a user's next message waiting until the commit of the one before has returned, even when the
/// caller of that one has gone away meanwhile.
#[async_trait]
pub trait Store: Send + Sync {
    /// The user's session with its version.
    ///
    /// # Errors
    ///
    /// When the store cannot be read. A session that cannot be read back is no error, but
    /// [`Stored::Unreadable`]: the turn goes on with a fresh session, and the commit of that turn
    /// sets the old bytes aside.
    fn load(&self, user: &UserId) -> Result<Loaded, StoreError>;

    /// What was answered to this message of this user, if it was answered within the last
    /// [`MESSAGE_ID_AGE`] at least.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or the answer is there and cannot be read back.
    fn answered(&self, user: &UserId, id: &MessageId) -> Result<Option<Answer>, StoreError>;

    /// Whether the answer to this message of this user was written down to be sent, rather than
    /// given back.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn is_sent(&self, user: &UserId, id: &MessageId) -> Result<bool, StoreError>;

    /// Makes one turn durable: session, turn record and message id, all or nothing. The user is
    /// the one of the record's message.
    ///
    /// Once called, the commit happens or fails as a whole, also when the caller no longer waits.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when another turn came first, [`StoreError::TooLarge`] for a value
    /// over [`MAX_VALUE_BYTES`]: nothing was written. [`StoreError::NotReady`] when the disk did
    /// not take it: whether it did after all is known once the store is opened again.
    async fn commit(&self, turn: &Commit) -> Result<(), StoreError>;

    /// The newest `limit` turns of the user, the oldest of them first.
    ///
    /// # Errors
    ///
    /// When the store cannot be read. A single record that cannot be read back is counted, and the
    /// rest is given.
    fn history(&self, user: &UserId, limit: usize) -> Result<History, StoreError>;

    /// The newest `limit` turns of all users that show a gap in what can be answered (see
    /// [`TurnRecord::gaps`]), the oldest of them first.
    ///
    /// # Errors
    ///
    /// As with [`Store::history`].
    fn gaps(&self, limit: usize) -> Result<History, StoreError>;

    /// Takes in messages that are acknowledged now and have their turn later, all or none of them,
    /// in their order. The place of each; none for one that is known already. They are durable when
    /// this returns.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written: nothing may be acknowledged.
    async fn accept(&self, arrivals: Vec<Arrival>) -> Result<Vec<Option<u64>>, StoreError>;

    /// The first `limit` messages that wait for their turn, of all users, in the order of arrival;
    /// and how many of those cannot be read back.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn waiting(&self, limit: usize) -> Result<(Vec<Waiting>, usize), StoreError>;

    /// The first `limit` replies that wait to be sent; each user's in their order.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn outbox(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError>;

    /// The first `limit` replies of `user` that wait to be sent, in their order.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn outbox_of(&self, user: &UserId, limit: usize)
    -> Result<Vec<(LetterId, Letter)>, StoreError>;

    /// The `limit` users who wrote last, the newest first; those of one day in no order.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn users(&self, limit: usize) -> Result<Vec<UserId>, StoreError>;

    /// The users of the first `limit` replies that wait to be sent.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn recipients(&self, limit: usize) -> Result<Vec<UserId>, StoreError>;

    /// The reply that the provider of `channel` took as `id`.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn sent(
        &self,
        channel: Channel,
        id: &MessageId,
    ) -> Result<Option<(LetterId, Letter)>, StoreError>;

    /// Writes down what a provider told of a reply; what is known already, or of a reply that was
    /// sent anew since, changes nothing.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    async fn told(&self, letter: LetterId, news: News) -> Result<(), StoreError>;

    /// How many replies that cost money left on the day of `now`, in UTC.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn replies(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// The first `limit` replies that were given up.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn dead_letters(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError>;

    /// Writes down what became of a try to send a reply. One that is gone, as an erased user's,
    /// stays gone.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    async fn tried(&self, letter: LetterId, attempt: Attempt) -> Result<(), StoreError>;

    /// Has a reply that was given up tried again, from `now` on; whether there is one.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    async fn replay(&self, letter: LetterId, now: Timestamp) -> Result<bool, StoreError>;

    /// Sets aside the messages that wait and the replies of the outbox that cannot be read back, a
    /// bounded number a call: which. They stay with what is stored of their user; the id of such a
    /// message is known no more.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    async fn mend(&self) -> Result<Vec<SetAside>, StoreError>;

    /// Books a call of a model, if its limits allow it. It counts when this returns.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written: the call must not be made.
    async fn book(&self, call: Booking) -> Result<Booked, StoreError>;

    /// Settles a call that was booked at `at` with `booked` and cost `spent`, in billionths of a
    /// dollar: what it did not cost is given back, and what it cost beyond that counts too.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written: the call then counts as booked.
    async fn settle(&self, at: Timestamp, booked: u64, spent: u64) -> Result<(), StoreError>;

    /// The cached value under `key`.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn cached(&self, key: &CacheKey) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps `values` for [`CACHE_AGE`], all or none of them.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooLarge`] for one over [`MAX_VALUE_BYTES`], or when the store cannot be
    /// written.
    async fn cache(
        &self,
        values: Vec<(CacheKey, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// All that is stored of this user.
    ///
    /// # Errors
    ///
    /// When the store cannot be read. What cannot be read back is given as it is.
    fn export(&self, user: &UserId) -> Result<Export, StoreError>;

    /// Deletes everything of this user: session, turn records, message ids, values set aside. It
    /// is durable when it returns. How often a model was called today for him still counts, under
    /// a mark of the day that does not tell who he is.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    async fn erase(&self, user: &UserId) -> Result<(), StoreError>;

    /// Deletes what is old, a bounded piece of it a call: users who have been silent for longer
    /// than `retention`, with all that is theirs, message ids older than [`MESSAGE_ID_AGE`],
    /// cached values older than [`CACHE_AGE`], and the users' calls of days before today.
    /// Days are counted whole, in UTC, so that nothing goes early and everything within a day. A
    /// retention under [`MESSAGE_ID_AGE`] counts as that, since a repeated message must still
    /// find its answer.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    async fn sweep(&self, now: Timestamp, retention: SignedDuration) -> Result<Swept, StoreError>;

    /// Writes all that is stored to `file`: one consistent state that holds every commit which had
    /// returned when this began at `now`. Commits go on meanwhile. It is durable when it returns.
    ///
    /// It blocks: call it from a thread that may.
    ///
    /// # Errors
    ///
    /// See [`BackupError`].
    fn backup(&self, file: &Path, now: Timestamp) -> Result<Backup, BackupError>;

    /// Whether commits can work.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotReady`], with the reason and what to do.
    fn ready(&self) -> Result<(), StoreError>;

    /// Makes a store that is not ready ready again, if it can be: one on disk is opened anew once
    /// there is room. Nothing that was acknowledged is lost by it; what failed is there as a whole
    /// or not at all. A store that is ready stays as it is.
    ///
    /// It blocks: call it from a thread that may.
    ///
    /// # Errors
    ///
    /// What is still in the way: try again later.
    fn recover(&self) -> Result<(), StoreError>;
}

/// A user's session as it was found.
#[derive(Debug)]
pub struct Loaded {
    /// What the next commit of this user must name.
    pub version: Version,
    /// The session.
    pub session: Stored,
}

/// What stands where a session is looked for.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is taken apart")]
pub enum Stored {
    /// Nothing: this user is new, was erased or was swept.
    New,
    /// The session.
    Found(Session),
    /// Bytes that are no session, with the reason: damaged, or from another release.
    Unreadable(Unreadable),
}

/// Which state of a session a turn was taken on: how many turns this user has had, and whether the
/// session could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Version {
    turns: u64,
    unreadable: bool,
}

impl Version {
    /// The version of a user who has no session.
    pub const NEW: Self = Self { turns: 0, unreadable: false };

    /// The version that a commit on this one leaves behind, if it keeps the session.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { turns: self.turns + 1, unreadable: false }
    }

    /// How many turns the user has had since the session began.
    #[must_use]
    pub const fn turns(self) -> u64 {
        self.turns
    }
}

/// One turn, ready to be written.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The version that the turn was taken on.
    pub expected: Version,
    /// What becomes of the session.
    pub outcome: Outcome,
    /// The message and its answer.
    pub record: TurnRecord,
    /// What it settles and sends, on channels that answer later.
    pub mail: Mail,
    /// How many replies leave that cost money.
    pub replies: u32,
    /// When the turn was taken.
    pub now: Timestamp,
}

/// What a turn does to what is stored of its user.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is taken apart")]
pub enum Outcome {
    /// The session is now this one, and the turn is recorded.
    Keep(Session),
    /// Everything of this user goes, as with [`Store::erase`], and only the message id of this
    /// turn stays with its answer, so that the answer can be given again.
    Erase,
}

/// A piece of a user's past.
#[derive(Debug)]
pub struct History {
    /// The turns, oldest first.
    pub turns: Vec<TurnRecord>,
    /// How many more there are in between whose record cannot be read back.
    pub unreadable: usize,
}
