//! How much is let in, and how much goes out: every bound that an operator may want to move.

use super::reader::Reader;

/// `MAX_…`: bounds of the doors and of the conversation.
#[derive(Debug, Clone, Copy)]
pub struct LimitSettings {
    /// `MAX_CHAT_BODY_BYTES`: bytes of a request's body at `/chat` and from the page.
    pub chat_body_bytes: usize,
    /// `MAX_TWILIO_BODY_BYTES`: bytes of a form of Twilio's.
    pub twilio_body_bytes: usize,
    /// `MAX_META_BODY_BYTES`: bytes of a webhook of Meta's.
    pub meta_body_bytes: usize,
    /// `MAX_CONNECTIONS`: connections that are open at once; others wait to be let in.
    pub connections: usize,
    /// `MAX_REQUEST_SECONDS`: how long a caller waits for an answer.
    pub request_seconds: u16,
    /// `MAX_WAITING_PER_USER`: messages of one user that wait for their turn.
    pub waiting_per_user: usize,
    /// `MAX_WAITING`: messages of all users that wait for their turn.
    pub waiting: usize,
    /// `MAX_MESSAGES_PER_MINUTE`: WhatsApp messages of one user that are answered in a minute.
    pub messages_per_minute: u32,
    /// `MAX_REPLIES_PER_USER_PER_DAY`: WhatsApp replies to one user in 24 hours.
    pub user_replies_per_day: u32,
    /// `MAX_REPLIES_PER_DAY`: WhatsApp replies to all users on a day, in UTC.
    pub replies_per_day: u32,
    /// `MAX_NEW_USERS_PER_MINUTE`: users of WhatsApp and the page who are new, in a minute.
    pub new_users_per_minute: u32,
    /// `MAX_PAGES_PER_HOUR`: pages of cars that one user of WhatsApp or the page is shown in an
    /// hour.
    pub pages_per_hour: u32,
}

impl LimitSettings {
    /// Reads the settings.
    pub(super) fn read<V: Fn(&str) -> Option<String>>(read: &mut Reader<V>) -> Self {
        let mut whole = |name: &str, usual: u32, least: u32| {
            let expected = format!("a whole number from {least} on");
            let parse = |value: &str| value.parse().ok().filter(|number| *number >= least);
            read.parsed(name, &expected, parse).unwrap_or(usual)
        };
        let mut size = |name: &str, usual: u32, least: u32| {
            usize::try_from(whole(name, usual, least)).unwrap_or(usize::MAX)
        };
        let (chat_body_bytes, twilio_body_bytes, meta_body_bytes) = (
            size("MAX_CHAT_BODY_BYTES", 256 * 1024, 1_024),
            size("MAX_TWILIO_BODY_BYTES", 64 * 1024, 1_024),
            size("MAX_META_BODY_BYTES", 3 * 1024 * 1024, 1_024),
        );
        let connections = size("MAX_CONNECTIONS", 1_024, 1);
        let waiting_per_user = size("MAX_WAITING_PER_USER", 64, 1);
        let waiting = size("MAX_WAITING", 10_000, 1);
        Self {
            chat_body_bytes,
            twilio_body_bytes,
            meta_body_bytes,
            connections,
            waiting_per_user,
            waiting,
            messages_per_minute: whole("MAX_MESSAGES_PER_MINUTE", 120, 1),
            user_replies_per_day: whole("MAX_REPLIES_PER_USER_PER_DAY", 1_000, 0),
            replies_per_day: whole("MAX_REPLIES_PER_DAY", 50_000, 0),
            new_users_per_minute: whole("MAX_NEW_USERS_PER_MINUTE", 600, 1),
            pages_per_hour: whole("MAX_PAGES_PER_HOUR", 60, 1),
            request_seconds: read
                .parsed(
                    "MAX_REQUEST_SECONDS",
                    "seconds from 1 to 14: Twilio waits for 15",
                    |value| value.parse().ok().filter(|seconds| (1..=14).contains(seconds)),
                )
                .unwrap_or(10),
        }
    }
}
