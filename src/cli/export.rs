//! `kavak-bot export`: what customers wrote, to be played again elsewhere.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;

use super::Verdict;
use super::desk::{self, DeskError};
use crate::cli::out::outln;
use crate::config::Settings;
use crate::conversation::{self, Users};
use crate::replay::Recording;

/// Users whose turns are asked for at once: their ids fit one errand, even where JSON writes six
/// characters for each of their bytes.
const PAGE: usize = 8;

/// How many conversations are taken where nothing is said.
pub(super) const DEFAULT_LIMIT: usize = 10_000;

/// Write what customers wrote, for `replay`, personal data masked where it has a shape
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Where to; one JSON object a conversation
    file: PathBuf,
    /// How many conversations at most, those of the users who wrote last
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT)]
    limit: usize,
}

impl Export {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        let recordings = match stored(settings, self.limit) {
            Ok(recordings) => recordings,
            Err(error) => return super::wrong(&error),
        };
        let count = recordings.len();
        match write(&self.file, recordings) {
            Ok(()) => {
                outln!("{}: {count} conversations", self.file.display());
                Verdict::Fine
            }
            Err(error) => {
                eprintln!("{}: {error}", self.file.display());
                Verdict::Misused
            }
        }
    }
}

/// What the `limit` users who wrote last wrote, as they wrote it.
pub(super) fn stored(settings: &Settings, limit: usize) -> Result<Vec<Recording>, DeskError> {
    let users = desk::ask(settings, Users { limit })?;
    let mut recordings = Vec::with_capacity(users.len());
    for users in users.chunks(PAGE) {
        let exported = desk::ask(settings, conversation::Export { users: users.to_vec() })?;
        for user in exported.into_iter().filter(|user| !user.turns.is_empty()) {
            recordings.push(Recording::of(recordings.len() + 1, user.turns));
        }
    }
    Ok(recordings)
}

/// Writes them beside the file, for its owner alone, and then in its place.
fn write(path: &Path, recordings: Vec<Recording>) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut written = BufWriter::new(&mut file);
    for recording in recordings {
        serde_json::to_writer(&mut written, &recording.masked())?;
        written.write_all(b"\n")?;
    }
    written.flush()?;
    drop(written);
    file.persist(path)?;
    Ok(())
}
