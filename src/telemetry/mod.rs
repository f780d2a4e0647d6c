//! The log: constant messages with fields, to standard error.
//!
//! Never a message's words, a name, a number or a secret; an error once, at the boundary. Lines of
//! one request and of one turn share an id, and a user is told by a keyed hash (`journal`). A panic
//! is told by its place alone, for what it says may quote any of these.

mod journal;

use std::io::{self, IsTerminal};
use std::panic::{self, PanicHookInfo};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::Subscriber;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::LogFormat;
pub use journal::Journal;

/// Starts the log of this process: ours from `level`, the libraries' from warnings on, and the
/// place of each panic.
///
/// # Errors
///
/// A log that was started before.
pub fn start(level: LevelFilter, format: LogFormat) -> Result<(), TryInitError> {
    // A log that cannot be written, as on a full disk, must not bring down who writes it: by default
    // that would be said on standard error again, and printing there panics where it fails.
    let lines = Subscriber::builder().log_internal_errors(false);
    let lines = lines.with_env_filter(filter(level)).with_writer(io::stderr);
    match format {
        LogFormat::Text => {
            let colours = io::stderr().is_terminal();
            lines.with_target(false).with_ansi(colours).finish().try_init()?;
        }
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init()?,
    }
    panic::set_hook(Box::new(tell_place));
    Ok(())
}

fn tell_place(panic: &PanicHookInfo<'_>) {
    tracing::error!(at = panic.location().map(tracing::field::display), "a panic");
}

fn filter(level: LevelFilter) -> EnvFilter {
    let others = level.min(LevelFilter::WARN);
    EnvFilter::new(format!("{others},{}={level}", env!("CARGO_CRATE_NAME")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_never_louder_than_warnings() {
        assert_eq!(filter(LevelFilter::DEBUG).to_string(), "kavak_bot=debug,warn");
        assert_eq!(filter(LevelFilter::ERROR).to_string(), "kavak_bot=error,error");
    }
}
