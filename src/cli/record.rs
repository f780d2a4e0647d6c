//! `kavak-bot record`: a stored conversation as a transcript that passes as it is.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use serde_json::Value;

use super::Verdict;
use super::bots::Bots;
use super::desk::{self, DeskError};
use super::user::Who;
use crate::catalog::{self, Car, Catalog, LoadError, Words};
use crate::config::Settings;
use crate::conversation::Export;
use crate::knowledge::masked;
use crate::message::TurnRecord;
use crate::replay::conversation_name;
use crate::transcript::{self, Draft, Options, Report, RunError, Setting};

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
    #[error(transparent)]
    Catalog(#[from] LoadError),
    #[error("{} is there already: --force replaces it", .0.display())]
    Exists(PathBuf),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Run(#[from] RunError),
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

/// Writes conversations down and tries them.
struct Recorder<'a> {
    catalog: Catalog,
    bots: Bots<'a>,
}

impl<'a> Recorder<'a> {
    fn new(settings: &'a Settings) -> Result<Self, RecordError> {
        let catalog = Catalog::load(&settings.catalog_path, Words::built_in())?.catalog;
        Ok(Self { catalog, bots: Bots::new(settings) })
    }

    /// The conversation as it was, played to the bot of today. Its words are masked by nobody, so
    /// that it is kept nowhere.
    fn compare(&self, title: &str, turns: &[TurnRecord]) -> Result<Report, RecordError> {
        let folder = tempfile::tempdir()
            .map_err(|source| RecordError::File { path: std::env::temp_dir(), source })?;
        let text = draft(title, turns, None, |draft, turn| {
            draft.message(&turn.inbound.content);
            for reply in &turn.answer.replies {
                draft.reply(&reply.text);
            }
        });
        let file = folder.path().join("then.chat");
        write(&file, &text)?;
        self.play(&file, false)
    }

    /// Writes the conversation with what the bot says today, and the cars that this takes: how many.
    fn write(&self, title: &str, turns: &[TurnRecord], file: &Path) -> Result<usize, RecordError> {
        let cars_file = file.with_extension("csv");
        let name = cars_file.file_name().map(Path::new);
        let text = draft(title, turns, name, |draft, turn| {
            let mut content = turn.inbound.content.clone();
            let words = content.words_mut();
            *words = masked(words);
            draft.message(&content);
        });
        write(file, &text)?;
        write(&cars_file, &catalog::written(self.catalog.cars()))?;
        self.play(file, true)?.bless();
        // The fewest cars with which it says the same.
        for cars in nested(&self.catalog, turns) {
            write(&cars_file, &catalog::written(cars.iter().copied()))?;
            if self.play(file, false)?.failed() == 0 {
                return Ok(cars.len());
            }
        }
        write(&cars_file, &catalog::written(self.catalog.cars()))?;
        Ok(self.catalog.len())
    }

    fn play(&self, file: &Path, bless: bool) -> Result<Report, RecordError> {
        let options = Options { bless, ..Options::default() };
        let bot = |setting: &Setting| self.bots.build(setting);
        Ok(transcript::run(&[file.to_owned()], &options, bot)?)
    }
}

/// The transcript of `turns`, each told by `tell`.
fn draft(
    title: &str,
    turns: &[TurnRecord],
    catalog: Option<&Path>,
    tell: impl Fn(&mut Draft, &TurnRecord),
) -> String {
    let minute = |at: Timestamp| at.as_second().div_euclid(60);
    let start = turns.first().map_or(Timestamp::UNIX_EPOCH, |turn| turn.inbound.at);
    let mut draft = Draft::new(title, start);
    if let Some(file) = catalog {
        draft.catalog(file);
    }
    let mut now = minute(start);
    for turn in turns {
        let then = minute(turn.inbound.at);
        if then > now {
            draft.wait(then - now);
            now = then;
        }
        tell(&mut draft, turn);
    }
    draft.finish()
}

/// Parts of the catalogue, each of which holds the one before it: the cars that were listed, all of
/// their models, all of their makes.
fn nested<'c>(catalog: &'c Catalog, turns: &[TurnRecord]) -> [Vec<Car<'c>>; 3] {
    let listed: HashSet<&str> = turns.iter().flat_map(|turn| ids(&turn.answer.session)).collect();
    let cars = |fits: &dyn Fn(Car<'c>) -> bool| -> Vec<Car<'c>> {
        catalog.cars().filter(|car| fits(*car)).collect()
    };
    let mut seen = cars(&|car| listed.contains(car.stock_id().as_str()));
    if seen.is_empty() {
        // No catalogue is without a car.
        seen.extend(catalog.cars().next());
    }
    let models: HashSet<_> = seen.iter().map(|car| (car.make(), car.model())).collect();
    let makes: HashSet<_> = seen.iter().map(|car| car.make()).collect();
    let models = cars(&|car| models.contains(&(car.make(), car.model())));
    let makes = cars(&|car| makes.contains(car.make()));
    [seen, models, makes]
}

/// The cars that a session names.
fn ids(session: &Value) -> impl Iterator<Item = &str> {
    let listed = session["results"].as_array().into_iter().flatten();
    listed.chain([&session["car"]]).filter_map(Value::as_str)
}

fn write(file: &Path, text: &str) -> Result<(), RecordError> {
    let error = |source| RecordError::File { path: file.to_owned(), source };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(error)?;
    }
    fs::write(file, text).map_err(error)
}
