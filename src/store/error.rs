//! What can go wrong in a store, and what to do about it.

use std::io;
use std::path::PathBuf;

use super::value::MAX_VALUE_BYTES;

/// A store that could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another turn of the same user came first.
    #[error("the turn was not written: {0}")]
    Conflict(Conflict),
    /// A value that would be over [`MAX_VALUE_BYTES`].
    #[error("the {what} has {bytes} bytes, and a stored value at most {MAX_VALUE_BYTES}")]
    TooLarge {
        /// Which value.
        what: &'static str,
        /// How large it would be.
        bytes: usize,
    },
    /// A value that cannot be written as JSON.
    #[error("the {what} cannot be written: {source}")]
    Unwritable {
        /// Which value.
        what: &'static str,
        /// Why.
        source: serde_json::Error,
    },
    /// A value that is there and cannot be read back.
    #[error("the stored {what} cannot be read back: {source}")]
    Unreadable {
        /// Which value.
        what: &'static str,
        /// Why.
        source: Unreadable,
    },
    /// Another process holds the folder.
    #[error(
        "the store in {} is in use by another process: stop the running server, or choose \
         another folder with DATA_DIR",
        folder.display()
    )]
    Locked {
        /// The store's folder.
        folder: PathBuf,
    },
    /// The files of the store are not what they were when they were written.
    #[error(
        "the store in {} is damaged ({reason}): restore the newest backup, or move the folder away \
         and start with an empty one",
        folder.display()
    )]
    Damaged {
        /// The store's folder.
        folder: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// The operating system refused to open or read the store's files.
    #[error("the store in {} cannot be used: {source}", folder.display())]
    Io {
        /// The store's folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A write failed earlier. What the disk holds is what was acknowledged before; nothing is
    /// read or written until the store is opened again.
    #[error(
        "the store cannot write ({reason}): free disk space if there is none left; a server then \
         goes on by itself"
    )]
    NotReady {
        /// What failed.
        reason: String,
    },
}

/// Why a turn came too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The session is no longer the one that the turn was taken on.
    #[error("it was taken on version {expected}, and the session is at {found}")]
    Version {
        /// The version that the turn was taken on.
        expected: u64,
        /// The version now.
        found: u64,
    },
    /// The message already has its answer.
    #[error("its message was answered before")]
    Answered,
}

/// Why bytes cannot be read back. It never quotes them, since they are somebody's conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Fewer bytes than every value of its kind has.
    #[error("it is cut short")]
    Short,
    /// A format that this release does not know.
    #[error("format {0} is unknown to this release")]
    Format(u8),
    /// A moment outside of the calendar.
    #[error("its time is impossible")]
    Time,
    /// JSON that is broken, or that describes something else.
    #[error("its JSON does not fit ({category:?} error at column {column})")]
    Json {
        /// What kind of mistake it is.
        category: serde_json::error::Category,
        /// Where, in bytes from the start of the JSON.
        column: usize,
    },
    /// The message id points to a turn record that is gone.
    #[error("the turn it belongs to is gone")]
    Gone,
}
