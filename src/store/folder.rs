//! The folder of the store: made for its owner alone, and synced where the database does not.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The name of a file that is written to find out whether there is room.
const PROBE: &str = "probe";

/// How much room there must be before a store that could not write is opened again: some of sled's
/// segments of 512 KiB, so that it does not fail at once.
const PROBE_BYTES: usize = 2 * 1024 * 1024;

/// The files whose bytes must reach the disk before a commit is acknowledged.
///
/// sled's own flush asks the system to write its log, but not the disk to empty its cache; and
/// pages over 128 KiB, which a user with some very long messages may have, go to files of their
/// own that it never syncs. Without this, a commit survives a killed process but not a power cut.
#[derive(Debug)]
pub(super) struct SyncedFiles {
    log: File,
    pages: PathBuf,
    synced_pages: HashSet<OsString>,
}

/// Makes the folder where it is missing, open to its owner alone.
///
/// # Errors
///
/// What the system says.
pub(super) fn create(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

impl SyncedFiles {
    /// The files of the database that was opened in `folder`, which are all synced now.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let log = File::options().read(true).write(true).open(folder.join("db"))?;
        let mut files = Self { log, pages: folder.join("blobs"), synced_pages: HashSet::new() };
        files.sync_pages()?;
        files.sync_log()?;
        sync_names(folder)?;
        Ok(files)
    }

    /// Makes pages outside of the log durable. It comes before the log, which refers to them.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn sync_pages(&mut self) -> io::Result<()> {
        let mut found = HashSet::new();
        let mut added = false;
        for page in fs::read_dir(&self.pages)? {
            let name = page?.file_name();
            if !self.synced_pages.contains(&name) {
                added = true;
                sync_unless_gone(&self.pages.join(&name))?;
            }
            found.insert(name);
        }
        self.synced_pages = found;
        if added { sync_names(&self.pages) } else { Ok(()) }
    }

    /// Makes the log durable, as far as the database has written it.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn sync_log(&self) -> io::Result<()> {
        self.log.sync_data()
    }
}

fn sync_unless_gone(page: &Path) -> io::Result<()> {
    match File::open(page) {
        Ok(file) => file.sync_data(),
        // The database replaced it meanwhile.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Finds out whether the disk takes files again, by writing one.
///
/// # Errors
///
/// What the system says.
pub(super) fn probe(folder: &Path) -> io::Result<()> {
    let path = folder.join(PROBE);
    let written = File::create(&path).and_then(|mut file| {
        let zeros = [0; 8 * 1024];
        for _ in 0..PROBE_BYTES / zeros.len() {
            file.write_all(&zeros)?;
        }
        file.sync_all()
    });
    written.and(fs::remove_file(&path))
}

/// Whether a process has the database in `folder` open.
///
/// # Errors
///
/// What the system says.
pub(super) fn is_in_use(folder: &Path) -> io::Result<bool> {
    let log = match File::options().read(true).write(true).open(folder.join("db")) {
        Ok(log) => log,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    match log.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Makes the names in a folder durable: a new file is lost with its name.
///
/// # Errors
///
/// What the system says.
pub(super) fn sync_names(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
