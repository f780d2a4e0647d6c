//! One file, from its text to its verdict.

use std::fs;
use std::path::Path;

use super::Options;
use super::bless::bless;
use super::parse::parse;
use super::player::{Stopped, Taken, play};
use super::report::{Case, Complaint, TurnFailure, Verdict};
use super::script::{Move, Script};
use super::stage::{Bot, Setting, Stage};
use crate::engine::problem::Report;
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
        blessed: false,
        unlisted: 0,
        walked: Vec::new(),
    };
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            case.verdict =
                Verdict::Stopped { line: 1, reason: format!("it cannot be read: {error}") };
            return is_wanted(&case, filter).then_some(case);
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let script = match parse(&file.display().to_string(), text) {
        Ok(script) => script,
        Err(problems) => {
            case.verdict = Verdict::Malformed(Report::new(problems));
            return is_wanted(&case, filter).then_some(case);
        }
    };
    case.id.clone_from(&script.id);
    case.title.clone_from(&script.title);
    if !is_wanted(&case, filter) {
        return None;
    }
    case.unlisted = unlisted(&script);
    match play(&script, file, stage).await {
        Ok(turns) => {
            if options.coverage {
                let walked = turns.iter().filter(|taken| taken.usual_flows);
                case.walked = walked.flat_map(|taken| taken.trace.landmarks()).collect();
            }
            judge(&mut case, turns, text, options);
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

/// Turns that are checked by `=` alone.
fn unlisted(script: &Script) -> usize {
    let turns = script.moves.iter().filter_map(|event| match event {
        Move::Turn(turn) => Some(turn),
        _ => None,
    });
    turns.filter(|turn| turn.is_about_facts_alone()).count()
}

fn judge(case: &mut Case, mut turns: Vec<Taken<'_>>, text: &str, options: &Options) {
    let differs = |complaint: &Complaint| matches!(complaint, Complaint::Replies { .. });
    if options.bless && turns.iter().any(|taken| taken.complaints.iter().any(differs)) {
        match fs::write(&case.file, bless(text, &turns)) {
            Ok(()) => {
                case.blessed = true;
                for taken in &mut turns {
                    taken.complaints.retain(|complaint| !differs(complaint));
                }
            }
            Err(error) => {
                let reason = format!("it cannot be written: {error}");
                case.verdict = Verdict::Stopped { line: 1, reason };
                return;
            }
        }
    }
    let failures: Vec<TurnFailure> = turns
        .into_iter()
        .filter(|taken| !taken.complaints.is_empty())
        .map(|taken| TurnFailure {
            line: taken.turn.line,
            heading: taken.turn.heading.clone(),
            complaints: taken.complaints,
            trace: taken.trace.to_string(),
        })
        .collect();
    if !failures.is_empty() {
        case.verdict = Verdict::Failed(failures);
    }
}
