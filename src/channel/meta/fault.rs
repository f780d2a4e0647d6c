//! What Meta's errors ask us to do.
//!
//! Meta wants programs to decide on `code`, never on the title, which will go away:
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes>.

use serde_json::Value;

use crate::channel::{Act, Backoff, Fault};

/// The fault in an answer that is not a success: its status and its body, whatever that is.
#[must_use]
pub fn fault(status: u16, body: &[u8]) -> Fault {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = code(&body["error"]);
    Fault { code, act: code.and_then(of_code).unwrap_or_else(|| Act::of_status(status)) }
}

/// The fault in an element of a webhook's `errors`, which comes without a status.
#[must_use]
pub(super) fn of_report(error: &Value) -> Fault {
    let code = code(error);
    Fault { code, act: code.and_then(of_code).unwrap_or(Act::GiveUp) }
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
        let found = fault(status, body.to_string().as_bytes());
        assert_eq!(found.code, Some(code));
        found.act
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
                let found = fault(status, body.as_bytes());
                assert_eq!(found, Fault { code: None, act }, "{status} {body}");
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
        assert_eq!(of_report(&error), Fault { code: Some(131_026), act: Act::StopUser });
        let quoted = of_report(&json!({"code": "131056"}));
        assert_eq!(quoted.act, Act::Retry(Backoff::Pair));
        assert_eq!(of_report(&json!(7)), Fault { code: None, act: Act::GiveUp });
    }

    proptest! {
        #[test]
        fn any_answer_says_what_to_do(status in any::<u16>(), body in any::<Vec<u8>>()) {
            let found = fault(status, &body);
            prop_assert!(found.code.is_some() || found.act == Act::of_status(status));
        }
    }
}
