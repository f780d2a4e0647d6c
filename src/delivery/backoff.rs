//! How long to wait before a reply is tried again.

use std::time::Duration;

/// Tries of one reply, after which it is given up. With the usual waits they take some two hours,
/// and WhatsApp's window for answers is a day.
const MAX_TRIES: u32 = 14;

/// The longest wait.
const LONGEST: Duration = Duration::from_mins(15);

/// How the waits grow from one try to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hurry {
    /// 1, 2, 4, … seconds.
    Usual,
    /// 1, 4, 16, … seconds, as Meta asks for where one user gets too many messages:
    /// <https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput>.
    Pair,
}

/// The wait after `failures` earlier tries failed and one more did; none where it is given up.
pub(super) fn after(hurry: Hurry, failures: u32, at_least: Option<Duration>) -> Option<Duration> {
    if failures + 1 >= MAX_TRIES {
        return None;
    }
    let factor: u32 = match hurry {
        Hurry::Usual => 2,
        Hurry::Pair => 4,
    };
    let seconds = factor.checked_pow(failures).map_or(LONGEST.as_secs(), u64::from);
    let wait = Duration::from_secs(seconds).min(LONGEST);
    Some(wait.max(at_least.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_end() {
        let waits = |hurry| -> Vec<u64> {
            (0..)
                .map_while(|failures| after(hurry, failures, None))
                .map(|wait| wait.as_secs())
                .collect()
        };
        let usual = waits(Hurry::Usual);
        assert_eq!(usual, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!(waits(Hurry::Pair)[..6], [1, 4, 16, 64, 256, 900]);
        let asked = Some(Duration::from_secs(7));
        assert_eq!(after(Hurry::Usual, 1, asked), asked);
        assert_eq!(after(Hurry::Usual, 5, asked), Some(Duration::from_secs(32)));
    }
}
