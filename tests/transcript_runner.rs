//! The runner of transcripts on the real dealer: those of `tests/transcripts` pass, those of
//! `tests/transcript_runner/bad` fail with the words of the `.txt` beside them, and blessing turns
//! `bless/*.before` into `bless/*.after`.

#[path = "transcript_runner/edited.rs"]
mod edited;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::flow::Flows;
use kavak_bot::engine::landmark::{Kind, landmarks};
use kavak_bot::engine::vocabulary::Vocabulary as _;
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::transcript::{
    Bot, Case, Ids, Look, Options, Report, RunError, Setting, Share, Suggestion, Verdict, run,
    scripted, suggest,
};

/// The cars of most transcripts here.
const CATALOG: &str = "tests/fixtures/small.csv";

/// Its index is the dearest part of a bot, and the same in all of them.
static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    Arc::new(Knowledge::load(Path::new("kavak_context.txt")).expect("the context file reads"))
});

fn build(setting: &Setting) -> Result<Bot<Dealer>, String> {
    let flows = setting.flows.as_deref().unwrap_or(Path::new("flows"));
    bot(setting, |dealer| check::load(flows, dealer).map_err(|error| error.to_string()))
}

/// The bot for a setting, with the flows that `load` gives.
fn bot(
    setting: &Setting,
    load: impl FnOnce(&Dealer) -> Result<Arc<Flows>, String>,
) -> Result<Bot<Dealer>, String> {
    let dealer = dealer(setting.catalog.as_deref().unwrap_or(Path::new(CATALOG)))?;
    let flows = load(&dealer)?;
    Ok(Bot {
        engine: Arc::new(Engine::new(flows, dealer)),
        knowledge: Arc::clone(&KNOWLEDGE),
        models: setting.model.as_deref().map(scripted).transpose()?.unwrap_or_default(),
        retention: profile()?.retention(),
    })
}

fn dealer(catalog: &Path) -> Result<Dealer, String> {
    let words = Words::load(Path::new("data/catalog")).map_err(|error| error.to_string())?;
    let loaded = Catalog::load(catalog, &words).map_err(|error| error.to_string())?;
    let policy =
        Policy::load(Path::new("data/credit_policy.toml")).map_err(|error| error.to_string())?;
    Ok(Dealer::new(Arc::new(loaded.catalog), policy, &profile()?))
}

fn profile() -> Result<Profile, String> {
    Profile::load(Path::new("data/dealer.toml")).map_err(|error| error.to_string())
}

fn play(path: &str, options: &Options) -> Report {
    run(&[PathBuf::from(path)], options, build).expect("there are transcripts")
}

/// Runs that look at all there is to see.
static THOROUGH: LazyLock<Options> =
    LazyLock::new(|| Options { coverage: true, keep: true, ..Options::default() });

/// Our own, run once for all tests that look at them.
static OURS: LazyLock<Report> = LazyLock::new(|| play("tests/transcripts", &THOROUGH));

#[test]
fn our_transcripts_pass() {
    assert_eq!(OURS.failed(), 0, "\n{}", *OURS);
}

#[test]
fn our_transcripts_walk_the_flows() {
    let coverage = OURS.coverage.as_ref().expect("it was asked for");
    for kind in Kind::ALL {
        let least = match kind {
            Kind::Steps | Kind::Transitions => 100.0,
            _ => 90.0,
        };
        let percent = coverage.share(kind).percent();
        let hint = "`kavak-bot test tests/transcripts --suggest FOLDER` writes what is missing";
        assert!(percent >= least, "{}: {percent:.1} %; {hint}\n{coverage}", kind.as_str());
    }
}

#[test]
fn what_no_passing_transcript_walks_is_not_covered() {
    let counted = Options { coverage: true, ..Options::default() };
    let some = play("tests/transcripts/menu", &counted).coverage.expect("it was asked for");
    let Share { covered, total } = some.share(Kind::Steps);
    assert!(0 < covered && covered < total, "{covered} of {total}");
    let missing: Vec<String> = some.missing().map(ToString::to_string).collect();
    assert!(missing.contains(&"purchase.by_year".to_owned()), "{missing:?}");
    assert_eq!(some.json()["coverage"][0]["times"]["purchase.by_year"], 0);
    assert!(some.to_string().contains("\n  purchase.by_year"), "{some}");

    let failing = play("tests/transcript_runner/bad", &counted).coverage.expect("as above");
    assert!(Kind::ALL.iter().all(|kind| failing.share(*kind).covered == 0), "{failing}");
}

