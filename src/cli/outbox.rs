//! `kavak-bot outbox`: what waits to be sent and what was given up.

use clap::{Args, Subcommand};

use super::{Verdict, desk};
use crate::cli::out::outln;
use crate::config::Settings;
use crate::conversation::{self, LetterName, Listed, Post, Replayed, Which};

/// List the replies that wait and those that were given up, or try these again
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Outbox {
    #[command(subcommand)]
    act: Option<Act>,
    /// Tell the users in full: phone numbers too
    #[arg(long)]
    show_users: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Try replies again that were given up
    #[command(after_help = "Examples: kavak-bot outbox replay 3f0c91aa\n          \
                            kavak-bot outbox replay --all")]
    Replay(Replay),
}

#[derive(Debug, Args)]
struct Replay {
    /// Its id, as `kavak-bot outbox` lists it
    #[arg(required_unless_present = "all")]
    id: Option<LetterName>,
    /// All of them
    #[arg(long, conflicts_with = "id")]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Outbox {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        if let Some(Act::Replay(replay)) = &self.act {
            return replay.run(settings);
        }
        match desk::ask(settings, conversation::Outbox { show_users: self.show_users }) {
            Ok(post) if self.json => super::print_json(&post),
            Ok(post) => list(&post),
            Err(error) => super::wrong(&error),
        }
    }
}

impl Replay {
    fn run(&self, settings: &Settings) -> Verdict {
        let which = self.id.clone().map_or(Which::All, Which::One);
        match desk::ask(settings, conversation::Replay { which }) {
            Ok(Replayed { replayed: 0 }) if self.id.is_some() => {
                super::wrong(&"no reply of this id was given up")
            }
            Ok(replayed) if self.json => super::print_json(&replayed),
            Ok(Replayed { replayed }) => {
                outln!("replies that are tried again: {replayed}");
                Verdict::Fine
            }
            Err(error) => super::wrong(&error),
        }
    }
}

fn list(Post { waiting, dead }: &Post) -> Verdict {
    for letter in waiting {
        outln!("{}", line(letter, "waits"));
    }
    for letter in dead {
        outln!("{}", line(letter, "given up"));
    }
    outln!("waiting: {}, given up: {}", waiting.len(), dead.len());
    Verdict::Fine
}

/// `3f0c91aa  given up  meta:…5678   2 h  tried 3  131026`.
fn line(letter: &Listed, state: &str) -> String {
    let Listed { id, user, age_seconds, failures, due, reason, .. } = letter;
    let why = match (reason, due) {
        (Some(reason), _) => reason.clone(),
        (None, Some(due)) if *failures > 0 => format!("again {}", due.strftime("%F %H:%M:%SZ")),
        (None, _) => String::new(),
    };
    let age = age(*age_seconds);
    format!("{id}  {state:<8}  {user:<16}  {age:>5}  failed {failures}  {why}")
        .trim_end()
        .to_owned()
}

/// An age in its largest unit.
fn age(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        86_400.. => format!("{} d", seconds / 86_400),
    }
}
