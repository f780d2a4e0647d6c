//! Secrets of this server's own making, kept in files that only their owner can read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretBox};

const KEY_BYTES: usize = 32;

/// A secret that nobody can guess.
pub struct Key(SecretBox<[u8; KEY_BYTES]>);

/// A key that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key in {} cannot be read or written: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "the key in {} must have {KEY_BYTES} bytes: delete the file, and a new one is made",
        path.display()
    )]
    Length {
        /// The file.
        path: PathBuf,
    },
    /// The system gives no random bytes.
    #[error("no randomness for a key")]
    Randomness,
}

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// The key in a file that is there.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or holds no key.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let file_error = |source| KeyError::File { path: path.to_owned(), source };
        let bytes = fs::read(path).map_err(file_error)?;
        bytes.try_into().map(Self::new).map_err(|_| KeyError::Length { path: path.to_owned() })
    }

    /// The key in a file, made there at the first start, so that it outlives the process.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or written or holds no key, or a system without randomness.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match Self::load(path) {
            Err(KeyError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                let bytes = random::<KEY_BYTES>().ok_or(KeyError::Randomness)?;
                write(path, &bytes)
                    .map_err(|source| KeyError::File { path: path.to_owned(), source })?;
                Ok(Self::new(bytes))
            }
            loaded => loaded,
        }
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[expect(clippy::disallowed_methods, reason = "the named edge where keys and users are drawn")]
pub(super) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_outlives_the_process_and_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.key");
        assert!(matches!(Key::load(&path), Err(KeyError::File { .. })));
        let made = Key::load_or_create(&path).unwrap();
        assert_eq!(Key::load_or_create(&path).unwrap().expose(), made.expose());
        assert_eq!(Key::load(&path).unwrap().expose(), made.expose());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "short").unwrap();
        assert!(matches!(Key::load_or_create(&path), Err(KeyError::Length { .. })));
    }
}
