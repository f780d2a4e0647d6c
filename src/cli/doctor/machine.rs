//! This machine: the store, its disk, its backups.

use std::path::Path;

use jiff::SignedDuration;

use super::finding::Finding;
use crate::cli::clock;
use crate::cli::desk::{self, DeskError};
use crate::config::Settings;
use crate::conversation::Outbox;
use crate::store::Newest;

/// Free bytes under which the store will soon not be written, and under which it will not be now.
const LITTLE_SPACE: u64 = 1_000_000_000;
const NO_SPACE: u64 = 100_000_000;

/// The age from which on a backup is old.
const OLD_BACKUP: SignedDuration = SignedDuration::from_hours(48);

pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    let data_dir = settings.data_dir.as_path();
    vec![store(settings), disk(data_dir), backup(data_dir)]
}

/// Whether the store can be read, here or by the server that holds it, and what waits in it.
fn store(settings: &Settings) -> Finding {
    match desk::ask(settings, Outbox { show_users: false }) {
        Ok(post) if post.dead.is_empty() => {
            let waiting = post.waiting.len();
            Finding::fine("store", format!("it can be read; {waiting} replies wait to be sent"))
        }
        Ok(post) => {
            let what = format!("{} replies were given up", post.dead.len());
            Finding::look("store", what, "`kavak-bot outbox` says why, and has them tried again")
        }
        Err(error @ DeskError::NoStore(_)) => {
            Finding::look("store", error, "`kavak-bot serve` makes one at its first start")
        }
        Err(error) => Finding::wrong("store", error, "see the log of `kavak-bot serve`"),
    }
}

fn disk(data_dir: &Path) -> Finding {
    // The folder may be made at the first start.
    let place = data_dir.ancestors().find(|place| place.exists()).unwrap_or(Path::new("."));
    match rustix::fs::statvfs(place) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let what = format!("{} MB free for {}", free / 1_000_000, data_dir.display());
            let todo = "make room, or move DATA_DIR: the bot answers nobody once it is full";
            match free {
                ..NO_SPACE => Finding::wrong("disk", what, todo),
                NO_SPACE..LITTLE_SPACE => Finding::look("disk", what, todo),
                _ => Finding::fine("disk", what),
            }
        }
        Err(error) => {
            Finding::wrong("disk", format!("{}: {error}", data_dir.display()), "see DATA_DIR")
        }
    }
}

fn backup(data_dir: &Path) -> Finding {
    let todo = "run `kavak-bot backup FILE` every night; it works while the server runs";
    let Some(Newest(backup)) = Newest::find(data_dir) else {
        return Finding::look("backup", "there is none", todo);
    };
    let age = clock::now().duration_since(backup.at);
    let what = format!("{}, {} hours old", backup.file.display(), age.as_hours());
    if !backup.file.exists() {
        return Finding::look("backup", format!("{what}: it is not there any more"), todo);
    }
    if age > OLD_BACKUP {
        Finding::look("backup", what, todo)
    } else {
        Finding::fine("backup", what)
    }
}
