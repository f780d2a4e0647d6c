//! What the log was told of today, so that it is told once.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::store::CallLimit;

/// The limits that were reached on the day of the newest.
#[derive(Default)]
pub(super) struct Told(Mutex<(Date, HashSet<CallLimit>)>);

impl Told {
    /// Whether `limit` is reached for the first time on the day of `now`.
    pub(super) fn is_new(&self, limit: CallLimit, now: Timestamp) -> bool {
        let today = now.to_zoned(TimeZone::UTC).date();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.0 != today {
            *told = (today, HashSet::new());
        }
        told.1.insert(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_new_once_a_day() {
        let told = Told::default();
        let (today, tomorrow) = (Timestamp::UNIX_EPOCH, "1970-01-02T00:00:00Z".parse().unwrap());
        for (limit, now, is_new) in [
            (CallLimit::Day, today, true),
            (CallLimit::Day, today, false),
            (CallLimit::Month, today, true),
            (CallLimit::Day, tomorrow, true),
        ] {
            assert_eq!(told.is_new(limit, now), is_new, "{limit} at {now}");
        }
    }
}
