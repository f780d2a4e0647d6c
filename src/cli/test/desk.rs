//! Where reports go: the terminal, and files for browsers and other programs.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Flags;
use crate::transcript::{Ids, Look, Report};

/// The file that is standard output.
const STANDARD_OUTPUT: &str = "-";

/// Files that reports are written to; `-` is standard output, and what is otherwise shown there
/// goes to standard error then.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reports (`-` as FILE is standard output)")]
pub(super) struct Reports {
    /// Write a page with the chats that failed, in Spanish, for a browser
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// Write the results as `JUnit` XML, for a CI
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the results as JSON lines, one object a transcript
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the results in the Test Anything Protocol, version 14
    #[arg(long, value_name = "FILE")]
    tap: Option<PathBuf>,
}

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnwrittenReport {
    #[error("{}: {source}", path.display())]
    Refused { path: PathBuf, source: io::Error },
    #[error("only one report can go to standard output; give the others a file")]
    Crowded,
}

/// Shows and writes what came of a run.
pub(super) struct Desk<'a> {
    reports: &'a Reports,
    ids: Option<Ids>,
    look: Look,
    command: String,
}

impl<'a> Desk<'a> {
    /// # Errors
    ///
    /// Where two reports are to go to standard output.
    pub(super) fn new(
        reports: &'a Reports,
        ids: Option<Ids>,
        flags: &Flags,
    ) -> Result<Self, UnwrittenReport> {
        if reports.on_standard_output() > 1 {
            return Err(UnwrittenReport::Crowded);
        }
        let words = ["kavak-bot", "test"].map(str::to_owned).into_iter().chain(flags.given());
        // Only a zero byte cannot be quoted, and no argument of a process has one.
        let quoted = words.map(|word| shlex::try_quote(&word).unwrap_or_default().into_owned());
        let command = quoted.collect::<Vec<_>>().join(" ");
        // Colours are taken out on the way where nobody sees them (`NO_COLOR`, a file, a pipe).
        let look = Look::coloured().with_command(command.clone());
        Ok(Self { reports, ids, look, command })
    }

    /// Shows what blessing is about to change.
    pub(super) fn show_changes(&self, report: &Report) {
        self.say(&report.changes(&self.look));
    }

    /// Adds the cases that the run leaves uncovered, where there is a list.
    pub(super) fn cover(&self, report: &mut Report) {
        report.uncovered = self.ids.as_ref().map(|ids| ids.uncovered(report));
    }

    /// Shows what came of a run.
    pub(super) fn show(&self, report: &Report) {
        self.say(&format_args!("{}\n", report.told(&self.look)));
    }

    /// Shows some words.
    pub(super) fn say(&self, words: &dyn std::fmt::Display) {
        if self.reports.on_standard_output() > 0 {
            anstream::eprint!("{words}");
        } else {
            anstream::print!("{words}");
        }
    }

    /// Writes the reports that are asked for.
    ///
    /// # Errors
    ///
    /// The first file that cannot be written.
    pub(super) fn write(&self, report: &Report) -> Result<(), UnwrittenReport> {
        let Reports { report: page, junit, json, tap } = self.reports;
        put(page.as_deref(), || report.page(&self.command))?;
        put(junit.as_deref(), || report.junit())?;
        put(json.as_deref(), || report.json())?;
        put(tap.as_deref(), || report.tap())
    }
}

impl Reports {
    fn on_standard_output(&self) -> usize {
        let Self { report, junit, json, tap } = self;
        let files = [report, junit, json, tap].into_iter().flatten();
        files.filter(|file| file.as_os_str() == STANDARD_OUTPUT).count()
    }
}

fn put(file: Option<&Path>, text: impl FnOnce() -> String) -> Result<(), UnwrittenReport> {
    let Some(file) = file else { return Ok(()) };
    let put = if file.as_os_str() == STANDARD_OUTPUT {
        io::stdout().write_all(text().as_bytes())
    } else {
        fs::write(file, text())
    };
    put.map_err(|source| UnwrittenReport::Refused { path: file.to_owned(), source })
}
