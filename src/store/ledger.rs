//! The rules of the store, over any space of bytes: what is read back, what a turn checks and
//! writes, what goes when a user goes.
//!
//! Everything here is pure: a space in, what was found or what is to be written out.

use jiff::Timestamp;

use super::error::{Conflict, StoreError, Unreadable};
use super::key::{self, Day, Family, GAPS, LAST_TURNS, REPLIES, UserKeys};
use super::mailbox;
use super::receipt;
use super::space::{Space, Writes};
use super::value::{self, AnswerPlace, Head};
use super::{Commit, History, Loaded, Outcome, Stored, Version};
use crate::engine::Session;
use crate::message::{Answer, MessageId, TurnRecord, UserId};

/// The session of `user` with its version.
pub(super) fn load(space: &impl Space, user: &UserId) -> Result<Loaded, StoreError> {
    let keys = UserKeys::of(user);
    let Some(stored) = space.get(&keys.session())? else {
        return Ok(Loaded { version: Version::NEW, session: Stored::New });
    };
    let session = value::head(&stored).and_then(|(_, json)| value::json::<Session>(json));
    let version =
        Version { turns: turns(space, &keys, Some(&stored))?, unreadable: session.is_err() };
    Ok(Loaded { version, session: session.map_or_else(Stored::Unreadable, Stored::Found) })
}

/// What was answered to message `id` of `user`.
pub(super) fn answered(
    space: &impl Space,
    user: &UserId,
    id: &MessageId,
) -> Result<Option<Answer>, StoreError> {
    let unreadable = |source| StoreError::Unreadable { what: "answer", source };
    let keys = UserKeys::of(user);
    let Some(stored) = space.get(&keys.message(id))? else {
        return Ok(None);
    };
    let version = match value::message(&stored).map_err(unreadable)? {
        AnswerPlace::Kept(answer) => return Ok(Some(*answer)),
        AnswerPlace::Waiting => return Ok(None),
        AnswerPlace::Turn(version) => version,
    };
    let stored = space.get(&keys.turn(version))?.ok_or_else(|| unreadable(Unreadable::Gone))?;
    let record: TurnRecord = value::record(&stored).map_err(unreadable)?;
    Ok(Some(record.answer))
}

/// Whether the answer to message `id` of `user` was written down to be sent.
pub(super) fn is_sent(
    space: &impl Space,
    user: &UserId,
    id: &MessageId,
) -> Result<bool, StoreError> {
    let keys = UserKeys::of(user);
    let place = space.get(&keys.message(id))?.map(|stored| value::message(&stored));
    match place {
        Some(Ok(AnswerPlace::Turn(version))) => Ok(space.get(&keys.letter(version, 0))?.is_some()),
        _ => Ok(false),
    }
}

/// The newest `limit` turns of `user`, oldest first.
pub(super) fn history(
    space: &impl Space,
    user: &UserId,
    limit: usize,
) -> Result<History, StoreError> {
    let stored = space.last(&UserKeys::of(user).turns(), limit)?;
    let mut history = History { turns: Vec::with_capacity(stored.len()), unreadable: 0 };
    for (_, bytes) in stored.into_iter().rev() {
        match value::record(&bytes) {
            Ok(turn) => history.turns.push(turn),
            Err(_) => history.unreadable += 1,
        }
    }
    Ok(history)
}

/// The newest `limit` turns of all users that show a gap, oldest first.
pub(super) fn gaps(space: &impl Space, limit: usize) -> Result<History, StoreError> {
    let mut history = History { turns: Vec::new(), unreadable: 0 };
    for (index, _) in space.last(GAPS, limit)?.into_iter().rev() {
        let Some(key) = UserKeys::turn_of_gap(&index) else { continue };
        match space.get(&key)?.map(|bytes| value::record(&bytes)) {
            Some(Ok(turn)) => history.turns.push(turn),
            Some(Err(_)) | None => history.unreadable += 1,
        }
    }
    Ok(history)
}

/// The `limit` users who wrote last, by days, the newest first.
pub(super) fn users(space: &impl Space, limit: usize) -> Result<Vec<UserId>, StoreError> {
    let entries = space.last(LAST_TURNS, limit)?;
    Ok(entries.iter().filter_map(|(entry, _)| key::last_writer(entry)).collect())
}

/// How many replies left on the day of `now`, in UTC.
pub(super) fn replies(space: &impl Space, now: Timestamp) -> Result<u64, StoreError> {
    let stored = space.get(REPLIES)?.map(|bytes| value::count(&bytes));
    let Some(Ok((at, count))) = stored else { return Ok(0) };
    // A day that is over counts for nothing; one to come is a clock that was set back since.
    Ok(if Day::of(at) < Day::of(now) { 0 } else { count })
}

/// A turn as bytes, made before it meets the store, so that the one thread that writes has little
/// to do for each.
#[derive(Debug)]
pub(super) struct Turn {
    keys: UserKeys,
    expected: Version,
    day: Day,
    outcome: Encoded,
    message: Option<Message>,
    mail: mailbox::Encoded,
    replies: u32,
    now: Timestamp,
}

#[derive(Debug)]
enum Encoded {
    Keep { session: Vec<u8>, record: Vec<u8>, gap: Option<Vec<u8>> },
    Erase,
}

#[derive(Debug)]
struct Message {
    key: Vec<u8>,
    value: Vec<u8>,
}

