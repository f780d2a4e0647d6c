//! How the key space is laid out.
//!
//! | key | value |
//! |---|---|
//! | `u` user `s` | the session |
//! | `u` user `t` version | one turn record |
//! | `u` user `m` message id | which turn answered the message |
//! | `u` user `x` version | a session that could not be read back, set aside as it was |
//! | `u` user `x` letter place | mail that could not be read back, set aside as it was |
//! | `u` user `q` version | the day of a turn that shows a gap in what can be answered |
//! | `u` user `w` place | a message that waits for its turn |
//! | `u` user `o` version part | a reply that is, or was, to be sent |
//! | `u` user `c` | how often a model was called for this user |
//! | `l` day user | nothing; the user's last turn was on that day |
//! | `i` day user | nothing; the user has message ids of that day |
//! | `q` day user version | nothing; the turn shows a gap in what can be answered |
//! | `w` place user | nothing; the message at this place of the order of arrival waits |
//! | `p` user version part | nothing; the reply waits to be sent |
//! | `d` user version part | nothing; the reply was given up |
//! | `r` channel id | which reply the channel's provider calls so |
//! | `n` | how many replies left on the last day on which any did |
//! | `c` | how often a model was called for all users, and what it cost |
//! | `m` day mark | how often a model was called on that day for a user with this mark |
//! | `k` hash | something that is dear to find out again |
//! | `y` day hash | nothing; it was found out on that day |
//! | `g` | how many groups of commits a store on disk has written, in eight bytes |
//!
//! A user is the name of the channel, a zero, the length of the channel's key in two bytes, and
//! that key. Nothing in it is escaped and nothing can be mistaken: no two users share a prefix,
//! whatever bytes their keys hold. Versions have eight bytes and days four, the highest first, so
//! that the order of bytes is the order of numbers.
//!
//! What belongs to one user and is erased with him lives under `u`; what is walked across users
//! has a first letter of its own. Letters, and the names of the channels, are never given a new
//! meaning: stores in use hold them, and some hold calls under `u` user `c`, from when those were
//! erased with the user.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::mailbox::LetterId;
use crate::message::{Channel, MessageId, UserId};

const SESSION: u8 = b's';
const TURN: u8 = b't';
const MESSAGE: u8 = b'm';
const ASIDE: u8 = b'x';
const GAP: u8 = b'q';
const WAITS: u8 = b'w';
const LETTER: u8 = b'o';

/// Every entry of this index: one per user.
pub(super) const LAST_TURNS: &[u8] = b"l";
/// Every entry of this index: one per user and day with a message id.
pub(super) const MESSAGE_DAYS: &[u8] = b"i";

/// Every entry of this index: one per turn with a gap.
pub(super) const GAPS: &[u8] = b"q";
/// Every entry of this index: one per message that waits, in the order of arrival.
pub(super) const WAITING: &[u8] = b"w";
/// Every entry of this index: one per reply that waits to be sent.
pub(super) const PENDING: &[u8] = b"p";
/// Every entry of this index: one per reply that was given up.
pub(super) const DEAD: &[u8] = b"d";
/// What calls of a model came to, of all users.
pub(super) const ALL_CALLS: &[u8] = b"c";
/// Every entry of this index: one per cached value.
pub(super) const CACHE_DAYS: &[u8] = b"y";
const CACHED: &[u8] = b"k";
const RECEIPT: &[u8] = b"r";

/// How many replies left on a day.
pub(super) const REPLIES: &[u8] = b"n";
/// Every entry of this family: how often a model was called for a user on one day.
pub(super) const USER_CALLS: &[u8] = b"m";

/// Bytes of a user's mark. They are few on purpose: some two thousand of the telephone numbers in use
/// in Mexico share each of 65,536 marks, so that a mark names nobody; and of a hundred users of a
/// day hardly one shares his with another of them, and his calls.
const MARK_BYTES: usize = 2;

