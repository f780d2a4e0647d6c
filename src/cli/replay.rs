//! `kavak-bot replay`: recorded conversations through two versions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::Verdict;
use super::assemble::{self, AssembleError, Files};
use super::export::{self, DEFAULT_LIMIT};
use crate::cli::out::outln;
use crate::config::Settings;
use crate::dealer::Dealer;
use crate::engine::check::Tried;
use crate::replay::{self, Parting, Recording, Report};
use crate::transcript::Bot;

/// Play recorded conversations through two versions and tell where they part. The new version is
/// that of the settings. No model is asked.
#[derive(Debug, Args)]
#[command(after_long_help = "Exit code: 0 where no more conversations part than is allowed, 1 \
                             where more do, 2 where nothing could be compared.")]
pub(super) struct Replay {
    /// What `export` or `user export` wrote; without it, what is stored, also while the server runs
    export: Option<PathBuf>,
    /// The old version: a folder with any of `flows/`, `data/catalog.csv`,
    /// `data/credit_policy.toml`, `data/dealer.toml` and `kavak_context.txt`. What is not in it is as in the new one
    #[arg(long, value_name = "OLD_DIR")]
    against: PathBuf,
    /// How many conversations to show of each group
    #[arg(long, value_name = "N", default_value_t = 3)]
    examples: usize,
    /// How many conversations of the store to take at most, those of the users who wrote last
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT)]
    limit: usize,
    /// Conversations that may come to another state, in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value_t = 0.0)]
    allow_state: f64,
    /// Conversations that may show other figures, in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value_t = 0.0)]
    allow_figures: f64,
    /// Conversations that may be worded otherwise, in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value_t = 100.0)]
    allow_wording: f64,
    /// Write the comparison as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Replay {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match self.compared(settings) {
            Ok(report) => self.told(&report),
            Err(reason) => {
                eprintln!("{reason}");
                Verdict::Misused
            }
        }
    }

    fn compared(&self, settings: &Settings) -> Result<Report, String> {
        let old = old_files(&self.against, settings).ok_or_else(|| {
            format!(
                "{} holds no part of a bot: see `kavak-bot replay --help`",
                self.against.display()
            )
        })?;
        let recordings = match &self.export {
            Some(file) => Recording::load(file).map_err(|error| error.to_string())?,
            None => export::stored(settings, self.limit).map_err(|error| error.to_string())?,
        };
        if recordings.is_empty() {
            return Err("there is no conversation to play".to_owned());
        }
        let (old, new) = bots(&old, settings).map_err(|error| error.to_string())?;
        replay::run(&recordings, &old, &new, self.examples).map_err(|error| error.to_string())
    }

    fn told(&self, report: &Report) -> Verdict {
        outln!("{report}");
        if let Some(path) = &self.json {
            let text = serde_json::to_string_pretty(report).expect("a report is JSON");
            if let Err(error) = std::fs::write(path, text) {
                eprintln!("{}: {error}", path.display());
                return Verdict::Misused;
            }
        }
        let allowed = |parting| match parting {
            Parting::State => self.allow_state,
            Parting::Figures => self.allow_figures,
            Parting::Wording => self.allow_wording,
        };
        let is_over = |parting: &&Parting| report.percent(**parting) > allowed(**parting);
        let mut verdict = Verdict::Fine;
        for parting in Parting::ALL.iter().filter(is_over) {
            let (percent, allowed) = (report.percent(*parting), allowed(*parting));
            outln!("too many: {}, {percent:.1} % and not {allowed} % at most", parting.as_str());
            verdict = Verdict::Wrong;
        }
        verdict
    }
}

/// A share of all conversations.
fn percent(text: &str) -> Result<f64, String> {
    let figure = text.strip_suffix('%').unwrap_or(text).trim().parse().ok();
    figure
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "a percentage from 0 to 100, such as 2.5".to_owned())
}

/// The files of the old version; nothing where the folder holds none.
fn old_files(folder: &Path, settings: &Settings) -> Option<Files> {
    let new = Files::of(settings);
    let there = |name: &str| Some(folder.join(name)).filter(|path| path.exists());
    let old = Files {
        catalog: there("data/catalog.csv").unwrap_or_else(|| new.catalog.clone()),
        flows: there("flows").unwrap_or_else(|| new.flows.clone()),
        policy: there("data/credit_policy.toml").unwrap_or_else(|| new.policy.clone()),
        dealer: there("data/dealer.toml").unwrap_or_else(|| new.dealer.clone()),
        context: there("kavak_context.txt").unwrap_or_else(|| new.context.clone()),
    };
    (old != new).then_some(old)
}

/// The old and the new bot. Where they answer from the same context file they share it, since it
/// takes longest to learn.
fn bots(old: &Files, settings: &Settings) -> Result<(Bot<Dealer>, Bot<Dealer>), AssembleError> {
    let new = Files::of(settings);
    let same = |left: &Path, right: &Path| matches!((std::fs::read(left), std::fs::read(right)), (Ok(left), Ok(right)) if left == right);
    let knowledge = assemble::knowledge(&new)?;
    let known_before = if same(&old.context, &new.context) {
        Arc::clone(&knowledge)
    } else {
        assemble::knowledge(old)?
    };
    let bot = |files: &Files, knowledge| {
        let assembled = assemble::dealer_of(files, settings.retention_days)?;
        let blueprint = assemble::blueprint(&files.flows)?;
        assemble::bot(&assembled, &blueprint, &mut Tried::default(), knowledge)
    };
    Ok((bot(old, known_before)?, bot(&new, knowledge)?))
}
