//! `kavak-bot understand`: what is recognised in messages, whatever the step.

use std::fmt::Write as _;
use std::io::{self, BufRead as _};

use clap::Args;

use super::out::{out, outln};
use super::{Verdict, assemble};
use crate::config::Settings;
use crate::dealer::Dealer;
use crate::engine::vocabulary::Vocabulary;

/// Tell what is recognised in messages, one a line on standard input
#[derive(Debug, Args)]
pub(super) struct Understand {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Understand {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        let assembled = match assemble::dealer(settings) {
            Ok(assembled) => assembled,
            Err(error) => {
                eprintln!("{error}");
                return Verdict::Wrong;
            }
        };
        match self.each_line(&assembled.dealer) {
            Ok(()) => Verdict::Fine,
            Err(error) => {
                eprintln!("standard input: {error}");
                Verdict::Misused
            }
        }
    }

    fn each_line(&self, dealer: &Dealer) -> io::Result<()> {
        for line in io::stdin().lock().split(b'\n') {
            let line = line?;
            let words = String::from_utf8_lossy(&line);
            let words = words.strip_suffix('\r').unwrap_or(&words);
            let entities = dealer.understand(words).entities();
            if self.json {
                outln!("{}", serde_json::json!({"message": words, "entities": entities}));
                continue;
            }
            let mut told = format!("{words}\n");
            for entity in entities {
                let _ = writeln!(told, "  {}: {} ({})", entity.kind, entity.text, entity.value);
            }
            out!("{told}");
        }
        Ok(())
    }
}
