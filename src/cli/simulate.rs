//! `kavak-bot simulate`: customers who are none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::bots::Bots;
use super::{Flags, Verdict, clock, wrong};
use crate::cli::out::outln;
use crate::config::Settings;
use crate::simulation::{self, Failure, Options};
use crate::transcript::Setting;

/// Have simulated customers talk to the bot, and check what must always hold
#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// Which customers come: the same seed gives the same conversations, byte by byte
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many of them
    #[arg(long, value_name = "M", default_value_t = 1_000)]
    conversations: u64,
    /// Where the shortest conversation of each failure is written, as a transcript
    #[arg(long, value_name = "DIR", default_value = "simulated")]
    out: PathBuf,
}

impl Simulate {
    pub(super) fn run(&self, settings: &Settings, flags: &Flags) -> Verdict {
        let bot = match Bots::new(settings).build(&Setting::default()) {
            Ok(bot) => bot,
            Err(error) => return wrong(&error),
        };
        let options = Options { seed: self.seed, conversations: self.conversations };
        let begun = clock::now();
        let report = match simulation::run(&bot, options) {
            Ok(report) => report,
            Err(error) => return wrong(&format!("no runtime could be started: {error}")),
        };
        let seconds = clock::now().duration_since(begun).as_secs_f64();
        outln!("{report}");
        // Not to where the same seed writes the same.
        eprintln!("{seconds:.1} s, {:.0} turns/s", per_second(report.turns, seconds));
        for failure in &report.failures {
            match written(&self.out, self.seed, failure) {
                Ok(_) if failure.rule.takes_two_playings() => {
                    // As many as it takes to come to that conversation.
                    let conversations = failure.conversation + 1;
                    let seed = self.seed.to_string();
                    let customers =
                        ["--seed", &seed, "--conversations", &conversations.to_string()];
                    outln!("{}", flags.command("simulate", customers));
                }
                Ok(path) => {
                    outln!("{}", flags.command("test", [&*path.to_string_lossy()]));
                }
                Err(error) => return wrong(&format!("{}: {error}", self.out.display())),
            }
        }
        if report.failures.is_empty() { Verdict::Fine } else { Verdict::Wrong }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn per_second(turns: u64, seconds: f64) -> f64 {
    turns as f64 / seconds.max(0.001)
}

/// Writes the transcript of a failure into the folder `out`.
fn written(out: &Path, seed: u64, failure: &Failure) -> io::Result<PathBuf> {
    fs::create_dir_all(out)?;
    let Failure { rule, state, conversation, chat, .. } = failure;
    let state = state.replace('.', "-");
    let path = out.join(format!("{}-{state}-{seed}-{conversation}.chat", rule.as_str()));
    fs::write(&path, chat)?;
    Ok(path)
}