/// How many groups of commits were written.
pub(super) const GROUPS: &[u8] = b"g";

const DAY_SECONDS: i64 = 24 * 60 * 60;
const DAY_BYTES: usize = size_of::<u32>();

/// A day in UTC, counted from 1970; earlier ones count as the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(u32);

impl Day {
    /// The day of a moment.
    pub(super) fn of(moment: Timestamp) -> Self {
        let days = moment.as_second().div_euclid(DAY_SECONDS).max(0);
        Self(u32::try_from(days).unwrap_or(u32::MAX))
    }
}

/// The place that an index key of a waiting message names.
pub(super) fn place(index: &[u8]) -> Option<u64> {
    let (place, _) = index.get(WAITING.len()..)?.split_first_chunk()?;
    Some(u64::from_be_bytes(*place))
}

/// The reply that an index key names.
pub(super) fn letter_id(index: &[u8]) -> Option<LetterId> {
    let (&part, rest) = index.get(1..)?.split_last()?;
    let (user, version) = rest.split_last_chunk()?;
    Some(LetterId { user: user_id(user)?, version: u64::from_be_bytes(*version), part })
}

/// The user of an index key of the last turns.
pub(super) fn last_writer(index: &[u8]) -> Option<UserId> {
    from_day(index).and_then(|(_, user)| user_id(user))
}

/// The user that these bytes of a key are.
fn user_id(bytes: &[u8]) -> Option<UserId> {
    let name = bytes.iter().position(|byte| *byte == 0)?;
    let channel = Channel::named(std::str::from_utf8(&bytes[..name]).ok()?)?;
    let (_, key) = bytes[name + 1..].split_first_chunk::<2>()?;
    UserId::new(channel, std::str::from_utf8(key).ok()?).ok()
}

/// The entry that leads from a provider's id to the reply.
pub(super) fn receipt(channel: &str, id: &MessageId) -> Vec<u8> {
    [RECEIPT, channel.as_bytes(), &[0], id.as_str().as_bytes()].concat()
}

/// How often a model was called on `day` for `user`. The user is there as a mark, which is another
/// one each day: it tells nobody, so that it stays when the user is erased. Else whoever has his
/// data erased had his calls of the day again.
pub(super) fn user_calls(day: Day, user: &UserId) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(day.0.to_be_bytes());
    hash.update(UserKeys::of(user).all());
    let mark = &hash.finalize()[..MARK_BYTES];
    [USER_CALLS, day.0.to_be_bytes().as_slice(), mark].concat()
}

/// The key of a cached value.
pub(super) fn cached(hash: &[u8]) -> Vec<u8> {
    [CACHED, hash].concat()
}

/// The index entry "the value under `hash` was found out on `day`".
pub(super) fn cache_day(day: Day, hash: &[u8]) -> Vec<u8> {
    [CACHE_DAYS, day.0.to_be_bytes().as_slice(), hash].concat()
}

/// The day, and what stands behind it, that a key with one letter before its day names; nothing for
/// a key of another shape.
pub(super) fn from_day(key: &[u8]) -> Option<(Day, &[u8])> {
    let (day, rest) = key.get(1..)?.split_first_chunk::<DAY_BYTES>()?;
    Some((Day(u32::from_be_bytes(*day)), rest))
}

/// The keys of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UserKeys {
    prefix: Vec<u8>,
}

/// What a key under a user stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// The session.
    Session,
    /// One turn record.
    Turn,
    /// A message id.
    Message,
    /// What could not be read back.
    Aside,
    /// The mark of a turn with a gap.
    Gap,
    /// A message that waits for its turn.
    Waiting,
    /// A reply that is, or was, to be sent.
    Letter,
    /// Anything else.
    Other,
}

