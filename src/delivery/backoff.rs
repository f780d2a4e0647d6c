//! How long to wait before a reply is tried again.

use std::time::Duration;

use crate::channel::{Act, Backoff};

/// Tries of one reply, after which it is given up. With the usual waits they take some hours, and
/// WhatsApp's window for answers is a day.
const MAX_TRIES: u32 = 14;

/// The pause where nothing goes out until an operator acts.
const OPERATOR_PAUSE: Duration = Duration::from_mins(5);

/// The wait after `failures` earlier tries failed and one more did, at least as long as the provider
/// asks for; none where it is given up.
pub(super) fn after(act: Act, failures: u32, at_least: Option<Duration>) -> Option<Duration> {
    if failures + 1 >= MAX_TRIES {
        return None;
    }
    let wait = match act {
        Act::Retry(backoff) => backoff.delay(failures),
        Act::StopAccount | Act::Authorize => Backoff::Transient.delay(failures).max(OPERATOR_PAUSE),
        Act::NeedTemplate | Act::StopUser | Act::GiveUp => return None,
    };
    Some(wait.max(at_least.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(act: Act) -> Vec<u64> {
        let waits = (0..).map_while(|failures| after(act, failures, None));
        waits.map(|wait| wait.as_secs()).collect()
    }

    #[test]
    fn waits_grow_to_a_limit_and_end() {
        let usual = waits(Act::Retry(Backoff::Transient));
        assert_eq!(usual, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600]);
        assert_eq!(waits(Act::Retry(Backoff::Pair))[..4], [1, 4, 16, 64]);
        assert_eq!(waits(Act::Authorize)[..2], [300, 300]);
        for act in [Act::NeedTemplate, Act::StopUser, Act::GiveUp] {
            assert_eq!(waits(act), [0; 0]);
        }
    }

    #[test]
    fn what_the_provider_asks_for_is_kept() {
        let asked = Some(Duration::from_secs(7));
        let act = Act::Retry(Backoff::Throughput);
        assert_eq!(after(act, 1, asked), asked);
        assert_eq!(after(act, 5, asked), Some(Duration::from_secs(32)));
    }
}
