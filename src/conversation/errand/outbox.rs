//! Replies that wait to be sent, and those that were given up.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Desk, Errand, ErrandError};
use crate::message::UserId;
use crate::store::{Letter, LetterId, LetterState};

/// Replies of each kind that are looked through at most.
const MAX_LETTERS: usize = 10_000;

/// Letters and digits of a reply's name.
const NAME_DIGITS: usize = 8;

/// The replies that wait and those that were given up, without their words.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Outbox {
    /// Whether the users are told in full.
    pub show_users: bool,
}

/// What is in the outbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Post {
    /// What waits to be sent, each user's in their order.
    pub waiting: Vec<Listed>,
    /// What was given up.
    pub dead: Vec<Listed>,
}

/// One reply of the outbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Listed {
    /// What it is replayed by.
    pub id: LetterName,
    /// Whose it is, masked unless it was asked for.
    pub user: String,
    /// When its turn was taken.
    pub written: Timestamp,
    /// How old it is.
    pub age_seconds: i64,
    /// How often sending failed.
    pub failures: u32,
    /// When it is tried next; nothing where it was given up.
    pub due: Option<Timestamp>,
    /// Why it was given up.
    pub reason: Option<String>,
}

/// A short name of a reply. It is too short to lead back to a phone number, and may be written
/// down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterName(String);

/// A text that is no name of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reply's id has {NAME_DIGITS} digits and letters from a to f, as `outbox` lists them")]
pub struct NoLetterName;

/// Has replies that were given up tried again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Replay {
    /// Which.
    pub which: Which,
}

/// Replies that were given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// All of them.
    All,
    /// The one of this name.
    One(LetterName),
}

/// What a replay came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// How many replies wait to be sent again.
    pub replayed: usize,
}

impl Errand for Outbox {
    const NAME: &'static str = "outbox";

    type Answer = Post;

    async fn run(self, desk: &Desk) -> Result<Post, ErrandError> {
        let now = (desk.clock)();
        let listed = |letters: Vec<(LetterId, Letter)>| {
            letters.iter().map(|(id, letter)| Listed::of(id, letter, self, now)).collect()
        };
        Ok(Post {
            waiting: listed(desk.store.outbox(MAX_LETTERS)?),
            dead: listed(desk.store.dead_letters(MAX_LETTERS)?),
        })
    }
}

impl Errand for Replay {
    const NAME: &'static str = "replay";

    type Answer = Replayed;

    async fn run(self, desk: &Desk) -> Result<Replayed, ErrandError> {
        let now = (desk.clock)();
        let mut replayed = 0;
        for (id, _) in desk.store.dead_letters(MAX_LETTERS)? {
            let wanted = match &self.which {
                Which::All => true,
                Which::One(name) => *name == LetterName::of(&id),
            };
            if wanted && desk.store.replay(id, now).await? {
                replayed += 1;
            }
        }
        if let Some(running) = desk.running.as_ref().filter(|_| replayed > 0) {
            running.wake_sender();
        }
        Ok(Replayed { replayed })
    }
}

impl Listed {
    fn of(id: &LetterId, letter: &Letter, asked: Outbox, now: Timestamp) -> Self {
        let (due, reason) = match &letter.state {
            LetterState::Due(at) => (Some(*at), None),
            LetterState::Dead { reason, .. } => (None, Some(reason.clone())),
            LetterState::Sent { .. } => (None, None),
        };
        Self {
            id: LetterName::of(id),
            user: if asked.show_users { id.user.to_string() } else { masked(&id.user) },
            written: letter.written,
            age_seconds: now.duration_since(letter.written).as_secs(),
            failures: letter.failures,
            due,
            reason,
        }
    }
}

impl LetterName {
    fn of(LetterId { user, version, part }: &LetterId) -> Self {
        let hash = Sha256::digest(format!("{user}/{version}/{part}"));
        let mut name = String::with_capacity(NAME_DIGITS);
        for byte in &hash[..NAME_DIGITS / 2] {
            let _ = write!(name, "{byte:02x}");
        }
        Self(name)
    }
}

impl FromStr for LetterName {
    type Err = NoLetterName;

    fn from_str(name: &str) -> Result<Self, NoLetterName> {
        let fits = name.len() == NAME_DIGITS && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if fits { Ok(Self(name.to_ascii_lowercase())) } else { Err(NoLetterName) }
    }
}

impl fmt::Display for LetterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The channel and the end of a long key: enough to tell users apart, too little to call one.
fn masked(user: &UserId) -> String {
    const SHOWN: usize = 4;
    let key = user.key();
    let characters = key.chars().count();
    let end = if characters >= 2 * SHOWN { characters - SHOWN } else { characters };
    let shown: String = key.chars().skip(end).collect();
    format!("{}:…{shown}", user.channel().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Channel;

    #[test]
    fn a_mask_shows_the_end_of_a_phone_and_nothing_of_a_short_name() {
        let user = |key| UserId::new(Channel::Meta, key).unwrap();
        assert_eq!(masked(&user("525512345678")), "meta:…5678");
        assert_eq!(masked(&user("ana")), "meta:…");
        assert_eq!(masked(&user("ñandúes")), "meta:…");
    }

    #[test]
    fn a_name_is_read_as_it_is_listed() {
        let user = UserId::new(Channel::Meta, "525512345678").unwrap();
        let name = LetterName::of(&LetterId { user, version: 3, part: 0 });
        assert_eq!(name.to_string().to_uppercase().parse(), Ok(name));
        for text in ["", "1234567", "123456789", "1234567g", "ñandúesx"] {
            assert_eq!(text.parse::<LetterName>(), Err(NoLetterName), "{text}");
        }
    }
}
