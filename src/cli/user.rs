//! `kavak-bot user`: what is stored of one user, handed over or erased.

use std::io::{self, IsTerminal as _};
use std::str::FromStr;

use clap::{Args, Subcommand};

use super::{Verdict, desk};
use crate::channel::meta::Address;
use crate::cli::out::{out, outln};
use crate::config::Settings;
use crate::conversation::{Erase, Export};
use crate::message::{Channel, UserId};

/// The country code that ten digits are taken to be without.
const MEXICO: &str = "52";

/// Hand over or erase what is stored of one user
#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Print all that is stored of a user as JSON
    #[command(after_help = "Examples: kavak-bot user export chat:u1\n          \
                            kavak-bot user export \"whatsapp:+52 1 55 1234 5678\"")]
    Export(Exporting),
    /// Erase all that is stored of a user
    #[command(after_help = "Example: kavak-bot user erase 5512345678 --yes")]
    Erase(Erasing),
}

#[derive(Debug, Args)]
pub(super) struct Exporting {
    /// `channel:key`, or a phone number as it is written, which is looked for on Twilio and Meta
    id: Who,
}

#[derive(Debug, Args)]
pub(super) struct Erasing {
    /// `channel:key`, or a phone number as it is written, which is looked for on Twilio and Meta
    id: Who,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// The users that an operator means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who(pub(super) Vec<UserId>);

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "neither `channel:key`, with one of chat, web, twilio, meta and terminal, nor a phone number"
)]
pub(super) struct NobodyError;

impl User {
    pub(super) fn run(self, settings: &Settings) -> Verdict {
        match self {
            Self::Export(Exporting { id: Who(users) }) => export(settings, users),
            Self::Erase(Erasing { id: Who(users), yes }) => erase(settings, users, yes),
        }
    }
}

fn export(settings: &Settings, users: Vec<UserId>) -> Verdict {
    match desk::ask(settings, Export { users }) {
        Ok(exported) if exported.is_empty() => super::wrong(&"nothing is stored of this user"),
        Ok(exported) => super::print_json(&exported),
        Err(error) => super::wrong(&error),
    }
}

fn erase(settings: &Settings, users: Vec<UserId>, yes: bool) -> Verdict {
    if !yes {
        let told: Vec<String> = users.iter().map(UserId::to_string).collect();
        match confirmed(&told.join(" and ")) {
            Some(true) => {}
            Some(false) => return super::wrong(&"nothing was erased"),
            None => {
                eprintln!("there is no terminal to ask at: --yes erases without asking");
                return Verdict::Misused;
            }
        }
    }
    match desk::ask(settings, Erase { users }) {
        Ok(erased) if erased.is_empty() => super::wrong(&"nothing is stored of this user"),
        Ok(erased) => {
            for user in erased {
                outln!("erased: {user}");
            }
            Verdict::Fine
        }
        Err(error) => super::wrong(&error),
    }
}

/// Whether the one at the terminal says yes; nothing where nobody is there.
fn confirmed(users: &str) -> Option<bool> {
    if !io::stdin().is_terminal() {
        return None;
    }
    out!("Erase all that is stored of {users}? It cannot be undone. [yes/no] ");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).ok()?;
    Some(answer.trim().eq_ignore_ascii_case("yes"))
}

impl FromStr for Who {
    type Err = NobodyError;

    fn from_str(id: &str) -> Result<Self, NobodyError> {
        let id = id.trim();
        let named = id.split_once(':').and_then(|(channel, key)| {
            let channel = Channel::named(channel)?;
            Some((vec![channel], key))
        });
        let (channels, key) = match (named, phone(id)) {
            (Some((channels, key)), _) => {
                let is_whatsapp = matches!(channels[..], [Channel::Twilio | Channel::Meta]);
                let phone = phone(key).filter(|_| is_whatsapp);
                (channels, phone.unwrap_or_else(|| key.to_owned()))
            }
            (None, Some(phone)) => (vec![Channel::Twilio, Channel::Meta], phone),
            (None, None) => return Err(NobodyError),
        };
        let users = channels.into_iter().map(|channel| UserId::new(channel, &key));
        users.collect::<Result<_, _>>().map(Self).map_err(|_| NobodyError)
    }
}

/// The key of the user behind a phone number as people write it.
fn phone(text: &str) -> Option<String> {
    let number = text.strip_prefix("whatsapp:").unwrap_or(text).trim();
    let number = number.strip_prefix('+').unwrap_or(number);
    let digits: String = number.chars().filter(|c| !" -.()\u{a0}".contains(*c)).collect();
    let digits = match digits.len() {
        _ if !digits.bytes().all(|byte| byte.is_ascii_digit()) => return None,
        10 => format!("{MEXICO}{digits}"),
        11..=15 => digits,
        _ => return None,
    };
    Some(Address::Phone(digits).user_key().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(id: &str) -> Vec<String> {
        let Who(users) = id.parse().unwrap();
        users.iter().map(UserId::to_string).collect()
    }

    #[test]
    fn a_phone_is_one_user_on_both_channels_however_it_is_written() {
        for id in [
            "5512345678",
            "55 1234 5678",
            "(55) 1234-5678",
            "+52 1 55 1234 5678",
            "525512345678",
            "whatsapp:+5215512345678",
            "whatsapp:+52 55 1234 5678",
        ] {
            assert_eq!(told(id), ["twilio:525512345678", "meta:525512345678"], "{id}");
        }
        assert_eq!(told("+1 415 523 8886"), ["twilio:14155238886", "meta:14155238886"]);
    }

    #[test]
    fn a_channel_names_one_user() {
        assert_eq!(told("twilio:+52 1 55 1234 5678"), ["twilio:525512345678"]);
        assert_eq!(told("meta:MX.13491208655302741918"), ["meta:MX.13491208655302741918"]);
        assert_eq!(told("chat:5512345678"), ["chat:5512345678"], "a name, whatever it looks like");
        assert_eq!(told("chat:a:b"), ["chat:a:b"]);
    }

    #[test]
    fn what_names_nobody_is_refused() {
        for id in ["", "ana", "chat:", "1234", "whatsapp:", "whatsapp:MX.1", "telegram:1"] {
            assert_eq!(id.parse::<Who>(), Err(NobodyError), "{id}");
        }
    }
}
