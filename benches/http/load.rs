//! The load: wrk with messages that were signed beforehand.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::purchase::{MESSAGES, PATH, message};

/// wrk's threads, each with half of the customers.
const THREADS: usize = 2;

/// Customers of one thread who write in turn: the next message of one comes after those of all the
/// others, so that the one before is answered.
const ROUND: usize = 64;

/// Messages for one address.
pub(crate) struct Load {
    folder: TempDir,
}

/// What a load came to.
pub(crate) struct Figures {
    messages: u64,
    took: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// Answers that were none, or not of the right kind.
    pub(crate) wrong: u64,
}

impl Load {
    /// Signs so many purchases for the server at `url`, each of another customer.
    pub(crate) fn write(url: &str, purchases: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the messages");
        let each = purchases / THREADS;
        for thread in 0..THREADS {
            let mut lines = String::new();
            for first in (0..each).step_by(ROUND) {
                for number in 0..MESSAGES.len() {
                    for customer in first..(first + ROUND).min(each) {
                        lines += &message(url, thread * each + customer, number);
                        lines.push('\n');
                    }
                }
            }
            let file = folder.path().join(format!("messages.{thread}"));
            fs::write(file, lines).expect("room for the messages");
        }
        Self { folder }
    }

    /// Has `customers` connections send them for so long, each with a pause after an answer, of
    /// `apart` on average.
    pub(crate) fn run(
        &self,
        url: &str,
        customers: usize,
        duration: Duration,
        apart: Duration,
    ) -> Figures {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/http/load.lua");
        let output = Command::new("wrk")
            .args(["--threads", &THREADS.to_string(), "--connections", &customers.to_string()])
            .args(["--duration", &format!("{}s", duration.as_secs()), "--script"])
            .arg(script)
            .args([url, "--"])
            .arg(self.folder.path().join("messages"))
            .args([PATH, &apart.as_millis().to_string()])
            .output();
        let output = output.unwrap_or_else(|error| {
            panic!("wrk cannot be run ({error}): `apt-get install wrk` brings it")
        });
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = told.lines().find_map(|line| line.strip_prefix("figures "));
        let line = line
            .unwrap_or_else(|| panic!("wrk: {told}{}", String::from_utf8_lossy(&output.stderr)));
        let numbers: Vec<u64> = line.split(' ').filter_map(|text| text.parse().ok()).collect();
        let [messages, took, p50, p99, wrong] = numbers[..] else { panic!("wrk: {line}") };
        Figures {
            messages,
            took: Duration::from_micros(took),
            p50: Duration::from_micros(p50),
            p99: Duration::from_micros(p99),
            wrong,
        }
    }
}

impl Figures {
    /// Messages a second.
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    pub(crate) fn rate(&self) -> f64 {
        self.messages as f64 / self.took.as_secs_f64()
    }
}
