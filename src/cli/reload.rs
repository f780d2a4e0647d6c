//! `kavak-bot serve --watch`: what the bot says and sells is taken up anew as its files change.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::thread;

use super::assemble::{self, AssembleError, Files};
use super::changes::{Changes, Unwatched, Watched};
use crate::config::Settings;
use crate::conversation::Conversation;
use crate::dealer::Dealer;
use crate::engine::Engine;

/// Why changes are not taken up.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReloadError {
    #[error(transparent)]
    Unwatched(#[from] Unwatched),
    #[error("no thread for `--watch`: {0}")]
    Thread(#[from] io::Error),
}

/// Takes up changes of the flows and their texts, the cars, the credit policy and the dealer's file,
/// in a thread of its own, as long as there is the bot. Files that are wrong are told in the log,
/// and the bot goes on as before. The context file is read at the start alone, and what is promised
/// of `retention_days` stays what is done.
pub(super) fn follow(
    settings: &Settings,
    retention_days: u16,
    bot: &Arc<Conversation<Dealer>>,
) -> Result<(), ReloadError> {
    let files = Files::of(settings);
    let bot = Arc::downgrade(bot);
    let mut watched = Watched::new()?;
    watched.follow(sources(&files))?;
    let work = move || {
        while let Some(changes) = watched.next() {
            let Some(bot) = Weak::upgrade(&bot) else { return };
            if is_touched(&files, &changes) {
                take_up(&bot, engine(&files, retention_days));
            }
        }
    };
    thread::Builder::new().name("reload".to_owned()).spawn(work)?;
    Ok(())
}

/// What an engine is made of.
fn sources(files: &Files) -> [&Path; 4] {
    [&files.flows, &files.catalog, &files.policy, &files.dealer].map(PathBuf::as_path)
}

fn is_touched(files: &Files, changes: &Changes) -> bool {
    sources(files).into_iter().any(|path| changes.touch(path))
}

fn engine(files: &Files, retention_days: u16) -> Result<Engine<Dealer>, AssembleError> {
    let assembled = assemble::dealer_of(files, Some(retention_days))?;
    for problem in &assembled.rejected {
        tracing::warn!(row = %problem, "a row of the catalogue was left out");
    }
    assemble::engine(&files.flows, assembled.dealer)
}

fn take_up(bot: &Conversation<Dealer>, engine: Result<Engine<Dealer>, AssembleError>) {
    match engine {
        Ok(engine) => {
            bot.go_on_with(engine);
            tracing::info!("the changed files were taken up");
        }
        Err(error) => {
            tracing::error!(%error, "the changed files are wrong, and the bot goes on as before");
        }
    }
}
