//! Which backup is the newest one, kept in a small file beside the store, so that a start that is
//! refused can name it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Backup, beside, owned_file};
use crate::store::folder::sync_names;

/// The name of the file in the data folder.
const NEWEST: &str = "backup.json";

/// The newest backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Newest(pub Backup);

impl Newest {
    /// The newest backup that was noted in `data_dir`; none where none was, or where the note
    /// cannot be read.
    #[must_use]
    pub fn find(data_dir: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(data_dir.join(NEWEST)).ok()?).ok()
    }

    /// Notes it in `data_dir`.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn note(&self, data_dir: &Path) -> io::Result<()> {
        let path = data_dir.join(NEWEST);
        let partial = beside(&path)?;
        let mut file: File = owned_file(&partial)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(&partial, &path)?;
        sync_names(data_dir)
    }
}
