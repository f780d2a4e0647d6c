//! The runner of transcripts on the real dealer: those of `tests/transcripts` pass, those of
//! `tests/transcript_runner/bad` fail with the words of the `.txt` beside them, and blessing turns
//! `bless/*.before` into `bless/*.after`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::transcript::{Bot, Options, Report, RunError, Setting, Verdict, run};

/// The cars of most transcripts here.
const CATALOG: &str = "tests/fixtures/small.csv";

fn build(setting: &Setting) -> Result<Bot<Dealer>, String> {
    let catalog = setting.catalog.as_deref().unwrap_or(Path::new(CATALOG));
    let flows = setting.flows.as_deref().unwrap_or(Path::new("flows"));
    let words = Words::load(Path::new("data/catalog")).map_err(|error| error.to_string())?;
    let loaded = Catalog::load(catalog, &words).map_err(|error| error.to_string())?;
    let policy =
        Policy::load(Path::new("data/credit_policy.toml")).map_err(|error| error.to_string())?;
    let profile =
        Profile::load(Path::new("data/dealer.toml")).map_err(|error| error.to_string())?;
    let dealer = Dealer::new(Arc::new(loaded.catalog), policy, &profile);
    let flows = check::load(flows, &dealer).map_err(|error| error.to_string())?;
    let engine = Engine::new(flows, dealer).map_err(|error| error.to_string())?;
    let knowledge =
        Knowledge::load(Path::new("kavak_context.txt")).map_err(|error| error.to_string())?;
    Ok(Bot { engine: Arc::new(engine), knowledge: Arc::new(knowledge) })
}

fn play(path: &str, options: &Options) -> Report {
    run(&[PathBuf::from(path)], options, build).expect("there are transcripts")
}

#[test]
fn our_transcripts_pass() {
    let report = play("tests/transcripts", &Options::default());
    assert_eq!(report.failed(), 0, "\n{report}");
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
