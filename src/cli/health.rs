//! `kavak-bot health`: whether a running server is ready.

use super::Verdict;
use super::server::{self, Answered};
use crate::cli::out::outln;
use crate::config::Settings;

pub(super) fn run(settings: &Settings) -> Verdict {
    let address = server::address(settings);
    match server::get(settings, "/ready") {
        Ok(Answered { status: 200, .. }) => {
            outln!("{address}: ready");
            Verdict::Fine
        }
        Ok(Answered { status, .. }) => {
            eprintln!("{address}: not ready (status {status}); its log says why");
            Verdict::Wrong
        }
        Err(error) => {
            eprintln!("{address}: {error}");
            Verdict::Wrong
        }
    }
}
