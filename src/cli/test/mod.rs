//! `kavak-bot test`: QA's transcripts.

mod coverage;
mod desk;
mod import;
mod run;
mod touched;
mod watch;

use clap::{Args, Subcommand};

use super::{Flags, Verdict};
use crate::config::Settings;
use import::Import;
use run::Run;

/// Run conversations written as text files
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Test {
    #[command(flatten)]
    run: Run,
    #[command(subcommand)]
    task: Option<Task>,
}

/// What else is done with transcripts.
#[derive(Debug, Subcommand)]
enum Task {
    /// Make transcripts of a spreadsheet of scripts
    ///
    /// The first row names the columns, in any order: caso (case), paso (step), usuario (user says)
    /// and bot (bot answers). A row without a case goes on with the case above; one without what the
    /// user says is one more answer; one without an answer takes any.
    #[command(after_help = import::EXAMPLE)]
    Import(Import),
}

impl Test {
    pub(super) fn run(&self, settings: &Settings, flags: &Flags) -> Verdict {
        match &self.task {
            Some(Task::Import(import)) => import.run(),
            None => self.run.run(settings, flags),
        }
    }
}
