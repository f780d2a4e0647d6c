//! The command line: the only place where everything is put together.
//!
//! Exit codes: 0 fine, 1 the thing checked is wrong, 2 the call is wrong.

// Its macros panic where nobody reads any more: `out` does not.
#![deny(clippy::print_stdout)]

mod ask;
mod assemble;
mod backup;
mod bots;
mod catalog;
mod changes;
mod chat;
mod clock;
mod delivery;
mod desk;
mod doctor;
mod export;
mod flows;
mod health;
mod knowledge;
mod levels;
mod out;
mod outbox;
mod page_recorder;
mod quote;
mod record;
mod recorder;
mod reload;
mod replay;
mod serve;
mod server;
mod simulate;
mod test;
mod understand;
mod user;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::cli::out::outln;
use crate::config::{self, Settings};

/// A car is bought by chat: guided flows in Mexican Spanish, to the amortization plan.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
struct Call {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

/// Settings that a flag can lay over the environment.
#[derive(Debug, Args)]
struct Flags {
    /// Where the server listens (`BIND`)
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    bind: Option<String>,
    /// The cars on sale (`CATALOG_PATH`)
    #[arg(long, global = true, value_name = "FILE")]
    catalog: Option<String>,
    /// The conversation (`FLOWS_DIR`)
    #[arg(long, global = true, value_name = "DIR")]
    flows: Option<String>,
    /// What open questions are answered from (`CONTEXT_PATH`)
    #[arg(long, global = true, value_name = "FILE")]
    context: Option<String>,
    /// The credit policy (`POLICY_PATH`)
    #[arg(long, global = true, value_name = "FILE")]
    policy: Option<String>,
    /// Who sells (`DEALER_PATH`)
    #[arg(long, global = true, value_name = "FILE")]
    dealer: Option<String>,
    /// The store (`DATA_DIR`)
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// What is logged: off, error, warn, info, debug or trace (`LOG_LEVEL`)
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
    /// How it is logged: text or json (`LOG_FORMAT`)
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

impl Flags {
    fn get(&self, name: &str) -> Option<String> {
        let given = |(_, variable, value): &(_, &str, &Option<String>)| {
            (*variable == name).then(|| (*value).clone()).flatten()
        };
        self.all().iter().find_map(given)
    }

    /// A command with the flags that are given, as it is typed.
    fn command<'a>(&self, name: &str, arguments: impl IntoIterator<Item = &'a str>) -> String {
        let words = ["kavak-bot", name].map(str::to_owned).into_iter().chain(self.given());
        let words = words.chain(arguments.into_iter().map(str::to_owned));
        // Only a zero byte cannot be quoted, and no argument of a process has one.
        let quoted = words.map(|word| shlex::try_quote(&word).unwrap_or_default().into_owned());
        quoted.collect::<Vec<_>>().join(" ")
    }

    /// The flags that are given, as arguments.
    fn given(&self) -> Vec<String> {
        let given = self.all().into_iter().filter_map(|(flag, _, value)| {
            value.as_ref().map(|value| [flag.to_owned(), value.clone()])
        });
        given.flatten().collect()
    }

