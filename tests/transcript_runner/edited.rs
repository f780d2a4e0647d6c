//! Flows that are edited step by step: a transcript that a step's edit does not touch goes as
//! before. Each edit is one that the checker lets through; most lead the talk elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kavak_bot::dealer::Dealer;
use kavak_bot::engine::check::{Blueprint, Sources, Tried, check};
use kavak_bot::engine::document::Document;
use kavak_bot::engine::flow::{Choice, Flows};
use kavak_bot::engine::landmark::Landmark;
use kavak_bot::engine::problem::{Problem, Report};
use kavak_bot::engine::revision::Revision;
use kavak_bot::engine::trace::Way;
use kavak_bot::engine::vocabulary::Vocabulary as _;
use kavak_bot::transcript::{Case, Runner, Setting, Wanted};
use serde_json::{Map, Value, json};

use super::{CATALOG, OURS, THOROUGH, bot, dealer};

const BOT: &str = "bot.yaml";

/// Our flows, edited.
struct Edit {
    name: String,
    sources: Sources,
    /// What a transcript comes by that may go otherwise, where that is known.
    near: Option<Landmark>,
}

impl Edit {
    fn new(name: String, sources: Sources) -> Self {
        Self { name, sources, near: None }
    }
}

/// What became of transcripts under edits.
#[derive(Debug, Default)]
struct Told {
    touched: usize,
    spared: usize,
    /// How many went otherwise than before.
    differing: usize,
    /// Edits that the checker refused.
    refused: usize,
    /// Edits after which all is run.
    whole: usize,
}

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
    let told = spare(&sources, bot_edits(&sources).into_iter().step_by(37), 11);
    assert!(told.whole == 0 && told.spared > told.touched && told.differing > 0, "{told:?}");
}

#[test]
fn what_an_edit_of_a_text_touches_is_taken_again_and_nothing_else() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    // One word more fits, a thousand do not; nor do they where a text only shows another.
    let edits = [text_edits(&sources, "ya"), text_edits(&sources, &"ya ".repeat(1_000))];
    let edits = edits.into_iter().flat_map(|edits| edits.into_iter().step_by(17));
    let told = spare(&sources, edits, 29);
    assert!(
        told.whole == 0 && told.spared > 0 && told.differing > 0 && told.refused > 0,
        "{told:?}"
    );
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
        Edit::new(format!("{threshold}: {value}"), with_bot(&sources, &edited))
    });
    let told = spare(&sources, edits.into_iter(), 11);
    assert!(told.whole == 0 && told.spared > told.touched && told.differing > 0, "{told:?}");
}

#[test]
fn what_another_step_that_a_signpost_points_to_touches_is_taken_again() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let told = spare(&sources, signpost_edits(&sources).into_iter(), 301);
    assert!(told.whole == 0 && told.spared > 0 && told.differing > 0, "{told:?}");
}

#[test]
fn what_the_texts_of_the_bot_and_of_slots_touch_in_each_others_place_is_taken_again() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let told = spare(&sources, swaps(&sources).into_iter(), 301);
    assert!(told.whole == 0 && told.spared > 0 && told.differing > 0, "{told:?}");
}

#[test]
fn what_another_setting_of_a_slot_touches_is_taken_again() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let told = spare(&sources, setting_edits(&sources).into_iter(), 61);
    assert!(told.whole < told.spared && told.spared > 0 && told.differing > 0, "{told:?}");
}

#[test]
fn a_phrase_more_that_nobody_writes_touches_next_to_nothing() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let mut edited = sources.clone();
    let mut whole = tree(&sources, "purchase.yaml");
    whole["version"] = json!(whole["version"].as_u64().unwrap_or_default() + 1);
    let words = whole["slots"]["payment"]["words"]["credit"].as_array_mut();
    words.expect("a list").push(json!("zorrillo"));
    edited.files.insert("purchase.yaml".to_owned(), whole.to_string());
    let dealer = dealer(Path::new(CATALOG)).expect("the cars");
    let flows = |sources| check(sources, &dealer).expect("these flows are right");
    let revision = Revision::between(&flows(&sources), &flows(&edited)).expect("words differ");
    let touched = |revision| usual().filter(|case| case.is_touched_by(revision)).count();
    // Some are run again whatever changes.
    assert_eq!(touched(&revision), touched(&Revision::default()));
}

#[test]
fn a_step_that_comes_to_say_why_an_answer_is_refused_is_told_of() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let dealer = dealer(Path::new(CATALOG)).expect("the cars");
    let before = check(&sources, &dealer).expect("our flows are right");
    let steps = steps(&sources);
    let step = steps.iter().find(|step| step.name() == "quote.down_payment").expect("that step");
    let mut whole = renewed(&sources, step);
    whole["steps"][&step.step]["refused"]["too_high"] = json!("price");
    let mut edited = sources.clone();
    edited.files.insert(step.file.clone(), whole.to_string());
    let now = check(&edited, &dealer).expect("the price may be asked again");
    let revision = Revision::between(&before, &now).expect("two steps differ");
    let told: BTreeSet<&str> = revision.steps.iter().map(String::as_str).collect();
    assert_eq!(told, BTreeSet::from(["quote.down_payment", "quote.price"]));
}

