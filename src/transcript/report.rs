//! How a run went, and how QA reads it.

use std::fmt;
use std::path::PathBuf;

use super::coverage::Coverage;
use crate::engine::landmark::Landmark;
use crate::engine::problem;

/// Turns of one transcript whose failures are shown; what follows a wrong turn is mostly noise.
const MAX_SHOWN_TURNS: usize = 3;

/// How a run of transcripts went.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// One case a transcript, in the order of the files.
    pub cases: Vec<Case>,
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
    /// Its replies were rewritten.
    pub blessed: bool,
    /// Turns that were checked by `=` alone.
    pub unlisted: usize,
    /// What its turns touched of the usual flows, where that is counted.
    pub walked: Vec<Landmark>,
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
}

/// Something that was not as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Complaint {
    /// A reply that differs, is missing or is not listed.
    Replies {
        /// Where it is listed; the turn's own line where it is not.
        line: usize,
        /// Both versions, line by line.
        lines: Vec<DiffLine>,
    },
    /// Anything else.
    Other {
        /// The line that asserts it.
        line: usize,
        /// What is so instead.
        message: String,
    },
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// Which version it belongs to.
    pub mark: Mark,
    /// The line.
    pub text: String,
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
}

impl Case {
    /// How it is called in lists: its id, else its file.
    #[must_use]
    pub fn name(&self) -> String {
        self.id.clone().unwrap_or_else(|| self.file.display().to_string())
    }
}

impl fmt::Display for Report {
    /// Every failure, then what is worth knowing, then `N passed, N failed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in self.cases.iter().filter(|case| case.verdict != Verdict::Passed) {
            writeln!(f, "{case}")?;
        }
        for case in self.cases.iter().filter(|case| case.blessed) {
            writeln!(f, "blessed {}: read it before you keep it", case.file.display())?;
        }
        let unlisted: usize = self.cases.iter().map(|case| case.unlisted).sum();
        if unlisted > 0 {
            writeln!(f, "turns without a listed reply, checked by `=` alone: {unlisted}")?;
        }
        write!(f, "{} passed, {} failed", self.passed(), self.failed())
    }
}

impl fmt::Display for Case {
    /// What is wrong with it; one line where nothing is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.verdict == Verdict::Passed { "ok" } else { "FAILED" };
        write!(f, "{mark} {}", self.file.display())?;
        for name in [&self.id, &self.title].into_iter().flatten() {
            write!(f, " · {name}")?;
        }
        writeln!(f)?;
        self.write_details(f)
    }
}

impl Case {
    /// What is wrong, without the heading.
    pub(super) fn write_details(&self, f: &mut impl fmt::Write) -> fmt::Result {
        let file = self.file.display();
        match &self.verdict {
            Verdict::Passed => Ok(()),
            Verdict::Malformed(report) => writeln!(f, "{report}"),
            Verdict::Stopped { line, reason } => writeln!(f, "{file}:{line}: {reason}"),
            Verdict::Failed(turns) => {
                for turn in turns.iter().take(MAX_SHOWN_TURNS) {
                    writeln!(f, "{file}:{}: {}", turn.line, turn.heading)?;
                    for complaint in &turn.complaints {
                        write_complaint(f, &file, complaint)?;
                    }
                    if !turn.trace.is_empty() {
                        writeln!(f, "  here: {}", turn.trace)?;
                    }
                }
                match turns.len().saturating_sub(MAX_SHOWN_TURNS) {
                    0 => Ok(()),
                    1 => writeln!(f, "  and 1 more turn after these"),
                    more => writeln!(f, "  and {more} more turns after these"),
                }
            }
        }
    }
}

fn write_complaint(
    f: &mut impl fmt::Write,
    file: &impl fmt::Display,
    complaint: &Complaint,
) -> fmt::Result {
    match complaint {
        Complaint::Other { line, message } => writeln!(f, "  {file}:{line}: {message}"),
        Complaint::Replies { line, lines } => {
            let has = |mark| lines.iter().any(|line| line.mark == mark);
            let what =
                match (has(Mark::Both) || has(Mark::Listed), has(Mark::Both) || has(Mark::Came)) {
                    (true, false) => "this reply did not come (-)",
                    (false, true) => "this reply is not listed (+)",
                    _ => "the reply differs: listed (-), came (+)",
                };
            writeln!(f, "  {file}:{line}: {what}")?;
            for line in lines {
                let mark = match line.mark {
                    Mark::Both => ' ',
                    Mark::Listed => '-',
                    Mark::Came => '+',
                };
                writeln!(f, "    {}", format!("{mark} {}", line.text).trim_end())?;
            }
            Ok(())
        }
    }
}