impl UserKeys {
    /// The keys of `user`.
    pub(super) fn of(user: &UserId) -> Self {
        let (channel, key) = (user.channel().as_str(), user.key());
        let length = u16::try_from(key.len()).expect("MAX_ID_BYTES fits two bytes");
        let mut prefix = Vec::with_capacity(1 + channel.len() + 1 + 2 + key.len());
        prefix.push(b'u');
        prefix.extend_from_slice(channel.as_bytes());
        prefix.push(0);
        prefix.extend_from_slice(&length.to_be_bytes());
        prefix.extend_from_slice(key.as_bytes());
        Self { prefix }
    }

    /// The day and the user that an index key names; nothing for a key of another shape.
    pub(super) fn from_index(key: &[u8]) -> Option<(Day, Self)> {
        let (day, user) = from_day(key)?;
        let mut prefix = Vec::with_capacity(1 + user.len());
        prefix.push(b'u');
        prefix.extend_from_slice(user);
        Some((day, Self { prefix }))
    }

    /// What every key of this user starts with, and no other key.
    pub(super) fn all(&self) -> &[u8] {
        &self.prefix
    }

    /// What `key`, one of this user's, stands for.
    pub(super) fn family(&self, key: &[u8]) -> Family {
        match key.get(self.prefix.len()) {
            Some(&SESSION) => Family::Session,
            Some(&TURN) => Family::Turn,
            Some(&MESSAGE) => Family::Message,
            Some(&ASIDE) => Family::Aside,
            Some(&GAP) => Family::Gap,
            Some(&WAITS) => Family::Waiting,
            Some(&LETTER) => Family::Letter,
            _ => Family::Other,
        }
    }

