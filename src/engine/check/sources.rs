//! The files of a flows folder, as texts in memory.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::CheckError;
use crate::engine::lock::LOCK_FILE;

/// The file that holds what is true at every step.
pub(super) const BOT_FILE: &str = "bot.yaml";

/// The file that holds the wording.
pub(super) const TEXTS_FILE: &str = "texts/es-MX.yaml";

/// The files of a flows folder: name within the folder to text.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The folder, as problems name it.
    pub folder: String,
    /// The files by their name within the folder.
    pub files: BTreeMap<String, String>,
}

impl Sources {
    /// Reads `bot.yaml`, every other `*.yaml` beside it, the texts and the lock. A file that is
    /// not there is left out: that is the checker's to say.
    ///
    /// # Errors
    ///
    /// A folder or a file that cannot be read.
    pub fn read(folder: &Path) -> Result<Self, CheckError> {
        let unreadable = |path: PathBuf| move |source| CheckError::Unreadable { path, source };
        let mut sources = Self { folder: folder.display().to_string(), ..Self::default() };
        let mut names = vec![TEXTS_FILE.to_owned(), LOCK_FILE.to_owned()];
        for entry in fs::read_dir(folder).map_err(unreadable(folder.to_owned()))? {
            let name = entry.map_err(unreadable(folder.to_owned()))?.file_name();
            let name = name.to_string_lossy();
            if Path::new(&*name).extension().is_some_and(|ending| ending == "yaml") {
                names.push(name.into_owned());
            }
        }
        for name in names {
            let path = folder.join(&name);
            match fs::read_to_string(&path) {
                Ok(text) => drop(sources.files.insert(name, text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(path)(error)),
            }
        }
        Ok(sources)
    }

    /// A file's name as problems show it.
    pub(super) fn shown(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }
}
