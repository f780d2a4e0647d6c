//! What Meta's errors ask us to do.
//!
//! Meta wants programs to decide on `code`, never on the title, which will go away:
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes>.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An error of Meta's, in the answer to a send or in a webhook.
///
/// Its words are left behind: they may quote the customer's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Meta's code; none where an answer had none that can be read.
    pub code: Option<i64>,
    /// What to do about it.
    pub act: Act,
}

/// What to do about a message that did not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Send it again, later.
    Retry(Backoff),
    /// The customer wrote more than 24 hours ago: only an approved template may be sent.
    NeedTemplate,
    /// This customer cannot be reached; others can.
    StopUser,
    /// The account or its number is blocked: nothing goes out until an operator acts.
    StopAccount,
    /// The access token or a permission is missing: nothing goes out until an operator acts.
    Authorize,
    /// This message will never be taken.
    GiveUp,
}

/// How long to wait before sending again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backoff {
    /// Meta has a bad moment: 1 s, doubled.
    Transient,
    /// Our number sends too much a second: 1 s, doubled. The limit is 80 messages a second, in and
    /// out: <https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput>.
    Throughput,
    /// The app, the account or the number has used up what it has for a while: 1 min, doubled. How
    /// long the while is was not confirmed.
    Quota,
    /// Too much to one customer, who takes one message every six seconds: 4ˣ s, as Meta asks for.
    Pair,
}

/// The longest wait between two tries.
const MAX_DELAY: Duration = Duration::from_hours(1);

impl Backoff {
    /// The wait before the next try, after `failures` that came before this one; at most an hour.
    /// Who waits adds the randomness that keeps many from coming back at once.
    #[must_use]
    pub fn delay(self, failures: u32) -> Duration {
        let (first, factor) = match self {
            Self::Transient | Self::Throughput => (1, 2_u64),
            Self::Quota => (60, 2),
            Self::Pair => (1, 4),
        };
        let seconds = factor.checked_pow(failures).and_then(|grown| grown.checked_mul(first));
        seconds.map_or(MAX_DELAY, |seconds| Duration::from_secs(seconds).min(MAX_DELAY))
    }
}

impl Fault {
    /// The fault in an answer that is not a success: its status and its body, whatever that is.
    #[must_use]
    pub fn of_response(status: u16, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let code = code(&body["error"]);
        Self { code, act: code.and_then(of_code).unwrap_or_else(|| of_status(status)) }
    }

    /// The fault in an element of a webhook's `errors`, which comes without a status.
    #[must_use]
    pub(super) fn of_report(error: &Value) -> Self {
        let code = code(error);
        Self { code, act: code.and_then(of_code).unwrap_or(Act::GiveUp) }
    }
}

/// A number, or one in quotes: partners' copies of the errors have them so.
fn code(error: &Value) -> Option<i64> {
    let code = &error["code"];
    code.as_i64().or_else(|| code.as_str()?.parse().ok())
}

fn of_code(code: i64) -> Option<Act> {
    Some(match code {
        2 | 131_000 => Act::Retry(Backoff::Transient),
        130_429 => Act::Retry(Backoff::Throughput),
        // 131048: too many of our messages were blocked or reported.
        4 | 80_007 | 131_048 => Act::Retry(Backoff::Quota),
        131_056 => Act::Retry(Backoff::Pair),
        131_047 => Act::NeedTemplate,
        // 130497: we may not write to this customer's country.
        131_026 | 130_497 => Act::StopUser,
        // 33: our number was deleted.
        33 | 368 | 131_031 => Act::StopAccount,
        0 | 3 | 10 | 190 | 200..=299 => Act::Authorize,
        // A parameter, a kind of message, a file, a kind that no hidden number can get.
        100 | 131_008 | 131_009 | 131_051..=131_053 | 131_062 => Act::GiveUp,
        _ => return None,
    })
}

