//! `kavak-bot test --watch`: what a change touches is run again.

use std::collections::HashSet;
use std::path::PathBuf;

use super::desk::{Desk, UnwrittenReport};
use super::run::Run;
use super::touched::{Displaced, Editions, Outdated, settings, touched};
use crate::cli::bots::Bots;
use crate::cli::changes::{Changes, Unwatched, Watched};
use crate::cli::clock;
use crate::dealer::Dealer;
use crate::transcript::{Bot, Report, RunError, Runner, Setting, find};

/// Why nothing more is watched.
#[derive(Debug, thiserror::Error)]
pub(super) enum WatchError {
    #[error(transparent)]
    Unwatched(#[from] Unwatched),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Report(#[from] UnwrittenReport),
}

/// Watches the files of `standing` and what they are played with, until the process is ended.
pub(super) fn watch<B>(
    runner: &Runner<Dealer, B>,
    bots: &Bots<'_>,
    run: &Run,
    desk: &Desk<'_>,
    mut standing: Report,
) -> Result<(), WatchError>
where
    B: Fn(&Setting) -> Result<Bot<Dealer>, String> + Sync,
{
    let mut watched = Watched::new()?;
    watched.follow(run.paths.iter().map(PathBuf::as_path))?;
    follow(&mut watched, bots, &standing)?;
    let mut editions = Editions::of(&standing, runner);
    let mut displaced = Displaced::default();
    desk.say(&"watching; leave with Ctrl-C\n");
    let (mut missed, mut complained) = (Changes::default(), None);
    while let Some(changes) = watched.next() {
        let started = clock::now();
        let changes = changes.and(std::mem::take(&mut missed));
        let found = match find(&run.paths) {
            Ok(found) => found,
            Err(error) => {
                // Once, however many files go while a folder is gone.
                let told = error.to_string();
                if complained.as_ref() != Some(&told) {
                    eprintln!("{told}");
                }
                (missed, complained) = (changes, Some(told));
                continue;
            }
        };
        complained = None;
        let outdated = Outdated::by(&changes, &standing, bots, runner, &mut editions)?;
        let restored = displaced.restore(&mut standing, &found, &outdated, &changes, runner);
        let touched = touched(&standing, &found, &outdated, &changes);
        displaced.keep(&standing, &touched, &outdated, &changes);
        let is_there: HashSet<&PathBuf> = found.iter().collect();
        let is_less = standing.cases.iter().any(|case| !is_there.contains(&case.file));
        if touched.is_empty() && restored == 0 && !is_less {
            continue;
        }
        let rerun = runner.run_again(&touched, &run.options())?;
        follow(&mut watched, bots, &rerun)?;
        if !rerun.cases.is_empty() {
            desk.show(&rerun);
        }
        let count = rerun.cases.len();
        let touched: Vec<PathBuf> = touched.iter().map(|it| it.file().to_owned()).collect();
        let over = standing.renew(rerun, &touched, &found);
        desk.say(&format_args!(
            "run again: {count} of {}, in {} ms; now {} passed, {} failed\n",
            standing.cases.len(),
            clock::now().duration_since(started).as_millis(),
            standing.passed(),
            standing.failed(),
        ));
        desk.cover(&mut standing);
        desk.write(&standing)?;
        // Nobody waits for this.
        drop(over);
    }
    Ok(())
}

/// Follows what the transcripts of `report` are played with.
fn follow(watched: &mut Watched, bots: &Bots<'_>, report: &Report) -> Result<(), Unwatched> {
    for setting in settings(report) {
        watched.follow(bots.sources(setting))?;
    }
    watched.follow(report.cases.iter().filter_map(|case| case.session.as_deref()))
}
