//! What providers tell of replies that they took: a reply only ever moves on, whatever the order in
//! which that is told.

use jiff::Timestamp;

use super::error::StoreError;
use super::key::{self, UserKeys};
use super::mailbox::{Letter, LetterId, LetterState, unreadable};
use super::space::{Space, Writes};
use super::value;
use crate::message::{Channel, MessageId, Progress};

/// What a provider told of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The provider's id for it.
    pub id: MessageId,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a reply that a provider took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is that far.
    Reached(Progress),
    /// It did not arrive.
    Failed(Failure),
}

/// What is done with a reply that a provider did not take, or did not deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It is tried again.
    Again {
        /// Not before this moment.
        at: Timestamp,
        /// Whether a template goes in its place.
        as_template: bool,
    },
    /// It is given up, for this reason.
    GivenUp(String),
}

/// The reply that the provider of `channel` calls `id`.
pub(super) fn sent(
    space: &impl Space,
    channel: Channel,
    id: &MessageId,
) -> Result<Option<(LetterId, Letter)>, StoreError> {
    let entry = space.get(&key::receipt(channel.as_str(), id))?;
    let Some(letter) = entry.and_then(|entry| key::letter_id(&entry)) else { return Ok(None) };
    let stored = space.get(&UserKeys::of(&letter.user).letter(letter.version, letter.part))?;
    let Some(stored) = stored else { return Ok(None) };
    Ok(Some((letter, value::mail(&stored).map_err(unreadable)?)))
}

/// What is to be written where that is told of `letter`; nothing where it is known already, or
/// the reply was sent anew since.
pub(super) fn told(
    space: &impl Space,
    letter: &LetterId,
    news: &News,
) -> Result<Writes, StoreError> {
    let LetterId { user, version, part } = letter;
    let keys = UserKeys::of(user);
    let key = keys.letter(*version, *part);
    let mut writes = Writes::default();
    let Some(stored) = space.get(&key)? else { return Ok(writes) };
    let mut letter: Letter = value::mail(&stored).map_err(unreadable)?;
    let known = match &letter.state {
        LetterState::Sent { id, progress } if *id == news.id => *progress,
        LetterState::Dead { id: Some(id), .. } if *id == news.id => Progress::Failed,
        _ => return Ok(writes),
    };
    let progress = match news.fate {
        Fate::Reached(progress) => progress,
        Fate::Failed(_) => Progress::Failed,
    };
    if progress <= known {
        return Ok(writes);
    }
    let (pending, dead) = (keys.pending(*version, *part), keys.dead(*version, *part));
    match &news.fate {
        Fate::Failed(Failure::Again { at, as_template }) => {
            letter.failures += 1;
            letter.as_template = *as_template;
            letter.state = LetterState::Due(*at);
            writes.remove(keys.receipt(&news.id));
            writes.put(pending, Vec::new());
        }
        Fate::Failed(Failure::GivenUp(reason)) => {
            let (reason, id) = (reason.clone(), Some(news.id.clone()));
            letter.state = LetterState::Dead { reason, id };
            writes.put(dead, Vec::new());
        }
        Fate::Reached(_) => {
            letter.state = LetterState::Sent { id: news.id.clone(), progress };
            writes.remove(dead);
        }
    }
    writes.put(key, value::of_mail(&letter)?);
    Ok(writes)
}

/// The provider's id of a stored reply, where it has one.
pub(super) fn id_of(letter: &[u8]) -> Option<MessageId> {
    match value::mail::<Letter>(letter).ok()?.state {
        LetterState::Sent { id, .. } | LetterState::Dead { id: Some(id), .. } => Some(id),
        LetterState::Due(_) | LetterState::Dead { id: None, .. } => None,
    }
}
