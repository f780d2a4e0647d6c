//! An ordered space of bytes: all that a database must offer to be a store.

use std::collections::{BTreeMap, btree_map};

use super::error::StoreError;

/// A key with its value.
pub(super) type Entry = (Vec<u8>, Vec<u8>);

/// What is to be written, all of it or nothing.
#[derive(Debug, Default, Clone)]
pub(super) struct Writes {
    /// No value means that the key goes.
    by_key: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Writes {
    /// Sets `key` to `value`.
    pub(super) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.by_key.insert(key, Some(value));
    }

    /// Deletes `key`, if it is there.
    pub(super) fn remove(&mut self, key: Vec<u8>) {
        self.by_key.insert(key, None);
    }

    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// How many bytes they have.
    pub(super) fn bytes(&self) -> usize {
        let bytes = |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| {
            key.len() + value.as_ref().map_or(0, Vec::len)
        };
        self.by_key.iter().map(bytes).sum()
    }

    /// Adds `later` writes, which win over those that are here.
    pub(super) fn extend(&mut self, later: Self) {
        self.by_key.extend(later.by_key);
    }

    fn under<'a>(
        &'a self,
        prefix: &'a [u8],
    ) -> impl Iterator<Item = (&'a Vec<u8>, &'a Option<Vec<u8>>)> {
        self.by_key.range(prefix.to_vec()..).take_while(move |(key, _)| key.starts_with(prefix))
    }
}

impl IntoIterator for Writes {
    type Item = (Vec<u8>, Option<Vec<u8>>);
    type IntoIter = btree_map::IntoIter<Vec<u8>, Option<Vec<u8>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.by_key.into_iter()
    }
}

/// Keys in the order of their bytes, each with a value.
pub(super) trait Space {
    /// The value at `key`.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The lowest `limit` entries whose keys start with `prefix`, the lowest first.
    fn first(&self, prefix: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// The highest `limit` entries whose keys start with `prefix`, the highest first.
    fn last(&self, prefix: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError>;
}

/// A space as it will be once some writes have happened. A group of commits is planned on one, so
/// that each sees those before it, and all are applied together.
pub(super) struct Pending<'a, S> {
    below: &'a S,
    writes: Writes,
}

impl<'a, S: Space> Pending<'a, S> {
    /// No writes yet.
    pub(super) fn over(below: &'a S) -> Self {
        Self { below, writes: Writes::default() }
    }

    /// From here on, `writes` have happened too.
    pub(super) fn add(&mut self, writes: Writes) {
        self.writes.extend(writes);
    }

    /// All that is to be written.
    pub(super) fn into_writes(self) -> Writes {
        self.writes
    }

    /// The entries of `below` with the writes applied. Each write hides at most one entry, so
    /// that many more than asked for are enough to choose from.
    fn merged(
        &self,
        prefix: &[u8],
        limit: usize,
        read: impl Fn(&S, &[u8], usize) -> Result<Vec<Entry>, StoreError>,
    ) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError> {
        let enough = limit.saturating_add(self.writes.under(prefix).count());
        let mut entries: BTreeMap<_, _> = read(self.below, prefix, enough)?.into_iter().collect();
        for (key, value) in self.writes.under(prefix) {
            match value {
                Some(value) => entries.insert(key.clone(), value.clone()),
                None => entries.remove(key),
            };
        }
        Ok(entries)
    }
}

impl<S: Space> Space for Pending<'_, S> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.writes.by_key.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.below.get(key),
        }
    }

    fn first(&self, prefix: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError> {
        let entries = self.merged(prefix, limit, S::first)?;
        Ok(entries.into_iter().take(limit).collect())
    }

    fn last(&self, prefix: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError> {
        let entries = self.merged(prefix, limit, S::last)?;
        Ok(entries.into_iter().rev().take(limit).collect())
    }
}

impl Space for BTreeMap<Vec<u8>, Vec<u8>> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(BTreeMap::get(self, key).cloned())
    }

    fn first(&self, prefix: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError> {
        Ok(under(self, prefix).take(limit).collect())
    }

    fn last(&self, prefix: &[u8], limit: usize) -> Result<Vec<Entry>, StoreError> {
        let mut entries: Vec<_> = under(self, prefix).collect();
        entries.reverse();
        entries.truncate(limit);
        Ok(entries)
    }
}

fn under<'a>(
    map: &'a BTreeMap<Vec<u8>, Vec<u8>>,
    prefix: &'a [u8],
) -> impl Iterator<Item = Entry> + 'a {
    map.range(prefix.to_vec()..)
        .take_while(move |(key, _)| key.starts_with(prefix))
        .map(|(key, value)| (key.clone(), value.clone()))
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    fn key() -> impl Strategy<Value = Vec<u8>> {
        vec(0..3_u8, 0..4)
    }

    fn value() -> impl Strategy<Value = Vec<u8>> {
        vec(any::<u8>(), 0..2)
    }

    proptest! {
        #[test]
        fn pending_writes_read_as_if_they_were_applied(
            below in btree_map(key(), value(), 0..30),
            writes in btree_map(key(), option::of(value()), 0..15),
            prefix in key(),
            limit in 0..12_usize,
        ) {
            let mut applied = below.clone();
            let mut planned = Writes::default();
            for (key, value) in writes {
                if let Some(value) = value {
                    applied.insert(key.clone(), value.clone());
                    planned.put(key, value);
                } else {
                    applied.remove(&key);
                    planned.remove(key);
                }
            }
            let mut pending = Pending::over(&below);
            pending.add(planned);
            prop_assert_eq!(
                pending.get(&prefix).unwrap(),
                Space::get(&applied, &prefix).unwrap()
            );
            prop_assert_eq!(
                pending.first(&prefix, limit).unwrap(),
                Space::first(&applied, &prefix, limit).unwrap()
            );
            prop_assert_eq!(
                pending.last(&prefix, limit).unwrap(),
                Space::last(&applied, &prefix, limit).unwrap()
            );
        }
    }
}
