//! `kavak-bot record`: a stored conversation as a transcript that passes as it is.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Verdict;
use super::desk::{self, DeskError};
use super::recorder::{Recorder, RecorderError};
use super::user::Who;
use crate::config::Settings;
use crate::conversation::Export;
use crate::message::TurnRecord;
use crate::replay::conversation_name;

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
    /// What the transcript is about
    #[arg(long, value_name = "TEXT", default_value = "Recorded conversation")]
    title: String,
    /// Replace a transcript that is there
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
        for export in exports.into_iter().filter(|export| !export.turns.is_empty()) {
            let file = self.to.join(conversation_name(&export.user)).with_extension("chat");
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
        if file.exists() && !self.force {
            return Err(RecordError::Exists(file.to_owned()));
        }
        let then = recorder.compare(&self.title, turns)?;
        let cars = recorder.write(&self.title, turns, file)?;
        println!("{}: {} messages, {cars} cars beside it", file.display(), turns.len());
        if then.failed() == 0 {
            return Ok(true);
        }
        println!("the bot answered otherwise then (-) than today (+):\n{then}");
        Ok(false)
    }
}
