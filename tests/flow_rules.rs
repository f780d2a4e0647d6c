//! Every rule of the checker against a flow that breaks it: `tests/flow_rules/RULE/` holds the
//! files that differ from `tests/flow_rules/good/`, and `report.txt` what the author then reads.

mod flow_rules {
    pub(crate) mod tea_shop;
}

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use flow_rules::tea_shop::TeaShop;
use kavak_bot::engine::check::{Sources, check};
use kavak_bot::engine::problem::Report;

const REPORT: &str = "report.txt";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flow_rules").join(name)
}

/// The files below a folder, by their name within it.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            let inner = self::files(&path).into_iter();
            files.extend(inner.map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            files.insert(name, fs::read_to_string(path).expect("a text"));
        }
    }
    files
}

/// The good flows with the files of one rule over them.
fn sources(rule: &str) -> Sources {
    let mut sources = Sources { folder: "flows".to_owned(), files: files(&folder("good")) };
    sources.files.extend(files(&folder(rule)));
    sources.files.remove(REPORT);
    sources
}

#[test]
fn the_good_flows_are_good() {
    let found = check(&sources("good"), &TeaShop::default()).map_err(Report::new);
    assert!(found.is_ok(), "{}", found.expect_err("a report"));
}

#[test]
fn each_rule_says_what_is_wrong_where_and_what_to_do() {
    let mut different = Vec::new();
    for entry in fs::read_dir(folder("")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let rule = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !path.is_dir() || rule == "good" {
            continue;
        }
        let report = match check(&sources(&rule), &TeaShop::default()) {
            Ok(_) => "no problem was found".to_owned(),
            Err(problems) => Report::new(problems).to_string(),
        };
        let expected = fs::read_to_string(path.join(REPORT)).unwrap_or_default();
        if report.trim_end() != expected.trim_end() {
            different.push(format!("=== {rule}/{REPORT} should be, or should not be:\n{report}\n"));
        }
    }
    assert!(different.is_empty(), "\n{}", different.join("\n"));
}
