//! Where reports go: the terminal, and files for browsers and other programs.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::coverage::CoverageArgs;
use crate::cli::Flags;
use crate::cli::out::{self, out};
use crate::transcript::{ENDING, Ids, Look, Report};

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
    #[error("two reports are to go to {}; give each a file of its own", .0.display())]
    Shared(PathBuf),
    #[error("{} is called like a transcript; give the report another name", .0.display())]
    Transcript(PathBuf),
}

/// Shows and writes what came of a run.
pub(super) struct Desk<'a> {
    reports: &'a Reports,
    ids: Option<Ids>,
    look: Look,
    command: String,
    /// A report goes to standard output, so that nothing else may.
    is_piped: bool,
}

impl<'a> Desk<'a> {
    /// # Errors
    ///
    /// Where two reports are to go to one place, or one over a transcript.
    pub(super) fn new(
        reports: &'a Reports,
        coverage: &CoverageArgs,
        ids: Option<Ids>,
        flags: &Flags,
    ) -> Result<Self, UnwrittenReport> {
        let files = reports.files().chain(coverage.files());
        let mut seen = HashSet::new();
        for file in files {
            if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING)) {
                return Err(UnwrittenReport::Transcript(file.to_owned()));
            }
            if !seen.insert(file) {
                let shared = UnwrittenReport::Shared(file.to_owned());
                return Err(if is_standard_output(file) {
                    UnwrittenReport::Crowded
                } else {
                    shared
                });
            }
        }
        let is_piped = seen.into_iter().any(is_standard_output);
        let command = flags.command("test", []);
        // Colours are taken out on the way where nobody sees them (`NO_COLOR`, a file, a pipe).
        let look = Look::coloured().with_command(command.clone());
        Ok(Self { reports, ids, look, command, is_piped })
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
        if self.is_piped {
            anstream::eprint!("{words}");
        } else {
            out!("{words}");
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

/// Writes one report, where it is asked for.
///
/// # Errors
///
/// A file that cannot be written.
pub(super) fn put(
    file: Option<&Path>,
    text: impl FnOnce() -> String,
) -> Result<(), UnwrittenReport> {
    let Some(file) = file else { return Ok(()) };
    if is_standard_output(file) {
        out::write(text().as_bytes());
        return Ok(());
    }
    let refused = |source| UnwrittenReport::Refused { path: file.to_owned(), source };
    fs::write(file, text()).map_err(refused)
}

impl Reports {
    fn files(&self) -> impl Iterator<Item = &Path> {
        let Self { report, junit, json, tap } = self;
        [report, junit, json, tap].into_iter().flatten().map(PathBuf::as_path)
    }
}

fn is_standard_output(file: &Path) -> bool {
    file.as_os_str() == STANDARD_OUTPUT
}
