//! All that is stored, in one file.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Desk, Errand, ErrandError};
use crate::store::{self, BackupError, Newest};

/// Writes a backup. The process that holds the store writes the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Backup {
    /// Where to, from the root of the file system on.
    pub file: PathBuf,
}

impl Errand for Backup {
    const NAME: &'static str = "backup";

    const PATIENCE: Duration = Duration::from_hours(1);

    type Answer = store::Backup;

    async fn run(self, desk: &Desk) -> Result<store::Backup, ErrandError> {
        let (store, data_dir) = (Arc::clone(&desk.store), desk.data_dir.clone());
        let now = (desk.clock)();
        // It goes on to its end, and is noted, also when nobody waits for it any more.
        let work = tokio::task::spawn_blocking(move || {
            let backup = store.backup(&self.file, now)?;
            let noted = Newest(backup.clone()).note(&data_dir);
            noted.map_err(|source| BackupError::File { path: data_dir, source })?;
            Ok(backup)
        });
        work.await.unwrap_or(Err(ErrandError::Broken))
    }
}
