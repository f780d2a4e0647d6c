//! The settings of WhatsApp through Meta's Cloud API.

use secrecy::SecretString;

use super::reader::Reader;
use super::{URL_EXPECTED, base_url};

/// Host and version of Meta's Cloud API; the version is the one its pages showed in 2026.
const DEFAULT_API_URL: &str = "https://graph.facebook.com/v26.0";

/// Half of what Meta takes, in and out together:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput>.
const DEFAULT_MESSAGES_PER_SECOND: u32 = 40;

/// What Meta asks for:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput>.
const DEFAULT_PAIR_SECONDS: u8 = 6;

/// `META_…`: whose signatures are believed, and how messages are sent.
#[derive(Debug)]
pub struct MetaSettings {
    /// `META_APP_SECRET`: what signatures are made with.
    pub app_secret: Option<SecretString>,
    /// `META_VERIFY_TOKEN`: what Meta shows in its handshake.
    pub verify_token: Option<SecretString>,
    /// `META_ACCESS_TOKEN`: what Meta is shown.
    pub access_token: Option<SecretString>,
    /// `META_PHONE_NUMBER_ID`: our number, by Meta's id for it.
    pub phone_number_id: Option<String>,
    /// `META_API_URL`: host and version that messages are posted to, without a slash at its end.
    pub api_url: String,
    /// `META_MESSAGES_PER_SECOND`: messages that may leave in a second.
    pub messages_per_second: u32,
    /// `META_PAIR_SECONDS`: seconds between two messages to one customer, of which Meta lends some
    /// dozens ahead; 0 counts none.
    pub pair_seconds: u8,
}

impl MetaSettings {
    /// Reads the settings.
    pub(super) fn read<V: Fn(&str) -> Option<String>>(read: &mut Reader<V>) -> Self {
        Self {
            app_secret: read.secret("META_APP_SECRET"),
            verify_token: read.secret("META_VERIFY_TOKEN"),
            access_token: read.secret("META_ACCESS_TOKEN"),
            phone_number_id: read.parsed("META_PHONE_NUMBER_ID", "digits only", |value| {
                value.bytes().all(|b| b.is_ascii_digit()).then(|| value.to_owned())
            }),
            api_url: read
                .parsed("META_API_URL", URL_EXPECTED, base_url)
                .unwrap_or_else(|| DEFAULT_API_URL.to_owned()),
            messages_per_second: read
                .parsed("META_MESSAGES_PER_SECOND", "a whole number from 1 to 1000", |value| {
                    value.parse().ok().filter(|count| (1..=1_000).contains(count))
                })
                .unwrap_or(DEFAULT_MESSAGES_PER_SECOND),
            pair_seconds: read
                .parsed("META_PAIR_SECONDS", "a whole number from 0 to 60", |value| {
                    value.parse().ok().filter(|seconds| *seconds <= 60)
                })
                .unwrap_or(DEFAULT_PAIR_SECONDS),
        }
    }
}
