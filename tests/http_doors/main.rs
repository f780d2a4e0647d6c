//! The doors over real sockets, with a bot that only echoes: every status of the contract.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

mod chat;
mod errors;
mod log;
mod meta;
mod metrics;
mod openapi;
mod operator;
mod page;
mod record;
mod server;
mod stop;
mod twilio;
