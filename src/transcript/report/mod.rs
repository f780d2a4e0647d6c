//! How a run went. How it is told is in `told` for a terminal, in `page` for a browser, and in
//! `junit`, `json` and `tap` for other programs.

mod json;
mod junit;
mod page;
pub(super) mod spanish;
mod tap;
mod told;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::coverage::Coverage;
use super::finding::Finding;
use super::ids::Uncovered;
use super::kept::{Before, Kept};
use super::stage::Setting;
use crate::engine::landmark::Landmark;
use crate::engine::problem;
use crate::engine::revision::Revision;
use crate::message::Content;
pub use told::{Changes, Look, Told};

/// How a run of transcripts went.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// One case a transcript, in the order of the files.
    pub cases: Vec<Case>,
    /// The seed that drew the order in which they were run.
    pub seed: Option<u64>,
    /// Transcripts that were not run, since one before them failed.
    pub not_run: usize,
    /// The cases of a list that no transcript covers, where there is a list.
    pub uncovered: Option<Uncovered>,
    /// What the passing ones cover, where that was counted.
    pub coverage: Option<Coverage>,
}

/// How one transcript went.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its file, as it was found.
    pub file: PathBuf,
    /// What `# id:` says.
    pub id: Option<String>,
    /// Its first comment.
    pub title: Option<String>,
    /// How it went.
    pub verdict: Verdict,
    /// What is or was rewritten in the file, where blessing was asked for and changes something.
    pub blessing: Option<Blessing>,
    /// Turns that were checked by `=` alone.
    pub unlisted: usize,
    /// What it is played with: the scene's setting, then one for each `! flows` and
    /// `! catalog`.
    pub settings: Vec<Setting>,
    /// The stored session that it begins with.
    pub session: Option<PathBuf>,
    /// What was said, where some of it was not as listed.
    pub chat: Vec<Exchange>,
    /// What its turns touched of the usual flows, where that is counted.
    pub walked: Vec<Landmark>,
    /// How its turns went, where that is kept and can be told turn by turn.
    pub kept: Option<Kept>,
}

/// New replies for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blessing {
    /// The file as it was read.
    pub before: String,
    /// The file with the replies that came.
    pub after: String,
    /// Where the two differ.
    pub turns: Vec<TurnFailure>,
}

/// A message and what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The line that opens the turn.
    pub line: usize,
    /// What the customer sent; none where the last message came again.
    pub sent: Option<Content>,
    /// The replies that came.
    pub replies: Vec<String>,
}

/// How one transcript went.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Everything was as listed.
    Passed,
    /// The file cannot be read as a transcript.
    Malformed(problem::Report),
    /// The file could not be opened, or its scene not set.
    Stopped {
        /// The line that asks for what cannot be had.
        line: usize,
        /// What is the matter.
        reason: String,
    },
    /// Some turns were not as listed.
    Failed(Vec<TurnFailure>),
}

/// A turn that was not as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnFailure {
    /// The line that opens it.
    pub line: usize,
    /// That line.
    pub heading: String,
    /// What was not as listed.
    pub complaints: Vec<Complaint>,
    /// What the engine did in it, in one line; empty where it did nothing.
    pub trace: String,
    /// The same in Spanish.
    pub trace_in_spanish: String,
}

/// Something that was not as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Complaint {
    /// A reply that differs, is missing or is not listed.
    Replies {
        /// Where it is listed; the turn's own line where it is not.
        line: usize,
        /// Which of the turn's replies it is, from 0.
        index: usize,
        /// Both versions, line by line.
        lines: Vec<DiffLine>,
    },
    /// Anything else.
    Other {
        /// The line that asserts it.
        line: usize,
        /// What is so instead.
        finding: Finding,
    },
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// Which version it belongs to.
    pub mark: Mark,
    /// The line.
    pub text: String,
    /// The words that the line it stands against does not have, as ranges of bytes; nothing where
    /// it stands against none.
    pub changed: Vec<Range<usize>>,
    /// The lines that came which it describes, where it belongs to both versions.
    pub described: Vec<String>,
}

/// Which version a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Both.
    Both,
    /// Only what is listed.
    Listed,
    /// Only what came.
    Came,
}

