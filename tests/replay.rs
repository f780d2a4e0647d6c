//! Recorded conversations through two versions of the real dealer: what parts, where, how often.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::conversation::Models;
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::message::Content;
use kavak_bot::replay::{Group, Parting, Recording, Report, Said, run};
use kavak_bot::transcript::Bot;

const PURCHASE: [&str; 5] = ["busco un jetta", "1", "20%", "48", "¿y la garantía?"];

/// Its index is the dearest part of a bot, and the same in all of them.
static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    Arc::new(Knowledge::load(Path::new("kavak_context.txt")).expect("the context file reads"))
});

/// A version of the bot whose files stand in a folder, with one text of them replaced.
struct Version(tempfile::TempDir);

impl Version {
    fn with(changes: &[(&str, &str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let version = Self(folder);
        for file in files(Path::new("flows")) {
            version.copy(&file, &file);
        }
        version.copy(Path::new("tests/fixtures/small.csv"), Path::new("catalog.csv"));
        version.copy(Path::new("data/credit_policy.toml"), Path::new("credit_policy.toml"));
        for (file, old, new) in changes {
            let path = version.0.path().join(file);
            let text = fs::read_to_string(&path).expect("a file of the version");
            assert!(text.contains(old), "{file} no longer holds {old:?}");
            fs::write(path, text.replace(old, new)).expect("a file of the version");
        }
        version
    }

    fn copy(&self, from: &Path, to: &Path) {
        let to = self.0.path().join(to);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(from, to).expect("a copy");
    }

    fn bot(&self) -> Bot<Dealer> {
        let folder = self.0.path();
        let catalog = Catalog::load(&folder.join("catalog.csv"), Words::built_in());
        let policy = Policy::load(&folder.join("credit_policy.toml")).expect("a policy");
        let profile = Profile::load(Path::new("data/dealer.toml")).expect("a profile");
        let dealer = Dealer::new(Arc::new(catalog.expect("cars").catalog), policy, &profile);
        let flows = check::load(&folder.join("flows"), &dealer);
        let flows = flows.unwrap_or_else(|error| panic!("{error}"));
        let engine = Arc::new(Engine::new(flows, dealer));
        let (knowledge, retention) = (Arc::clone(&KNOWLEDGE), profile.retention());
        Bot { engine, knowledge, models: Models::default(), retention }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn recording(name: &str, messages: &[&str]) -> Recording {
    let at = "2026-03-02T16:00:00Z".parse().expect("a moment");
    let said = |words: &&str| Said { at, content: Content::Text((*words).to_owned()) };
    Recording { conversation: name.to_owned(), messages: messages.iter().map(said).collect() }
}

/// The purchase, and somebody who only asks.
fn recordings() -> Vec<Recording> {
    let mut recordings = vec![recording("asks", &["¿dónde están?"])];
    recordings.extend((0..9).map(|number| recording(&format!("buys {number}"), &PURCHASE)));
    recordings
}

fn compared(changes: &[(&str, &str, &str)]) -> Report {
    let (old, new) = (Version::with(&[]).bot(), Version::with(changes).bot());
    run(&recordings(), &old, &new, 2).expect("a comparison")
}

fn only_group(report: &Report) -> &Group {
    assert_eq!(report.groups.len(), 1, "{report}");
    assert_eq!(report.same, 1, "{report}");
    assert_eq!(report.groups[0].count, 9);
    assert_eq!(report.groups[0].examples.len(), 2);
    &report.groups[0]
}

#[test]
fn the_same_version_says_the_same() {
    let report = compared(&[]);
    assert_eq!((report.conversations, report.same), (10, 10));
    assert_eq!((report.compared, report.unknown), (46, 0));
    assert!(report.groups.is_empty());
}

#[test]
fn another_text_is_wording_and_ends_no_talk() {
    let text = ("flows/texts/es-MX.yaml", "Elige un número", "Dime un número");
    let report = compared(&[text]);
    let group = only_group(&report);
    assert_eq!(group.change.parting, Parting::Wording);
    assert_eq!((report.compared, report.unknown), (46, 0));
    assert_eq!(group.examples[0].conversation, "buys 0");
    assert_eq!(group.examples[0].turn, 1);
    assert!(group.examples[0].new.starts_with("Dime un número"), "{report}");
}

#[test]
fn another_rate_is_other_figures_and_leaves_the_rest_unknown() {
    let rate = ("credit_policy.toml", "annual_rate = \"0.10\"", "annual_rate = \"0.11\"");
    let report = compared(&[rate]);
    let group = only_group(&report);
    assert_eq!(group.change.parting, Parting::Figures);
    // The term is the first that shows what is paid a month.
    assert_eq!(group.examples[0].turn, 3);
    assert_eq!((report.compared, report.unknown), (1 + 9 * 3, 9 * 2));
    assert!((report.percent(Parting::Figures) - 90.0).abs() < 1e-9);
}

#[test]
fn a_model_that_is_no_longer_sold_leads_elsewhere() {
    let sold = ("catalog.csv", "Jetta", "Vento");
    let report = compared(&[sold]);
    let group = only_group(&report);
    assert_eq!(group.change.parting, Parting::State, "{report}");
    assert_eq!(group.examples[0].turn, 1);
}
