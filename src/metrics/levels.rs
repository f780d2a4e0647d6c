//! What is counted only when somebody asks: keeping count would cost every turn.

use jiff::Timestamp;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// How full everything is at one moment. None where the store cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Levels {
    /// Messages whose turn is under way or waits for an earlier one of its user.
    pub turns: usize,
    /// Messages that were accepted, and whose turn has not begun.
    pub inbox: usize,
    /// Replies that wait to be sent.
    pub outbox: Option<usize>,
    /// How long the oldest of them has waited, in seconds; 0 where none waits.
    pub oldest_reply: Option<f64>,
    /// Replies that were given up.
    pub dead_letters: Option<usize>,
    /// Bytes of the store's files.
    pub store_bytes: Option<u64>,
}

/// Whoever can measure the levels. It may read from the disk, and so block.
pub trait Measure: Send + Sync {
    /// The levels at `now`.
    fn levels(&self, now: Timestamp) -> Levels;
}

/// The levels as they were measured last.
#[derive(Default)]
pub(super) struct Gauges {
    turns: Level,
    inbox: Level,
    outbox: Level,
    oldest_reply: Level,
    dead_letters: Level,
    store_bytes: Level,
}

type Level = Gauge<f64, std::sync::atomic::AtomicU64>;

impl Gauges {
    pub(super) fn register(&self, registry: &mut Registry) {
        let all = [
            (
                "turns_open",
                "Turns under way, or waiting for an earlier one of their user",
                &self.turns,
            ),
            ("inbox_messages", "Messages accepted whose turn has not begun", &self.inbox),
            ("outbox_replies", "Replies that wait to be sent, counted up to 10000", &self.outbox),
            ("outbox_oldest_seconds", "Age of the oldest reply that waits", &self.oldest_reply),
            ("dead_letters", "Replies given up, counted up to 10000", &self.dead_letters),
            ("store_bytes", "Size of the store's files on the disk", &self.store_bytes),
        ];
        for (name, help, level) in all {
            registry.register(name, help, level.clone());
        }
    }

    /// Takes `levels` over; what is not known is no number.
    pub(super) fn set(&self, levels: &Levels) {
        self.turns.set(as_f64(levels.turns as u64));
        self.inbox.set(as_f64(levels.inbox as u64));
        let counted = |count: Option<usize>| count.map_or(f64::NAN, |count| as_f64(count as u64));
        self.outbox.set(counted(levels.outbox));
        self.oldest_reply.set(levels.oldest_reply.unwrap_or(f64::NAN));
        self.dead_letters.set(counted(levels.dead_letters));
        self.store_bytes.set(levels.store_bytes.map_or(f64::NAN, as_f64));
    }
}

/// Exact up to 2⁵³, which is more than any of these comes to.
#[expect(clippy::cast_precision_loss, reason = "a level is no account")]
pub(super) const fn as_f64(count: u64) -> f64 {
    count as f64
}
