//! A thousand transcripts of six turns, on the memory store: what QA waits for, with bots that are
//! still to be made and with those of a run before.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::conversation::Models;
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::transcript::{Bot, Options, Report, Runner, Setting};
use tempfile::TempDir;

/// Without optimisations nothing is measured: `make bench-check` only looks whether it still works.
const TRANSCRIPTS: usize = if cfg!(debug_assertions) { 20 } else { 1_000 };

/// Each is a purchase up to the plan; the models make them differ.
const MODELS: [&str; 5] = ["Versa", "Jetta", "Aveo", "Vento", "March"];

static FOLDER: LazyLock<TempDir> = LazyLock::new(written);

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn a_thousand_of_six_turns_from_nothing(bencher: Bencher<'_, '_>) {
    LazyLock::force(&FOLDER);
    bencher.bench(|| run(&Runner::new(build)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn a_thousand_of_six_turns_again(bencher: Bencher<'_, '_>) {
    let runner = Runner::new(build);
    run(&runner);
    bencher.bench(|| run(&runner));
}

/// A folder of transcripts whose replies are those that came.
fn written() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..TRANSCRIPTS {
        let model = MODELS[number % MODELS.len()];
        let mut text = format!("# id: TC-{number}\n# Up to the plan\n");
        for said in ["hola", &format!("busco un {model}"), "1", "a crédito", "20%", "48"] {
            let _ = writeln!(text, "> {said}");
        }
        let file = folder.path().join(format!("tc-{number}.chat"));
        fs::write(file, text).expect("a file in an own folder");
    }
    let options = Options { bless: true, ..Options::default() };
    let runner = Runner::new(build);
    let mut report = runner.run(&[folder.path().to_owned()], &options).expect("transcripts");
    report.bless();
    folder
}

fn run<B>(runner: &Runner<Dealer, B>) -> Report
where
    B: Fn(&Setting) -> Result<Bot<Dealer>, String> + Sync,
{
    let options = Options::default();
    let report = runner.run(&[FOLDER.path().to_owned()], &options).expect("transcripts");
    assert_eq!((report.passed(), report.failed()), (TRANSCRIPTS, 0), "\n{report}");
    report
}

fn build(_: &Setting) -> Result<Bot<Dealer>, String> {
    let catalog =
        Catalog::load(&file("data/catalog.csv"), Words::built_in()).expect("the catalogue");
    let policy = Policy::load(&file("data/credit_policy.toml")).expect("the policy");
    let profile = Profile::load(&file("data/dealer.toml")).expect("the dealer");
    let dealer = Dealer::new(Arc::new(catalog.catalog), policy, &profile);
    let flows = check::load(&file("flows"), &dealer).map_err(|error| error.to_string())?;
    let engine = Engine::new(flows, dealer);
    let knowledge = Knowledge::load(&file("kavak_context.txt")).expect("the context file");
    Ok(Bot {
        engine: Arc::new(engine),
        knowledge: Arc::new(knowledge),
        models: Models::default(),
        retention: profile.retention(),
    })
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
