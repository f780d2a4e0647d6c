//! What the log tells of a panic. The log is its process's own, so the panic happens in another.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

use std::process::Command;

use kavak_bot::config::LogFormat;
use kavak_bot::telemetry;
use tracing::level_filters::LevelFilter;

#[test]
#[ignore = "run by the test below, in a process of its own"]
fn panics() {
    telemetry::start(LevelFilter::ERROR, LogFormat::Text).unwrap();
    panic!("private words of a customer");
}

#[test]
fn a_panic_is_told_by_its_place_and_never_by_its_message() {
    let this = std::env::current_exe().unwrap();
    let run = Command::new(this).args(["panics", "--exact", "--ignored", "--nocapture"]).output();
    let run = run.unwrap();
    assert!(!run.status.success(), "it panicked");
    let said = [run.stdout, run.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("a panic at=tests/panic_log.rs:"), "{said}");
    assert!(!said.contains("private"), "{said}");
}