#[test]
fn what_no_message_leads_to_is_left_out_by_rule() {
    let coverage = OURS.coverage.as_ref().expect("it was asked for");
    let ways: Vec<String> = coverage
        .times
        .keys()
        .filter(|landmark| landmark.kind() == Kind::Transitions)
        .map(ToString::to_string)
        .collect();
    let has = |way: &str| ways.iter().any(|known| known == way);
    // An outcome that guards against what was stored, beside one that does not.
    assert!(!has("purchase.quote → purchase.settle (ended incomplete)"));
    assert!(has("purchase.quote → purchase.plan (ended quoted)"));
    // A case that every way into its branch rules out, beside one that a changed flow leads to.
    assert!(!has("quote.shown → quote.price (else)"));
    assert!(has("quote.begin → quote.price (else)"));
}

#[test]
fn the_page_of_the_coverage_stands_by_itself() {
    let page = OURS.coverage.as_ref().expect("it was asked for").html();
    for word in ["<h2>Flujo purchase</h2>", "<svg", "by_year · ", "Transiciones", "</html>"] {
        assert!(page.contains(word), "{word}");
    }
    let fetches = ["<script", "src=", "<link", "url("];
    assert!(fetches.iter().all(|fetch| !page.contains(fetch)));
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
}

#[test]
fn suggested_transcripts_pass_once_they_are_blessed() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let flows = here.join("tests/transcript_runner/flows");
    let bot = build(&Setting { flows: Some(flows.clone()), ..Setting::default() }).expect("a bot");
    let missing = landmarks(bot.engine.flows(), bot.engine.vocabulary().offers());
    let scene = format!("@ flows {}\n@ catalog {}", flows.display(), here.join(CATALOG).display());
    let suggestions = suggest(&bot.engine, &missing, &scene);
    let steps = suggestions.unreached.iter().filter(|landmark| landmark.kind() == Kind::Steps);
    assert_eq!(steps.count(), 0, "{:?}", suggestions.unreached);

    let folder = tempfile::tempdir().expect("a folder");
    for Suggestion { name, text } in &suggestions.transcripts {
        fs::write(folder.path().join(name), text).expect("a folder to write in");
    }
    let bless = Options { bless: true, ..Options::default() };
    let mut report = run(&[folder.path().to_owned()], &bless, build).expect("there are drafts");
    assert_eq!(report.failed(), 0, "\n{report}");
    report.bless();
    let again = run(&[folder.path().to_owned()], &Options::default(), build).expect("as above");
    assert_eq!(again.passed(), suggestions.transcripts.len(), "\n{again}");
}

#[test]
fn a_failure_reads_as_it_should() {
    let report = play("tests/transcript_runner/bad", &Options::default());
    let mut different = Vec::new();
    for case in &report.cases {
        assert_ne!(case.verdict, Verdict::Passed, "{} passed", case.file.display());
        let expected = case.file.with_extension("txt");
        let said = case.to_string();
        if fs::read_to_string(&expected).unwrap_or_default() != said {
            different.push(format!("=== {} is now:\n{said}", expected.display()));
        }
    }
    assert!(different.is_empty(), "\n{}", different.join("\n"));
    let closing = format!("0 passed, {} failed", report.cases.len());
    assert_eq!(report.to_string().lines().last(), Some(closing.as_str()));
}

/// A copy of `tests/transcript_runner/bless/NAME.before` where a transcript may be rewritten.
fn copy(folder: &Path, name: &str) -> PathBuf {
    let before = Path::new("tests/transcript_runner/bless").join(name).with_extension("before");
    let text = fs::read_to_string(before).expect("a transcript");
    let here = env!("CARGO_MANIFEST_DIR");
    let text = text
        .replace(" ../../fixtures", &format!(" {here}/tests/fixtures"))
        .replace(" ../flows", &format!(" {here}/tests/transcript_runner/flows"));
    let copy = folder.join(name).with_extension("chat");
    fs::write(&copy, text).expect("a folder to write in");
    copy
}

