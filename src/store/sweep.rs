//! What is deleted once it is old.
//!
//! Keys that begin with a day lead straight to it, so that nothing young is read.

use jiff::{SignedDuration, Timestamp};

use super::cache::{CACHE_AGE, day_of};
use super::error::StoreError;
use super::key::{self, CACHE_DAYS, Day, LAST_TURNS, MESSAGE_DAYS, USER_CALLS, UserKeys};
use super::ledger::{erase, last_day, message_day};
use super::space::{Pending, Space, Writes};

/// How long a message id and its answer are kept at least: longer than any channel goes on
/// delivering a message again (Meta tries for seven days).
pub const MESSAGE_ID_AGE: SignedDuration = SignedDuration::from_hours(8 * 24);

/// How many index entries of each kind one call looks at.
const BATCH: usize = 100;

/// What one sweep deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Users, with all that was theirs.
    pub users: usize,
    /// Message ids of users who stay.
    pub message_ids: usize,
    /// Whether there was more to do than one call does: call again soon.
    pub more: bool,
}

/// What is to be deleted at `now`, and how many.
pub(super) fn sweep(
    space: &impl Space,
    now: Timestamp,
    retention: SignedDuration,
) -> Result<(Swept, Writes), StoreError> {
    let mut pending = Pending::over(space);
    let mut swept = Swept::default();
    silent_users(&mut pending, day_before(now, retention.max(MESSAGE_ID_AGE)), &mut swept)?;
    old_messages(&mut pending, day_before(now, MESSAGE_ID_AGE), &mut swept)?;
    old_cache(&mut pending, day_before(now, CACHE_AGE), &mut swept)?;
    old_calls(&mut pending, Day::of(now), &mut swept)?;
    Ok((swept, pending.into_writes()))
}

/// The day that `age` before `now` falls on: all days before it are older.
fn day_before(now: Timestamp, age: SignedDuration) -> Day {
    Day::of(now.checked_sub(age).unwrap_or(Timestamp::MIN))
}

fn silent_users(
    space: &mut Pending<'_, impl Space>,
    first_kept: Day,
    swept: &mut Swept,
) -> Result<(), StoreError> {
    for (entry, keys) in due(space, LAST_TURNS, first_kept, swept)? {
        // The entry is only a hint: the session itself says when its user was last here.
        let mut writes = match space.get(&keys.session())? {
            Some(session) if last_day(&session).is_none_or(|day| day < first_kept) => {
                swept.users += 1;
                erase(space, &keys)?
            }
            _ => Writes::default(),
        };
        writes.remove(entry);
        space.add(writes);
    }
    Ok(())
}

fn old_messages(
    space: &mut Pending<'_, impl Space>,
    first_kept: Day,
    swept: &mut Swept,
) -> Result<(), StoreError> {
    for (entry, keys) in due(space, MESSAGE_DAYS, first_kept, swept)? {
        let mut writes = Writes::default();
        for (key, message) in space.first(&keys.messages(), usize::MAX)? {
            if message_day(&message).is_some_and(|day| day < first_kept) {
                writes.remove(key);
                swept.message_ids += 1;
            }
        }
        writes.remove(entry);
        space.add(writes);
    }
    Ok(())
}

fn old_cache(
    space: &mut Pending<'_, impl Space>,
    first_kept: Day,
    swept: &mut Swept,
) -> Result<(), StoreError> {
    let oldest = space.first(CACHE_DAYS, BATCH)?;
    let mut due = 0;
    for (entry, _) in &oldest {
        let Some((_, hash)) = key::from_day(entry).filter(|(day, _)| *day < first_kept) else {
            continue;
        };
        due += 1;
        let mut writes = Writes::default();
        let cached = key::cached(hash);
        // The entry is only a hint here too.
        if space
            .get(&cached)?
            .is_some_and(|stored| day_of(&stored).is_none_or(|day| day < first_kept))
        {
            writes.remove(cached);
        }
        writes.remove(entry.clone());
        space.add(writes);
    }
    swept.more |= due == BATCH;
    Ok(())
}

fn old_calls(
    space: &mut Pending<'_, impl Space>,
    first_kept: Day,
    swept: &mut Swept,
) -> Result<(), StoreError> {
    let mut writes = Writes::default();
    let mut due = 0;
    for (entry, _) in space.first(USER_CALLS, BATCH)? {
        if key::from_day(&entry).is_some_and(|(day, _)| day < first_kept) {
            due += 1;
            writes.remove(entry);
        }
    }
    space.add(writes);
    swept.more |= due == BATCH;
    Ok(())
}

/// The entries of an index from before `first_kept`, the oldest first.
fn due(
    space: &impl Space,
    index: &[u8],
    first_kept: Day,
    swept: &mut Swept,
) -> Result<Vec<(Vec<u8>, UserKeys)>, StoreError> {
    let oldest = space.first(index, BATCH)?;
    let due: Vec<_> = oldest
        .into_iter()
        .filter_map(|(entry, _)| {
            let (day, keys) = UserKeys::from_index(&entry)?;
            (day < first_kept).then_some((entry, keys))
        })
        .collect();
    swept.more |= due.len() == BATCH;
    Ok(due)
}
