//! Which transcripts a change touches.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::Arc;

use crate::cli::bots::Bots;
use crate::cli::changes::Changes;
use crate::dealer::Dealer;
use crate::engine::Engine;
use crate::engine::revision::Revision;
use crate::transcript::{Bot, Case, Report, RunError, Runner, Setting, Verdict, Wanted};

/// The engine of each setting whose flows were right the last time.
pub(super) struct Editions(HashMap<Setting, Edition>);

/// The engine of flows as they were at some time.
type Edition = Arc<Engine<Dealer>>;

/// What a change makes of the settings that transcripts are played with: of those whose bots are made
/// of something that changed.
pub(super) struct Outdated(HashMap<Setting, Fate>);

/// What a change makes of a setting.
enum Fate {
    /// Only its flows changed, and there is no bot any more.
    Refused,
    /// Only its flows changed, and how can be told.
    Revised(Arc<Revision>),
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
}

/// What became of flows, each pair of versions compared once: most settings share theirs.
#[derive(Default)]
struct Revisions(Vec<(Edition, Edition, Option<Arc<Revision>>)>);

impl Revisions {
    /// What became of the flows of `before`, where that can be told.
    fn between(&mut self, before: &Edition, now: &Edition) -> Option<Arc<Revision>> {
        let same = |left: &Edition, right: &Edition| ptr::eq(left.flows(), right.flows());
        let known = self.0.iter().find(|(was, is, _)| same(was, before) && same(is, now));
        if let Some((_, _, revision)) = known {
            return revision.clone();
        }
        let revision = Revision::between(before.flows(), now.flows()).map(Arc::new);
        self.0.push((Arc::clone(before), Arc::clone(now), revision.clone()));
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
        let played = settings(standing);
        // Nobody is played with these now, and what becomes of them is not followed.
        editions.0.retain(|setting, _| played.contains(setting) || !is_outdated(&setting));
        let outdated: Vec<&Setting> = played.into_iter().filter(is_outdated).collect();
        bots.forget(|path| changes.touch(path));
        runner.forget(|setting| is_outdated(&setting));
        // Each has to be there: texts that fit the cars of one may be refused with those of another.
        runner.prepare(&outdated)?;
        let mut revisions = Revisions::default();
        let fates = outdated.into_iter().map(|setting| {
            let folder = bots.flows(setting);
            let fate = match runner.bot(setting) {
                Ok(Bot { engine: now, .. }) => {
                    let before = editions.0.insert(setting.clone(), Arc::clone(&now));
                    let revision = before.and_then(|before| revisions.between(&before, &now));
                    revision.map_or(Fate::Anew, Fate::Revised)
                }
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

    /// What of a transcript that is touched is to be run again.
    fn wanted<'a>(&'a self, case: &'a Case) -> Wanted<'a> {
        let mut fates = self.fates(case);
        let before = match (fates.next(), fates.next()) {
            (Some(Fate::Revised(revision)), None) => case.before(Some(&**revision)),
            (Some(Fate::Anew), None) => case.before(None),
            _ => None,
        };
        before.map_or(Wanted::Whole(&case.file), Wanted::Touched)
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
        touched: &[Wanted<'_>],
        outdated: &Outdated,
        changes: &Changes,
    ) {
        let touched: HashSet<&Path> = touched.iter().map(Wanted::file).collect();
        let passed = report.cases.iter().filter(|case| case.verdict == Verdict::Passed);
        for case in passed.filter(|case| touched.contains(case.file.as_path())) {
            let is_refused = outdated.fates(case).any(|fate| matches!(fate, Fate::Refused));
            if is_refused && !is_edited(case, changes) {
                self.0.insert(case.file.clone(), case.clone());
            }
        }
    }
}

/// Of the transcripts `found`, those that changed or are played with something that did; those of which
/// nothing but single turns may go otherwise, with how they went.
pub(super) fn touched<'a>(
    report: &'a Report,
    found: &'a [PathBuf],
    outdated: &'a Outdated,
    changes: &Changes,
) -> Vec<Wanted<'a>> {
    let run: HashMap<&Path, &Case> =
        report.cases.iter().map(|case| (case.file.as_path(), case)).collect();
    let wanted = |file: &'a PathBuf| match run.get(file.as_path()) {
        Some(case) if !is_edited(case, changes) => {
            outdated.touches(case).then(|| outdated.wanted(case))
        }
        Some(_) => Some(Wanted::Whole(file)),
        None => changes.touch(file).then_some(Wanted::Whole(file)),
    };
    found.iter().filter_map(wanted).collect()
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
