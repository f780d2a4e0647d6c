//! One file, from its text to its verdict.

use std::fs;
use std::path::Path;

use super::Options;
use super::bless::bless;
use super::parse::{Malformed, parse};
use super::player::{Stopped, Taken, play};
use super::report::{Blessing, Case, Complaint, Exchange, TurnFailure, Verdict};
use super::script::{Move, Script, Sent};
use super::stage::{Bot, Setting, Stage};
use crate::engine::problem::Report;
use crate::engine::trace::Consulted;
use crate::engine::vocabulary::Vocabulary;

/// Runs the transcript `file`; nothing where the filter does not let it through.
pub(super) async fn run<V, B>(file: &Path, options: &Options, stage: &Stage<V, B>) -> Option<Case>
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String>,
{
    let filter = options.filter.as_deref();
    let mut case = Case {
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
        consulted: Consulted::default(),
    };
    let whole = match fs::read_to_string(file) {
        Ok(whole) => whole,
        Err(error) => {
            case.verdict =
                Verdict::Stopped { line: 1, reason: format!("it cannot be read: {error}") };
            return is_wanted(&case, filter).then_some(case);
        }
    };
    let text = whole.strip_prefix('\u{feff}').unwrap_or(&whole);
    let script = match parse(&file.display().to_string(), text) {
        Ok(script) => script,
        Err(Malformed { id, title, problems }) => {
            let verdict = Verdict::Malformed(Report::new(problems));
            case = Case { id, title, verdict, ..case };
            return is_wanted(&case, filter).then_some(case);
        }
    };
    case.id.clone_from(&script.id);
    case.title.clone_from(&script.title);
    if !is_wanted(&case, filter) {
        return None;
    }
    case.unlisted = unlisted(&script);
    case.settings = script.settings(file);
    case.session = script.scene.session_file(file).map(|session| session.value);
    match play(&script, file, stage).await {
        Ok(turns) => {
            if options.coverage {
                let walked = turns.iter().filter(|taken| taken.usual_flows);
                case.walked = walked.flat_map(|taken| taken.trace.landmarks()).collect();
            }
            case.consulted = consulted(&turns);
            if options.bless {
                case.blessing = blessing(&whole, text, &turns);
            }
            judge(&mut case, turns);
        }
        Err(Stopped { line, reason }) => case.verdict = Verdict::Stopped { line, reason },
    }
    Some(case)
}

fn is_wanted(case: &Case, filter: Option<&str>) -> bool {
    let Some(filter) = filter else { return true };
    let names = [&case.id, &case.title].into_iter().flatten();
    case.file.to_string_lossy().contains(filter)
        || names.into_iter().any(|name| name.contains(filter))
}

/// What any of the turns looked at.
fn consulted(turns: &[Taken<'_>]) -> Consulted {
    let mut all = Consulted::default();
    for Consulted { steps, texts, lookups } in turns.iter().map(|taken| &taken.trace.consulted) {
        all.steps.extend(steps.iter().cloned());
        all.texts.extend(texts.iter().cloned());
        all.lookups.extend(lookups.iter().cloned());
    }
    all
}

/// Turns that are checked by `=` alone.
fn unlisted(script: &Script) -> usize {
    let turns = script.moves.iter().filter_map(|event| match event {
        Move::Turn(turn) => Some(turn),
        _ => None,
    });
    turns.filter(|turn| turn.is_about_facts_alone()).count()
}

/// The replies that came, where others are listed. The file is `whole`; `text` is it without its
/// byte order mark.
fn blessing(whole: &str, text: &str, turns: &[Taken<'_>]) -> Option<Blessing> {
    let differing = failures(turns, |complaint| matches!(complaint, Complaint::Replies { .. }));
    if differing.is_empty() {
        return None;
    }
    Some(Blessing { before: whole.to_owned(), after: bless(text, turns), turns: differing })
}

/// What is wrong with the turns; replies that are blessed are right.
fn judge(case: &mut Case, turns: Vec<Taken<'_>>) {
    let is_blessed = case.blessing.is_some();
    let counts =
        |complaint: &Complaint| !is_blessed || !matches!(complaint, Complaint::Replies { .. });
    let failures = failures(&turns, counts);
    if !failures.is_empty() {
        case.verdict = Verdict::Failed(failures);
        case.chat = turns.into_iter().map(exchange).collect();
    }
}

/// The turns with something wrong of the kind that `counts`.
fn failures(turns: &[Taken<'_>], counts: impl Fn(&Complaint) -> bool) -> Vec<TurnFailure> {
    let failures = turns.iter().map(|taken| TurnFailure {
        line: taken.turn.line,
        heading: taken.turn.heading.clone(),
        complaints: taken
            .complaints
            .iter()
            .filter(|complaint| counts(complaint))
            .cloned()
            .collect(),
        trace: taken.trace.to_string(),
    });
    failures.filter(|failure| !failure.complaints.is_empty()).collect()
}

fn exchange(taken: Taken<'_>) -> Exchange {
    Exchange {
        line: taken.turn.line,
        sent: match &taken.turn.sent {
            Sent::Message(content) => Some(content.clone()),
            Sent::Duplicate => None,
        },
        replies: taken.replies.into_iter().map(|reply| reply.text).collect(),
    }
}
