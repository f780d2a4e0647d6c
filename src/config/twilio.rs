//! The settings of WhatsApp through Twilio.

use std::collections::BTreeMap;

use secrecy::SecretString;

use super::reader::Reader;
use super::{URL_EXPECTED, base_url};

/// Two while one is rotated: Twilio signs with the primary one until the other is promoted.
const MAX_AUTH_TOKENS: usize = 2;

const DEFAULT_API_URL: &str = "https://api.twilio.com";

/// What Twilio lets a WhatsApp number send, by the most careful of its pages:
/// <https://www.twilio.com/docs/whatsapp/best-practices-and-faqs>.
const DEFAULT_MESSAGES_PER_SECOND: u32 = 10;

/// `TWILIO_…`: whose signatures are believed, and how messages are sent.
#[derive(Debug)]
pub struct TwilioSettings {
    /// `TWILIO_AUTH_TOKEN`: the tokens a signature may be made with, none while unset. The first
    /// one is shown where messages are sent.
    pub auth_tokens: Vec<SecretString>,
    /// `TWILIO_ACCOUNT_SID`: the account that messages are sent with; none answers in the webhook
    /// alone.
    pub account_sid: Option<String>,
    /// `TWILIO_WHATSAPP_FROM`: the address that messages leave from where the one that was written
    /// to is not known.
    pub whatsapp_from: Option<String>,
    /// `TWILIO_API_URL`: where messages are posted to, without a slash at its end.
    pub api_url: String,
    /// `TWILIO_MESSAGES_PER_SECOND`: messages that may leave in a second.
    pub messages_per_second: u32,
    /// `TWILIO_BUTTON_SIDS`: quick-reply contents, by how many buttons each has.
    pub button_sids: BTreeMap<usize, String>,
    /// `TWILIO_LIST_SIDS`: list-picker contents, by how many rows each has.
    pub list_sids: BTreeMap<usize, String>,
    /// `TWILIO_TEMPLATE_SID`: what is sent where 24 hours have passed since a customer's message.
    pub template_sid: Option<String>,
}

impl TwilioSettings {
    /// Reads the settings.
    pub(super) fn read<V: Fn(&str) -> Option<String>>(read: &mut Reader<V>) -> Self {
        Self {
            auth_tokens: read.secrets("TWILIO_AUTH_TOKEN", MAX_AUTH_TOKENS),
            account_sid: read.parsed(
                "TWILIO_ACCOUNT_SID",
                "AC and 32 hexadecimal digits, as Twilio's console shows it",
                |value| sid(value, "AC"),
            ),
            whatsapp_from: read.parsed(
                "TWILIO_WHATSAPP_FROM",
                "a WhatsApp address, such as whatsapp:+14155238886",
                whatsapp_address,
            ),
            api_url: read
                .parsed("TWILIO_API_URL", URL_EXPECTED, base_url)
                .unwrap_or_else(|| DEFAULT_API_URL.to_owned()),
            messages_per_second: read
                .parsed("TWILIO_MESSAGES_PER_SECOND", "a whole number from 1 to 1000", |value| {
                    value.parse().ok().filter(|count| (1..=1_000).contains(count))
                })
                .unwrap_or(DEFAULT_MESSAGES_PER_SECOND),
            button_sids: read
                .parsed("TWILIO_BUTTON_SIDS", SIDS_EXPECTED, |value| sids(value, 3))
                .unwrap_or_default(),
            list_sids: read
                .parsed("TWILIO_LIST_SIDS", SIDS_EXPECTED, |value| sids(value, 10))
                .unwrap_or_default(),
            template_sid: read.parsed(
                "TWILIO_TEMPLATE_SID",
                "HX and 32 hexadecimal digits, as Twilio's console shows it",
                |value| sid(value, "HX"),
            ),
        }
    }

    /// Whether inbound messages are checked.
    #[must_use]
    pub fn checks(&self) -> bool {
        !self.auth_tokens.is_empty()
    }

    /// Whether messages can be sent: what takes its time is answered later.
    #[must_use]
    pub fn sends(&self) -> bool {
        self.account_sid.is_some() && self.checks()
    }
}

const SIDS_EXPECTED: &str = "a number of choices and the SID of the content that was made for \
                             them, such as 2=HX…,3=HX… (buttons have up to 3, lists up to 10)";

fn sid(value: &str, kind: &str) -> Option<String> {
    let digits = value.strip_prefix(kind)?;
    let fits = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| value.to_owned())
}

fn sids(value: &str, most: usize) -> Option<BTreeMap<usize, String>> {
    let pair = |pair: &str| {
        let (count, content) = pair.split_once('=')?;
        let count = count.trim().parse().ok().filter(|count| (1..=most).contains(count))?;
        Some((count, sid(content.trim(), "HX")?))
    };
    value.split(',').map(pair).collect()
}

fn whatsapp_address(value: &str) -> Option<String> {
    let digits = value.strip_prefix("whatsapp:+")?;
    let fits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_named_by_how_many_choices_they_have() {
        let (two, three) = (format!("HX{}", "0".repeat(32)), format!("HX{}", "a".repeat(32)));
        let read = sids(&format!("2={two}, 3 = {three}"), 3);
        assert_eq!(read, Some(BTreeMap::from([(2, two.clone()), (3, three)])));
        for wrong in ["", "2", "2=", "2=HX1", &format!("0={two}"), &format!("4={two}")] {
            assert_eq!(sids(wrong, 3), None, "{wrong}");
        }
    }
}
