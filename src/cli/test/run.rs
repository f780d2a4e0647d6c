//! `kavak-bot test PATHS`: transcripts run, once or again and again.

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

use super::coverage::{CoverageArgs, CoverageError};
use super::desk::{Desk, Reports, UnwrittenReport};
use super::watch::{self, WatchError};
use crate::cli::bots::Bots;
use crate::cli::{Flags, Verdict};
use crate::config::Settings;
use crate::transcript::{Ids, Options, RunError, Runner, SheetError};

/// Run conversations written as text files
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Run {
    /// Transcripts (`NAME.chat`), or folders of them
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Only those whose path, id or title holds this, whatever the capitals and accents
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Stay, and rerun what a change of a transcript, flow, text, catalogue or context file
    /// touches; leave with Ctrl-C
    #[arg(
        long,
        conflicts_with_all = [
            "bless", "fail_fast", "coverage", "coverage_json", "coverage_html", "suggest",
        ]
    )]
    watch: bool,
    /// Run no more once one has failed
    #[arg(long)]
    fail_fast: bool,
    /// Run in another order, the same for the same SEED
    #[arg(long, value_name = "SEED")]
    shuffle: Option<u64>,
    /// Show what the replies that came change in the files, and write it; read it before you commit
    #[arg(long)]
    bless: bool,
    /// Name the cases of a CSV file (its column `id`, `caso` or `case`) that no transcript covers
    #[arg(long, value_name = "LIST.csv", conflicts_with_all = ["filter", "fail_fast"])]
    ids: Option<PathBuf>,
    #[command(flatten)]
    coverage: CoverageArgs,
    #[command(flatten)]
    reports: Reports,
    /// A CI runs this: nothing is blessed there
    #[arg(long, env = "CI", hide = true, num_args = 0..=1, value_parser = FalseyValueParser::new())]
    ci: bool,
}

/// Why the call came to nothing.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Ids(#[from] SheetError),
    #[error(transparent)]
    Report(#[from] UnwrittenReport),
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    #[error(transparent)]
    Watch(#[from] WatchError),
}

impl Run {
    pub(super) fn run(&self, settings: &Settings, flags: &Flags) -> Verdict {
        self.try_run(settings, flags).unwrap_or_else(|error| {
            eprintln!("{error}");
            Verdict::Misused
        })
    }

    fn try_run(&self, settings: &Settings, flags: &Flags) -> Result<Verdict, CommandError> {
        let ids = self.ids.as_deref().map(Ids::load).transpose()?;
        let desk = Desk::new(&self.reports, &self.coverage, ids, flags)?;
        let bots = Bots::new(settings);
        let runner = Runner::new(|setting| bots.build(setting));
        let mut report = runner.run(&self.paths, &self.options())?;
        if self.bless {
            desk.show_changes(&report);
            report.bless();
        }
        desk.cover(&mut report);
        let told = self.coverage.tell(report.coverage.as_ref(), &bots, &desk);
        desk.show(&report);
        desk.write(&report)?;
        told?;
        if self.watch {
            watch::watch(&runner, &bots, self, &desk, report)?;
            return Ok(Verdict::Fine);
        }
        Ok(if report.failed() == 0 { Verdict::Fine } else { Verdict::Wrong })
    }

    pub(super) fn options(&self) -> Options {
        Options {
            filter: self.filter.clone(),
            bless: self.bless,
            fail_fast: self.fail_fast,
            shuffle: self.shuffle,
            ci: self.ci,
            coverage: self.coverage.is_asked(),
            keep: self.watch,
        }
    }
}
