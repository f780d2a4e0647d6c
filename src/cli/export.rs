//! `kavak-bot export`: what customers wrote, to be played again elsewhere.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Verdict;
use super::desk::{self, DeskError};
use crate::config::Settings;
use crate::conversation::{self, Users};
use crate::replay::Recording;

/// Users whose turns are asked for at once: their ids fit one errand, and their turns one answer.
const PAGE: usize = 50;

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
                println!("{}: {count} conversations", self.file.display());
                Verdict::Fine
            }
            Err(error) => super::wrong(&format!("{}: {error}", self.file.display())),
        }
    }
}

/// What the `limit` users who wrote last wrote, as they wrote it.
pub(super) fn stored(settings: &Settings, limit: usize) -> Result<Vec<Recording>, DeskError> {
    let users = desk::ask(settings, Users { limit })?;
    let mut recordings = Vec::with_capacity(users.len());
    for users in users.chunks(PAGE) {
        let exported = desk::ask(settings, conversation::Export { users: users.to_vec() })?;
        recordings.extend(exported.into_iter().map(|user| Recording::of(&user.user, user.turns)));
    }
    recordings.retain(|recording| !recording.messages.is_empty());
    Ok(recordings)
}

fn write(file: &Path, recordings: Vec<Recording>) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(file)?);
    for recording in recordings {
        serde_json::to_writer(&mut file, &recording.masked())?;
        file.write_all(b"\n")?;
    }
    file.flush()
}
