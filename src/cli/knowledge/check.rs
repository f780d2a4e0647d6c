//! `kavak-bot knowledge check`: every mistake in the context file.

use crate::cli::Verdict;
use crate::config::Settings;
use crate::knowledge::Knowledge;

pub(super) fn run(settings: &Settings) -> Verdict {
    let path = settings.context_path.display();
    match Knowledge::load(&settings.context_path) {
        Ok(knowledge) => {
            println!("{path}: {} passages; no problem", knowledge.passages().len());
            Verdict::Fine
        }
        Err(error) => {
            eprintln!("{error}");
            Verdict::Wrong
        }
    }
}
