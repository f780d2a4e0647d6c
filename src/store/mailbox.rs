//! Messages that wait for their turn, and replies that wait to be sent: for channels that are told
//! "received" first and answered later.
//!
//! A message is accepted, durable, before it is acknowledged; the turn that takes it settles it in
//! the same commit that writes the replies down. Nothing is lost between the two, and a message
//! that comes again is known by its id before its turn as well as after.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{StoreError, Unreadable};
use super::key::{self, UserKeys};
use super::receipt::Failure;
use super::space::{Space, Writes};
use super::value;
use crate::message::{Arrival, Inbound, MessageId, Progress, Reply, Route, UserId};

/// A message that was accepted and waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its place in the order of arrival, over all users.
    pub place: u64,
    /// What came.
    pub arrival: Arrival,
}

/// A reply that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Where it goes.
    pub route: Route,
    /// What is sent.
    pub reply: Reply,
}

/// The name of a reply in the outbox: whose it is, and its place among theirs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LetterId {
    /// Whose.
    pub user: UserId,
    /// The turn that wrote it.
    pub version: u64,
    /// Its place in that turn.
    pub part: u8,
}

/// A reply in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What goes where.
    pub outgoing: Outgoing,
    /// When the turn was taken.
    pub written: Timestamp,
    /// How often sending failed.
    pub failures: u32,
    /// How it stands.
    pub state: LetterState,
    /// Whether a template goes in its place, because 24 hours have passed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_template: bool,
    /// Whether it goes once it is sent, because its user was erased.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forgotten: bool,
}

/// How a reply stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// It waits; not before this moment.
    Due(Timestamp),
    /// The provider took it.
    Sent {
        /// The provider's id for it.
        id: MessageId,
        /// How far it is.
        progress: Progress,
    },
    /// It was given up.
    Dead {
        /// Why.
        reason: String,
        /// The provider's id for it, where the provider took it and could not deliver it.
        id: Option<MessageId>,
    },
}

/// What became of a try to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The provider took it under this id.
    Sent(MessageId),
    /// It was not taken.
    Failed(Failure),
}

/// What a commit does to the mailboxes, besides the turn itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    /// The places of the accepted messages that the turn takes; their ids get its answer.
    pub settles: Vec<u64>,
    /// What is to be sent, in order.
    pub sends: Vec<Outgoing>,
}

/// Accepts messages, all or none, in their order: the place of each, none for one that is known
/// already; and what is to be written for it.
pub(super) fn accept(
    space: &impl Space,
    arrivals: &[Arrival],
) -> Result<(Vec<Option<u64>>, Writes), StoreError> {
    let newest = space.last(key::WAITING, 1)?;
    let mut next = newest.first().and_then(|(key, _)| key::place(key)).map_or(0, |place| place + 1);
    let mut writes = Writes::default();
    let mut places = Vec::with_capacity(arrivals.len());
    let mut seen = Vec::new();
    for arrival in arrivals {
        let Inbound { user, id, at, .. } = &arrival.inbound;
        let keys = UserKeys::of(user);
        let message = id.as_ref().map(|id| keys.message(id));
        if let Some(message) = &message {
            if seen.contains(message) || space.get(message)?.is_some() {
                places.push(None);
                continue;
            }
            seen.push(message.clone());
            writes.put(message.clone(), value::of_waiting_message(*at, next));
            writes.put(keys.message_day(key::Day::of(*at)), Vec::new());
        }
        writes.put(keys.waiting(next), value::of_mail(arrival)?);
        writes.put(keys.waiting_place(next), Vec::new());
        places.push(Some(next));
        next += 1;
    }
    Ok((places, writes))
}

/// The first `limit` messages that wait, of all users, in the order of arrival. One that cannot be
/// read is counted.
pub(super) fn waiting(
    space: &impl Space,
    limit: usize,
) -> Result<(Vec<Waiting>, usize), StoreError> {
    let (mut found, mut unreadable) = (Vec::new(), 0);
    for (entry, _) in space.first(key::WAITING, limit)? {
        let Some((place, keys)) = UserKeys::from_place(&entry) else { continue };
        match space.get(&keys.waiting(place))?.map(|bytes| value::mail(&bytes)) {
            Some(Ok(arrival)) => found.push(Waiting { place, arrival }),
            Some(Err(_)) | None => unreadable += 1,
        }
    }
    Ok((found, unreadable))
}

/// What is to be written where the turn that led to `version` at `now` settles and sends.
pub(super) fn post(
    space: &impl Space,
    keys: &UserKeys,
    version: u64,
    mail: &Encoded,
) -> Result<Writes, StoreError> {
    let mut writes = Writes::default();
    for place in &mail.settles {
        let stored = space.get(&keys.waiting(*place))?;
        let arrival = stored.map(|bytes| value::mail::<Arrival>(&bytes));
        // An arrival that cannot be read any more is settled all the same; only its id stays open.
        if let Some(Ok(Arrival { inbound: Inbound { id: Some(id), .. }, .. })) = arrival {
            writes.put(keys.message(&id), mail.answered.clone());
        }
        writes.remove(keys.waiting(*place));
        writes.remove(keys.waiting_place(*place));
    }
    for (part, letter) in (0..).zip(&mail.letters) {
        writes.put(keys.letter(version, part), letter.clone());
        writes.put(keys.pending(version, part), Vec::new());
    }
    Ok(writes)
}

