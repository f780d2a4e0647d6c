//! `kavak-bot knowledge`: the context file and what can be answered from it.

mod check;
mod fetch;
mod save;

use clap::Subcommand;

use super::Verdict;
use crate::config::Settings;

/// Check the context file, or renew it from public pages
#[derive(Debug, Subcommand)]
pub(super) enum Knowledge {
    /// Report every mistake in the context file
    #[command(after_help = "Example: kavak-bot knowledge check --context kavak_context.txt")]
    Check,
    /// Read public pages and show what they would change in the context file
    #[command(
        after_help = "Example: kavak-bot knowledge fetch https://www.kavak.com/mx/preguntas-frecuentes"
    )]
    Fetch(fetch::Fetch),
}

impl Knowledge {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match self {
            Self::Check => check::run(settings),
            Self::Fetch(fetch) => fetch.run(settings),
        }
    }
}
