//! A report as JSON lines: one object a transcript, in the order of the files.
//!
//! | field | what it is |
//! |---|---|
//! | `file` | the transcript, as it was found |
//! | `id`, `title` | what `# id:` and the first comment say, or null |
//! | `verdict` | `passed`, `failed` (turns are not as listed), `malformed` (it cannot be read) or `stopped` (it cannot be opened or played on) |
//! | `line` | the first line with something wrong, or null |
//! | `blessed` | whether its replies were rewritten |
//! | `unlisted` | its turns that were checked by `=` alone |
//! | `problems` | where it is malformed or stopped: `line`, `column`, `rule`, `message`, `hint`; what is not known is null |
//! | `turns` | where it failed: `line`, `heading` (that line), `trace` (what the engine did, or empty) and `complaints`, each with `line`, `summary` and `difference`: lines with their `mark` (`=` both, `-` listed, `+` came), `text`, and `changed`, the words that differ as pairs of offsets in UTF-8 bytes |

use std::borrow::Cow;

use serde::Serialize;

use super::{Case, Complaint, DiffLine, Mark, Report, TurnFailure, Verdict};

#[derive(Serialize)]
struct CaseShown<'a> {
    file: String,
    id: Option<&'a str>,
    title: Option<&'a str>,
    verdict: &'static str,
    line: Option<usize>,
    blessed: bool,
    unlisted: usize,
    problems: Vec<Problem<'a>>,
    turns: Vec<Turn<'a>>,
}

#[derive(Serialize)]
struct Problem<'a> {
    line: usize,
    column: Option<usize>,
    rule: Option<&'a str>,
    message: &'a str,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct Turn<'a> {
    line: usize,
    heading: &'a str,
    trace: &'a str,
    complaints: Vec<ComplaintShown<'a>>,
}

#[derive(Serialize)]
struct ComplaintShown<'a> {
    line: usize,
    summary: Cow<'a, str>,
    difference: Vec<Difference<'a>>,
}

#[derive(Serialize)]
struct Difference<'a> {
    mark: &'static str,
    text: &'a str,
    changed: Vec<[usize; 2]>,
}

impl Report {
    /// The report as JSON lines; see the fields in the module's source.
    #[must_use]
    pub fn json(&self) -> String {
        let lines = self.cases.iter().map(|case| {
            let json =
                serde_json::to_string(&CaseShown::of(case)).expect("names and numbers are JSON");
            json + "\n"
        });
        lines.collect()
    }
}

impl Verdict {
    /// The name in JSON.
    fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Malformed(_) => "malformed",
            Self::Stopped { .. } => "stopped",
            Self::Failed(_) => "failed",
        }
    }
}

impl<'a> CaseShown<'a> {
    fn of(case: &'a Case) -> Self {
        let (problems, turns) = match &case.verdict {
            Verdict::Passed => (Vec::new(), Vec::new()),
            Verdict::Malformed(report) => {
                let problems = report.problems().iter().map(|problem| Problem {
                    line: problem.line,
                    column: Some(problem.column),
                    rule: Some(problem.rule),
                    message: &problem.message,
                    hint: problem.hint.as_deref(),
                });
                (problems.collect(), Vec::new())
            }
            Verdict::Stopped { line, reason } => {
                let line = *line;
                let problem =
                    Problem { line, column: None, rule: None, message: reason, hint: None };
                (vec![problem], Vec::new())
            }
            Verdict::Failed(turns) => (Vec::new(), turns.iter().map(Turn::of).collect()),
        };
        Self {
            file: case.file.display().to_string(),
            id: case.id.as_deref(),
            title: case.title.as_deref(),
            verdict: case.verdict.name(),
            line: case.verdict.line(),
            blessed: case.blessing.is_some(),
            unlisted: case.unlisted,
            problems,
            turns,
        }
    }
}

impl<'a> Turn<'a> {
    fn of(turn: &'a TurnFailure) -> Self {
        let complaints = turn.complaints.iter().map(|complaint| ComplaintShown {
            line: complaint.line(),
            summary: complaint.summary(),
            difference: match complaint {
                Complaint::Replies { lines, .. } => lines.iter().map(Difference::of).collect(),
                Complaint::Other { .. } => Vec::new(),
            },
        });
        Self {
            line: turn.line,
            heading: &turn.heading,
            trace: &turn.trace,
            complaints: complaints.collect(),
        }
    }
}

impl<'a> Difference<'a> {
    fn of(line: &'a DiffLine) -> Self {
        let mark = match line.mark {
            Mark::Both => "=",
            Mark::Listed => "-",
            Mark::Came => "+",
        };
        let changed = line.changed.iter().map(|range| [range.start, range.end]).collect();
        Self { mark, text: &line.text, changed }
    }
}
