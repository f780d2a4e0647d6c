//! Flows that are edited step by step: a transcript that a step's edit does not touch goes as
//! before. Each edit is one that the checker lets through; most lead the talk elsewhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kavak_bot::dealer::Dealer;
use kavak_bot::engine::check::{Blueprint, Sources, Tried, check};
use kavak_bot::engine::document::Document;
use kavak_bot::engine::flow::{Choice, Flows};
use kavak_bot::engine::problem::{Problem, Report};
use kavak_bot::engine::revision::Revision;
use kavak_bot::engine::vocabulary::Vocabulary as _;
use kavak_bot::transcript::{Case, Runner, Setting, Wanted};
use serde_json::{Map, Value, json};

use super::{CATALOG, OURS, THOROUGH, bot, dealer};

const BOT: &str = "bot.yaml";

/// How much of all that could be looked at is.
struct Sample {
    /// One step of so many.
    steps: usize,
    /// Edits of a step.
    edits: usize,
    /// One transcript of so many.
    transcripts: usize,
}

#[test]
fn what_an_edit_of_a_step_touches_is_taken_again_and_nothing_else() {
    hold(&Sample { steps: 12, edits: 1, transcripts: 7 });
}

#[test]
#[ignore = "takes minutes: every step, each with several edits, and all transcripts"]
fn what_every_edit_of_any_step_touches_is_taken_again_and_nothing_else() {
    hold(&Sample { steps: 1, edits: 4, transcripts: 1 });
}

#[test]
fn what_an_edit_of_commands_and_answers_touches_is_taken_again_and_nothing_else() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let (touched, spared, _) = spare(&sources, bot_edits(&sources).into_iter().step_by(37), 11);
    assert!(spared > touched && touched > 0);
}

#[test]
fn what_an_edit_of_a_text_touches_is_taken_again_and_nothing_else() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    // One word more fits, a thousand do not; nor do they where a text only shows another.
    let edits = [text_edits(&sources, "ya"), text_edits(&sources, &"ya ".repeat(1_000))];
    let edits = edits.into_iter().flat_map(|edits| edits.into_iter().step_by(17));
    let (touched, spared, refused) = spare(&sources, edits, 29);
    assert!(spared > 0 && touched > 0 && refused > 0);
}

#[test]
fn what_an_edit_of_a_threshold_touches_is_taken_again_and_nothing_else() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let whole = tree(&sources, BOT);
    let edits = [
        ("session", "expires_after_hours", 1),
        ("session", "expires_after_hours", 25),
        ("inbound", "max_characters", 12),
        ("inbound", "max_characters", 4_001),
        ("digressions", "limit", 1),
        ("digressions", "limit", 4),
    ];
    let edits = edits.map(|(part, threshold, value)| {
        let mut edited = whole.clone();
        edited[part][threshold] = json!(value);
        (format!("{threshold}: {value}"), with_bot(&sources, &edited))
    });
    let (touched, spared, _) = spare(&sources, edits.into_iter(), 3);
    assert!(spared > touched && touched > 0);
}

#[test]
fn commands_are_found_as_they_are_listed() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let flows = check(&sources, &dealer(Path::new(CATALOG)).expect("the cars")).expect("right");
    let commands = &flows.bot.commands;
    let phrases = commands.iter().flat_map(Choice::phrases).map(String::as_str);
    for said in phrases.chain(["", "versa"]) {
        let listed = commands.iter().filter(|command| command.is_said(said));
        assert!(flows.commands_said(said).eq(listed), "{said}");
    }
}

/// Holds one of `one_in` transcripts to what [`hold_again`] says, for each edit that the checker lets
/// through: how many of them were touched, and how many were not.
fn spare(
    sources: &Sources,
    edits: impl Iterator<Item = (String, Sources)>,
    one_in: usize,
) -> (usize, usize, usize) {
    let dealer = dealer(Path::new(CATALOG)).expect("the cars");
    let before = check(sources, &dealer).expect("our flows are right");
    let (mut touched, mut spared, mut refused, mut tried) = (0, 0, 0, Tried::default());
    for (number, (name, edited)) in edits.enumerate() {
        let checked = check(&edited, &dealer);
        let again = Blueprint::of(&edited, dealer.offers()).check_untried(&dealer, &mut tried);
        let told = |problems: &Vec<Problem>| Report::new(problems.clone()).to_string();
        let is_refused = checked.as_ref().err().map(told);
        assert_eq!(again.as_ref().err().map(told), is_refused, "after an edit of {name}");
        let Ok(now) = checked else {
            refused += 1;
            continue;
        };
        let revision = Revision::between(&before, &now).expect("only words or a text differ");
        let cases: Vec<&Case> = usual().skip(37 * number % one_in).step_by(one_in).collect();
        let these = cases.iter().filter(|case| case.is_touched_by(&revision)).count();
        touched += these;
        spared += cases.len() - these;
        hold_again(&edited, &revision, &cases, &name);
    }
    println!("{touched} touched, {spared} untouched run again, {refused} edits refused");
    (touched, spared, refused)
}

