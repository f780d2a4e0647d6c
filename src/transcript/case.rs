//! One file, from its text to its verdict.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::Options;
use super::bless::bless;
use super::kept::{Before, Kept, KeptTurn};
use super::parse::{Malformed, parse};
use super::player::{Stopped, Taken, play};
use super::report::spanish;
use super::report::{Blessing, Case, Complaint, Exchange, TurnFailure, Verdict};
use super::script::{Script, Sent, Turn};
use super::stage::{Bot, Setting, Stage};
use crate::engine::problem::Report;
use crate::engine::vocabulary::Vocabulary;
use crate::message::Content;
use crate::text::fold;

/// Runs the transcript `file`; nothing where the filter does not let it through.
pub(super) async fn run<V, B>(file: &Path, options: &Options, stage: &Stage<V, B>) -> Option<Case>
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String>,
{
    let filter = options.filter.as_deref();
    let mut case = Case::of(file);
    let whole = match read(file) {
        Ok(whole) => whole,
        Err((line, reason)) => {
            case.verdict = Verdict::Stopped { line, reason };
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
    case.unlisted = script.turns().filter(|turn| turn.is_about_facts_alone()).count();
    case.settings = script.settings(file);
    case.session = script.scene.session_file(file).map(|session| session.value);
    let keeps = options.keep && Kept::holds(&script);
    match play(&script, file, stage, None, keeps).await {
        Ok(turns) => {
            if options.bless {
                case.blessing = blessing(&whole, text, &listed(&script, &turns));
            }
            judge(&mut case, &listed(&script, &turns), options);
            case.kept = keeps.then(|| Kept { script: Arc::new(script), turns });
        }
        Err(Stopped { line, reason }) => case.verdict = Verdict::Stopped { line, reason },
    }
    Some(case)
}

/// Runs a transcript again that was run `before`, and that is as it was: it is not read again. What is
/// taken over and what is taken anew is kept for the next time.
pub(super) async fn run_again<V, B>(
    before: Before<'_>,
    options: &Options,
    stage: &Stage<V, B>,
) -> Case
where
    V: Vocabulary,
    B: Fn(&Setting) -> Result<Bot<V>, String>,
{
    let Before { case, kept: Kept { script, .. }, .. } = before;
    let mut again = Case {
        id: case.id.clone(),
        title: case.title.clone(),
        unlisted: case.unlisted,
        settings: case.settings.clone(),
        ..Case::of(&case.file)
    };
    match play(script, &case.file, stage, Some(before), true).await {
        Ok(turns) => {
            judge(&mut again, &listed(script, &turns), options);
            again.kept = Some(Kept { script: Arc::clone(script), turns });
        }
        Err(Stopped { line, reason }) => again.verdict = Verdict::Stopped { line, reason },
    }
    again
}

/// The text of a file, or where it is none and why.
fn read(file: &Path) -> Result<String, (usize, String)> {
    let bytes = fs::read(file).map_err(|error| (1, format!("it cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].split(|byte| *byte == b'\n').count();
        (line, "a letter here is not written in UTF-8; save the file as UTF-8".to_owned())
    })
}

/// Whether its path, its id or its title holds the filter, whatever the capitals and accents.
fn is_wanted(case: &Case, filter: Option<&str>) -> bool {
    let Some(filter) = filter.map(fold) else { return true };
    let file = case.file.to_string_lossy();
    let names = [Some(&*file), case.id.as_deref(), case.title.as_deref()];
    names.into_iter().flatten().any(|name| fold(name).contains(&filter))
}

/// The turns as they are listed, each with how it was taken.
fn listed<'t>(script: &'t Script, turns: &'t [KeptTurn]) -> Vec<(&'t Turn, &'t Taken)> {
    script.turns().zip(turns.iter().map(|turn| &*turn.taken)).collect()
}

/// The replies that came, where others are listed. The file is `whole`; `text` is it without its
/// byte order mark.
fn blessing(whole: &str, text: &str, turns: &[(&Turn, &Taken)]) -> Option<Blessing> {
    let differing = failures(turns, |complaint| matches!(complaint, Complaint::Replies { .. }));
    if differing.is_empty() {
        return None;
    }
    Some(Blessing { before: whole.to_owned(), after: bless(text, turns), turns: differing })
}

/// How the turns went; replies that are blessed are right.
fn judge(case: &mut Case, turns: &[(&Turn, &Taken)], options: &Options) {
    if options.coverage {
        let walked = turns.iter().filter(|(_, taken)| taken.usual_flows);
        case.walked = walked.flat_map(|(_, taken)| taken.trace.landmarks()).collect();
    }
    let is_blessed = case.blessing.is_some();
    let counts =
        |complaint: &Complaint| !is_blessed || !matches!(complaint, Complaint::Replies { .. });
    let failures = failures(turns, counts);
    if !failures.is_empty() {
        case.verdict = Verdict::Failed(failures);
        case.chat = turns.iter().map(|(turn, taken)| exchange(turn, taken)).collect();
    }
}

/// The turns with something wrong of the kind that `counts`.
fn failures(turns: &[(&Turn, &Taken)], counts: impl Fn(&Complaint) -> bool) -> Vec<TurnFailure> {
    let failure = |(turn, taken): &(&Turn, &Taken)| {
        let wrong = taken.complaints.iter().filter(|complaint| counts(complaint));
        let complaints: Vec<Complaint> = wrong.cloned().collect();
        (!complaints.is_empty()).then(|| TurnFailure {
            line: turn.line,
            heading: turn.heading.clone(),
            complaints,
            trace: taken.trace.to_string(),
            trace_in_spanish: spanish::trace(&taken.trace),
        })
    };
    turns.iter().filter_map(failure).collect()
}

fn exchange(turn: &Turn, taken: &Taken) -> Exchange {
    Exchange {
        line: turn.line,
        sent: match &turn.sent {
            Sent::Message(content) => Some(content.clone()),
            Sent::Tap(id) => Some(Content::Text(id.clone())),
            Sent::Duplicate => None,
        },
        replies: taken.replies.iter().map(|reply| reply.text.clone()).collect(),
    }
}
