//! Settings: the environment and a `.env` file, read once and checked as a whole.
//!
//! [`Settings::read`] asks for each value by name, so that flags can be laid over the environment
//! and tests need neither. Every wrong value is reported, not the first.

mod environment;
mod model;
mod reader;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

pub use environment::environment;
pub use model::{ModelSettings, TokenField};
use reader::Reader;

/// The longest retention that is taken: ten years.
const MAX_RETENTION_DAYS: u16 = 3_650;

/// The shortest: a repeated message must find its answer for eight days.
const MIN_RETENTION_DAYS: u16 = 8;

const DEFAULT_BIND: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8000);

/// Two while one is rotated: Twilio signs with the primary one until the other is promoted.
const MAX_TWILIO_TOKENS: usize = 2;

/// Host and version of Meta's Cloud API; the version is the one its pages showed in 2026.
const DEFAULT_META_API_URL: &str = "https://graph.facebook.com/v26.0";

/// Half of what Meta takes, in and out together:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput>.
const DEFAULT_META_MESSAGES_PER_SECOND: u32 = 40;

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
    /// `TWILIO_AUTH_TOKEN`: the tokens a signature may be made with, none while unset.
    pub twilio_auth_tokens: Vec<SecretString>,
    /// `TWILIO_ACCOUNT_SID`.
    pub twilio_account_sid: Option<String>,
    /// `TWILIO_WHATSAPP_FROM`: the address that messages leave from.
    pub twilio_whatsapp_from: Option<String>,
    /// `PUBLIC_BASE_URL`: how the outside reaches this server, without a slash at its end.
    pub public_base_url: Option<String>,
    /// `META_APP_SECRET`.
    pub meta_app_secret: Option<SecretString>,
    /// `META_VERIFY_TOKEN`.
    pub meta_verify_token: Option<SecretString>,
    /// `META_ACCESS_TOKEN`.
    pub meta_access_token: Option<SecretString>,
    /// `META_PHONE_NUMBER_ID`.
    pub meta_phone_number_id: Option<String>,
    /// `META_API_URL`: host and version that messages are posted to, without a slash at its end.
    pub meta_api_url: String,
    /// `META_MESSAGES_PER_SECOND`: messages that may leave in a second.
    pub meta_messages_per_second: u32,
    /// `QUIET_SECONDS`: how long a quiet moment is, after which a burst of messages is answered, on
    /// channels that are answered later.
    pub quiet_seconds: f32,
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
            twilio_auth_tokens: read.secrets("TWILIO_AUTH_TOKEN", MAX_TWILIO_TOKENS),
            twilio_account_sid: read.parsed(
                "TWILIO_ACCOUNT_SID",
                "AC and 32 hexadecimal digits, as Twilio's console shows it",
                account_sid,
            ),
            twilio_whatsapp_from: read.parsed(
                "TWILIO_WHATSAPP_FROM",
                "a WhatsApp address, such as whatsapp:+14155238886",
                whatsapp_address,
            ),
            public_base_url: read.parsed("PUBLIC_BASE_URL", URL_EXPECTED, base_url),
            meta_app_secret: read.secret("META_APP_SECRET"),
            meta_verify_token: read.secret("META_VERIFY_TOKEN"),
            meta_access_token: read.secret("META_ACCESS_TOKEN"),
            meta_phone_number_id: read.parsed("META_PHONE_NUMBER_ID", "digits only", |v| {
                v.bytes().all(|b| b.is_ascii_digit()).then(|| v.to_owned())
            }),
            meta_api_url: read
                .parsed("META_API_URL", URL_EXPECTED, base_url)
                .unwrap_or_else(|| DEFAULT_META_API_URL.to_owned()),
            meta_messages_per_second: read
                .parsed("META_MESSAGES_PER_SECOND", "a whole number from 1 to 1000", |v| {
                    v.parse().ok().filter(|count| (1..=1_000).contains(count))
                })
                .unwrap_or(DEFAULT_META_MESSAGES_PER_SECOND),
            quiet_seconds: read
                .parsed("QUIET_SECONDS", "seconds from 0 to 30, such as 2", |v| {
                    v.parse().ok().filter(|seconds| (0.0..=30.0).contains(seconds))
                })
                .unwrap_or(DEFAULT_QUIET_SECONDS),
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

    /// Whether inbound Twilio messages are checked.
    #[must_use]
    pub fn checks_twilio(&self) -> bool {
        !self.twilio_auth_tokens.is_empty()
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

fn account_sid(value: &str) -> Option<String> {
    let digits = value.strip_prefix("AC")?;
    let fits = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| value.to_owned())
}

fn whatsapp_address(value: &str) -> Option<String> {
    let digits = value.strip_prefix("whatsapp:+")?;
    let fits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| value.to_owned())
}

#[cfg(test)]
mod tests;
