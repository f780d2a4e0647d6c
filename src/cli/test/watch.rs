//! `kavak-bot test --watch`: what a change touches is run again.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::desk::{Desk, UnwrittenReport};
use super::run::Run;
use crate::cli::bots::Bots;
use crate::cli::changes::{Changes, Unwatched, Watched};
use crate::cli::clock;
use crate::dealer::Dealer;
use crate::transcript::{Bot, Case, Report, RunError, Runner, Setting, Verdict, find};

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
    let mut speakers: Speakers = settings(&standing)
        .into_iter()
        .filter_map(|setting| Some((bots.texts(setting), runner.bot(setting).ok()?)))
        .collect();
    desk.say(&"watching; leave with Ctrl-C\n");
    while let Some(changes) = watched.next() {
        let started = clock::now();
        let found = match find(&run.paths) {
            Ok(found) => found,
            Err(error) => {
                eprintln!("{error}");
                continue;
            }
        };
        let outdated = outdated(&standing, bots, &changes);
        let spared = spared(runner, bots, &standing, &outdated, &changes, &mut speakers);
        let mut touched = touched(&standing, &found, &outdated, &changes);
        touched.retain(|file| !spared.contains(file));
        let is_less = standing.cases.iter().any(|case| !found.contains(&case.file));
        if touched.is_empty() && !is_less {
            continue;
        }
        let rerun = runner.run_files(&touched, &run.options())?;
        follow(&mut watched, bots, &rerun)?;
        desk.show(&rerun);
        let count = rerun.cases.len();
        standing.renew(rerun, &touched, &found);
        desk.say(&format_args!(
            "run again: {count} of {}, in {} ms; now {} passed, {} failed\n",
            standing.cases.len(),
            clock::now().duration_since(started).as_millis(),
            standing.passed(),
            standing.failed(),
        ));
        desk.cover(&mut standing);
        desk.write(&standing)?;
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

fn settings(report: &Report) -> HashSet<&Setting> {
    report.cases.iter().flat_map(|case| &case.settings).collect()
}

/// The settings whose bots are made of something that changed.
fn outdated(report: &Report, bots: &Bots<'_>, changes: &Changes) -> HashSet<Setting> {
    let is_outdated = |setting: &&Setting| bots.sources(setting).any(|path| changes.touch(path));
    settings(report).into_iter().filter(is_outdated).cloned().collect()
}

/// A bot for each file of texts, as it was when the transcripts were run last.
type Speakers = HashMap<PathBuf, Bot<Dealer>>;

/// Has the bots of what is `outdated` built anew, and gives the transcripts that need not be run
/// again all the same: where nothing but texts changed, those that said none of them. Names of
/// choices are typed, too, and a text that nobody said may be said outside of what is followed, so
/// that then everybody is run again.
fn spared<B>(
    runner: &Runner<Dealer, B>,
    bots: &Bots<'_>,
    standing: &Report,
    outdated: &HashSet<Setting>,
    changes: &Changes,
    speakers: &mut Speakers,
) -> HashSet<PathBuf>
where
    B: Fn(&Setting) -> Result<Bot<Dealer>, String> + Sync,
{
    if changes.touch(bots.context()) {
        bots.forget_knowledge();
    }
    runner.forget(|setting| outdated.contains(setting));
    // One bot tells what became of a file; the others are built as they are needed.
    let files: HashMap<PathBuf, &Setting> =
        outdated.iter().map(|setting| (bots.texts(setting), setting)).collect();
    let mut reworded = HashSet::new();
    let mut is_wording = !files.is_empty();
    for (file, setting) in files {
        is_wording &= changes.are_within(&file);
        let before = speakers.remove(&file);
        let Ok(now) = runner.bot(setting) else {
            is_wording = false;
            continue;
        };
        if let Some(before) = before {
            reworded.extend(now.engine.flows().reworded(before.engine.flows()).cloned());
        } else {
            is_wording = false;
        }
        is_wording &= !reworded.iter().any(|text| now.engine.flows().is_label(text));
        speakers.insert(file, now);
    }
    let says = |case: &Case, text: &String| case.said.contains(text);
    let is_said = |text| standing.cases.iter().any(|case| says(case, text));
    if !is_wording || !reworded.iter().all(is_said) {
        return HashSet::new();
    }
    let is_spared = |case: &&Case| {
        let was_played = matches!(case.verdict, Verdict::Passed | Verdict::Failed(_));
        was_played && !reworded.iter().any(|text| says(case, text))
    };
    standing.cases.iter().filter(is_spared).map(|case| case.file.clone()).collect()
}

/// Of the transcripts `found`, those that changed or are played with something that did.
fn touched(
    report: &Report,
    found: &[PathBuf],
    outdated: &HashSet<Setting>,
    changes: &Changes,
) -> Vec<PathBuf> {
    let played = report.cases.iter().filter(|case| {
        case.settings.iter().any(|setting| outdated.contains(setting))
            || case.session.as_deref().is_some_and(|session| changes.touch(session))
    });
    let played: HashSet<&Path> = played.map(|case| case.file.as_path()).collect();
    let is_touched = |file: &&PathBuf| played.contains(file.as_path()) || changes.touch(file);
    found.iter().filter(is_touched).cloned().collect()
}
