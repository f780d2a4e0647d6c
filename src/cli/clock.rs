//! The clock: the one place that reads it.

use jiff::Timestamp;

/// Now.
#[expect(clippy::disallowed_methods, reason = "the named edge where the clock is read")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
