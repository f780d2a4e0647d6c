//! `kavak-bot knowledge gaps`: what customers asked and did not get answered, or not well.

use clap::Args;

use crate::cli::out::outln;
use crate::cli::{Verdict, desk};
use crate::config::Settings;
use crate::conversation::{self, Gap};

/// List the questions that got "no lo sé" or 👎, most frequent first
#[derive(Debug, Args)]
pub(in crate::cli) struct Gaps {
    /// How many questions
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Print them as JSON, one object a line
    #[arg(long)]
    json: bool,
}

impl Gaps {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match desk::ask(settings, conversation::Gaps) {
            Ok(gaps) => {
                for gap in gaps.iter().take(self.limit) {
                    outln!("{}", if self.json { json(gap) } else { line(gap) });
                }
                if !self.json {
                    outln!("questions: {}", gaps.len());
                }
                Verdict::Fine
            }
            Err(error) => {
                eprintln!("{error}");
                Verdict::Wrong
            }
        }
    }
}

fn json(gap: &Gap) -> String {
    serde_json::to_string(gap).expect("a gap is JSON")
}

/// `  3  2026-11-28  “¿motos?” no lo sé 2, 👎 1 (kavak/que-es)`.
fn line(gap: &Gap) -> String {
    let Gap { question, refused, disliked, passages, last } = gap;
    let mut parts = Vec::new();
    if *refused > 0 {
        parts.push(format!("no lo sé {refused}"));
    }
    if *disliked > 0 {
        parts.push(format!("👎 {disliked} ({})", passages.join(", ")));
    }
    format!("{:>4}  {}  “{question}”  {}", gap.count(), last.strftime("%F"), parts.join(", "))
}
