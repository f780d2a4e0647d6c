//! `kavak-bot knowledge check`: every mistake in the context file.

use crate::cli::Verdict;
use crate::config::Settings;
use crate::knowledge;

pub(super) fn run(settings: &Settings) -> Verdict {
    let path = settings.context_path.display();
    let text = match std::fs::read_to_string(&settings.context_path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("cannot read the context file {path}: {error}");
            return Verdict::Wrong;
        }
    };
    match knowledge::review(&text) {
        Ok(passages) => {
            println!("{path}: {passages} passages; no problem");
            Verdict::Fine
        }
        Err(error) => {
            for problem in &error.problems {
                eprintln!("{path}:{}: {}", problem.line, problem.kind);
            }
            Verdict::Wrong
        }
    }
}