    /// Each flag with the variable that it lays over.
    fn all(&self) -> [(&'static str, &'static str, &Option<String>); 9] {
        [
            ("--bind", "BIND", &self.bind),
            ("--catalog", "CATALOG_PATH", &self.catalog),
            ("--flows", "FLOWS_DIR", &self.flows),
            ("--context", "CONTEXT_PATH", &self.context),
            ("--policy", "POLICY_PATH", &self.policy),
            ("--dealer", "DEALER_PATH", &self.dealer),
            ("--data-dir", "DATA_DIR", &self.data_dir),
            ("--log-level", "LOG_LEVEL", &self.log_level),
            ("--log-format", "LOG_FORMAT", &self.log_format),
        ]
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the chat API, the webhooks of Twilio and Meta, and the page
    #[command(after_help = "Example: kavak-bot serve --bind 127.0.0.1:8000")]
    Serve(serve::Serve),
    /// Talk to the bot in the terminal
    #[command(after_help = "Example: kavak-bot chat\nLeave with Ctrl-D or “/salir”.")]
    Chat(chat::Chat),
    /// Tell what is recognised in messages, one a line on standard input
    #[command(after_help = "Example: echo \"doy 60 mil a 4 años\" | kavak-bot understand --json")]
    Understand(understand::Understand),
    /// Run conversations written as text files
    #[command(after_help = "Example: kavak-bot test tests/transcripts --filter enganche")]
    Test(Box<test::Test>),
    /// Make a transcript of a stored conversation, personal data masked
    #[command(after_help = "Example: kavak-bot record 5512345678 --to tests/transcripts/recorded")]
    Record(record::Record),
    /// Play recorded conversations through two versions and tell where they part
    #[command(after_help = "Example: kavak-bot replay conversations.jsonl --against ../yesterday")]
    Replay(replay::Replay),
    /// Have simulated customers talk to the bot, and check what must always hold
    #[command(after_help = "Example: kavak-bot simulate --seed 7 --conversations 1000")]
    Simulate(simulate::Simulate),
    /// Check, draw or show the conversation
    #[command(subcommand, after_help = "Example: kavak-bot flows check")]
    Flows(flows::Flows),
    /// Check or search the cars on sale
    #[command(subcommand, after_help = "Example: kavak-bot catalog search \"suv automática\"")]
    Catalog(catalog::Catalog),
    /// Quote a credit
    #[command(after_help = "Example: kavak-bot quote --price 280000 --down 60000 --months 48")]
    Quote(quote::Quote),
    /// Answer one open question from the context file
    #[command(after_help = "Example: kavak-bot ask \"¿qué garantía tienen?\"")]
    Ask(ask::Ask),
    /// Check the context file that open questions are answered from, or renew it
    #[command(subcommand, after_help = "Example: kavak-bot knowledge check")]
    Knowledge(knowledge::Knowledge),
    /// List the replies that wait and those that were given up, or try these again
    #[command(after_help = "Examples: kavak-bot outbox\n          kavak-bot outbox replay --all")]
    Outbox(outbox::Outbox),
    /// Hand over or erase what is stored of one user
    #[command(subcommand, after_help = "Example: kavak-bot user export chat:u1")]
    User(user::User),
    /// Write what customers wrote to a file, for `replay`, personal data masked
    #[command(after_help = "Example: kavak-bot export conversations.jsonl")]
    Export(export::Export),
    /// Write all that is stored to a file, also while the server runs
    #[command(after_help = "Example: kavak-bot backup /backups/kavak-bot.backup")]
    Backup(backup::Backup),
    /// Make the store out of a backup
    #[command(after_help = "Example: kavak-bot restore /backups/kavak-bot.backup --data-dir var2")]
    Restore(backup::Restore),
    /// Look at settings, credentials, public address, disk, clock and backups
    #[command(after_help = "Example: kavak-bot doctor")]
    Doctor(doctor::Doctor),
    /// Ask a running server whether it is ready; for containers
    #[command(after_help = "Example: kavak-bot health --bind 127.0.0.1:8000")]
    Health,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// All is well.
    Fine,
    /// The thing checked is wrong.
    Wrong,
    /// The call is wrong.
    Misused,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Fine => Self::SUCCESS,
            Verdict::Wrong => Self::from(1),
            Verdict::Misused => Self::from(2),
        }
    }
}

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    let call = Call::parse();
    let settings = match settings(&call.flags) {
        Ok(settings) => settings,
        Err(verdict) => return verdict.into(),
    };
    let verdict = match call.command {
        Command::Serve(serve) => serve.run(settings),
        Command::Chat(chat) => chat.run(&settings),
        Command::Understand(understand) => understand.run(&settings),
        Command::Test(test) => test.run(&settings, &call.flags),
        Command::Record(record) => record.run(&settings),
        Command::Replay(replay) => replay.run(&settings),
        Command::Simulate(simulate) => simulate.run(&settings, &call.flags),
        Command::Flows(flows) => flows.run(&settings),
        Command::Catalog(catalog) => catalog.run(&settings),
        Command::Quote(quote) => quote.run(&settings),
        Command::Ask(ask) => ask.run(&settings),
        Command::Knowledge(knowledge) => knowledge.run(&settings),
        Command::Outbox(outbox) => outbox.run(&settings),
        Command::User(user) => user.run(&settings),
        Command::Export(export) => export.run(&settings),
        Command::Backup(backup) => backup.run(&settings),
        Command::Restore(restore) => restore.run(&settings),
        Command::Doctor(doctor) => doctor.run(&settings),
        Command::Health => health::run(&settings),
    };
    verdict.into()
}

/// Prints an answer as JSON.
fn print_json(answer: &impl serde::Serialize) -> Verdict {
    // As values first: JSON that is stored as text is set out like the rest.
    let answer = serde_json::to_value(answer);
    outln!("{:#}", answer.expect("our answers are JSON"));
    Verdict::Fine
}

/// Says what went wrong.
fn wrong(error: &impl std::fmt::Display) -> Verdict {
    eprintln!("{error}");
    Verdict::Wrong
}

fn settings(flags: &Flags) -> Result<Settings, Verdict> {
    let environment = config::environment().map_err(|problem| vec![problem]);
    let settings = environment.and_then(|environment| {
        Settings::read(|name| flags.get(name).or_else(|| environment(name)))
    });
    settings.map_err(|problems| {
        for problem in problems {
            eprintln!("{problem}");
        }
        Verdict::Misused
    })
}
