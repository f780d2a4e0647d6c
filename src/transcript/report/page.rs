//! A report as a page of one file, for a browser without a network: the chats that failed, as
//! bubbles. It is in Spanish, since QA people read it.

use std::iter;

use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use super::{Case, Complaint, DiffLine, Exchange, Mark, Report, TurnFailure, Verdict, spanish};
use crate::message::Content;

/// Chats that are shown.
const MAX_SHOWN_CASES: usize = 500;

/// Characters of one message that are shown; a test of very long ones is read elsewhere.
const MAX_SHOWN_CHARS: usize = 4_000;

/// The template's name ends so that whatever is put in is escaped for HTML.
const TEMPLATE: &str = "page.html";

#[derive(Serialize)]
struct Page<'a> {
    palette: &'static str,
    style: &'static str,
    total: usize,
    passed: usize,
    failed: usize,
    not_run: usize,
    seed: Option<u64>,
    uncovered: Option<UncoveredShown<'a>>,
    cases: Vec<CaseShown<'a>>,
    left_out: usize,
}

#[derive(Serialize)]
struct UncoveredShown<'a> {
    list: String,
    ids: &'a [String],
}

#[derive(Serialize)]
struct CaseShown<'a> {
    name: String,
    id: Option<&'a str>,
    title: Option<&'a str>,
    file: String,
    line: Option<usize>,
    is_malformed: bool,
    problems: Vec<Problem<'a>>,
    chat: Vec<Turn<'a>>,
    command: String,
}

#[derive(Serialize)]
struct Problem<'a> {
    line: usize,
    message: &'a str,
    excerpt: &'a str,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct Turn<'a> {
    line: usize,
    is_wrong: bool,
    sent: Sent,
    replies: Vec<ReplyShown<'a>>,
    complaints: Vec<Assertion>,
    trace: Option<&'a str>,
}

#[derive(Serialize)]
struct Sent {
    /// What it is, where it is no text.
    kind: Option<&'static str>,
    words: String,
    is_event: bool,
}

/// One reply. As it came, where that is as listed; else what was listed beside it.
#[derive(Default, Serialize)]
struct ReplyShown<'a> {
    came: String,
    listed: Option<Vec<Vec<Piece<'a>>>>,
    lines: Vec<Vec<Piece<'a>>>,
    is_missing: bool,
    is_unlisted: bool,
}

#[derive(Serialize)]
struct Piece<'a> {
    text: &'a str,
    is_changed: bool,
}

#[derive(Serialize)]
struct Assertion {
    line: usize,
    message: String,
}

impl Report {
    /// The report as an HTML page. `command` runs the transcript whose file is added to it.
    #[must_use]
    pub fn page(&self, command: &str) -> String {
        let failed = || self.cases.iter().filter(|case| case.verdict != Verdict::Passed);
        let page = Page {
            palette: include_str!("../../http/assets/palette.css"),
            style: include_str!("page.css"),
            total: self.cases.len(),
            passed: self.passed(),
            failed: self.failed(),
            not_run: self.not_run,
            seed: self.seed,
            uncovered: self.uncovered.as_ref().filter(|uncovered| !uncovered.ids.is_empty()).map(
                |uncovered| UncoveredShown {
                    list: uncovered.list.display().to_string(),
                    ids: &uncovered.ids,
                },
            ),
            cases: failed().take(MAX_SHOWN_CASES).map(|case| case.shown(command)).collect(),
            left_out: self.failed().saturating_sub(MAX_SHOWN_CASES),
        };
        let mut environment = Environment::new();
        let template = include_str!("page.html");
        environment.add_template(TEMPLATE, template).expect("the template is right");
        let template = environment.get_template(TEMPLATE).expect("the template was just added");
        template.render(Serde(page)).expect("the template names only what a page has")
    }
}