/// The mail of a turn as bytes.
#[derive(Debug, Default)]
pub(super) struct Encoded {
    settles: Vec<u64>,
    letters: Vec<Vec<u8>>,
    /// What stands under the id of a settled message.
    answered: Vec<u8>,
}

impl Encoded {
    /// The bytes of `mail`; `answered` is what stands under the ids of the messages it settles.
    pub(super) fn of(
        mail: &Mail,
        written: Timestamp,
        forgotten: bool,
        answered: Vec<u8>,
    ) -> Result<Self, StoreError> {
        let letter = |outgoing: &Outgoing| {
            value::of_mail(&Letter {
                outgoing: outgoing.clone(),
                written,
                failures: 0,
                state: LetterState::Due(written),
                as_template: false,
                forgotten,
            })
        };
        let letters = mail.sends.iter().map(letter).collect::<Result<_, _>>()?;
        Ok(Self { settles: mail.settles.clone(), letters, answered })
    }
}

/// The replies that wait to be sent, of all users, the first `limit`; each user's in their order.
pub(super) fn outbox(
    space: &impl Space,
    limit: usize,
) -> Result<Vec<(LetterId, Letter)>, StoreError> {
    listed(space, key::PENDING, limit)
}

/// The first `limit` replies of `user` that wait to be sent, in their order.
pub(super) fn outbox_of(
    space: &impl Space,
    user: &UserId,
    limit: usize,
) -> Result<Vec<(LetterId, Letter)>, StoreError> {
    listed(space, &UserKeys::of(user).all_pending(), limit)
}

/// The users of the first `limit` replies that wait to be sent.
pub(super) fn recipients(space: &impl Space, limit: usize) -> Result<Vec<UserId>, StoreError> {
    let waiting = space.first(key::PENDING, limit)?;
    let mut users: Vec<UserId> =
        waiting.iter().filter_map(|(entry, _)| Some(key::letter_id(entry)?.user)).collect();
    users.dedup();
    Ok(users)
}

/// The replies that were given up, the first `limit`.
pub(super) fn dead(
    space: &impl Space,
    limit: usize,
) -> Result<Vec<(LetterId, Letter)>, StoreError> {
    listed(space, key::DEAD, limit)
}

fn listed(
    space: &impl Space,
    index: &[u8],
    limit: usize,
) -> Result<Vec<(LetterId, Letter)>, StoreError> {
    let mut letters = Vec::new();
    for (entry, _) in space.first(index, limit)? {
        let Some(id) = key::letter_id(&entry) else { continue };
        let keys = UserKeys::of(&id.user);
        let stored = space.get(&keys.letter(id.version, id.part))?;
        if let Some(Ok(letter)) = stored.map(|bytes| value::mail(&bytes)) {
            letters.push((id, letter));
        }
    }
    Ok(letters)
}

/// What is to be written after a try to send `id`; nothing where it is gone, as an erased user's.
pub(super) fn tried(
    space: &impl Space,
    id: &LetterId,
    attempt: &Attempt,
) -> Result<Writes, StoreError> {
    let keys = UserKeys::of(&id.user);
    let key = keys.letter(id.version, id.part);
    let mut writes = Writes::default();
    let Some(stored) = space.get(&key)? else { return Ok(writes) };
    let mut letter: Letter = value::mail(&stored).map_err(unreadable)?;
    let pending = keys.pending(id.version, id.part);
    match attempt {
        Attempt::Sent(provider) => {
            writes.remove(pending);
            if letter.forgotten {
                writes.remove(key);
                return Ok(writes);
            }
            writes.put(keys.receipt(provider), keys.pending(id.version, id.part));
            letter.state = LetterState::Sent { id: provider.clone(), progress: Progress::Sent };
        }
        Attempt::Failed(Failure::Again { at, as_template }) => {
            letter.failures += 1;
            letter.as_template = *as_template;
            letter.state = LetterState::Due(*at);
        }
        Attempt::Failed(Failure::GivenUp(reason)) => {
            letter.failures += 1;
            letter.state = LetterState::Dead { reason: reason.clone(), id: None };
            writes.remove(pending);
            writes.put(keys.dead(id.version, id.part), Vec::new());
        }
    }
    writes.put(key, value::of_mail(&letter)?);
    Ok(writes)
}

/// What is to be written so that a reply that was given up is tried again at `now`; whether it was
/// there.
pub(super) fn replay(
    space: &impl Space,
    id: &LetterId,
    now: Timestamp,
) -> Result<(bool, Writes), StoreError> {
    let keys = UserKeys::of(&id.user);
    let key = keys.letter(id.version, id.part);
    let mut writes = Writes::default();
    let is_dead = space.get(&keys.dead(id.version, id.part))?.is_some();
    let Some(stored) = space.get(&key)?.filter(|_| is_dead) else { return Ok((false, writes)) };
    let letter: Letter = value::mail(&stored).map_err(unreadable)?;
    if let LetterState::Dead { id: Some(provider), .. } = &letter.state {
        writes.remove(keys.receipt(provider));
    }
    let letter = Letter { failures: 0, state: LetterState::Due(now), ..letter };
    writes.put(key, value::of_mail(&letter)?);
    writes.put(keys.pending(id.version, id.part), Vec::new());
    writes.remove(keys.dead(id.version, id.part));
    Ok((true, writes))
}

/// A stored reply that cannot be read.
pub(super) fn unreadable(source: Unreadable) -> StoreError {
    StoreError::Unreadable { what: "reply in the outbox", source }
}
