//! `kavak-bot record`: a stored conversation as a transcript that passes as it is.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Verdict;
use super::desk::{self, DeskError};
use super::recorder::{Recorder, RecorderError};
use super::user::Who;
use crate::cli::out::outln;
use crate::config::Settings;
use crate::conversation::Export;
use crate::knowledge::masked;
use crate::message::TurnRecord;
use crate::transcript::{Case, file_stem};

/// Make a transcript of a stored conversation
///
/// The customer's words are masked where they have the shape of personal data. The replies are
/// those that the bot gives today, figures and all, so that a change of them fails the transcript.
/// The cars that it needs are written beside it.
#[derive(Debug, Args)]
#[command(after_long_help = "Exit code: 0 where the bot answers today as it did then, 1 where it \
                             answers otherwise (the transcript is written, and the difference \
                             told) or nothing is stored, 2 where nothing could be written.")]
pub(super) struct Record {
    /// `channel:key`, or a phone number as it is written, which is looked for on Twilio and Meta
    id: Who,
    /// The folder that the transcript is written to
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
    /// What the transcript is about; its files are called so
    #[arg(long, value_name = "TEXT", default_value = "Recorded conversation")]
    title: String,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

/// Why a conversation could not be written down.
#[derive(Debug, thiserror::Error)]
enum RecordError {
    #[error(transparent)]
    Desk(#[from] DeskError),
    #[error("{} is there already: --force replaces it", .0.display())]
    Exists(PathBuf),
    #[error(transparent)]
    Recorder(#[from] RecorderError),
}

impl Record {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match self.record(settings) {
            Ok(verdict) => verdict,
            Err(error) => {
                eprintln!("{error}");
                Verdict::Misused
            }
        }
    }

    fn record(&self, settings: &Settings) -> Result<Verdict, RecordError> {
        let Who(users) = self.id.clone();
        let exports = desk::ask(settings, Export { users })?;
        let recorder = Recorder::new(settings)?;
        let mut verdict = None;
        let stem = file_stem(&self.title).unwrap_or_else(|| "recorded".to_owned());
        let exports = exports.into_iter().filter(|export| !export.turns.is_empty());
        for (number, export) in (1..).zip(exports) {
            let name = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
            let file = self.to.join(name).with_extension("chat");
            let is_same = self.write(&recorder, &file, &export.turns)?;
            let is_fine = verdict != Some(Verdict::Wrong) && is_same;
            verdict = Some(if is_fine { Verdict::Fine } else { Verdict::Wrong });
        }
        Ok(verdict.unwrap_or_else(|| super::wrong(&"no turn is stored of this user")))
    }

    /// Writes one conversation; whether the bot answers today as it did then.
    fn write(
        &self,
        recorder: &Recorder<'_>,
        file: &Path,
        turns: &[TurnRecord],
    ) -> Result<bool, RecordError> {
        let files = [file.to_owned(), file.with_extension("csv")];
        if let Some(there) = files.into_iter().find(|file| file.exists() && !self.force) {
            return Err(RecordError::Exists(there));
        }
        let then = recorder.compare(&self.title, turns)?;
        let cars = recorder.write(&self.title, turns, file)?;
        outln!("{}: {} messages, {cars} cars beside it", file.display(), turns.len());
        if then.failed() == 0 {
            return Ok(true);
        }
        let then: String = then.cases.iter().map(Case::details).collect();
        outln!("the bot answered otherwise then (-) than today (+):\n{}", masked(then.trim_end()));
        Ok(false)
    }
}