    /// What follows the letter in `key`, one of this user's.
    pub(super) fn rest<'k>(&self, key: &'k [u8]) -> &'k [u8] {
        key.get(self.prefix.len() + 1..).unwrap_or_default()
    }

    /// The session.
    pub(super) fn session(&self) -> Vec<u8> {
        self.key(SESSION, &[])
    }

    /// What every turn record of this user starts with.
    pub(super) fn turns(&self) -> Vec<u8> {
        self.key(TURN, &[])
    }

    /// The record of the turn that led to `version`.
    pub(super) fn turn(&self, version: u64) -> Vec<u8> {
        self.key(TURN, &version.to_be_bytes())
    }

    /// The version in the key of a turn record, or of the mark of a gap, of this user.
    pub(super) fn version_of(&self, turn: &[u8]) -> Option<u64> {
        Some(u64::from_be_bytes(self.rest(turn).try_into().ok()?))
    }

    /// What every message id of this user starts with.
    pub(super) fn messages(&self) -> Vec<u8> {
        self.key(MESSAGE, &[])
    }

    /// A message id.
    pub(super) fn message(&self, id: &MessageId) -> Vec<u8> {
        self.key(MESSAGE, id.as_str().as_bytes())
    }

    /// Where the unreadable session of `version` is set aside.
    pub(super) fn aside(&self, version: u64) -> Vec<u8> {
        self.key(ASIDE, &version.to_be_bytes())
    }

    /// Where mail that cannot be read back is set aside: `key` under another letter.
    pub(super) fn mail_aside(&self, key: &[u8]) -> Vec<u8> {
        self.key(ASIDE, key.get(self.prefix.len()..).unwrap_or_default())
    }

    /// The channel of the user.
    pub(super) fn channel(&self) -> Option<Channel> {
        let name = self.prefix.get(1..)?.split(|byte| *byte == 0).next()?;
        Channel::named(std::str::from_utf8(name).ok()?)
    }

    /// The mark of a turn with a gap.
    pub(super) fn gap(&self, version: u64) -> Vec<u8> {
        self.key(GAP, &version.to_be_bytes())
    }

    /// The index entry of the turn with a gap that led to `version` on `day`.
    pub(super) fn gap_day(&self, day: Day, version: u64) -> Vec<u8> {
        let mut key = self.index(GAPS, day);
        key.extend_from_slice(&version.to_be_bytes());
        key
    }

    /// The key of the turn record that an index key of a gap names.
    pub(super) fn turn_of_gap(index: &[u8]) -> Option<Vec<u8>> {
        let (user, version) = index.split_last_chunk()?;
        let (_, keys) = Self::from_index(user)?;
        Some(keys.turn(u64::from_be_bytes(*version)))
    }

    /// A message that waits.
    pub(super) fn waiting(&self, place: u64) -> Vec<u8> {
        self.key(WAITS, &place.to_be_bytes())
    }

    /// The index entry of a message that waits.
    pub(super) fn waiting_place(&self, place: u64) -> Vec<u8> {
        [WAITING, place.to_be_bytes().as_slice(), &self.prefix[1..]].concat()
    }

    /// The place and the user that an index key of a waiting message names.
    pub(super) fn from_place(index: &[u8]) -> Option<(u64, Self)> {
        let (place, user) = index.get(WAITING.len()..)?.split_first_chunk()?;
        let prefix = [b"u", user].concat();
        Some((u64::from_be_bytes(*place), Self { prefix }))
    }

    /// A reply of the turn that led to `version`.
    pub(super) fn letter(&self, version: u64, part: u8) -> Vec<u8> {
        self.key(LETTER, &letter_place(version, part))
    }

    /// The index entry of a reply that waits to be sent.
    pub(super) fn pending(&self, version: u64, part: u8) -> Vec<u8> {
        [PENDING, &self.prefix[1..], &letter_place(version, part)].concat()
    }

    /// What the index entry of every reply of this user that waits to be sent starts with.
    pub(super) fn all_pending(&self) -> Vec<u8> {
        [PENDING, &self.prefix[1..]].concat()
    }

    /// The entry that leads from the provider's id to a reply of this user.
    pub(super) fn receipt(&self, id: &MessageId) -> Vec<u8> {
        let channel = self.prefix[1..].split(|byte| *byte == 0).next().unwrap_or_default();
        receipt(std::str::from_utf8(channel).unwrap_or_default(), id)
    }

    /// The index entry of a reply that was given up.
    pub(super) fn dead(&self, version: u64, part: u8) -> Vec<u8> {
        [DEAD, &self.prefix[1..], &letter_place(version, part)].concat()
    }

    /// The place of a waiting message, or the version and part of a reply, in the key of one of
    /// this user's.
    pub(super) fn place_of(&self, key: &[u8]) -> Option<u64> {
        Some(u64::from_be_bytes(self.rest(key).try_into().ok()?))
    }

    /// The version and the part in the key of a reply of this user.
    pub(super) fn letter_of(&self, key: &[u8]) -> Option<(u64, u8)> {
        let (version, part) = self.rest(key).split_first_chunk()?;
        let [part] = part else { return None };
        Some((u64::from_be_bytes(*version), *part))
    }

    /// The index entry "the last turn was on `day`".
    pub(super) fn last_turn(&self, day: Day) -> Vec<u8> {
        self.index(LAST_TURNS, day)
    }

    /// The index entry "there are message ids of `day`".
    pub(super) fn message_day(&self, day: Day) -> Vec<u8> {
        self.index(MESSAGE_DAYS, day)
    }

    fn key(&self, family: u8, rest: &[u8]) -> Vec<u8> {
        let mut key = Vec::with_capacity(self.prefix.len() + 1 + rest.len());
        key.extend_from_slice(&self.prefix);
        key.push(family);
        key.extend_from_slice(rest);
        key
    }

    fn index(&self, family: &[u8], day: Day) -> Vec<u8> {
        [family, day.0.to_be_bytes().as_slice(), &self.prefix[1..]].concat()
    }
}

fn letter_place(version: u64, part: u8) -> [u8; 9] {
    let mut place = [part; 9];
    place[..8].copy_from_slice(&version.to_be_bytes());
    place
}

#[cfg(test)]
mod tests;
