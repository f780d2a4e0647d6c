//! `kavak-bot ask`: one open question.

use clap::Args;

use super::Verdict;
use crate::config::Settings;
use crate::knowledge::Knowledge;

/// Answer one open question from the context file
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// The question
    question: String,
}

impl Ask {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        let knowledge = match Knowledge::load(&settings.context_path) {
            Ok(knowledge) => knowledge,
            Err(error) => {
                eprintln!("{error}");
                return Verdict::Wrong;
            }
        };
        let Some(passage) = knowledge.answer(&self.question) else {
            println!("No lo sé: el contexto no lo dice.");
            return Verdict::Wrong;
        };
        println!("{}", passage.text);
        eprintln!("[{}] {}", passage.name, passage.source);
        Verdict::Fine
    }
}
