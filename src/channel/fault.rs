//! What a provider's error asks us to do, whichever provider it is.

use std::time::Duration;

/// A provider's error, in the answer to a send or in a webhook.
///
/// Its words are left behind: they may quote the customer's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The provider's code; none where an answer had none that can be read.
    pub code: Option<i64>,
    /// What to do about it.
    pub act: Act,
}

/// What to do about a message that did not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Send it again, later.
    Retry(Backoff),
    /// The customer wrote more than 24 hours ago: only an approved template may be sent.
    NeedTemplate,
    /// This customer cannot be reached; others can.
    StopUser,
    /// The account or its number is blocked: nothing goes out until an operator acts.
    StopAccount,
    /// The access token or a permission is missing: nothing goes out until an operator acts.
    Authorize,
    /// This message will never be taken.
    GiveUp,
}

/// How long to wait before sending again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backoff {
    /// The provider has a bad moment: 1 s, doubled.
    Transient,
    /// Our number sends too much a second: 1 s, doubled. The limit is 80 messages a second, in and
    /// out: <https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput>.
    Throughput,
    /// The app, the account or the number has used up what it has for a while: 1 min, doubled. How
    /// long the while is was not confirmed.
    Quota,
    /// Too much to one customer, who takes one message every six seconds: 4ˣ s, as Meta asks for.
    Pair,
}

/// The longest wait between two tries.
const MAX_DELAY: Duration = Duration::from_hours(1);

impl Backoff {
    /// The wait before the next try, after `failures` that came before this one; at most an hour.
    /// Who waits adds the randomness that keeps many from coming back at once.
    #[must_use]
    pub fn delay(self, failures: u32) -> Duration {
        let (first, factor) = match self {
            Self::Transient | Self::Throughput => (1, 2_u64),
            Self::Quota => (60, 2),
            Self::Pair => (1, 4),
        };
        let seconds = factor.checked_pow(failures).and_then(|grown| grown.checked_mul(first));
        seconds.map_or(MAX_DELAY, |seconds| Duration::from_secs(seconds).min(MAX_DELAY))
    }
}

impl Act {
    /// What the status of an answer says where its body says nothing.
    #[must_use]
    pub const fn of_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Authorize,
            429 => Self::Retry(Backoff::Throughput),
            408 | 500.. => Self::Retry(Backoff::Transient),
            _ => Self::GiveUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour() {
        let seconds = |backoff: Backoff| [0, 1, 2, 5].map(|n| backoff.delay(n).as_secs());
        assert_eq!(seconds(Backoff::Pair), [1, 4, 16, 1_024]);
        assert_eq!(seconds(Backoff::Transient), [1, 2, 4, 32]);
        assert_eq!(seconds(Backoff::Quota), [60, 120, 240, 1_920]);
        for backoff in [Backoff::Pair, Backoff::Throughput, Backoff::Quota] {
            assert_eq!(backoff.delay(u32::MAX), MAX_DELAY);
        }
    }
}
