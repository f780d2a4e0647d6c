//! `kavak-bot understand`: what is recognised in messages, whatever the step.

use std::io::{self, BufRead, Write};

use clap::Args;

use super::{Verdict, assemble};
use crate::config::Settings;
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
            // Whoever reads has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Verdict::Fine,
            Err(error) => {
                eprintln!("standard input or output: {error}");
                Verdict::Misused
            }
        }
    }

    fn each_line(&self, dealer: &crate::dealer::Dealer) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for line in io::stdin().lock().split(b'\n') {
            let line = line?;
            let words = String::from_utf8_lossy(&line);
            let words = words.strip_suffix('\r').unwrap_or(&words);
            let entities = dealer.understand(words).entities();
            if self.json {
                let object = serde_json::json!({"message": words, "entities": entities});
                writeln!(out, "{object}")?;
                continue;
            }
            writeln!(out, "{words}")?;
            for entity in entities {
                writeln!(out, "  {}: {} ({})", entity.kind, entity.text, entity.value)?;
            }
        }
        out.flush()
    }
}
