//! Stored conversations as transcripts that pass as they are.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::bots::Bots;
use crate::catalog::{self, Car, Catalog, LoadError, Words};
use crate::config::Settings;
use crate::knowledge::masked;
use crate::message::TurnRecord;
use crate::transcript::{self, Draft, Options, Report, RunError, Setting};

/// Why a conversation could not be written down.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecorderError {
    #[error(transparent)]
    Catalog(#[from] LoadError),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("the bot of today cannot play it, and nothing was written:\n{0}")]
    Unplayable(String),
}

/// Writes conversations down and tries them.
pub(super) struct Recorder<'a> {
    catalog: Catalog,
    bots: Bots<'a>,
}

impl<'a> Recorder<'a> {
    /// With the bot of these settings, as it is today.
    pub(super) fn new(settings: &'a Settings) -> Result<Self, RecorderError> {
        let catalog = Catalog::load(&settings.catalog_path, Words::built_in())?.catalog;
        Ok(Self { catalog, bots: Bots::new(settings) })
    }

    /// The conversation as it was, played to the bot of today. Its words are masked by nobody, so
    /// that it is kept nowhere.
    pub(super) fn compare(
        &self,
        title: &str,
        turns: &[TurnRecord],
    ) -> Result<Report, RecorderError> {
        let folder = tempfile::tempdir()
            .map_err(|source| RecorderError::File { path: std::env::temp_dir(), source })?;
        let text = draft(title, turns, None, |draft, turn| {
            draft.message(&turn.inbound.content);
            for reply in &turn.answer.replies {
                draft.reply(&reply.text);
            }
        });
        let file = folder.path().join("then.chat");
        write(&file, &text)?;
        let mut report = self.play(&file, false)?;
        for case in &mut report.cases {
            // Nobody finds that file afterwards.
            case.file = PathBuf::from("then");
        }
        Ok(report)
    }

    /// Writes the conversation with what the bot says today, and the cars that this takes: how many.
    pub(super) fn write(
        &self,
        title: &str,
        turns: &[TurnRecord],
        file: &Path,
    ) -> Result<usize, RecorderError> {
        let cars_file = file.with_extension("csv");
        let name = cars_file.file_name().map(Path::new);
        let text = draft(title, turns, name, |draft, turn| {
            let mut content = turn.inbound.content.clone();
            let words = content.words_mut();
            *words = masked(words);
            draft.message(&content);
        });
        write(file, &text)?;
        self.write_cars(&cars_file, self.catalog.cars())?;
        let mut today = self.play(file, true)?;
        today.bless();
        if today.failed() > 0 {
            remove(file)?;
            remove(&cars_file)?;
            return Err(RecorderError::Unplayable(masked(&today.to_string())));
        }
        // The fewest cars with which it says the same.
        for cars in nested(&self.catalog, turns) {
            self.write_cars(&cars_file, cars.iter().copied())?;
            if self.play(file, false)?.failed() == 0 {
                return Ok(cars.len());
            }
        }
        self.write_cars(&cars_file, self.catalog.cars())?;
        Ok(self.catalog.len())
    }

    /// Writes the cars that a transcript is played with, in the place of those before.
    fn write_cars<'c>(
        &self,
        file: &Path,
        cars: impl Iterator<Item = Car<'c>>,
    ) -> Result<(), RecorderError> {
        self.bots.forget(|path| path == file);
        write(file, &catalog::written(cars))
    }

    fn play(&self, file: &Path, bless: bool) -> Result<Report, RecorderError> {
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
    let listed: HashSet<&str> =
        turns.iter().flat_map(|turn| ids(turn.answer.session.value())).collect();
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

fn write(file: &Path, text: &str) -> Result<(), RecorderError> {
    let error = |source| RecorderError::File { path: file.to_owned(), source };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(error)?;
    }
    fs::write(file, text).map_err(error)
}

fn remove(file: &Path) -> Result<(), RecorderError> {
    fs::remove_file(file).map_err(|source| RecorderError::File { path: file.to_owned(), source })
}
