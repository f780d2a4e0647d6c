//! Standard output, where commands answer: the only file that writes to it.
//!
//! Whoever reads may have read enough (`| head`). Then the command ends without a word, as if the
//! signal had ended it: nobody takes that for a run that went well.

use std::fmt;
use std::io::{self, Write as _};
use std::process;

/// What a shell tells of a program that SIGPIPE ended.
const ENDED_BY_SIGPIPE: i32 = 128 + 13;

/// What is misused where nothing can be written, a full disk say.
const MISUSED: i32 = 2;

/// Writes words; colours are taken out where nobody sees them.
pub(super) fn print(words: fmt::Arguments<'_>) {
    put(|| {
        let mut out = anstream::stdout();
        out.write_fmt(words)?;
        out.flush()
    });
}

/// Writes bytes as they are.
pub(super) fn write(bytes: &[u8]) {
    put(|| {
        let mut out = io::stdout();
        out.write_all(bytes)?;
        out.flush()
    });
}

/// Has something written; where that fails, the command ends.
pub(super) fn put(write: impl FnOnce() -> io::Result<()>) {
    let Err(error) = write() else { return };
    if error.kind() == io::ErrorKind::BrokenPipe {
        process::exit(ENDED_BY_SIGPIPE);
    }
    eprintln!("standard output: {error}");
    process::exit(MISUSED);
}

/// Writes a line.
macro_rules! outln {
    ($($words:tt)*) => { $crate::cli::out::print(format_args!("{}\n", format_args!($($words)*))) };
}

/// Writes words.
macro_rules! out {
    ($($words:tt)*) => { $crate::cli::out::print(format_args!($($words)*)) };
}

pub(super) use {out, outln};