#[test]
fn what_a_step_that_came_in_touches_is_taken_again_and_nothing_else() {
    let sources = Sources::read(Path::new("flows")).expect("our flows");
    let told = spare(&sources, detours(&sources).into_iter().step_by(5), 47);
    assert!(told.whole == 0 && told.spared > told.touched && told.differing > 0, "{told:?}");
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

/// Holds one of `one_in` transcripts, and two that come by what was edited, to what [`hold_again`]
/// says, for each edit that the checker lets through.
fn spare(sources: &Sources, edits: impl Iterator<Item = Edit>, one_in: usize) -> Told {
    let dealer = dealer(Path::new(CATALOG)).expect("the cars");
    let before = check(sources, &dealer).expect("our flows are right");
    let (mut told, mut tried) = (Told::default(), Tried::default());
    for (number, Edit { name, sources: edited, near }) in edits.enumerate() {
        let checked = check(&edited, &dealer);
        let again = Blueprint::of(&edited, dealer.offers()).check_untried(&dealer, &mut tried);
        let report = |problems: &Vec<Problem>| Report::new(problems.clone()).to_string();
        let is_refused = checked.as_ref().err().map(report);
        assert_eq!(again.as_ref().err().map(report), is_refused, "after an edit of {name}");
        let Ok(now) = checked else {
            told.refused += 1;
            continue;
        };
        // Where more is edited than can be told, all is run: that a slot has a text, say.
        let Some(revision) = Revision::between(&before, &now) else {
            told.whole += 1;
            continue;
        };
        let comes_by = |case: &&Case| near.as_ref().is_some_and(|near| case.walked.contains(near));
        let cases = usual().skip(37 * number % one_in).step_by(one_in);
        let cases: Vec<&Case> = cases.chain(usual().filter(comes_by).take(2)).collect();
        let these = cases.iter().filter(|case| case.is_touched_by(&revision)).count();
        told.touched += these;
        told.spared += cases.len() - these;
        told.differing += hold_again(&edited, &revision, &cases, &name);
    }
    println!("{told:?}");
    told
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
        .map(|case| match case.before(Some(revision)) {
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
fn bot_edits(sources: &Sources) -> Vec<Edit> {
    let whole = tree(sources, BOT);
    let mut edits = Vec::new();
    for part in ["commands", "answers"] {
        for name in whole[part].as_object().expect("they have names").keys() {
            let mut without = whole.clone();
            without[part].as_object_mut().and_then(|part| part.shift_remove(name));
            edits.push(Edit::new(format!("{name}, gone"), with_bot(sources, &without)));
            let mut more = whole.clone();
            more[part][name]["contains"] = json!(["seminuevos", "mi presupuesto", "de una vez"]);
            edits.push(Edit::new(format!("{name}, with other words"), with_bot(sources, &more)));
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
        let edited = text_edits(&sources, "ya").into_iter().find(|edit| edit.name == name);
        let edited = edited.expect("the text").sources;
        let now = check(&edited, &dealer).expect("one word more fits");
        let revision = Revision::between(&before, &now).expect("only a text differs");
        assert_eq!(revision.texts.iter().collect::<Vec<_>>(), [name]);
        let touched = |revision| usual().filter(|case| case.is_touched_by(revision)).count();
        // One whose turns are not kept is touched by anything.
        assert_eq!(touched(&revision), touched(&Revision::default()), "{name}");
    }
}

/// Each signpost of a flow that has transcripts of its own pointing to the next step of the flow
/// instead: where a slot is overheard, and where it is refused while another question waits.
fn signpost_edits(sources: &Sources) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut seen = BTreeSet::new();
    for step in steps(sources) {
        let whole = renewed(sources, &step);
        let names = whole["steps"].as_object().expect("steps").keys();
        let names: Vec<&str> = names.map(String::as_str).collect();
        let slot = &whole["steps"][&step.step]["collect"];
        let refused = whole["steps"][&step.step]["refused"].as_object().into_iter().flatten();
        let refused = refused.map(|(reason, to)| {
            let why = format!("refused {}: {reason}", slot.as_str().unwrap_or_default());
            (format!("/steps/{}/refused/{reason}", step.step), to, why)
        });
        let heard = whole["listen"].as_object().into_iter().flatten();
        let heard =
            heard.map(|(slot, to)| (format!("/listen/{slot}"), to, format!("overheard {slot}")));
        for (path, to, why) in heard.chain(refused) {
            let to = to.as_str().unwrap_or_default();
            let Some(place) = names.iter().position(|name| *name == to) else { continue };
            // The first question that names a reason is where it points.
            if !seen.insert(why.clone()) {
                continue;
            }
            let mut whole = whole.clone();
            let other = names[(place + 1) % names.len()];
            *whole.pointer_mut(&path).expect("it was found there") = json!(other);
            let mut edited = sources.clone();
            edited.files.insert(step.file.clone(), whole.to_string());
            let way = Way { from: None, to: format!("{}.{to}", step.flow), why };
            let name = format!("{}{path}", step.file);
            edits.push(Edit { name, sources: edited, near: Some(Landmark::Way(way)) });
        }
    }
    edits
}

/// Each setting of a slot that is gone, and each list of its words with one more that customers of the
/// transcripts write.
fn setting_edits(sources: &Sources) -> Vec<Edit> {
    let mut edits = Vec::new();
    for file in sources.files.keys().filter(|file| !file.starts_with("texts")) {
        let mut whole = tree(sources, file);
        let Some(slots) = whole["slots"].as_object().cloned() else { continue };
        whole["version"] = json!(whole["version"].as_u64().unwrap_or_default() + 1);
        for (slot, params) in &slots {
            let names = params.as_object().into_iter().flat_map(Map::keys);
            for name in names.filter(|name| !["type", "values"].contains(&name.as_str())) {
                let mut without = whole.clone();
                without["slots"][slot].as_object_mut().expect("a slot").shift_remove(name);
                let mut edited = vec![("gone", without)];
                let values = params[name].as_object().into_iter().flat_map(Map::keys);
                for value in values.filter(|_| ["words", "says"].contains(&name.as_str())) {
                    let mut more = whole.clone();
                    let words = more["slots"][slot][name][value].as_array_mut().expect("a list");
                    words.extend(["el 1", "versa", "20%"].map(Value::from));
                    edited.push((value, more));
                }
                for (how, whole) in edited {
                    let mut edited = sources.clone();
                    edited.files.insert(file.clone(), whole.to_string());
                    edits.push(Edit::new(format!("{slot}.{name}, {how}"), edited));
                }
            }
        }
    }
    edits
}

/// Each text of the bot itself, and each of a slot, in the place of the next one of its file, and that
/// one in its.
fn swaps(sources: &Sources) -> Vec<Edit> {
    let texts = tree(sources, "texts/es-MX.yaml");
    let is_text = |name: &str| texts.pointer(&format!("/{}", name.replace('.', "/"))).is_some();
    let mut edits = Vec::new();
    for file in sources.files.keys().filter(|file| !file.starts_with("texts")) {
        let whole = tree(sources, file);
        let at = |path: &str| whole.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let mut paths = leaves(&whole);
        paths.retain(|path| {
            let part = path.split('/').nth(1).unwrap_or_default();
            let is_of_slot = part == "slots";
            let is_of_bot = file == BOT && !["commands", "answers", "rescue"].contains(&part);
            (is_of_slot || is_of_bot) && is_text(at(path))
        });
        for (path, next) in paths.iter().zip(paths.iter().skip(1)) {
            let mut edited = whole.clone();
            if let Some(version) = whole["version"].as_u64() {
                edited["version"] = json!(version + 1);
            }
            for (path, other) in [(path, next), (next, path)] {
                *edited.pointer_mut(path).expect("a leaf of the same tree") = json!(at(other));
            }
            let mut sources = sources.clone();
            sources.files.insert(file.clone(), edited.to_string());
            let near = Some(Landmark::Text(at(path).to_owned()));
            edits.push(Edit { name: format!("{file}{path}"), sources, near });
        }
    }
    edits
}

/// The paths of all strings within a value.
fn leaves(value: &Value) -> Vec<String> {
    let within = |name: &str, value: &Value| -> Vec<String> {
        leaves(value).into_iter().map(|path| format!("/{name}{path}")).collect()
    };
    match value {
        Value::String(_) => vec![String::new()],
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| within(name, value)).collect()
        }
        Value::Array(items) => (0..)
            .zip(items)
            .flat_map(|(index, value): (usize, _)| within(&index.to_string(), value))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// Our flows, each with a new first step that says something on the way of one of the others.
fn detours(sources: &Sources) -> Vec<Edit> {
    let mut edits = Vec::new();
    for step in steps(sources) {
        let mut whole = renewed(sources, &step);
        let Some(next) = whole["steps"][&step.step]["next"].as_str().map(str::to_owned) else {
            continue;
        };
        whole["steps"][&step.step]["next"] = json!("detour");
        let detour = json!({ "say": "command.help", "next": next });
        let others = whole["steps"].as_object().expect("steps").clone();
        let steps: Map<String, Value> =
            [("detour".to_owned(), detour)].into_iter().chain(others).collect();
        whole["steps"] = Value::Object(steps);
        let mut edited = sources.clone();
        edited.files.insert(step.file.clone(), whole.to_string());
        let name = format!("a detour after {}", step.name());
        edits.push(Edit { name, sources: edited, near: Some(Landmark::Step(step.name())) });
    }
    edits
}

/// Each text with `more` at its end, where it has one wording.
fn text_edits(sources: &Sources, more: &str) -> Vec<Edit> {
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
        let sources = Sources { files, folder: sources.folder.clone() };
        Edit::new(format!("{group}.{name}"), sources)
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
            let revision = Revision::between(&before, &now).expect("one step differs");
            // One that says why an answer is refused may do so no more.
            assert!(revision.steps.contains(&step.name()) && revision.steps.len() <= 3);
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
