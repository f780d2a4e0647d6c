//! The Dockerfile and the repository agree, where no Docker engine is at hand to say so.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

#[test]
fn every_path_that_is_copied_exists() {
    let copied = copied(&lines("Dockerfile"));
    assert!(copied.len() >= 8, "{copied:?}");
    let missing: Vec<&String> = copied.iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "the Dockerfile copies what is not there: {missing:?}");
}

#[test]
fn every_path_that_is_copied_is_let_through() {
    let ignored = lines(".dockerignore");
    assert_eq!(ignored[0], "*", "everything else stays out");
    for path in copied(&lines("Dockerfile")) {
        assert!(ignored.contains(&format!("!{path}")), ".dockerignore keeps {path} out");
    }
}

#[test]
fn every_file_that_is_built_in_is_copied_before_the_build() {
    let dockerfile = lines("Dockerfile");
    let build = dockerfile.iter().position(|line| line.contains("cargo build"));
    let copied = copied(&dockerfile[..build.expect("a build")]);
    let include = Regex::new(r#"include_(?:str|bytes)!\(\s*"((?:\.\./)+)([^"/]+)"#).unwrap();
    for source in rust_files(&root().join("src")) {
        let depth = source.strip_prefix(root()).unwrap().components().count() - 1;
        let text = fs::read_to_string(&source).unwrap();
        for found in include.captures_iter(&text).filter(|found| found[1].len() / 3 == depth) {
            // Fixtures are built into tests only.
            let known = &found[2] == "tests" || copied.iter().any(|path| path == &found[2]);
            assert!(known, "{} builds in {}", source.display(), &found[2]);
        }
    }
}

#[test]
fn pages_can_be_read_over_https() {
    let dockerfile = lines("Dockerfile");
    let run = dockerfile.iter().rposition(|line| line.starts_with("FROM ")).expect("an image");
    // reqwest trusts the system's certificates, and a slim image has none.
    assert!(dockerfile[run..].iter().any(|line| line.contains("ca-certificates")));
}

/// What is copied out of the repository, not out of an earlier stage.
fn copied(dockerfile: &[String]) -> Vec<String> {
    let copies = dockerfile.iter().filter_map(|line| line.strip_prefix("COPY "));
    let ours = copies.filter(|paths| !paths.starts_with("--from="));
    ours.flat_map(|paths| {
        let paths: Vec<String> = paths.split_whitespace().map(str::to_owned).collect();
        paths[..paths.len() - 1].to_vec()
    })
    .collect()
}

fn lines(file: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(file)).expect(file);
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