/// What a status says where the code says nothing.
fn of_status(status: u16) -> Act {
    match status {
        401 | 403 => Act::Authorize,
        429 => Act::Retry(Backoff::Throughput),
        408 | 500.. => Act::Retry(Backoff::Transient),
        _ => Act::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn answered(status: u16, code: i64) -> Act {
        let body = json!({"error": {
            "message": format!("(#{code}) Some title"),
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": "Some details."},
            "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
        }});
        let fault = Fault::of_response(status, body.to_string().as_bytes());
        assert_eq!(fault.code, Some(code));
        fault.act
    }

    #[test]
    fn the_code_decides() {
        let cases = [
            (2, Act::Retry(Backoff::Transient)),
            (131_000, Act::Retry(Backoff::Transient)),
            (4, Act::Retry(Backoff::Quota)),
            (80_007, Act::Retry(Backoff::Quota)),
            (131_048, Act::Retry(Backoff::Quota)),
            (130_429, Act::Retry(Backoff::Throughput)),
            (131_056, Act::Retry(Backoff::Pair)),
            (131_047, Act::NeedTemplate),
            (131_026, Act::StopUser),
            (368, Act::StopAccount),
            (131_031, Act::StopAccount),
            (190, Act::Authorize),
            (200, Act::Authorize),
            (131_008, Act::GiveUp),
            (131_009, Act::GiveUp),
            (131_051, Act::GiveUp),
            (131_052, Act::GiveUp),
            (131_053, Act::GiveUp),
        ];
        for (code, act) in cases {
            // Whatever the status: Meta answers 400 to a limit too.
            for status in [400, 429, 500] {
                assert_eq!(answered(status, code), act, "{code} with {status}");
            }
        }
    }

    #[test]
    fn the_status_decides_where_the_code_is_new_to_us() {
        assert_eq!(answered(400, 999_999), Act::GiveUp);
        assert_eq!(answered(500, 999_999), Act::Retry(Backoff::Transient));
        let cases = [
            (401, Act::Authorize),
            (404, Act::GiveUp),
            (429, Act::Retry(Backoff::Throughput)),
            (503, Act::Retry(Backoff::Transient)),
        ];
        for (status, act) in cases {
            for body in ["", "<html>", "[]", r#"{"error":"busy"}"#, r#"{"error":{"code":null}}"#] {
                let fault = Fault::of_response(status, body.as_bytes());
                assert_eq!(fault, Fault { code: None, act }, "{status} {body}");
            }
        }
    }

    #[test]
    fn a_webhook_s_error_is_read_without_a_status() {
        let error = json!({
            "code": 131_026,
            "title": "Message undeliverable",
            "message": "Message undeliverable",
            "error_data": {"details": "Message Undeliverable."},
        });
        assert_eq!(Fault::of_report(&error), Fault { code: Some(131_026), act: Act::StopUser });
        let quoted = Fault::of_report(&json!({"code": "131056"}));
        assert_eq!(quoted.act, Act::Retry(Backoff::Pair));
        assert_eq!(Fault::of_report(&json!(7)), Fault { code: None, act: Act::GiveUp });
    }

    #[test]
    fn waits_grow_to_an_hour() {
        let seconds = |backoff: Backoff| [0, 1, 2, 5].map(|n| backoff.delay(n).as_secs());
        assert_eq!(seconds(Backoff::Pair), [1, 4, 16, 1_024]);
        assert_eq!(seconds(Backoff::Transient), [1, 2, 4, 32]);
        assert_eq!(seconds(Backoff::Quota), [60, 120, 240, 1_920]);
        for backoff in [Backoff::Pair, Backoff::Throughput, Backoff::Quota] {
            assert_eq!(backoff.delay(u32::MAX), MAX_DELAY);
        }
    }

    proptest! {
        #[test]
        fn any_answer_says_what_to_do(status in any::<u16>(), body in any::<Vec<u8>>()) {
            let fault = Fault::of_response(status, &body);
            prop_assert!(fault.code.is_some() || fault.act == of_status(status));
        }
    }
}
