//! How full everything is, for the metrics: asked for now and then, and bounded.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::conversation::{Conversation, Depths};
use crate::dealer::Dealer;
use crate::metrics::{Levels, Measure};
use crate::store::Store;

/// Replies that are counted at most.
const MAX_LETTERS: usize = 10_000;

/// What the levels are measured on.
pub(super) struct Gauge {
    pub(super) bot: Arc<Conversation<Dealer>>,
    pub(super) store: Arc<dyn Store>,
    /// Where the store keeps its files.
    pub(super) folder: PathBuf,
}

impl Measure for Gauge {
    fn levels(&self, now: Timestamp) -> Levels {
        let Depths { turns, inbox } = self.bot.depths();
        let outbox = self.store.outbox(MAX_LETTERS).ok();
        let written = outbox.iter().flatten().map(|(_, letter)| letter.written).min();
        let oldest = written.map_or(0.0, |written| now.duration_since(written).as_secs_f64());
        Levels {
            turns,
            inbox,
            outbox: outbox.as_ref().map(Vec::len),
            oldest_reply: outbox.is_some().then_some(oldest.max(0.0)),
            dead_letters: self.store.dead_letters(MAX_LETTERS).ok().map(|letters| letters.len()),
            store_bytes: bytes(&self.folder).ok(),
        }
    }
}

/// Bytes of all files in a folder and in those below it.
fn bytes(folder: &Path) -> io::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        sum += match entry.metadata() {
            Ok(meta) if meta.is_dir() => bytes(&entry.path())?,
            Ok(meta) => meta.len(),
            // The database replaced it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_below_count_too() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("blobs")).unwrap();
        fs::write(folder.path().join("db"), "12345").unwrap();
        fs::write(folder.path().join("blobs/1"), "123").unwrap();
        assert_eq!(bytes(folder.path()).unwrap(), 8);
        assert!(bytes(&folder.path().join("none")).is_err());
    }
}