/// What is run again of `cases`, turn by turn where it can be, goes as all of them do with the `edited`
/// flows. How many go otherwise than before.
fn hold_again(edited: &Sources, revision: &Revision, cases: &[&Case], name: &str) -> usize {
    let runner = Runner::new(|setting: &Setting| {
        bot(setting, |dealer| check(edited, dealer).map_err(|problems| format!("{problems:?}")))
    });
    let files: Vec<PathBuf> = cases.iter().map(|case| case.file.clone()).collect();
    let wanted: Vec<Wanted<'_>> = cases
        .iter()
        .map(|case| match case.before(revision) {
            Some(before) => Wanted::Touched(before),
            None => Wanted::Whole(&case.file),
        })
        .collect();
    let whole = runner.run_files(&files, &THOROUGH).expect("they can be run").cases;
    let again = runner.run_again(&wanted, &THOROUGH).expect("they can be run").cases;
    assert_eq!((whole.len(), again.len()), (cases.len(), cases.len()));
    for (whole, again) in whole.iter().zip(&again) {
        assert!(
            whole == again,
            "after an edit of {name} {} goes otherwise than all of it: {:?} and not {:?}",
            whole.file.display(),
            again.verdict,
            whole.verdict
        );
    }
    let differs = |(case, whole): &(&&Case, &Case)| {
        (&case.verdict, &case.walked) != (&whole.verdict, &whole.walked)
    };
    cases.iter().zip(&whole).filter(differs).count()
}

/// Our flows with another `bot.yaml`.
fn with_bot(sources: &Sources, bot: &Value) -> Sources {
    let mut edited = sources.clone();
    edited.files.insert(BOT.to_owned(), bot.to_string());
    edited
}

/// Our flows, each with one command or fixed answer that is gone, and with one that knows words which
/// customers of the transcripts write.
fn bot_edits(sources: &Sources) -> Vec<(String, Sources)> {
    let whole = tree(sources, BOT);
    let mut edits = Vec::new();
    for part in ["commands", "answers"] {
        for name in whole[part].as_object().expect("they have names").keys() {
            let mut without = whole.clone();
            without[part].as_object_mut().and_then(|part| part.shift_remove(name));
            edits.push((format!("{name}, gone"), with_bot(sources, &without)));
            let mut more = whole.clone();
            more[part][name]["contains"] = json!(["seminuevos", "mi presupuesto", "de una vez"]);
            edits.push((format!("{name}, with other words"), with_bot(sources, &more)));
        }
    }
    edits
}

#[test]
fn an_edit_of_a_text_that_is_said_beside_turns_touches_nobody() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let dealer = dealer(Path::new(CATALOG)).expect("the cars");
    let before = check(&sources, &dealer).expect("our flows are right");
    for name in ["session.too_much", "session.unreadable", "main.list_label"] {
        let edited = text_edits(&sources, "ya").into_iter().find(|(text, _)| text == name);
        let (_, edited) = edited.expect("the text");
        let now = check(&edited, &dealer).expect("one word more fits");
        let revision = Revision::between(&before, &now).expect("only a text differs");
        assert_eq!(revision.texts.iter().collect::<Vec<_>>(), [name]);
        let touched = |revision| usual().filter(|case| case.is_touched_by(revision)).count();
        // One whose turns are not kept is touched by anything.
        assert_eq!(touched(&revision), touched(&Revision::default()), "{name}");
    }
}

/// Each text with `more` at its end, where it has one wording.
fn text_edits(sources: &Sources, more: &str) -> Vec<(String, Sources)> {
    let file = "texts/es-MX.yaml";
    let whole = tree(sources, file);
    let groups = whole.as_object().expect("groups of texts").iter();
    let texts = groups.flat_map(|(group, texts)| {
        let texts = texts.as_object().into_iter().flatten();
        texts.filter_map(move |(name, text)| Some((group, name, text.as_str()?)))
    });
    let edited = texts.map(|(group, name, text)| {
        let mut whole = whole.clone();
        whole[group][name] = json!(format!("{} {more}", text.trim_end()));
        let mut files = sources.files.clone();
        files.insert(file.to_owned(), whole.to_string());
        (format!("{group}.{name}"), Sources { files, folder: sources.folder.clone() })
    });
    edited.collect()
}

