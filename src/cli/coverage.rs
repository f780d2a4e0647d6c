//! The part of `kavak-bot test` that tells what transcripts walk of the flows.

use std::fs;
use std::path::{Component, Path, PathBuf};

use clap::Args;

use crate::dealer::Dealer;
use crate::transcript::{Bot, Coverage, Suggestions, suggest};

/// What is told of the coverage
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

impl CoverageArgs {
    /// Whether anything of it is asked for.
    pub(super) fn is_asked(&self) -> bool {
        let Self { coverage, coverage_json, coverage_html, suggest } = self;
        *coverage || coverage_json.is_some() || coverage_html.is_some() || suggest.is_some()
    }

    /// Tells it; `usual` gives the bot that transcripts talk to where they name no other.
    pub(super) fn tell(
        &self,
        coverage: &Coverage,
        usual: impl FnOnce() -> Result<Bot<Dealer>, String>,
        catalog: &Path,
    ) -> Result<(), String> {
        if self.coverage {
            println!("{coverage}");
        }
        if let Some(path) = &self.coverage_json {
            write(path, &format!("{:#}\n", coverage.json()))?;
        }
        if let Some(path) = &self.coverage_html {
            write(path, &coverage.html())?;
        }
        if let Some(folder) = &self.suggest {
            let scene = format!("@ catalog {}", seen_from(folder, catalog)?.display());
            let suggestions = suggest(&usual()?.engine, coverage.missing(), &scene);
            write_drafts(folder, &suggestions)?;
        }
        Ok(())
    }
}

fn write_drafts(folder: &Path, suggestions: &Suggestions) -> Result<(), String> {
    for draft in &suggestions.drafts {
        write(&folder.join(&draft.name), &draft.text)?;
    }
    for landmark in &suggestions.unreached {
        println!("nothing found that walks {} {landmark}", landmark.kind().as_str());
    }
    let (drafts, folder) = (suggestions.drafts.len(), folder.display());
    println!("{drafts} transcripts suggested in {folder}: run them with --bless, and read them");
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The path to `file` from `folder`, which is made where it is not there.
fn seen_from(folder: &Path, file: &Path) -> Result<PathBuf, String> {
    let told = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(folder).map_err(|error| told(folder, error))?;
    let folder = fs::canonicalize(folder).map_err(|error| told(folder, error))?;
    let file = fs::canonicalize(file).map_err(|error| told(file, error))?;
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    Ok(up.chain(file.components().skip(shared)).collect())
}
