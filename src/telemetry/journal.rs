//! Which lines of the log belong together: each request and each turn has an id, and a user has a
//! name that nobody can read back.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use tracing::Span;

use crate::message::UserId;

/// Bytes of a user's name in the log: no two of a million users are likely to share one.
const NAME_BYTES: usize = 8;

/// Gives the spans that lines are written in. They stand at the highest level, so that an error is
/// told with them however little is logged.
pub struct Journal {
    /// Hashes names; whoever has its key can tell whether a name is a given user's.
    names: Hmac<Sha256>,
    /// When this process began, which no other id begins with.
    began: i64,
    count: AtomicU64,
}

impl Journal {
    /// A journal that names users by `key`, of a process that began at `began`.
    #[must_use]
    pub fn new(key: &[u8], began: Timestamp) -> Self {
        let names = Hmac::new_from_slice(key).expect("HMAC takes a key of any length");
        Self { names, began: began.as_microsecond(), count: AtomicU64::new(0) }
    }

    /// The span of a request.
    pub fn request(&self) -> Span {
        tracing::error_span!("request", request = %self.id())
    }

    /// The span of a turn of `user`.
    pub fn turn(&self, user: &UserId) -> Span {
        let channel = user.channel().as_str();
        tracing::error_span!("turn", turn = %self.id(), user = %self.name(user), channel)
    }

    fn id(&self) -> Id {
        Id { began: self.began, count: self.count.fetch_add(1, Ordering::Relaxed) }
    }

    /// The user's name in the log: the same in every line, also after a restart.
    fn name(&self, user: &UserId) -> Name {
        let user = [user.channel().as_str(), ":", user.key()].map(str::as_bytes);
        let mac = user.into_iter().fold(self.names.clone(), Mac::chain_update);
        let bytes = mac.finalize().into_bytes();
        let mut name = [0; NAME_BYTES];
        name.copy_from_slice(&bytes[..NAME_BYTES]);
        Name(name)
    }
}

struct Id {
    began: i64,
    count: u64,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.began, self.count)
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Name([u8; NAME_BYTES]);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Channel;

    fn user(channel: Channel, key: &str) -> UserId {
        UserId::new(channel, key).unwrap()
    }

    #[test]
    fn a_name_is_one_user_s_under_one_key() {
        let journal = |key: u8| Journal::new(&[key; 32], Timestamp::UNIX_EPOCH);
        let name = |key, channel, user_key| journal(key).name(&user(channel, user_key));
        let ana = name(1, Channel::Twilio, "5215512345678");
        assert_eq!(ana, name(1, Channel::Twilio, "5215512345678"));
        assert_ne!(ana, name(1, Channel::Twilio, "5215512345679"));
        assert_ne!(ana, name(1, Channel::Meta, "5215512345678"));
        assert_ne!(ana, name(2, Channel::Twilio, "5215512345678"), "no dictionary finds it");
        assert_eq!(ana.to_string().len(), 2 * NAME_BYTES);
    }

    #[test]
    fn no_two_ids_are_the_same() {
        let journal = Journal::new(&[1; 32], Timestamp::UNIX_EPOCH);
        let later =
            Journal::new(&[1; 32], Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1));
        let ids = [journal.id(), journal.id(), later.id()].map(|id| id.to_string());
        assert_eq!(ids, ["0-0", "0-1", "f4240-0"]);
    }
}
