//! Open questions, with a model behind the bot: what it is asked, what is believed of it, and what
//! a customer gets when it does not do as it should.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

mod bot;
mod failures;
mod fake;
mod guided;
mod limits;
mod meaning;
mod opinions;
mod watched;
#[path = "../wire/mod.rs"]
mod wire;
mod wording;
