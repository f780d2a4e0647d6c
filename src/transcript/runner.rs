//! Runs files on all cores, in whatever order is asked for.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

use super::coverage::Coverage;
use super::kept::Before;
use super::report::{Case, Report, Verdict};
use super::stage::{Bot, Setting, Stage};
use super::{Options, RunError, case, files};
use crate::cores;
use crate::engine::vocabulary::Vocabulary;

/// A transcript that is to be run.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// All of it.
    Whole(&'a Path),
    /// One that went so before and is as it was: as much of it as need be.
    Touched(Before<'a>),
}

impl Wanted<'_> {
    /// Its file.
    #[must_use]
    pub fn file(&self) -> &Path {
        match self {
            Self::Whole(file) => file,
            Self::Touched(before) => &before.case.file,
        }
    }
}

/// Runs transcripts, again and again where that is asked for; its bots are kept from run to run.
pub struct Runner<V, B> {
    stage: Stage<V, B>,
}

impl<V, B> Runner<V, B>
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String> + Sync,
{
    /// A runner that gets the bot for a setting from `build`, once for each.
    pub fn new(build: B) -> Self {
        Self { stage: Stage::new(build) }
    }

    /// Runs the transcripts that `paths` name.
    ///
    /// # Errors
    ///
    /// Where nothing was run. What fails within a transcript is in the report.
    pub fn run(&self, paths: &[PathBuf], options: &Options) -> Result<Report, RunError> {
        if options.bless && options.ci {
            return Err(RunError::BlessInCi);
        }
        let files = files::find(paths)?;
        if files.is_empty() {
            return Err(RunError::NoTranscript);
        }
        let report = self.run_files(&files, options)?;
        match &options.filter {
            Some(filter) if report.cases.is_empty() => Err(RunError::FilteredOut(filter.clone())),
            _ => Ok(report),
        }
    }

    /// Runs `files`, those that the filter lets through; the cases come in the order of the files,
    /// whatever order they are run in.
    ///
    /// # Errors
    ///
    /// Where the system gives no runtime.
    pub fn run_files(&self, files: &[PathBuf], options: &Options) -> Result<Report, RunError> {
        let files: Vec<Wanted<'_>> = files.iter().map(|file| Wanted::Whole(file)).collect();
        self.run_again(&files, options)
    }

    /// Runs what is wanted, as [`Self::run_files`] does.
    ///
    /// # Errors
    ///
    /// Where the system gives no runtime.
    pub fn run_again(&self, files: &[Wanted<'_>], options: &Options) -> Result<Report, RunError> {
        let mut order: Vec<usize> = (0..files.len()).collect();
        if let Some(seed) = options.shuffle {
            order.sort_by_cached_key(|index| draw(seed, files[*index].file()));
        }
        let run = Run {
            stage: &self.stage,
            options,
            files,
            order,
            next: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        };
        let mut report = run.report().map_err(RunError::Runtime)?;
        if options.coverage {
            let usual = self.stage.bot(&Setting::default()).ok();
            report.coverage = usual.map(|usual| Coverage::of(&usual.engine, &report.cases));
        }
        Ok(report)
    }

    /// The bot for a setting, or why there is none.
    ///
    /// # Errors
    ///
    /// What building it says.
    pub fn bot(&self, setting: &Setting) -> Result<Bot<V>, String> {
        self.stage.bot(setting)
    }

    /// Builds the bots for `settings` on all cores, so that whoever asks for them finds them.
    ///
    /// # Errors
    ///
    /// Where the system gives no runtime.
    pub fn prepare(&self, settings: &[&Setting]) -> Result<(), RunError> {
        let next = AtomicUsize::new(0);
        let build = |_: &Runtime| {
            while let Some(setting) = settings.get(next.fetch_add(1, Ordering::Relaxed)) {
                // Why there is none is told to whoever asks.
                let _ = self.stage.bot(setting);
            }
        };
        cores::each(settings.len(), build).map_err(RunError::Runtime)?;
        Ok(())
    }

    /// Forgets the bots of the settings that are `outdated`: the next run builds them anew.
    pub fn forget(&self, outdated: impl Fn(&Setting) -> bool) {
        self.stage.forget(outdated);
    }
}

/// Where a file stands in a shuffled run. It depends on no other file, so that what is left of a
/// run keeps its order while somebody looks for the one that disturbs the others.
fn draw(seed: u64, file: &Path) -> [u8; 32] {
    let digest = Sha256::new().chain_update(seed.to_be_bytes());
    digest.chain_update(file.as_os_str().as_encoded_bytes()).finalize().into()
}

/// One run, shared by its threads.
struct Run<'a, V, B> {
    stage: &'a Stage<V, B>,
    options: &'a Options,
    files: &'a [Wanted<'a>],
    /// Which file comes when.
    order: Vec<usize>,
    /// The place in the order that nobody has taken yet.
    next: AtomicUsize,
    /// One failed, and that is to be the end.
    is_over: AtomicBool,
}

impl<V, B> Run<'_, V, B>
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String> + Sync,
{
    fn report(&self) -> io::Result<Report> {
        let cases = cores::each(self.files.len(), |runtime| self.work(runtime))?;
        let mut cases: Vec<(usize, Case)> = cases.into_iter().flatten().collect();
        cases.sort_by_key(|(index, _)| *index);
        let taken = self.next.load(Ordering::Relaxed).min(self.files.len());
        Ok(Report {
            cases: cases.into_iter().map(|(_, case)| case).collect(),
            seed: self.options.shuffle,
            not_run: self.files.len() - taken,
            uncovered: None,
            coverage: None,
        })
    }

    /// What one thread does: takes files until none is left.
    fn work(&self, runtime: &Runtime) -> Vec<(usize, Case)> {
        let mut cases = Vec::new();
        while !self.is_over.load(Ordering::Relaxed) {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(&index) = self.order.get(place) else { break };
            let case = runtime.block_on(self.case(self.files[index]));
            let Some(case) = case else { continue };
            if self.options.fail_fast && case.verdict != Verdict::Passed {
                self.is_over.store(true, Ordering::Relaxed);
            }
            cases.push((index, case));
        }
        cases
    }

    async fn case(&self, wanted: Wanted<'_>) -> Option<Case> {
        match wanted {
            Wanted::Whole(file) => case::run(file, self.options, self.stage).await,
            Wanted::Touched(before) => {
                Some(case::run_again(before, self.options, self.stage).await)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_an_order_that_a_missing_file_does_not_change() {
        let order = |seed: u64, names: &[&str]| {
            let mut files: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            files.sort_by_cached_key(|file| draw(seed, Path::new(file)));
            files.concat()
        };
        let all = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let shuffled = order(7, &all);
        assert_eq!(order(7, &all), shuffled);
        assert_ne!(order(8, &all), shuffled);
        assert_ne!(shuffled, "abcdefgh");
        assert_eq!(order(7, &all[1..]), shuffled.replace('a', ""));
    }
}
