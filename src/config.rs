//! Settings: the environment and a `.env` file, read once and checked as a whole.
//!
//! [`Settings::read`] asks for each value by name, so that flags can be laid over the environment
//! and tests need neither. Every wrong value is reported, not the first.

mod environment;
mod limits;
mod meta;
mod model;
mod reader;
mod twilio;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

pub use environment::environment;
pub use limits::LimitSettings;
pub use meta::MetaSettings;
pub use model::{ModelSettings, TokenField};
use reader::Reader;
pub use twilio::TwilioSettings;

/// The longest retention that is taken: ten years.
const MAX_RETENTION_DAYS: u16 = 3_650;

/// The shortest: a repeated message must find its answer for eight days.
const MIN_RETENTION_DAYS: u16 = 8;

const DEFAULT_BIND: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8000);

const DEFAULT_QUIET_SECONDS: f32 = 2.0;

/// Everything that can be set from outside.
#[derive(Debug)]
pub struct Settings {
    /// `BIND`: where the server listens.
    pub bind: SocketAddr,
    /// `CATALOG_PATH`: the cars on sale, CSV.
    pub catalog_path: PathBuf,
    /// `FLOWS_DIR`: the conversation.
    pub flows_dir: PathBuf,
    /// `CONTEXT_PATH`: what open questions are answered from.
    pub context_path: PathBuf,
    /// `POLICY_PATH`: the credit policy.
    pub policy_path: PathBuf,
    /// `DEALER_PATH`: who sells.
    pub dealer_path: PathBuf,
    /// `DATA_DIR`: the store.
    pub data_dir: PathBuf,
    /// `LOG_LEVEL`: what of ours is logged.
    pub log_level: LevelFilter,
    /// `LOG_FORMAT`: for people or for machines.
    pub log_format: LogFormat,
    /// `RETENTION_DAYS`: days of silence after which a user's data goes; none is the dealer's own.
    pub retention_days: Option<u16>,
    /// `OPENAI_…`: the model that words open answers.
    pub model: ModelSettings,
    /// `TWILIO_…`: WhatsApp through Twilio.
    pub twilio: TwilioSettings,
    /// `PUBLIC_BASE_URL`: how the outside reaches this server, without a slash at its end.
    pub public_base_url: Option<String>,
    /// `META_…`: WhatsApp through Meta's Cloud API.
    pub meta: MetaSettings,
    /// `QUIET_SECONDS`: how long a quiet moment is, after which a burst of messages is answered, on
    /// channels that are answered later.
    pub quiet_seconds: f32,
    /// `MAX_…`: bounds of the doors and of the conversation.
    pub limits: LimitSettings,
    /// `API_TOKEN`: what `POST /chat` asks for once the server is exposed.
    pub api_token: Option<SecretString>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One line for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A setting that cannot be taken: its name, its value (secrets masked), what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}={value}: {expected}")]
pub struct SettingError {
    /// The variable, or `.env` where the file itself is wrong.
    pub name: String,
    /// What it holds; a secret is `***`.
    pub value: String,
    /// What it should be.
    pub expected: String,
}

impl Settings {
    /// Reads and checks every setting. A value that is missing or blank takes its default.
    ///
    /// # Errors
    ///
    /// All wrong values at once, in the order of the fields.
    pub fn read(vars: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<SettingError>> {
        let mut read = Reader::new(vars);
        let settings = Self {
            bind: read
                .parsed("BIND", "an address and a port, such as 127.0.0.1:8000", |v| v.parse().ok())
                .unwrap_or(DEFAULT_BIND),
            catalog_path: read.path("CATALOG_PATH", "data/catalog.csv"),
            flows_dir: read.path("FLOWS_DIR", "flows"),
            context_path: read.path("CONTEXT_PATH", "kavak_context.txt"),
            policy_path: read.path("POLICY_PATH", "data/credit_policy.toml"),
            dealer_path: read.path("DEALER_PATH", "data/dealer.toml"),
            data_dir: read.path("DATA_DIR", "var"),
            log_level: read
                .parsed("LOG_LEVEL", "one of off, error, warn, info, debug, trace", log_level)
                .unwrap_or(LevelFilter::INFO),
            log_format: read
                .parsed("LOG_FORMAT", "text or json", log_format)
                .unwrap_or(LogFormat::Text),
            retention_days: read.parsed("RETENTION_DAYS", "whole days from 8 to 3650", |v| {
                v.parse()
                    .ok()
                    .filter(|days| (MIN_RETENTION_DAYS..=MAX_RETENTION_DAYS).contains(days))
            }),
            model: ModelSettings::read(&mut read),
            twilio: TwilioSettings::read(&mut read),
            public_base_url: read.parsed("PUBLIC_BASE_URL", URL_EXPECTED, base_url),
            meta: MetaSettings::read(&mut read),
            quiet_seconds: read
                .parsed("QUIET_SECONDS", "seconds from 0 to 30, such as 2", |v| {
                    v.parse().ok().filter(|seconds| (0.0..=30.0).contains(seconds))
                })
                .unwrap_or(DEFAULT_QUIET_SECONDS),
            limits: LimitSettings::read(&mut read),
            api_token: read.secret("API_TOKEN"),
        };
        read.finish(settings)
    }

    /// Whether others than this machine can reach the server: bound to more than loopback, or
    /// published under an address of its own.
    #[must_use]
    pub fn exposed(&self) -> bool {
        !self.bind.ip().is_loopback() || self.public_base_url.is_some()
    }
}

const URL_EXPECTED: &str =
    "an address with http:// or https:// and no query, such as https://bot.example.mx";

fn log_level(value: &str) -> Option<LevelFilter> {
    // `LevelFilter` also takes the numbers 0 to 5, which nobody would guess.
    value.parse().ok().filter(|_| !value.bytes().all(|b| b.is_ascii_digit()))
}

fn log_format(value: &str) -> Option<LogFormat> {
    match value.to_ascii_lowercase().as_str() {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

/// Kept as it is written but for slashes at its end: Twilio signs these very characters.
fn base_url(value: &str) -> Option<String> {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"))?;
    let host = rest.split('/').next().unwrap_or_default();
    let clean = |c: char| !c.is_whitespace() && !matches!(c, '?' | '#');
    (!host.is_empty() && rest.chars().all(clean)).then(|| value.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests;
