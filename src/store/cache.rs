//! What is dear to find out again: answers that a model worded, vectors of passages.
//!
//! Nothing in it belongs to a user: a key is a hash of all that the value depends on.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::error::StoreError;
use super::key::{self, Day};
use super::space::{Space, Writes};
use super::value;

/// How long a cached value is kept. What is still asked for after that is found out again.
pub const CACHE_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a cached value depends on, as a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey([u8; 32]);

impl CacheKey {
    /// The key of a value that depends on all of `parts`, in this order.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // The length keeps "a", "bc" and "ab", "c" apart.
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// The value under `key`, if it is there and can be read.
pub(super) fn cached(space: &impl Space, key: &CacheKey) -> Result<Option<Vec<u8>>, StoreError> {
    let stored = space.get(&key::cached(&key.0))?;
    // A value that cannot be read is found out again.
    Ok(stored.and_then(|stored| value::cached(&stored).ok().map(|(_, value)| value.to_vec())))
}

/// What is to be written to keep `values`.
pub(super) fn cache(
    space: &impl Space,
    values: &[(CacheKey, Vec<u8>)],
    now: Timestamp,
) -> Result<Writes, StoreError> {
    let mut writes = Writes::default();
    for (CacheKey(hash), value) in values {
        let key = key::cached(hash);
        if let Some(day) = space.get(&key)?.as_deref().and_then(day_of) {
            writes.remove(key::cache_day(day, hash));
        }
        writes.put(key, value::of_cached(now, value)?);
        writes.put(key::cache_day(Day::of(now), hash), Vec::new());
    }
    Ok(writes)
}

/// The day on which a stored value was found out.
pub(super) fn day_of(stored: &[u8]) -> Option<Day> {
    value::cached(stored).ok().map(|(at, _)| Day::of(at))
}