impl Report {
    /// How many transcripts passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.cases.iter().filter(|case| case.verdict == Verdict::Passed).count()
    }

    /// How many did not.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.cases.len() - self.passed()
    }

    /// Takes over what came of running the files `rerun` again; files that are no longer `found` are
    /// forgotten. Gives what was known of both before: to let go of it takes a while.
    #[must_use = "what is dropped at once is waited for"]
    pub fn renew(&mut self, report: Report, rerun: &[PathBuf], found: &[PathBuf]) -> Vec<Case> {
        let found: HashSet<&PathBuf> = found.iter().collect();
        let rerun: HashSet<&PathBuf> = rerun.iter().collect();
        let is_over = |case: &mut Case| !found.contains(&case.file) || rerun.contains(&case.file);
        let over = self.cases.extract_if(.., is_over).collect();
        self.cases.extend(report.cases);
        self.cases.sort_by(|left, right| left.file.cmp(&right.file));
        over
    }

    /// Writes the replies that came into the files. A file that changed since it was run, or that
    /// cannot be written, counts as failed from now on.
    pub fn bless(&mut self) {
        for case in &mut self.cases {
            let Some(blessing) = &case.blessing else { continue };
            if let Err(reason) = blessing.write(&case.file) {
                case.verdict = Verdict::Stopped { line: 1, reason };
                case.blessing = None;
            }
        }
    }
}

impl Blessing {
    fn write(&self, file: &Path) -> Result<(), String> {
        let now =
            fs::read_to_string(file).map_err(|error| format!("it cannot be read: {error}"))?;
        if now != self.before {
            return Err("it changed while it was run, and was left as it is".to_owned());
        }
        fs::write(file, &self.after).map_err(|error| format!("it cannot be written: {error}"))
    }
}

impl Complaint {
    /// Where what is wrong is asserted.
    #[must_use]
    pub fn line(&self) -> usize {
        let (Self::Replies { line, .. } | Self::Other { line, .. }) = self;
        *line
    }

    /// What is wrong, in a few words.
    #[must_use]
    pub fn summary(&self) -> Cow<'_, str> {
        match self {
            Self::Other { finding, .. } => finding.to_string().into(),
            Self::Replies { lines, .. } => {
                let has = |mark| lines.iter().any(|line| line.mark == mark);
                let both = has(Mark::Both);
                let words = match (both || has(Mark::Listed), both || has(Mark::Came)) {
                    (true, false) => "this reply did not come (-)",
                    (false, true) => "this reply is not listed (+)",
                    _ => "the reply differs: listed (-), came (+)",
                };
                words.into()
            }
        }
    }
}

impl Verdict {
    /// The first line of the file that something is wrong with; none where nothing is.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Passed => None,
            Self::Malformed(report) => report.problems().first().map(|problem| problem.line),
            Self::Stopped { line, .. } => Some(*line),
            Self::Failed(turns) => {
                turns.first().and_then(|turn| turn.complaints.first()).map(Complaint::line)
            }
        }
    }
}

impl DiffLine {
    /// The line in pieces, each with whether it is changed words.
    #[must_use]
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        let mut pieces = Vec::new();
        let mut end = 0;
        for range in &self.changed {
            pieces.push((&self.text[end..range.start], false));
            pieces.push((&self.text[range.clone()], true));
            end = range.end;
        }
        pieces.push((&self.text[end..], false));
        pieces.retain(|(piece, _)| !piece.is_empty());
        pieces
    }
}

impl Case {
    /// One of which nothing is known yet.
    pub(super) fn of(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            id: None,
            title: None,
            verdict: Verdict::Passed,
            blessing: None,
            unlisted: 0,
            settings: Vec::new(),
            session: None,
            chat: Vec::new(),
            walked: Vec::new(),
            kept: None,
        }
    }

    /// Whether it may go otherwise once `revision` happened to the flows of its scene. So may any
    /// that did not pass, which names what there is; and any whose turns are not kept.
    #[must_use]
    pub fn is_touched_by(&self, revision: &Revision) -> bool {
        self.verdict != Verdict::Passed
            || self.kept.as_ref().is_none_or(|kept| kept.is_touched_by(revision))
    }

    /// How it went before `revision` happened to the flows of its scene, where of its turns only those
    /// that this touches need be taken again; all of them, where no revision tells what happened to what
    /// it is played with.
    #[must_use]
    pub fn before<'a>(&'a self, revision: Option<&'a Revision>) -> Option<Before<'a>> {
        Some(Before { case: self, kept: self.kept.as_ref()?, revision })
    }

    /// How it is called in lists: its id, else its file.
    #[must_use]
    pub fn name(&self) -> String {
        self.id.clone().unwrap_or_else(|| self.file.display().to_string())
    }
}
