//! `kavak-bot knowledge check`: every mistake in the context file.

use crate::cli::Verdict;
use crate::cli::out::outln;
use crate::config::Settings;
use crate::knowledge::{LoadError, Problem, Review, review};

pub(super) fn run(settings: &Settings) -> Verdict {
    let path = &settings.context_path;
    match review(path) {
        Ok(Review { passages, problems, .. }) if problems.is_empty() => {
            outln!("{}: {passages} passages; no problem", path.display());
            Verdict::Fine
        }
        Ok(Review { paths, problems, .. }) => {
            tell(&problems, |problem| paths[problem.file].display().to_string());
            Verdict::Wrong
        }
        Err(LoadError::Context { path, error }) => {
            tell(&error.problems, |_| path.display().to_string());
            Verdict::Wrong
        }
        Err(error) => {
            eprintln!("{error}");
            Verdict::Wrong
        }
    }
}

/// One problem a line, as `file:line: message`.
fn tell(problems: &[Problem], file: impl Fn(&Problem) -> String) {
    for problem in problems {
        eprintln!("{}:{}: {}", file(problem), problem.line, problem.kind);
    }
}
