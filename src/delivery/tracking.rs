//! What providers tell of replies that they took.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{Delivery, Refusal};
use crate::channel::{Act, Fault, Status};
use crate::message::{Channel, MessageId, Progress};
use crate::store::{Failure, Fate, News, StoreError};

/// News that are kept until the reply they are of is written down as sent.
const MAX_EARLY: usize = 1_000;

/// Whoever is told what became of replies.
#[async_trait]
pub trait Track: Send + Sync {
    /// Takes in what the provider of `channel` tells. It is durable when this returns.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written: the provider should tell it again.
    async fn told(&self, channel: Channel, statuses: Vec<Status>) -> Result<(), StoreError>;
}

/// News that came before the reply was written down as sent: providers are quick.
#[derive(Debug, Default)]
pub(super) struct Early(Mutex<HashMap<(Channel, MessageId), Status>>);

impl Early {
    /// Keeps the furthest news of a reply; where there are too many they are of other replies
    /// than ours, and go.
    fn keep(&self, channel: Channel, status: Status) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_EARLY {
            kept.clear();
        }
        let key = (channel, status.message.clone());
        if kept.get(&key).is_none_or(|known| known.progress < status.progress) {
            kept.insert(key, status);
        }
    }

    /// What was told of the reply that is now sent as `id`.
    pub(super) fn take(&self, channel: Channel, id: &MessageId) -> Option<Status> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_empty() { None } else { kept.remove(&(channel, id.clone())) }
    }
}

#[async_trait]
impl Track for Delivery {
    async fn told(&self, channel: Channel, statuses: Vec<Status>) -> Result<(), StoreError> {
        for status in statuses {
            self.tell(channel, status).await?;
        }
        Ok(())
    }
}

impl Delivery {
    /// Writes down one piece of news.
    pub(super) async fn tell(&self, channel: Channel, status: Status) -> Result<(), StoreError> {
        let Some((letter, kept)) = self.store.sent(channel, &status.message)? else {
            self.early.keep(channel, status);
            return Ok(());
        };
        let Status { message: id, progress, fault } = status;
        let user = letter.user.clone();
        let fate = if progress == Progress::Failed {
            let unknown = Fault { code: None, act: Act::GiveUp };
            Fate::Failed(self.failure(&user, &kept, Refusal::of(fault.unwrap_or(unknown))))
        } else {
            Fate::Reached(progress)
        };
        let again = match fate {
            Fate::Failed(Failure::Again { at, .. }) => Some(at),
            Fate::Failed(Failure::GivenUp(_)) | Fate::Reached(_) => None,
        };
        self.store.told(letter, News { id, fate }).await?;
        if let Some(at) = again {
            self.schedule.begin_at(user, at);
            self.done.notify_one();
        }
        Ok(())
    }
}
