//! The store that forgets when it is dropped: for transcripts, simulations and tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::ledger::{self, Turn};
use super::space::Writes;
use super::{
    Attempt, Backup, BackupError, Booked, Booking, CacheKey, Commit, Export, History, Letter,
    LetterId, Loaded, News, SetAside, Store, StoreError, Swept, Waiting, backup, cache, calls,
    export, key::UserKeys, mailbox, mend, receipt, sweep,
};
use crate::message::{Answer, Arrival, Channel, MessageId, UserId};

/// A store in memory. It holds the same bytes as the one on disk, so that a session that could
/// not be written there cannot be written here either.
#[derive(Debug, Default)]
pub struct MemoryStore {
    entries: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl MemoryStore {
    fn locked(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Vec<u8>>> {
        // Writes are planned before any is applied, so that a panic leaves the map whole.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn load(&self, user: &UserId) -> Result<Loaded, StoreError> {
        ledger::load(&*self.locked(), user)
    }

    fn answered(&self, user: &UserId, id: &MessageId) -> Result<Option<Answer>, StoreError> {
        ledger::answered(&*self.locked(), user, id)
    }

    fn is_sent(&self, user: &UserId, id: &MessageId) -> Result<bool, StoreError> {
        ledger::is_sent(&*self.locked(), user, id)
    }

    async fn commit(&self, turn: &Commit) -> Result<(), StoreError> {
        let turn = Turn::of(turn)?;
        let mut entries = self.locked();
        let writes = turn.writes(&*entries)?;
        apply(&mut entries, writes);
        Ok(())
    }

    fn history(&self, user: &UserId, limit: usize) -> Result<History, StoreError> {
        ledger::history(&*self.locked(), user, limit)
    }

    fn gaps(&self, limit: usize) -> Result<History, StoreError> {
        ledger::gaps(&*self.locked(), limit)
    }

    async fn accept(&self, arrivals: Vec<Arrival>) -> Result<Vec<Option<u64>>, StoreError> {
        let mut entries = self.locked();
        let (places, writes) = mailbox::accept(&*entries, &arrivals)?;
        apply(&mut entries, writes);
        Ok(places)
    }

    fn waiting(&self, limit: usize) -> Result<(Vec<Waiting>, usize), StoreError> {
        mailbox::waiting(&*self.locked(), limit)
    }

    fn outbox(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        mailbox::outbox(&*self.locked(), limit)
    }

    fn outbox_of(
        &self,
        user: &UserId,
        limit: usize,
    ) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        mailbox::outbox_of(&*self.locked(), user, limit)
    }

    fn users(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        ledger::users(&*self.locked(), limit)
    }

    fn recipients(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        mailbox::recipients(&*self.locked(), limit)
    }

    fn sent(
        &self,
        channel: Channel,
        id: &MessageId,
    ) -> Result<Option<(LetterId, Letter)>, StoreError> {
        receipt::sent(&*self.locked(), channel, id)
    }

    async fn told(&self, letter: LetterId, news: News) -> Result<(), StoreError> {
        let mut entries = self.locked();
        let writes = receipt::told(&*entries, &letter, &news)?;
        apply(&mut entries, writes);
        Ok(())
    }

    fn replies(&self, now: Timestamp) -> Result<u64, StoreError> {
        ledger::replies(&*self.locked(), now)
    }

    fn dead_letters(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        mailbox::dead(&*self.locked(), limit)
    }

    async fn tried(&self, letter: LetterId, attempt: Attempt) -> Result<(), StoreError> {
        let mut entries = self.locked();
        let writes = mailbox::tried(&*entries, &letter, &attempt)?;
        apply(&mut entries, writes);
        Ok(())
    }

    async fn replay(&self, letter: LetterId, now: Timestamp) -> Result<bool, StoreError> {
        let mut entries = self.locked();
        let (found, writes) = mailbox::replay(&*entries, &letter, now)?;
        apply(&mut entries, writes);
        Ok(found)
    }

    async fn mend(&self) -> Result<Vec<SetAside>, StoreError> {
        let mut entries = self.locked();
        let (aside, writes) = mend::mend(&*entries)?;
        apply(&mut entries, writes);
        Ok(aside)
    }

    async fn book(&self, call: Booking) -> Result<Booked, StoreError> {
        let mut entries = self.locked();
        let (booked, writes) = calls::book(&*entries, &call)?;
        apply(&mut entries, writes);
        Ok(booked)
    }

    async fn settle(&self, at: Timestamp, booked: u64, spent: u64) -> Result<(), StoreError> {
        let mut entries = self.locked();
        let writes = calls::settle(&*entries, at, booked, spent)?;
        apply(&mut entries, writes);
        Ok(())
    }

    fn cached(&self, key: &CacheKey) -> Result<Option<Vec<u8>>, StoreError> {
        cache::cached(&*self.locked(), key)
    }

    async fn cache(
        &self,
        values: Vec<(CacheKey, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut entries = self.locked();
        let writes = cache::cache(&*entries, &values, now)?;
        apply(&mut entries, writes);
        Ok(())
    }

    fn export(&self, user: &UserId) -> Result<Export, StoreError> {
        export::export(&*self.locked(), user)
    }

    async fn erase(&self, user: &UserId) -> Result<(), StoreError> {
        let mut entries = self.locked();
        let writes = ledger::erase(&*entries, &UserKeys::of(user))?;
        apply(&mut entries, writes);
        Ok(())
    }

    async fn sweep(&self, now: Timestamp, retention: SignedDuration) -> Result<Swept, StoreError> {
        let mut entries = self.locked();
        let (swept, writes) = sweep::sweep(&*entries, now, retention)?;
        apply(&mut entries, writes);
        Ok(swept)
    }

    fn backup(&self, file: &Path, now: Timestamp) -> Result<Backup, BackupError> {
        let entries = self.locked();
        backup::write(file, now, |sink| {
            for (key, value) in entries.iter() {
                sink.change(key, Some(value)).map_err(backup::unwritten)?;
            }
            Ok(())
        })
    }

    fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn recover(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

fn apply(entries: &mut BTreeMap<Vec<u8>, Vec<u8>>, writes: Writes) {
    for (key, value) in writes {
        match value {
            Some(mut value) => {
                // It was given more room than most need.
                value.shrink_to_fit();
                entries.insert(key, value)
            }
            None => entries.remove(&key),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::Inspect;
    use crate::store::space::Entry;

    impl Inspect for MemoryStore {
        fn entries(&self) -> Vec<Entry> {
            self.locked().clone().into_iter().collect()
        }

        fn overwrite(&self, key: &[u8], value: &[u8]) {
            self.locked().insert(key.to_vec(), value.to_vec());
        }
    }
}
