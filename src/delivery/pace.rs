//! So many sends in a second, and no more.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// Keeps sends apart, so that a provider's throughput is not passed.
#[derive(Debug)]
pub struct Pace {
    apart: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// At most `a_second` sends in a second, evenly; at least one.
    #[must_use]
    pub fn new(a_second: u32) -> Self {
        Self { apart: Duration::from_secs(1) / a_second.max(1), next: Mutex::default() }
    }

    /// Waits for the turn of one send. Those who wait are let through in the order they came.
    pub async fn turn(&self) {
        let mut next = self.next.lock().await;
        let now = Instant::now();
        let at = next.unwrap_or(now).max(now);
        *next = Some(at + self.apart);
        drop(next);
        sleep_until(at).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sends_are_kept_apart() {
        let pace = Pace::new(100);
        let start = Instant::now();
        for _ in 0..6 {
            pace.turn().await;
        }
        assert!(start.elapsed() >= Duration::from_millis(50));
    }
}
