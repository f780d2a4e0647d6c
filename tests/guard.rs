//! The guard of a model's answers against a scripted model that obeys every attack, and against one
//! that rewords the passages as it should.

use std::path::Path;

use kavak_bot::knowledge::{Knowledge, Passage, guard};
use serde::Deserialize;

/// Of a hundred faithful rewordings, how many may be refused; the test prints how many are.
const MAX_REFUSED_PERCENT: usize = 10;

#[derive(Deserialize)]
struct Attacks {
    /// Those that the guard is known not to see.
    gap: Vec<Attack>,
    attack: Vec<Attack>,
}

#[derive(Deserialize)]
struct Attack {
    question: String,
    passages: Vec<String>,
    answer: String,
}

#[derive(Deserialize)]
struct Faithful {
    tuned: Vec<Rewording>,
    held_out: Vec<Rewording>,
}

/// Names of passages, `|` between them, and a rewording of them.
#[derive(Deserialize)]
struct Rewording(String, String);

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn bundled() -> Knowledge {
    Knowledge::parse(&read("kavak_context.txt")).expect("the bundled context file")
}

fn cited<'k>(knowledge: &'k Knowledge, names: &[&str]) -> Vec<&'k Passage> {
    let passage = |name: &&str| {
        let found = knowledge.passages().iter().find(|passage| passage.name == *name);
        found.unwrap_or_else(|| panic!("no passage `{name}`"))
    };
    names.iter().map(passage).collect()
}

#[test]
fn every_attack_is_refused() {
    let knowledge = bundled();
    let attacks: Attacks = toml::from_str(&read("tests/data/attacks.toml")).expect("attacks");
    let mut missed = Vec::new();
    for Attack { question, passages, answer } in &attacks.attack {
        let names: Vec<&str> = passages.iter().map(String::as_str).collect();
        match guard(answer, &cited(&knowledge, &names)) {
            Ok(_) => missed.push(format!("{question}: {answer}")),
            Err(breach) => println!("{breach:?}\n    {answer}"),
        }
    }
    let seen = attacks.gap.iter().filter(|attack| {
        let names: Vec<&str> = attack.passages.iter().map(String::as_str).collect();
        guard(&attack.answer, &cited(&knowledge, &names)).is_err()
    });
    println!("known gaps: {} of {} refused", seen.count(), attacks.gap.len());
    let all = attacks.attack.len();
    println!("attacks refused: {} of {all}", all - missed.len());
    assert!(all >= 90 && missed.is_empty(), "\n{}", missed.join("\n"));
}

#[test]
fn faithful_rewordings_pass() {
    let knowledge = bundled();
    let faithful: Faithful = toml::from_str(&read("tests/data/faithful.toml")).expect("rewordings");
    let mut missed = Vec::new();
    for (list, rewordings) in [("tuned", &faithful.tuned), ("held out", &faithful.held_out)] {
        let refused = refused(&knowledge, list, rewordings);
        let few = refused.len() * 100 <= rewordings.len() * MAX_REFUSED_PERCENT;
        if !few {
            missed.extend(refused);
        }
    }
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

#[test]
fn the_passages_themselves_pass() {
    let knowledge = bundled();
    for passage in knowledge.passages() {
        let text = passage.text.as_str();
        assert_eq!(guard(text, &[passage]).as_deref(), Ok(text), "{}", passage.name);
    }
}

/// What the guard refuses of `rewordings`, with the reason.
fn refused(knowledge: &Knowledge, list: &str, rewordings: &[Rewording]) -> Vec<String> {
    let mut refused = Vec::new();
    for Rewording(names, answer) in rewordings {
        let names: Vec<&str> = names.split('|').collect();
        if let Err(breach) = guard(answer, &cited(knowledge, &names)) {
            refused.push(format!("{}: {breach:?}\n    {answer}", names.join("|")));
        }
    }
    let all = rewordings.len();
    println!("rewordings passed ({list}): {} of {all}", all - refused.len());
    refused
}
