//! So many messages to one customer, and no more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Messages that may be borrowed from the time to come:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput>.
const BURST: u32 = 45;

/// Customers that are counted at once.
const MAX_CUSTOMERS: usize = 10_000;

/// When the messages to each customer would all have left, one after the other.
#[derive(Debug)]
pub(super) struct Pairs {
    /// The time from one to the next.
    apart: Duration,
    busy_until: Mutex<HashMap<String, Instant>>,
}

impl Pairs {
    /// One message to each customer every so often.
    pub(super) fn new(apart: Duration) -> Self {
        Self { apart, busy_until: Mutex::default() }
    }

    /// Counts a message to `customer` at `now`, or says how long it has to wait.
    pub(super) fn take(&self, customer: &str, now: Instant) -> Result<(), Duration> {
        let mut customers = self.busy_until.lock().unwrap_or_else(PoisonError::into_inner);
        if customers.len() >= MAX_CUSTOMERS {
            customers.retain(|_, busy_until| *busy_until > now);
        }
        let busy_until = customers.get(customer).copied().unwrap_or(now).max(now);
        let ahead = busy_until.duration_since(now);
        let most = self.apart * (BURST - 1);
        if ahead > most {
            return Err(ahead.saturating_sub(most));
        }
        customers.insert(customer.to_owned(), busy_until + self.apart);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APART: Duration = Duration::from_secs(6);

    #[test]
    fn a_burst_goes_through_and_then_one_every_six_seconds() {
        let (pairs, now) = (Pairs::new(APART), Instant::now());
        for _ in 0..BURST {
            assert_eq!(pairs.take("ana", now), Ok(()));
        }
        assert_eq!(pairs.take("ana", now), Err(APART));
        assert_eq!(pairs.take("beto", now), Ok(()));
        assert_eq!(pairs.take("ana", now + APART), Ok(()));
        assert_eq!(pairs.take("ana", now + APART), Err(APART));
    }
}
