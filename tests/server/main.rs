//! The real server as a process: stopped, killed, started wrongly, asked by a command beside it.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

#[path = "../process/mod.rs"]
mod process;

mod backup;
mod damage;
mod doctor;
mod full;
mod gaps;
mod guide;
mod log;
mod metrics;
mod outbox;
mod provider;
mod record;
mod reload;
mod replay;
mod restart;
mod shelf;
mod strangers;
mod user;
