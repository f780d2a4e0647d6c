//! A consistent copy of a store that goes on writing.
//!
//! sled has no snapshots, and a walk over its keys sees some of the writes that happen meanwhile
//! and not others. So from a moment on, between two groups of commits, the one thread that writes
//! also notes what it writes; then all keys are walked; then what was noted is added in its order,
//! up to another moment between two groups. A key that nobody wrote meanwhile is as the walk found
//! it, any other as it was written last: together they are the store at the second moment.
//!
//! What was noted is taken over after each piece of the walk and never before it is written down,
//! so that a note about a key always comes after a walk that could have seen the value before.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{BackupError, Sink};
use crate::store::StoreError;
use crate::store::key::GROUPS;
use crate::store::space::{Entry, Writes};

/// Entries of one piece of the walk; with the largest values they are 16 MiB.
const PIECE: usize = 256;

/// Bytes of notes that may wait to be taken over. Commits are never kept waiting for a backup: one
/// that falls so far behind is given up.
const MAX_NOTED_BYTES: usize = 64 * 1024 * 1024;

/// Where the thread that writes notes what it writes, while somebody copies.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Tap(Arc<Mutex<Option<Notes>>>);

#[derive(Debug, Default)]
struct Notes {
    groups: VecDeque<Writes>,
    bytes: usize,
    overflowed: bool,
}

impl Tap {
    /// Opens it; whether it was closed.
    pub(in crate::store) fn open(&self) -> bool {
        let mut notes = self.notes();
        let was_closed = notes.is_none();
        notes.get_or_insert_default();
        was_closed
    }

    /// Whether somebody copies.
    pub(in crate::store) fn is_open(&self) -> bool {
        self.notes().is_some()
    }

    /// Notes a group that was written.
    pub(in crate::store) fn note(&self, writes: Writes) {
        let mut notes = self.notes();
        let Some(notes) = notes.as_mut().filter(|notes| !notes.overflowed) else { return };
        notes.bytes += writes.bytes();
        notes.groups.push_back(writes);
        if notes.bytes > MAX_NOTED_BYTES {
            *notes = Notes { overflowed: true, ..Notes::default() };
        }
    }

    fn take(&self) -> Result<VecDeque<Writes>, BackupError> {
        let mut notes = self.notes();
        let Some(notes) = notes.as_mut() else { return Ok(VecDeque::new()) };
        if notes.overflowed {
            return Err(BackupError::TooSlow);
        }
        notes.bytes = 0;
        Ok(std::mem::take(&mut notes.groups))
    }

    fn close(&self) {
        *self.notes() = None;
    }

    fn notes(&self) -> MutexGuard<'_, Option<Notes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Copies everything into `sink`. `tap` is open already; `walk` gives the lowest entries above a
/// key, `settle` returns between two groups, once all that was handed over before is noted. The tap
/// is closed in the end, however that comes.
pub(in crate::store) fn copy(
    tap: &Tap,
    walk: impl Fn(&[u8], usize) -> Result<Vec<Entry>, StoreError>,
    settle: impl FnOnce() -> Result<(), StoreError>,
    sink: &mut Sink<impl Write>,
) -> Result<(), BackupError> {
    let copied = copy_open(tap, walk, settle, sink);
    tap.close();
    copied
}

fn copy_open(
    tap: &Tap,
    walk: impl Fn(&[u8], usize) -> Result<Vec<Entry>, StoreError>,
    settle: impl FnOnce() -> Result<(), StoreError>,
    sink: &mut Sink<impl Write>,
) -> Result<(), BackupError> {
    let mut last = Vec::new();
    loop {
        let piece = walk(&last, PIECE)?;
        let Some((key, _)) = piece.last() else { break };
        last.clone_from(key);
        for (key, value) in &piece {
            // A restored store counts its groups from the beginning.
            if key != GROUPS {
                sink.change(key, Some(value)).map_err(unwritten)?;
            }
        }
        add(tap.take()?, sink)?;
    }
    settle()?;
    add(tap.take()?, sink)
}

fn add(groups: VecDeque<Writes>, sink: &mut Sink<impl Write>) -> Result<(), BackupError> {
    for (key, value) in groups.into_iter().flatten() {
        sink.change(&key, value.as_deref()).map_err(unwritten)?;
    }
    Ok(())
}

/// Whoever knows the file's name adds it.
pub(in crate::store) fn unwritten(source: io::Error) -> BackupError {
    BackupError::File { path: PathBuf::new(), source }
}
