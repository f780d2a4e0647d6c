//! Messages that are acknowledged first and answered later: accepted once, gathered, answered in
//! order, and their replies sent until they are taken.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

mod carriers;
mod delivery;
mod door;
mod erase;
mod inbox;
mod office;
mod traffic;
#[path = "../wire/mod.rs"]
mod wire;
