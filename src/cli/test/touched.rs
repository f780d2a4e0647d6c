//! Which transcripts a change touches.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::bots::Bots;
use crate::cli::changes::Changes;
use crate::dealer::Dealer;
use crate::engine::Engine;
use crate::engine::revision::Revision;
use crate::transcript::{Bot, Case, Report, RunError, Runner, Setting, Verdict};

/// The engine of each setting whose flows were right the last time.
pub(super) struct Editions(HashMap<Setting, Arc<Engine<Dealer>>>);

/// What a change makes of the settings that transcripts are played with: of those whose bots are made
/// of something that changed.
pub(super) struct Outdated(HashMap<Setting, Fate>);

/// What a change makes of a setting.
enum Fate {
    /// Only its flows changed, and there is no bot any more.
    Refused,
    /// Only its flows changed, and how can be told.
    Revised(Box<Revision>),
    /// More than its flows changed, or more of them than can be told.
    Anew,
}

/// How transcripts that passed went before the flows were refused that they are played with.
#[derive(Default)]
pub(super) struct Displaced(HashMap<PathBuf, Case>);

impl Editions {
    /// Those that the transcripts of `report` were run with.
    pub(super) fn of<B>(report: &Report, runner: &Runner<Dealer, B>) -> Self
    where
        B: Fn(&Setting) -> Result<Bot<Dealer>, String> + Sync,
    {
        let engine = |setting: &Setting| Some((setting.clone(), runner.bot(setting).ok()?.engine));
        Self(settings(report).into_iter().filter_map(engine).collect())
    }

    /// What became of the flows of `setting`, whose engine is `now`.
    fn renew(&mut self, setting: &Setting, now: &Arc<Engine<Dealer>>) -> Fate {
        let before = self.0.insert(setting.clone(), Arc::clone(now));
        let revision = before.and_then(|before| Revision::between(before.flows(), now.flows()));
        revision.map_or(Fate::Anew, |revision| Fate::Revised(Box::new(revision)))
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
        let played = settings(standing);
        // Nobody is played with these now, and what becomes of them is not followed.
        editions.0.retain(|setting, _| played.contains(setting) || !is_outdated(&setting));
        let outdated: Vec<&Setting> = played.into_iter().filter(is_outdated).collect();
        bots.forget(|path| changes.touch(path));
        runner.forget(|setting| is_outdated(&setting));
        // Each has to be there: texts that fit the cars of one may be refused with those of another.
        runner.prepare(&outdated)?;
        let fates = outdated.into_iter().map(|setting| {
            let folder = bots.flows(setting);
            let fate = match runner.bot(setting) {
                Ok(now) => editions.renew(setting, &now.engine),
                // What comes next is compared with what was right before.
                Err(_) => Fate::Refused,
            };
            let is_more = bots.sources(setting).any(|path| path != folder && changes.touch(path));
            (setting.clone(), if is_more { Fate::Anew } else { fate })
        });
        Ok(Self(fates.collect()))
    }

    /// Whether a transcript that was run before may go otherwise now.
    fn touches(&self, case: &Case) -> bool {
        self.fates(case).any(|fate| match fate {
            Fate::Refused | Fate::Anew => true,
            Fate::Revised(revision) => case.is_touched_by(revision),
        })
    }

    /// What becomes of what a transcript is played with.
    fn fates(&self, case: &Case) -> impl Iterator<Item = &Fate> {
        case.settings.iter().filter_map(|setting| self.0.get(setting))
    }
}

impl Displaced {
    /// Puts back into `report` how transcripts went that can be played again; what became of them since
    /// can be told of that. Those that changed meanwhile, or are not `found` any more, are forgotten.
    /// How many were put back.
    pub(super) fn restore<B>(
        &mut self,
        report: &mut Report,
        found: &[PathBuf],
        outdated: &Outdated,
        changes: &Changes,
        runner: &Runner<Dealer, B>,
    ) -> usize
    where
        B: Fn(&Setting) -> Result<Bot<Dealer>, String> + Sync,
    {
        let found: HashSet<&PathBuf> = found.iter().collect();
        self.0.retain(|file, case| found.contains(file) && !is_edited(case, changes));
        let is_right = |case: &Case| case.settings.iter().all(|one| runner.bot(one).is_ok());
        let mut right: HashMap<PathBuf, Case> =
            self.0.extract_if(|_, case| is_right(case)).collect();
        // Of the others, what changes meanwhile is not known later.
        self.0.retain(|_, case| outdated.fates(case).all(|fate| matches!(fate, Fate::Refused)));
        let mut count = 0;
        for case in &mut report.cases {
            if let Some(before) = right.remove(&case.file) {
                *case = before;
                count += 1;
            }
        }
        count
    }

    /// Keeps how those of the `touched` transcripts went that passed, and are refused now with their
    /// flows; not of those that changed themselves.
    pub(super) fn keep(
        &mut self,
        report: &Report,
        touched: &[PathBuf],
        outdated: &Outdated,
        changes: &Changes,
    ) {
        let touched: HashSet<&PathBuf> = touched.iter().collect();
        let passed = report.cases.iter().filter(|case| case.verdict == Verdict::Passed);
        for case in passed.filter(|case| touched.contains(&case.file)) {
            let is_refused = outdated.fates(case).any(|fate| matches!(fate, Fate::Refused));
            if is_refused && !is_edited(case, changes) {
                self.0.insert(case.file.clone(), case.clone());
            }
        }
    }
}

/// Of the transcripts `found`, those that changed or are played with something that did.
pub(super) fn touched(
    report: &Report,
    found: &[PathBuf],
    outdated: &Outdated,
    changes: &Changes,
) -> Vec<PathBuf> {
    let played =
        report.cases.iter().filter(|case| outdated.touches(case) || is_edited(case, changes));
    let played: HashSet<&Path> = played.map(|case| case.file.as_path()).collect();
    let is_touched = |file: &&PathBuf| played.contains(file.as_path()) || changes.touch(file);
    found.iter().filter(is_touched).cloned().collect()
}

/// Whether a transcript changed, or the session that it begins with.
fn is_edited(case: &Case, changes: &Changes) -> bool {
    let session = case.session.as_deref();
    changes.touch(&case.file) || session.is_some_and(|session| changes.touch(session))
}

/// What the transcripts of a report are played with.
pub(super) fn settings(report: &Report) -> HashSet<&Setting> {
    report.cases.iter().flat_map(|case| &case.settings).collect()
}
