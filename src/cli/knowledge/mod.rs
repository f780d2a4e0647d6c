//! `kavak-bot knowledge`: the context file and what can be answered from it.

mod check;

use clap::Subcommand;

use super::Verdict;
use crate::config::Settings;

/// Check the context file
#[derive(Debug, Subcommand)]
pub(super) enum Knowledge {
    /// Report every mistake in the context file
    #[command(after_help = "Example: kavak-bot knowledge check --context kavak_context.txt")]
    Check,
}

impl Knowledge {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match self {
            Self::Check => check::run(settings),
        }
    }
}