#[test]
fn blessing_rewrites_replies_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = copy(folder.path(), "menu");
    let bless = Options { bless: true, ..Options::default() };
    let before = fs::read_to_string(&file).expect("a transcript");
    let mut report = run(std::slice::from_ref(&file), &bless, build).expect("a transcript");
    let changes = report.changes(&Look::default()).to_string();
    let told = fs::read_to_string("tests/transcript_runner/bless/menu.txt").unwrap_or_default();
    let named = changes.replace(&file.display().to_string(), "menu.chat");
    assert_eq!(named, told, "\n{named}");
    assert_eq!(fs::read_to_string(&file).expect("a transcript"), before, "shown before written");
    report.bless();
    assert_eq!(report.failed(), 0, "\n{report}");

    let blessed = fs::read_to_string(&file).expect("a transcript");
    let after = |text: &str| {
        text.lines().skip_while(|line| *line != "> hola").collect::<Vec<_>>().join("\n")
    };
    let expected =
        fs::read_to_string("tests/transcript_runner/bless/menu.after").unwrap_or_default();
    assert_eq!(after(&blessed), after(&expected), "\n{blessed}");

    let again = run(&[file], &bless, build).expect("a transcript");
    assert_eq!(again.passed(), 1, "\n{again}");
    assert_eq!(again.cases[0].blessing, None, "nothing was left to bless");
}

#[test]
fn a_run_ends_with_its_count() {
    let report = play("tests/transcript_runner/green.chat", &Options::default());
    let said = "turns without a listed reply, checked by `=` alone: 1\n1 passed, 0 failed";
    assert_eq!(report.to_string(), said);
}

#[test]
fn an_id_that_names_two_transcripts_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, id) in [("a", "TC-1"), ("b", "TC-2"), ("c", "TC-1")] {
        let text = format!("# id: {id}\n> hola\n= state main.menu\n");
        fs::write(folder.path().join(name).with_extension("chat"), text).expect("a folder");
    }
    let report = play(folder.path().to_str().expect("a plain path"), &Options::default());
    let told = report.to_string().replace(&format!("{}/", folder.path().display()), "");
    assert!(told.contains("the id TC-1 names several transcripts: a.chat, c.chat\n"), "{told}");
    assert!(!told.contains("the id TC-2"), "{told}");
}

#[test]
fn a_ci_blesses_nothing() {
    let options = Options { bless: true, ci: true, ..Options::default() };
    let refused = run(&[PathBuf::from("tests/transcripts")], &options, build);
    assert!(matches!(refused, Err(RunError::BlessInCi)));
}

#[test]
fn a_filter_looks_at_path_id_and_title() {
    let with = |filter: &str| Options { filter: Some(filter.to_owned()), ..Options::default() };
    let names = |filter: &str| -> Vec<String> {
        let report = play("tests/transcripts/runner", &with(filter));
        report.cases.iter().map(Case::name).collect()
    };
    assert_eq!(names("RUN-001"), ["RUN-001"]);
    assert_eq!(names("events.chat"), ["RUN-002"]);
    assert_eq!(names("between them"), ["RUN-002"]);
    let none = run(&[PathBuf::from("tests/transcripts")], &with("no such thing"), build);
    assert!(matches!(none, Err(RunError::FilteredOut(_))));
}

#[test]
fn a_path_that_is_not_there_is_told() {
    let run = |path: &str| run(&[PathBuf::from(path)], &Options::default(), build);
    assert!(matches!(run("tests/no_such_folder"), Err(RunError::Unreadable(_))));
    assert!(matches!(run("tests/fixtures"), Err(RunError::NoTranscript)));
}

#[test]
fn other_programs_read_each_case() {
    let report = run(
        &["bad/flows.chat", "bad/nobody.chat", "bad/texts.chat", "green.chat"]
            .map(|file| Path::new("tests/transcript_runner").join(file)),
        &Options::default(),
        build,
    );
    let report = report.expect("there are transcripts");
    for (name, written) in [
        ("junit.xml", report.junit()),
        ("report.json", report.json()),
        ("report.tap", report.tap()),
    ] {
        let expected = Path::new("tests/transcript_runner").join(name);
        let expected = fs::read_to_string(expected).unwrap_or_default();
        assert_eq!(written, expected, "{name} is now:\n{written}");
    }
}

