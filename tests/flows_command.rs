//! `kavak-bot flows`: what editors and CIs read of it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// The smallest flows of these tests.
const SHOP: &str = "tests/transcript_runner/flows";

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kavak-bot"));
    command.args(arguments).output().expect("the command runs")
}

/// The flows of the shop, with one of its words replaced.
fn with(folder: &Path, old: &str, new: &str) {
    fs::create_dir_all(folder.join("texts")).expect("a folder");
    for file in ["bot.yaml", "shop.yaml", "texts/es-MX.yaml"] {
        let text = fs::read_to_string(Path::new(SHOP).join(file)).expect("a flow file");
        fs::write(folder.join(file), text.replace(old, new)).expect("a folder to write in");
    }
}

#[test]
fn mistakes_are_told_to_editors_as_json() {
    let folder = tempfile::tempdir().expect("a folder");
    with(folder.path(), "next: find", "next: fnd");
    let flows = folder.path().display().to_string();
    let checked = run(&["flows", "check", "--flows", &flows, "--format", "json"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(checked.stderr.is_empty());
    let problems: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    let problem = &problems[0];
    assert_eq!(problems.as_array().map(Vec::len), Some(1), "{problems:#}");
    assert!(problem["file"].as_str().is_some_and(|file| file.ends_with("shop.yaml")));
    let line = problem["line"].as_u64().expect("a line");
    let text = fs::read_to_string(folder.path().join("shop.yaml")).expect("the flow");
    let line = text.lines().nth(usize::try_from(line).expect("small") - 1).expect("the line");
    let place = |key: &str| {
        let column = problem[key].as_u64().expect("a column");
        usize::try_from(column).expect("small") - 1
    };
    assert_eq!(&line[place("column")..place("end_column")], "fnd");
    assert_eq!(problem["rule"], "missing-target");
    assert_eq!(problem["hint"], "did you mean `find`?");
}

#[test]
fn flows_in_order_are_an_empty_list() {
    let checked = run(&["flows", "check", "--flows", SHOP, "--format", "json"]);
    assert_eq!(checked.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&checked.stdout).trim(), "[]");
}

#[test]
fn each_kind_of_file_has_a_schema_for_editors() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("schemas").display().to_string();
    assert!(run(&["flows", "schema", "--to", &to]).status.success());
    for kind in ["bot", "flow", "texts"] {
        let file = Path::new(&to).join(format!("{kind}.schema.json"));
        let text = fs::read_to_string(file).expect("a schema");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        assert!(schema["$schema"].is_string());
    }
}
