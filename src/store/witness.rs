//! A count kept beside the database, of what it must still hold.
//!
//! sled takes a log that is damaged or cut short for one that ended there, and opens with
//! everything after that point gone and not a word said. So the database counts its groups of
//! commits, each in the batch that it belongs to, and this file repeats the count once the group
//! is on the disk. A database that has counted less than its witness has lost what was
//! acknowledged. The file itself need not be synced: after a power cut it may tell of an earlier
//! group, never of a later one.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::Path;

/// The name of the file in the store's folder.
pub(super) const WITNESS: &str = "witness";

/// The open file.
#[derive(Debug)]
pub(super) struct Witness {
    file: File,
}

impl Witness {
    /// The witness in `folder`, made where there is none.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        Ok(Self { file: options.open(folder.join(WITNESS))? })
    }

    /// How many groups were acknowledged; 0 where nothing was told yet.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn groups(&mut self) -> io::Result<u64> {
        let mut groups = [0; size_of::<u64>()];
        self.file.rewind()?;
        match self.file.read_exact(&mut groups) {
            Ok(()) => Ok(u64::from_be_bytes(groups)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Tells that so many groups are on the disk.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(super) fn tell(&mut self, groups: u64) -> io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(&groups.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_count_told_is_the_one_found() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Witness::open(folder.path()).unwrap().groups().unwrap(), 0);
        let mut witness = Witness::open(folder.path()).unwrap();
        witness.tell(300).unwrap();
        witness.tell(301).unwrap();
        assert_eq!(witness.groups().unwrap(), 301);
        assert_eq!(Witness::open(folder.path()).unwrap().groups().unwrap(), 301);
    }
}
