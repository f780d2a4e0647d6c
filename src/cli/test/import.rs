//! `kavak-bot test import`: a spreadsheet of scripts made into transcripts.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Verdict;
use crate::cli::out::outln;
use crate::transcript::Import as Imported;

/// How it is called.
pub(super) const EXAMPLE: &str =
    "Example: kavak-bot test import guiones.csv --to tests/transcripts/guiones";

/// A spreadsheet of scripts, and where its transcripts go.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The spreadsheet, saved as CSV
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// The folder that the transcripts are written into, one file a case
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Write over transcripts that are there already
    #[arg(long)]
    replace: bool,
}

impl Import {
    pub(super) fn run(&self) -> Verdict {
        let imported = match Imported::load(&self.file) {
            Ok(imported) => imported,
            Err(error) => {
                eprintln!("{error}");
                return Verdict::Misused;
            }
        };
        let mut written = 0;
        let mut faults = imported.unused.len();
        for row in &imported.unused {
            eprintln!("{}: {row}", self.file.display());
        }
        for written_to in imported.write(&self.to, self.replace) {
            match written_to {
                Ok(_) => written += 1,
                Err(error) => {
                    faults += 1;
                    eprintln!("{error}");
                }
            }
        }
        outln!(
            "{}: {written} transcripts written, {} rows not used",
            self.to.display(),
            imported.unused.len()
        );
        if faults == 0 { Verdict::Fine } else { Verdict::Wrong }
    }
}