impl Turn {
    /// The bytes of `commit`.
    ///
    /// # Errors
    ///
    /// A value that is too large, or that JSON cannot hold.
    pub(super) fn of(commit: &Commit) -> Result<Self, StoreError> {
        let Commit { expected, outcome, record, mail, replies, now } = commit;
        let erases = matches!(outcome, Outcome::Erase);
        let keys = UserKeys::of(&record.inbound.user);
        let head = Head { version: expected.turns + 1, at: *now };
        let (outcome, message) = match outcome {
            Outcome::Keep(session) => (
                Encoded::Keep {
                    session: value::of_session(head, session)?,
                    record: value::of_record(record)?,
                    gap: record.gaps().next().map(|_| value::of_gap(*now)),
                },
                value::of_message(*now, head.version),
            ),
            Outcome::Erase => (Encoded::Erase, value::of_kept_message(*now, &record.answer)?),
        };
        let mail = mailbox::Encoded::of(mail, *now, erases, message.clone())?;
        let id = record.inbound.id.as_ref();
        let message = id.map(|id| Message { key: keys.message(id), value: message });
        let (day, replies, now) = (Day::of(*now), *replies, *now);
        Ok(Self { keys, expected: *expected, day, outcome, message, mail, replies, now })
    }

    /// What is to be written for this turn on `space`.
    ///
    /// # Errors
    ///
    /// A conflict, or a space that cannot be read.
    pub(super) fn writes(self, space: &impl Space) -> Result<Writes, StoreError> {
        let Self { keys, expected, day, outcome, message, mail, replies, now } = self;
        if let Some(message) = &message
            && let Some(known) = space.get(&message.key)?
            && !matches!(value::message(&known), Ok(AnswerPlace::Waiting))
        {
            return Err(StoreError::Conflict(Conflict::Answered));
        }
        let stored = space.get(&keys.session())?;
        let found = turns(space, &keys, stored.as_deref())?;
        if found != expected.turns {
            let expected = expected.turns;
            return Err(StoreError::Conflict(Conflict::Version { expected, found }));
        }

        let erased = matches!(outcome, Encoded::Erase);
        let mut writes = match outcome {
            Encoded::Keep { session, record, gap } => {
                let version = expected.turns + 1;
                let mut writes = Writes::default();
                let before = stored.as_deref().and_then(last_day);
                move_last_turn(&mut writes, &keys, before, day);
                if let Some(stored) = stored.filter(|_| expected.unreadable) {
                    writes.put(keys.aside(expected.turns), stored);
                }
                writes.put(keys.session(), session);
                writes.put(keys.turn(version), record);
                if let Some(gap) = gap {
                    writes.put(keys.gap(version), gap);
                    writes.put(keys.gap_day(day, version), Vec::new());
                }
                writes
            }
            Encoded::Erase => erase(space, &keys)?,
        };
        // After an erasure too: the reply that tells of it is still to be sent.
        writes.extend(mailbox::post(space, &keys, expected.turns + 1, &mail)?);
        if replies > 0 {
            let count = self::replies(space, now)?.saturating_add(replies.into());
            writes.put(REPLIES.to_vec(), value::of_count(now, count));
        }
        if let Some(message) = message {
            writes.put(message.key, message.value);
            let index = keys.message_day(day);
            // Reading is much cheaper than writing again what is there.
            if erased || space.get(&index)?.is_none() {
                writes.put(index, Vec::new());
            }
        }
        Ok(writes)
    }
}

/// What is to be written so that everything of one user goes.
///
/// # Errors
///
/// A space that cannot be read.
pub(super) fn erase(space: &impl Space, keys: &UserKeys) -> Result<Writes, StoreError> {
    let mut writes = Writes::default();
    for (key, stored) in space.first(keys.all(), usize::MAX)? {
        let index = match keys.family(&key) {
            Family::Session => last_day(&stored).map(|day| keys.last_turn(day)),
            Family::Message => message_day(&stored).map(|day| keys.message_day(day)),
            Family::Gap => value::gap_time(&stored)
                .ok()
                .zip(keys.version_of(&key))
                .map(|(at, version)| keys.gap_day(Day::of(at), version)),
            Family::Waiting => keys.place_of(&key).map(|place| keys.waiting_place(place)),
            Family::Letter => keys.letter_of(&key).map(|(version, part)| {
                // Where it was given up it does not wait, and the other way round.
                writes.remove(keys.dead(version, part));
                if let Some(id) = receipt::id_of(&stored) {
                    writes.remove(keys.receipt(&id));
                }
                keys.pending(version, part)
            }),
            Family::Turn | Family::Aside | Family::Other => None,
        };
        if let Some(index) = index {
            writes.remove(index);
        }
        writes.remove(key);
    }
    Ok(writes)
}

/// The day of the last turn of a stored session, if that much of it can be read.
pub(super) fn last_day(session: &[u8]) -> Option<Day> {
    value::head(session).ok().map(|(head, _)| Day::of(head.at))
}

/// The day of a stored message id, if that much of it can be read.
pub(super) fn message_day(message: &[u8]) -> Option<Day> {
    value::message_time(message).ok().map(Day::of)
}

/// How many turns led to `session`. Where its head is damaged the turn records tell.
fn turns(space: &impl Space, keys: &UserKeys, session: Option<&[u8]>) -> Result<u64, StoreError> {
    let Some(session) = session else { return Ok(0) };
    if let Ok((head, _)) = value::head(session) {
        return Ok(head.version);
    }
    let newest = space.last(&keys.turns(), 1)?;
    Ok(newest.first().and_then(|(key, _)| keys.version_of(key)).unwrap_or(0))
}

fn move_last_turn(writes: &mut Writes, keys: &UserKeys, before: Option<Day>, day: Day) {
    if before == Some(day) {
        return;
    }
    if let Some(before) = before {
        writes.remove(keys.last_turn(before));
    }
    writes.put(keys.last_turn(day), Vec::new());
}
