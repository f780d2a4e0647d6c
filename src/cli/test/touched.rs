//! Which transcripts a change touches.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::bots::Bots;
use crate::cli::changes::Changes;
use crate::dealer::Dealer;
use crate::engine::Engine;
use crate::engine::revision::Revision;
use crate::transcript::{Bot, Case, Report, RunError, Runner, Setting};

/// The flows of each folder, as they were when the transcripts were run last.
pub(super) struct Editions(HashMap<PathBuf, Arc<Engine<Dealer>>>);

/// What a change makes of the settings that transcripts are played with.
pub(super) struct Outdated {
    /// The settings whose bots are made of something that changed; with what became of their flows,
    /// where nothing else did and it can be told.
    settings: HashMap<Setting, Option<Arc<Revision>>>,
}

impl Editions {
    /// Those that the transcripts of `report` were run with.
    pub(super) fn of<B>(report: &Report, bots: &Bots<'_>, runner: &Runner<Dealer, B>) -> Self
    where
        B: Fn(&Setting) -> Result<Bot<Dealer>, String> + Sync,
    {
        let engine = |setting| Some((bots.flows(setting).to_owned(), runner.bot(setting).ok()?));
        let engines = settings(report).into_iter().filter_map(engine);
        Self(engines.map(|(folder, bot)| (folder, bot.engine)).collect())
    }

    /// What became of the flows in `folder`, whose engine is `now`.
    fn renew(&mut self, folder: &Path, now: Arc<Engine<Dealer>>) -> Option<Revision> {
        let revision =
            self.0.get(folder).and_then(|before| Revision::between(before.flows(), now.flows()));
        self.0.insert(folder.to_owned(), now);
        revision
    }
}

impl Outdated {
    /// Has the bots that `changes` touch built anew, and looks at what became of their flows.
    ///
    /// # Errors
    ///
    /// Where the system gives no runtime.
    pub(super) fn by<B>(
        changes: &Changes,
        standing: &Report,
        bots: &Bots<'_>,
        runner: &Runner<Dealer, B>,
        editions: &mut Editions,
    ) -> Result<Self, RunError>
    where
        B: Fn(&Setting) -> Result<Bot<Dealer>, String> + Sync,
    {
        let is_outdated =
            |setting: &&Setting| bots.sources(setting).any(|path| changes.touch(path));
        let outdated: Vec<&Setting> = settings(standing).into_iter().filter(is_outdated).collect();
        bots.forget(|path| changes.touch(path));
        runner.forget(|setting| is_outdated(&setting));
        // Each has to be there: texts that fit the cars of one may be refused with those of another.
        runner.prepare(&outdated)?;
        let mut by_folder: HashMap<&Path, Option<Arc<Revision>>> = HashMap::new();
        let settings = outdated.into_iter().map(|setting| {
            let folder = bots.flows(setting);
            let revision = by_folder.entry(folder).or_insert_with(|| {
                let Ok(now) = runner.bot(setting) else {
                    // What comes after flows that were refused is not compared with those before.
                    editions.0.remove(folder);
                    return None;
                };
                editions.renew(folder, now.engine).map(Arc::new)
            });
            let is_all = runner.bot(setting).is_err()
                || bots.sources(setting).any(|path| path != folder && changes.touch(path));
            (setting.clone(), revision.clone().filter(|_| !is_all))
        });
        Ok(Self { settings: settings.collect() })
    }

    /// Whether a transcript that was run before may go otherwise now.
    fn touches(&self, case: &Case) -> bool {
        let mut outdated = case.settings.iter().filter_map(|setting| self.settings.get(setting));
        outdated
            .any(|revision| revision.as_ref().is_none_or(|revision| case.is_touched_by(revision)))
    }
}

/// Of the transcripts `found`, those that changed or are played with something that did.
pub(super) fn touched(
    report: &Report,
    found: &[PathBuf],
    outdated: &Outdated,
    changes: &Changes,
) -> Vec<PathBuf> {
    let played = report.cases.iter().filter(|case| {
        outdated.touches(case)
            || case.session.as_deref().is_some_and(|session| changes.touch(session))
    });
    let played: HashSet<&Path> = played.map(|case| case.file.as_path()).collect();
    let is_touched = |file: &&PathBuf| played.contains(file.as_path()) || changes.touch(file);
    found.iter().filter(is_touched).cloned().collect()
}

/// What the transcripts of a report are played with.
pub(super) fn settings(report: &Report) -> HashSet<&Setting> {
    report.cases.iter().flat_map(|case| &case.settings).collect()
}
