//! `docs/qa.md` is true: its transcripts and commands are run in the order in which they stand, in
//! a folder like a clone, and what comes out is what the page shows.
//!
//! A block that is fenced as `chat FILE` or `csv FILE` is written to that file; in one that is fenced as
//! `console`, each line after `$` is run, and the lines below it are what it prints, where `…`
//! alone is any lines, and within one any words. What is fenced as `sh` stays (a server, a watch) and is not run, but names
//! commands and options that there are.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Connection, Place};

const PAGE: &str = include_str!("../../docs/qa.md");

/// What the page's server is started with, as in its own command.
const CARS: &str = "tests/fixtures/small.csv";
const DATA: &str = "prueba";

/// A fenced block: what stands after the fence, and its lines.
struct Block {
    kind: &'static str,
    lines: Vec<&'static str>,
}

fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = PAGE.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let lines = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(Block { kind, lines });
        }
    }
    blocks
}

/// A folder in which the project's files stand as in a clone, and a server that runs in it.
struct Desk {
    place: Place,
    folder: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let place = Place::new(&[("CATALOG_PATH", project.join(CARS))]);
        let folder = place.data().parent().unwrap().to_owned();
        for name in ["flows", "data", "kavak_context.txt", "tests/fixtures"] {
            let link = folder.join(name);
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(project.join(name), link).unwrap();
        }
        symlink(place.data(), folder.join(DATA)).unwrap();
        Self { place, folder }
    }

    fn write(&self, file: &str, lines: &[&str]) {
        let path = self.folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{}\n", lines.join("\n"))).unwrap();
    }

    /// What a command prints, as a terminal shows it.
    fn run(&self, command: &str, server: SocketAddr) -> String {
        if command.starts_with("curl ") {
            return say(command, server);
        }
        let binary = Path::new(env!("CARGO_BIN_EXE_kavak-bot")).parent().unwrap().display();
        let output = Command::new("sh")
            .args(["-c", &format!("({command}) 2>&1")])
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", format!("{binary}:/usr/bin:/bin"))
            .env("BIND", server.to_string())
            .env("LOG_LEVEL", "warn")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Sends what a `curl` of the page would send, and gives the reply's text.
fn say(command: &str, server: SocketAddr) -> String {
    let (_, body) = command.split_once(" -d '").unwrap();
    let mut connection = Connection::open(server).unwrap();
    let body = body.strip_suffix('\'').unwrap();
    let answer = connection.post("/chat", "application/json", body).unwrap();
    assert_eq!(answer.status, 200, "{command}");
    answer.body
}

/// Whether `came` is `wanted`, in which `…` alone stands for any lines.
fn is_shown(wanted: &[&str], came: &[&str]) -> bool {
    match wanted.split_first() {
        None => came.is_empty(),
        Some((&"…", rest)) => (0..=came.len()).any(|skipped| is_shown(rest, &came[skipped..])),
        Some((line, rest)) => came
            .split_first()
            .is_some_and(|(first, others)| is_line(line, first) && is_shown(rest, others)),
    }
}

fn is_line(wanted: &str, came: &str) -> bool {
    let Some((head, tail)) = wanted.split_once('…') else { return wanted == came };
    came.strip_prefix(head).is_some_and(|rest| rest.ends_with(tail))
}

/// The commands of a `console` block, each with what it prints.
fn commands(lines: &[&'static str]) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, printed))) => printed.push(line),
            (None, None) => panic!("`{line}` stands before the first `$`"),
        }
    }
    commands
}

#[test]
fn what_the_page_shows_is_what_comes() {
    let desk = Desk::new();
    let (server, address) = desk.place.serve().unwrap();
    let mut count = 0;
    for Block { kind, lines } in blocks() {
        if let Some((_, file)) = kind.split_once(' ') {
            desk.write(file, &lines);
        }
        for (command, shown) in commands(if kind == "console" { &lines } else { &[] }) {
            let came = desk.run(command, address);
            let came_lines: Vec<&str> = came.lines().collect();
            assert!(is_shown(&shown, &came_lines), "$ {command}\n{came}");
            count += 1;
        }
    }
    assert!(count > 10, "{count} commands: are they fenced as `console`?");
    server.stop();
}

#[test]
fn the_transcript_of_the_example_is_kept() {
    let kept = fs::read_to_string("tests/transcripts/guide/laura_cambia_de_plazo.chat").unwrap();
    let is_it = |block: &Block| block.kind == "chat borradores/laura_cambia_de_plazo.chat";
    let shown = blocks().into_iter().find(is_it).unwrap();
    assert_eq!(format!("{}\n", shown.lines.join("\n")), kept);
}

/// Every call of `kavak-bot` that the page names, in a block or within a line.
fn calls() -> BTreeSet<&'static str> {
    let spans = PAGE.split('`').filter(|span| !span.contains('\n'));
    let calls = PAGE.lines().map(|line| line.trim_start_matches("$ ")).chain(spans);
    calls.filter(|call| call.starts_with("kavak-bot ")).collect()
}

#[test]
fn every_command_and_option_that_the_page_names_exists() {
    let calls = calls();
    assert!(calls.len() > 10, "{calls:?}");
    for call in calls {
        let words: Vec<&str> = call.split_whitespace().skip(1).collect();
        let nested = ["test import", "flows check", "flows preview", "flows graph"];
        let depth =
            if nested.contains(&words[..words.len().min(2)].join(" ").as_str()) { 2 } else { 1 };
        let mut help = Command::new(env!("CARGO_BIN_EXE_kavak-bot"));
        let output = help.args(&words[..depth]).arg("--help").output().unwrap();
        assert!(output.status.success(), "`{call}`: there is no such command");
        let help = String::from_utf8(output.stdout).unwrap();
        for option in words.iter().filter(|word| word.starts_with("--")) {
            let is_it = |word: &str| word.trim_end_matches(',') == *option;
            assert!(help.split_whitespace().any(is_it), "`{call}`: there is no {option}");
        }
    }
}
