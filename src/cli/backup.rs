//! `kavak-bot backup` and `kavak-bot restore`: the store in one file, and back.

use std::path::PathBuf;

use clap::Args;

use super::{Verdict, clock, desk};
use crate::cli::out::outln;
use crate::config::Settings;
use crate::conversation;
use crate::store::{self, Restored};

/// Write all that is stored to a file, also while the server runs
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Where to; an older backup there is replaced
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Make the store out of a backup, where there is none
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
    /// Move a store that is there aside
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        // The server has a working folder of its own.
        let file = match std::path::absolute(&self.file) {
            Ok(file) => file,
            Err(error) => return super::wrong(&error),
        };
        match desk::ask(settings, conversation::Backup { file }) {
            Ok(backup) if self.json => super::print_json(&backup),
            Ok(store::Backup { file, at, changes, bytes }) => {
                let at = at.strftime("%F %H:%M:%SZ");
                outln!("{}: {changes} entries, {bytes} bytes, {at}", file.display());
                Verdict::Fine
            }
            Err(error) => super::wrong(&error),
        }
    }
}

impl Restore {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        let folder = settings.data_dir.join(desk::STORE_FOLDER);
        match store::restore(&self.file, &folder, self.force, clock::now()) {
            Ok(Restored { at, changes, moved }) => {
                if let Some(moved) = moved {
                    outln!("the store that was there: {}", moved.display());
                }
                let at = at.strftime("%F %H:%M:%SZ");
                outln!("{}: {changes} entries of {at}", folder.display());
                Verdict::Fine
            }
            Err(error) => super::wrong(&error),
        }
    }
}