#[test]
fn words_that_differ_are_marked_in_a_terminal() {
    let report = play("tests/transcript_runner/bad/replies.chat", &Options::default());
    let look = Look::coloured().with_command("kavak-bot test".to_owned());
    let told = report.told(&look).to_string();
    let (listed, came) =
        ("\u{1b}[1m\u{1b}[7m\u{1b}[31mcoches:", "\u{1b}[1m\u{1b}[7m\u{1b}[32mautos:");
    assert!(told.contains(listed) && told.contains(came), "{told:?}");
    let again = "\nto run it again: kavak-bot test tests/transcript_runner/bad/replies.chat\n";
    assert!(told.contains(again), "{told}");
}

/// A transcript of its own in `folder`.
fn transcript(folder: &Path, name: &str, lines: &str) -> PathBuf {
    let file = folder.join(name);
    let here = env!("CARGO_MANIFEST_DIR");
    let flows = format!("@ flows {here}/tests/transcript_runner/flows");
    fs::write(&file, format!("# id: {name}\n{flows}\n{lines}")).expect("a folder to write in");
    file
}

#[test]
fn a_page_shows_the_failed_chats_and_no_word_of_theirs_is_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = "> <script>alert(1)</script> & \"busco un jetta\"\n< <b>Encontré</b> {n:int} coches:\n| {...}\n";
    let wrong = transcript(folder.path(), "<i>.chat", said);
    let right = transcript(folder.path(), "right.chat", "> busco un jetta\n< {...}\n");
    let report = run(&[wrong, right], &Options::default(), build).expect("transcripts");
    let page = report.page("kavak-bot test");
    for part in [
        "Falló 1 conversación",
        "&lt;script&gt;alert(1)",
        "<del>&lt;b&gt;Encontré&lt;&#x2f;b&gt;</del> {n:int} <del>coches:</del>",
        "<ins>",
        "Para correr solo esta: <code>kavak-bot test ",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    for part in
        ["<script", "<i>", "<b>", "http:", "https:", "url(", "src=", "@import", "right.chat"]
    {
        assert!(!page.contains(part), "{part} is in\n{page}");
    }
}

#[test]
fn a_run_can_end_with_its_first_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..40 {
        transcript(folder.path(), &format!("{number:02}.chat"), "> hola\n< No\n");
    }
    let options = Options { fail_fast: true, ..Options::default() };
    let report = run(&[folder.path().to_owned()], &options, build).expect("transcripts");
    assert!(report.not_run > 0 && !report.cases.is_empty(), "\n{report}");
    assert_eq!(report.cases.len() + report.not_run, 40);
    let told = format!("\nnot run after the first failure: {}\n", report.not_run);
    assert!(report.to_string().contains(&told), "\n{report}");
}

#[test]
fn a_shuffled_run_is_reported_in_the_order_of_the_files() {
    let plain = play("tests/transcripts/runner", &Options::default());
    let options = Options { shuffle: Some(7), ..Options::default() };
    let shuffled = play("tests/transcripts/runner", &options);
    assert_eq!(shuffled.cases, plain.cases);
    assert!(shuffled.to_string().contains("run in the order of --shuffle 7\n"), "\n{shuffled}");
}

#[test]
fn cases_of_a_list_that_no_transcript_covers_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("list.csv");
    let rows = "\u{feff}Título;ID\r\n\"uno; o dos\";RUN-001\r\ntres;\" TC-9 \"\r\n;TC-9\r\nx;\r\n";
    fs::write(&list, rows).expect("a folder to write in");
    let mut report = play("tests/transcripts/runner", &Options::default());
    let uncovered = Ids::load(&list).expect("a list").uncovered(&report);
    assert_eq!((uncovered.listed, uncovered.ids.as_slice()), (2, &["TC-9".to_owned()][..]));
    report.uncovered = Some(uncovered);
    assert!(report.to_string().contains("list.csv: cases without a transcript: 1 of 2\n  TC-9\n"));
}
