//! Mail that cannot be read back is set aside, so that nobody waits for it.

use super::error::StoreError;
use super::key::{self, UserKeys};
use super::mailbox::Letter;
use super::space::{Space, Writes};
use super::value;
use crate::message::{Arrival, Channel};

/// Entries of each kind that one call looks at.
const MAX_LOOKED_AT: usize = 10_000;

/// A value that was set aside: it could not be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetAside {
    /// What it was.
    pub what: &'static str,
    /// The channel of its user; none where the key is damaged as well.
    pub channel: Option<Channel>,
}

/// What is set aside, and what is to be written for it. A name in an index that leads nowhere goes.
pub(super) fn mend(space: &impl Space) -> Result<(Vec<SetAside>, Writes), StoreError> {
    let (mut aside, mut writes) = (Vec::new(), Writes::default());
    for (index, _) in space.first(key::WAITING, MAX_LOOKED_AT)? {
        let Some((place, keys)) = UserKeys::from_place(&index) else { continue };
        let key = keys.waiting(place);
        let stored = space.get(&key)?;
        if stored.as_deref().is_some_and(|bytes| value::mail::<Arrival>(bytes).is_ok()) {
            continue;
        }
        writes.remove(index);
        forget_id(space, &keys, place, &mut writes)?;
        if let Some(bytes) = stored {
            aside.push(SetAside { what: "message that waited", channel: keys.channel() });
            set_aside(&keys, key, bytes, &mut writes);
        }
    }
    for list in [key::PENDING, key::DEAD] {
        for (index, _) in space.first(list, MAX_LOOKED_AT)? {
            let Some(id) = key::letter_id(&index) else { continue };
            let keys = UserKeys::of(&id.user);
            let key = keys.letter(id.version, id.part);
            let stored = space.get(&key)?;
            if stored.as_deref().is_some_and(|bytes| value::mail::<Letter>(bytes).is_ok()) {
                continue;
            }
            writes.remove(index);
            if let Some(bytes) = stored {
                aside.push(SetAside { what: "reply", channel: keys.channel() });
                set_aside(&keys, key, bytes, &mut writes);
            }
        }
    }
    Ok((aside, writes))
}

fn set_aside(keys: &UserKeys, key: Vec<u8>, bytes: Vec<u8>, writes: &mut Writes) {
    writes.put(keys.mail_aside(&key), bytes);
    writes.remove(key);
}

/// The id of the message at `place` is known no more, so that it can come again.
fn forget_id(
    space: &impl Space,
    keys: &UserKeys,
    place: u64,
    writes: &mut Writes,
) -> Result<(), StoreError> {
    for (key, bytes) in space.first(&keys.messages(), usize::MAX)? {
        if value::waiting_place(&bytes) == Some(place) {
            writes.remove(key);
        }
    }
    Ok(())
}
