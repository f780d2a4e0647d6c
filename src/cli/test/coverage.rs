//! The part of `kavak-bot test` that tells what transcripts walk of the flows.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use clap::Args;

use super::desk::{Desk, UnwrittenReport, put};
use crate::cli::bots::Bots;
use crate::transcript::{Coverage, Setting, Suggestion, Suggestions, suggest};

/// What is told of the coverage; `-` as a file is standard output
#[derive(Debug, Args)]
pub(super) struct CoverageArgs {
    /// Print what the passing ones walk of the flows, and what none of them does
    #[arg(long)]
    coverage: bool,
    /// Write the coverage as JSON
    #[arg(long, value_name = "FILE")]
    coverage_json: Option<PathBuf>,
    /// Write the coverage as a page that draws each flow as a graph
    #[arg(long, value_name = "FILE")]
    coverage_html: Option<PathBuf>,
    /// Write transcripts that walk what none of them does; bless them, and read them
    #[arg(long, value_name = "FOLDER")]
    suggest: Option<PathBuf>,
}

/// Why it is not told.
#[derive(Debug, thiserror::Error)]
pub(super) enum CoverageError {
    #[error(transparent)]
    Report(#[from] UnwrittenReport),
    #[error("{}: {source}", path.display())]
    Suggestion { path: PathBuf, source: io::Error },
    #[error("{} is there already; suggest into another folder, or an empty one", .0.display())]
    Suggested(PathBuf),
    #[error("there is nothing to cover: {0}")]
    NoFlows(String),
}

impl CoverageArgs {
    /// Whether anything of it is asked for.
    pub(super) fn is_asked(&self) -> bool {
        let Self { coverage, coverage_json, coverage_html, suggest } = self;
        *coverage || coverage_json.is_some() || coverage_html.is_some() || suggest.is_some()
    }

    /// The files that it is written to.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        [&self.coverage_json, &self.coverage_html].into_iter().flatten().map(PathBuf::as_path)
    }

    /// Tells it, where it is asked for.
    ///
    /// # Errors
    ///
    /// The first file that cannot be written or is there already, and flows that cannot be loaded.
    pub(super) fn tell(
        &self,
        coverage: Option<&Coverage>,
        bots: &Bots<'_>,
        desk: &Desk<'_>,
    ) -> Result<(), CoverageError> {
        if !self.is_asked() {
            return Ok(());
        }
        let usual = Setting::default();
        let Some(coverage) = coverage else {
            return bots.build(&usual).map_err(CoverageError::NoFlows).map(drop);
        };
        if self.coverage {
            desk.say(&format_args!("{coverage}\n"));
        }
        put(self.coverage_json.as_deref(), || format!("{:#}\n", coverage.json()))?;
        put(self.coverage_html.as_deref(), || coverage.html())?;
        if let Some(folder) = &self.suggest {
            let scene = format!("@ catalog {}", seen_from(folder, bots.catalog(&usual))?.display());
            let bot = bots.build(&usual).map_err(CoverageError::NoFlows)?;
            let suggestions = suggest(&bot.engine, coverage.missing(), &scene);
            write_suggestions(folder, &suggestions, desk)?;
        }
        Ok(())
    }
}

fn write_suggestions(
    folder: &Path,
    suggestions: &Suggestions,
    desk: &Desk<'_>,
) -> Result<(), CoverageError> {
    for Suggestion { name, text } in &suggestions.transcripts {
        let path = folder.join(name);
        let written = File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => CoverageError::Suggested(path),
            _ => CoverageError::Suggestion { path, source },
        })?;
    }
    for landmark in &suggestions.unreached {
        let kind = landmark.kind().as_str();
        desk.say(&format_args!("nothing found that walks {kind} {landmark}\n"));
    }
    let (count, folder) = (suggestions.transcripts.len(), folder.display());
    desk.say(&format_args!(
        "{count} transcripts suggested in {folder}: run them with --bless, and read them\n"
    ));
    Ok(())
}

/// The path to `file` from `folder`, which is made where it is not there.
fn seen_from(folder: &Path, file: &Path) -> Result<PathBuf, CoverageError> {
    let told = |path: &Path, source: io::Error| CoverageError::Suggestion {
        path: path.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(|error| told(folder, error))?;
    let folder = fs::canonicalize(folder).map_err(|error| told(folder, error))?;
    let file = fs::canonicalize(file).map_err(|error| told(file, error))?;
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    Ok(up.chain(file.components().skip(shared)).collect())
}