fn hold(sample: &Sample) {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let dealer = dealer(Path::new(CATALOG)).expect("the cars");
    let before = check(&sources, &dealer).expect("our flows are right");
    let (mut edits, mut spared, mut touched, mut differing) = (0, 0, 0, 0);
    let mut unedited = Vec::new();
    for (number, step) in steps(&sources).into_iter().enumerate() {
        if number % sample.steps != 0 {
            continue;
        }
        let accepted = accepted(&sources, &dealer, &step);
        let mut is_edited = false;
        for (edited, now) in accepted.take(sample.edits) {
            is_edited = true;
            // One that names or unnames the step that says a refusal touches everybody.
            let Some(revision) = Revision::between(&before, &now) else { continue };
            assert_eq!(revision.steps.iter().collect::<Vec<_>>(), [&step.name()]);
            let skipped = number % sample.transcripts;
            let cases: Vec<&Case> = usual().skip(skipped).step_by(sample.transcripts).collect();
            let these = cases.iter().filter(|case| case.is_touched_by(&revision)).count();
            edits += 1;
            touched += these;
            spared += cases.len() - these;
            differing += hold_again(&edited, &revision, &cases, &step.name());
        }
        // Each other way out of some branches is one that the checker refuses.
        unedited.extend((!is_edited).then(|| step.name()));
    }
    println!("{edits} edits; {touched} touched by them, {spared} not; {differing} went otherwise");
    assert!(spared > 0 && touched > 0 && differing > 0);
    assert!(edits > 2 * unedited.len(), "not edited: {unedited:?}");
}

/// Our transcripts that are played on our flows alone, with the cars of most.
fn usual() -> impl Iterator<Item = &'static Case> {
    let is_usual = |setting: &Setting| {
        let Setting { catalog, flows, model } = setting;
        flows.is_none() && model.is_none() && catalog.as_deref() == Some(Path::new(CATALOG))
    };
    OURS.cases.iter().filter(move |case| case.settings.iter().all(is_usual))
}

/// A step, where it is written.
struct Written {
    file: String,
    flow: String,
    step: String,
}

impl Written {
    fn name(&self) -> String {
        format!("{}.{}", self.flow, self.step)
    }
}

fn tree(sources: &Sources, file: &str) -> Value {
    Document::parse(file, &sources.files[file]).expect("our flows are YAML").root.to_json()
}

fn steps(sources: &Sources) -> Vec<Written> {
    let files = sources
        .files
        .keys()
        .filter(|file| Path::new(file).extension().is_some_and(|end| end == "yaml"));
    let written = files.flat_map(|file| {
        let tree = tree(sources, file);
        let flow = tree["flow"].as_str().unwrap_or_default().to_owned();
        let names = tree["steps"].as_object().cloned().unwrap_or_default();
        names.into_iter().map(move |(step, _)| Written {
            file: file.clone(),
            flow: flow.clone(),
            step,
        })
    });
    written.collect()
}

/// The flow of a step under a new version.
fn renewed(sources: &Sources, step: &Written) -> Value {
    let mut whole = tree(sources, &step.file);
    whole["version"] = json!(whole["version"].as_u64().unwrap_or_default() + 1);
    whole
}

/// The edits of a step that the checker lets through, each under a new version.
fn accepted<'a>(
    sources: &'a Sources,
    dealer: &'a Dealer,
    step: &'a Written,
) -> impl Iterator<Item = (Sources, Arc<Flows>)> + 'a {
    let whole = renewed(sources, step);
    let names: Vec<String> = whole["steps"].as_object().expect("steps").keys().cloned().collect();
    edits(&whole["steps"][&step.step], &names).into_iter().filter_map(move |edited| {
        let mut whole = whole.clone();
        whole["steps"][&step.step] = edited;
        let mut files: BTreeMap<String, String> = sources.files.clone();
        // JSON is YAML.
        files.insert(step.file.clone(), whole.to_string());
        let sources = Sources { files, folder: sources.folder.clone() };
        let flows = check(&sources, dealer).ok()?;
        Some((sources, flows))
    })
}

/// Whatever can be done to a step alone: its texts and ladder exchanged, a list made shorter, words
/// that it no longer knows, and each of its ways led elsewhere.
fn edits(step: &Value, names: &[String]) -> Vec<Value> {
    let mut edits = Vec::new();
    let mut edit = |change: &dyn Fn(&mut Map<String, Value>) -> Option<()>| {
        let mut edited = step.clone();
        let changed = edited.as_object_mut().and_then(change);
        if changed.is_some() && edited != *step {
            edits.push(edited);
        }
    };
    edit(&|step| {
        step.get_mut("no_match")?.as_array_mut()?.swap(0, 1);
        Some(())
    });
    edit(&|step| {
        let (ask, again) = (step.get("ask")?.clone(), step.get("again")?.clone());
        step.insert("ask".to_owned(), again);
        step.insert("again".to_owned(), ask);
        Some(())
    });
    edit(&|step| {
        let page = step.get_mut("menu")?.get_mut("page")?;
        *page = json!(page.as_u64()? - 1);
        Some(())
    });
    edit(&|step| {
        let option = step.get_mut("options")?.get_mut(0)?.as_object_mut()?;
        option.remove("phrases").map(drop)
    });
    for name in names {
        edit(&|step| {
            *step.get_mut("next")? = json!(name);
            Some(())
        });
        for ways in ["outcomes", "cases"] {
            edit(&|step| lead(step.get_mut(ways)?, name));
            edit(&|step| lead(step.get_mut("branch")?.get_mut(ways)?, name));
        }
    }
    edits
}

/// Leads the first of several ways to the step `name`.
fn lead(ways: &mut Value, name: &str) -> Option<()> {
    *ways.as_object_mut()?.values_mut().next()? = json!(name);
    Some(())
}
