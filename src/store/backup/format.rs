//! The bytes of a backup.
//!
//! A line with the number of the format; when it was begun, in milliseconds since 1970; changes;
//! the end. A change is a letter, `+` for a key and its value or `-` for a key that goes, with the
//! lengths in front; changes are made in their order, and a later one wins. The end is a `.`, how
//! many changes there are, and the SHA-256 of all bytes before the hash. Numbers have their highest
//! byte first.

use std::io::{self, ErrorKind, Read, Write};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::store::value::MAX_VALUE_BYTES;

/// What every backup of this format starts with.
pub(super) const MAGIC: &[u8] = b"kavak-bot backup 1\n";

/// What every backup of any format starts with.
const FAMILY: &[u8] = b"kavak-bot backup ";

/// The longest key: a user, an id and some letters.
const MAX_KEY_BYTES: usize = 4 * 1024;

const PUT: u8 = b'+';
const REMOVE: u8 = b'-';
const END: u8 = b'.';

/// Why bytes are no backup, or not the one that was written.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Io(io::Error),
    /// It starts like something else.
    #[error("it is no backup of kavak-bot")]
    NoBackup,
    /// It is a backup of another release.
    #[error("its format is unknown to this release")]
    Unknown,
    /// Bytes are missing at its end.
    #[error("it is cut short: it ends in the middle of change {0}")]
    Truncated(u64),
    /// Bytes are not those that were written.
    #[error("it was altered: change {0} cannot be")]
    Altered(u64),
    /// The hash is not that of the bytes.
    #[error("it was altered: its checksum is not that of its bytes")]
    Checksum,
    /// The bytes go on after the end.
    #[error("it was altered: it goes on after its end")]
    TooLong,
}

/// Where a backup is written to.
pub(in crate::store) struct Sink<W> {
    to: W,
    hash: Sha256,
    changes: u64,
}

impl<W: Write> Sink<W> {
    /// Begins a backup.
    pub(super) fn begin(to: W, at: Timestamp) -> io::Result<Self> {
        let mut sink = Self { to, hash: Sha256::new(), changes: 0 };
        sink.write(MAGIC)?;
        sink.write(&at.as_millisecond().to_be_bytes())?;
        Ok(sink)
    }

    /// A key has this value from here on, or goes.
    pub(in crate::store) fn change(&mut self, key: &[u8], value: Option<&[u8]>) -> io::Result<()> {
        self.write(&[if value.is_some() { PUT } else { REMOVE }])?;
        self.write_length(key)?;
        if let Some(value) = value {
            self.write_length(value)?;
        }
        self.write(key)?;
        self.write(value.unwrap_or_default())?;
        self.changes += 1;
        Ok(())
    }

    /// Ends the backup: how many changes it holds.
    pub(super) fn end(mut self) -> io::Result<(W, u64)> {
        let changes = self.changes;
        self.write(&[END])?;
        self.write(&changes.to_be_bytes())?;
        let hash = self.hash.clone().finalize();
        self.to.write_all(&hash)?;
        Ok((self.to, changes))
    }

    fn write_length(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len()).map_err(|_| ErrorKind::InvalidInput)?;
        self.write(&length.to_be_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.to.write_all(bytes)
    }
}

/// A backup that is read, change by change. Only after the last one is it known to be whole.
pub(super) struct Reading<R> {
    from: R,
    hash: Sha256,
    at: Timestamp,
    changes: u64,
}

/// A key with its value, or none where it goes.
pub(super) type Change = (Vec<u8>, Option<Vec<u8>>);

impl<R: Read> Reading<R> {
    /// Begins to read.
    pub(super) fn begin(from: R) -> Result<Self, FormatError> {
        let at = Timestamp::UNIX_EPOCH;
        let mut reading = Self { from, hash: Sha256::new(), at, changes: 0 };
        let magic = reading.bytes(MAGIC.len()).map_err(|error| match error {
            FormatError::Truncated(_) => FormatError::NoBackup,
            other => other,
        })?;
        if magic != MAGIC {
            let is_ours = magic.starts_with(FAMILY);
            return Err(if is_ours { FormatError::Unknown } else { FormatError::NoBackup });
        }
        let at = i64::from_be_bytes(reading.number()?);
        reading.at = Timestamp::from_millisecond(at).map_err(|_| FormatError::Altered(0))?;
        Ok(reading)
    }

    /// When the backup was begun.
    pub(super) const fn at(&self) -> Timestamp {
        self.at
    }

    /// How many changes were read.
    pub(super) const fn changes(&self) -> u64 {
        self.changes
    }

    /// The next change; none once all were read and are those that were written.
    pub(super) fn next(&mut self) -> Result<Option<Change>, FormatError> {
        let [kind] = self.number()?;
        let value = match kind {
            PUT => true,
            REMOVE => false,
            END => return self.end().map(|()| None),
            _ => return Err(FormatError::Altered(self.changes)),
        };
        let key = self.length(MAX_KEY_BYTES)?;
        let value = if value { Some(self.length(MAX_VALUE_BYTES)?) } else { None };
        let key = self.bytes(key)?;
        let value = value.map(|length| self.bytes(length)).transpose()?;
        self.changes += 1;
        Ok(Some((key, value)))
    }

    fn end(&mut self) -> Result<(), FormatError> {
        let told = u64::from_be_bytes(self.number()?);
        let hash = self.hash.clone().finalize();
        if self.number::<32>()? != hash.as_slice() || told != self.changes {
            return Err(FormatError::Checksum);
        }
        match self.from.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(FormatError::TooLong),
            Err(error) => Err(FormatError::Io(error)),
        }
    }

    fn length(&mut self, most: usize) -> Result<usize, FormatError> {
        let length = u32::from_be_bytes(self.number()?);
        let length = usize::try_from(length).ok().filter(|length| *length <= most);
        length.ok_or(FormatError::Altered(self.changes))
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let mut number = [0; N];
        self.fill(&mut number)?;
        Ok(number)
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, FormatError> {
        let mut bytes = vec![0; length];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), FormatError> {
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => FormatError::Truncated(self.changes),
            _ => FormatError::Io(error),
        })?;
        self.hash.update(bytes);
        Ok(())
    }
}