impl Case {
    fn shown<'a>(&'a self, command: &str) -> CaseShown<'a> {
        let problems = match &self.verdict {
            Verdict::Malformed(report) => report.problems().iter().map(Problem::of).collect(),
            Verdict::Stopped { line, reason } => {
                vec![Problem { line: *line, message: reason, excerpt: "", hint: None }]
            }
            Verdict::Passed | Verdict::Failed(_) => Vec::new(),
        };
        let failures: &[TurnFailure] = match &self.verdict {
            Verdict::Failed(failures) => failures,
            _ => &[],
        };
        let turn = |exchange: &'a Exchange| {
            Turn::of(exchange, failures.iter().find(|failure| failure.line == exchange.line))
        };
        CaseShown {
            name: self.name(),
            id: self.id.as_deref(),
            title: self.title.as_deref(),
            file: self.file.display().to_string(),
            line: self.verdict.line(),
            is_malformed: matches!(self.verdict, Verdict::Malformed(_)),
            problems,
            chat: self.chat.iter().map(turn).collect(),
            command: self.command(command),
        }
    }
}

impl<'a> Problem<'a> {
    fn of(problem: &'a crate::engine::problem::Problem) -> Self {
        Self {
            line: problem.line,
            message: &problem.message,
            excerpt: &problem.excerpt,
            hint: problem.hint.as_deref(),
        }
    }
}

impl<'a> Turn<'a> {
    fn of(exchange: &'a Exchange, failure: Option<&'a TurnFailure>) -> Self {
        let complaints = failure.map_or(&[][..], |failure| &failure.complaints);
        let mut replies: Vec<ReplyShown<'a>> =
            exchange.replies.iter().map(|came| ReplyShown::as_listed(came)).collect();
        let mut others = Vec::new();
        for complaint in complaints {
            match complaint {
                Complaint::Other { line, finding } => {
                    others.push(Assertion { line: *line, message: finding.in_spanish() });
                }
                Complaint::Replies { index, lines, .. } => {
                    replies.resize_with(replies.len().max(index + 1), ReplyShown::default);
                    replies[*index] = ReplyShown::differing(lines, *index < exchange.replies.len());
                }
            }
        }
        Self {
            line: exchange.line,
            is_wrong: failure.is_some(),
            sent: Sent::of(exchange.sent.as_ref()),
            replies,
            complaints: others,
            trace: failure
                .map(|failure| failure.trace_in_spanish.as_str())
                .filter(|trace| !trace.is_empty()),
        }
    }
}

impl Sent {
    fn of(content: Option<&Content>) -> Self {
        match content {
            None => {
                let words = "(el mismo mensaje otra vez)".to_owned();
                Self { kind: None, words, is_event: true }
            }
            Some(Content::Text(words)) => {
                Self { kind: None, words: shortened(words), is_event: false }
            }
            Some(Content::Media { kind, caption }) => Self {
                kind: Some(spanish::media(*kind)),
                words: shortened(caption),
                is_event: false,
            },
        }
    }
}

impl<'a> ReplyShown<'a> {
    fn as_listed(came: &str) -> Self {
        Self { came: shortened(came), ..Self::default() }
    }

    fn differing(lines: &'a [DiffLine], has_come: bool) -> Self {
        let side = |mark| {
            let of_side = lines.iter().filter(move |line| [Mark::Both, mark].contains(&line.mark));
            of_side.flat_map(move |line| line.seen_from(mark)).collect::<Vec<_>>()
        };
        let has_listed = lines.iter().any(|line| line.mark != Mark::Came);
        Self {
            came: String::new(),
            listed: has_listed.then(|| side(Mark::Listed)),
            lines: side(Mark::Came),
            is_missing: !has_come,
            is_unlisted: !has_listed,
        }
    }
}

impl DiffLine {
    /// The line in pieces, as the side of `mark` has it. A line of both sides is what it describes
    /// on the side that came.
    fn seen_from(&self, mark: Mark) -> Vec<Vec<Piece<'_>>> {
        let plain = |text| vec![Piece { text, is_changed: false }];
        match self.mark {
            Mark::Both if mark == Mark::Came => {
                self.described.iter().map(|line| plain(line.as_str())).collect()
            }
            Mark::Both => vec![plain(&self.text)],
            _ if self.changed.is_empty() => {
                vec![vec![Piece { text: &self.text, is_changed: true }]]
            }
            _ => {
                let piece = |(text, is_changed)| Piece { text, is_changed };
                vec![self.pieces().into_iter().map(piece).collect()]
            }
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => text[..end].chars().chain(iter::once('…')).collect(),
        None => text.to_owned(),
    }
}
