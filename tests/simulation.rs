//! Simulated customers: over the flows that ship they find nothing, and over broken ones they find
//! what is broken and write it down as a transcript that shows it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::conversation::Models;
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::simulation::{self, Failure, Options, Report, Rule};
use kavak_bot::transcript::{self, Bot};
use tempfile::TempDir;

/// One for all bots: it learns for seconds.
static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    Arc::new(Knowledge::load(&file("kavak_context.txt")).expect("the context file"))
});

#[test]
fn customers_find_nothing_and_the_same_seed_gives_the_same_bytes() {
    let bot = bot(&file("flows"), "data/catalog.csv");
    let report = simulated(&bot, 11, 100);
    assert!(report.failures.is_empty(), "{report}\n{}", report.failures[0].chat);
    assert!(report.turns > 1_000, "{report}");
    let reached: u64 = report.goals.values().map(|ends| ends.reached).sum();
    assert!(reached * 10 > report.conversations * 8, "{report}");
    let digest = |seed| simulated(&bot, seed, 5).digest;
    assert_eq!(digest(3), digest(3));
    assert_ne!(digest(3), digest(4));
}

#[test]
fn another_dealer_s_cars_are_asked_for_too() {
    let bot = bot(&file("flows"), "tests/fixtures/small.csv");
    let report = simulated(&bot, 5, 20);
    assert!(report.failures.is_empty(), "{report}\n{}", report.failures[0].chat);
}

#[test]
fn a_wrong_figure_is_found_and_written_down() {
    let row = "result_line: \"{{ item.name }} · {{ item.price|money }}";
    let wrong = "result_line: \"{{ item.name }} · $100,001";
    let (flows, failure) = found(Rule::Figure, "texts/es-MX.yaml", row, wrong);
    assert!(failure.chat.lines().count() < 20, "{}", failure.chat);
    assert!(fails(&failure, flows.path()) && !fails(&failure, &file("flows")), "{}", failure.chat);
}

#[test]
fn a_blank_reply_is_found_and_written_down() {
    let right = "  goodbye: ¡Hasta luego! Aquí queda lo que llevamos, escríbeme cuando quieras.";
    let wrong = "  goodbye: \"{% if car and not car %}.{% endif %}\"";
    let (flows, failure) = found(Rule::Answered, "texts/es-MX.yaml", right, wrong);
    assert!(failure.chat.lines().count() < 20, "{}", failure.chat);
    assert!(fails(&failure, flows.path()) && !fails(&failure, &file("flows")), "{}", failure.chat);
}

#[test]
fn a_cancel_that_keeps_the_car_is_found_and_written_down() {
    let right = "clear: [car, payment, down_payment, months, plan,";
    let (flows, failure) = found(Rule::Command, "bot.yaml", right, "clear: [plan,");
    assert!(failure.chat.lines().count() < 20, "{}", failure.chat);
    assert!(fails(&failure, flows.path()) && !fails(&failure, &file("flows")), "{}", failure.chat);
}

/// The first failure of this rule once `right` is `wrong` in a file of the flows, and those flows.
fn found(rule: Rule, name: &str, right: &str, wrong: &str) -> (TempDir, Failure) {
    let folder = flows_with(name, right, wrong);
    let report = simulated(&bot(folder.path(), "data/catalog.csv"), 1, 30);
    let told = report.to_string();
    let failure = report.failures.into_iter().find(|failure| failure.rule == rule);
    (folder, failure.unwrap_or_else(|| panic!("{rule:?} is not among these:\n{told}")))
}

/// The flows that ship, with `wrong` for `right` in one of their files.
fn flows_with(name: &str, right: &str, wrong: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (from, to) in [("flows", ""), ("flows/texts", "texts")] {
        fs::create_dir_all(folder.path().join(to)).expect("what ships and a folder of our own");
        for entry in fs::read_dir(file(from)).expect("the flows").flatten() {
            // Without the lock: a changed flow asks for a new version.
            if entry.path().extension().is_some_and(|kind| kind == "yaml") {
                fs::copy(entry.path(), folder.path().join(to).join(entry.file_name()))
                    .expect("what ships and a folder of our own");
            }
        }
    }
    let path = folder.path().join(name);
    let text = fs::read_to_string(&path).expect("what ships and a folder of our own");
    assert!(text.contains(right), "{name} has no `{right}`");
    fs::write(&path, text.replacen(right, wrong, 1)).expect("what ships and a folder of our own");
    folder
}

/// Whether the transcript of a failure fails over these flows.
fn fails(failure: &Failure, flows: &Path) -> bool {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("failure.chat");
    fs::write(&path, &failure.chat).expect("what ships and a folder of our own");
    let build = |_: &transcript::Setting| Ok(bot(flows, "data/catalog.csv"));
    let report = transcript::run(&[path], &transcript::Options::default(), build)
        .expect("what ships and a folder of our own");
    report.failed() > 0
}

fn simulated(bot: &Bot<Dealer>, seed: u64, conversations: u64) -> Report {
    simulation::run(bot, Options { seed, conversations }).expect("runtimes")
}

fn bot(flows: &Path, catalog: &str) -> Bot<Dealer> {
    let catalog = Catalog::load(&file(catalog), Words::built_in()).expect("the catalogue").catalog;
    let policy =
        Policy::load(&file("data/credit_policy.toml")).expect("what ships and a folder of our own");
    let profile =
        Profile::load(&file("data/dealer.toml")).expect("what ships and a folder of our own");
    let dealer = Dealer::new(Arc::new(catalog), policy, &profile);
    let engine = Engine::new(check::load(flows, &dealer).expect("flows"), dealer);
    Bot {
        engine: Arc::new(engine),
        knowledge: Arc::clone(&KNOWLEDGE),
        models: Models::default(),
        retention: profile.retention(),
    }
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
