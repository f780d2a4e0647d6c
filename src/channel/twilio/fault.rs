//! What Twilio's errors ask us to do: <https://www.twilio.com/docs/api/errors>.

use serde_json::Value;

use crate::channel::{Act, Backoff, Fault};

/// The fault in an answer that is not a success: its status and its body, whatever that is.
#[must_use]
pub fn fault(status: u16, body: &[u8]) -> Fault {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = body["code"].as_i64();
    Fault { code, act: code.and_then(of_code).unwrap_or_else(|| Act::of_status(status)) }
}

/// The fault in a status callback, which comes without a status.
pub(super) fn of_report(code: Option<i64>) -> Fault {
    Fault { code, act: code.and_then(of_code).unwrap_or(Act::GiveUp) }
}

fn of_code(code: i64) -> Option<Act> {
    Some(match code {
        // 63017: over 2,000 messages a second of the account.
        20_429 | 63_017 | 63_018 => Act::Retry(Backoff::Throughput),
        // The queue is full, for hours; the account's day is used up.
        21_611 | 30_001 | 63_038 => Act::Retry(Backoff::Quota),
        // Outside the 24 hours in which anything may be said.
        63_016 => Act::NeedTemplate,
        // Unsubscribed, no such number, not on WhatsApp, blocked.
        21_610 | 21_211 | 21_614 | 63_003 | 63_024 => Act::StopUser,
        // The sender does not exist or is suspended.
        30_002 | 63_007 | 63_020 => Act::StopAccount,
        20_003 => Act::Authorize,
        // A body or variables that are too long, a form that cannot be taken, invalid content.
        21_602 | 21_617 | 21_658 | 63_013 | 63_021 => Act::GiveUp,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_whatever_the_status() {
        let cases = [
            (20_429, Act::Retry(Backoff::Throughput)),
            (63_018, Act::Retry(Backoff::Throughput)),
            (63_038, Act::Retry(Backoff::Quota)),
            (63_016, Act::NeedTemplate),
            (21_610, Act::StopUser),
            (20_003, Act::Authorize),
            (63_021, Act::GiveUp),
            (21_658, Act::GiveUp),
        ];
        for (code, act) in cases {
            let body = format!(r#"{{"code":{code},"message":"+52155…","status":400}}"#);
            assert_eq!(fault(400, body.as_bytes()), Fault { code: Some(code), act });
            assert_eq!(of_report(Some(code)).act, act);
        }
    }

    #[test]
    fn the_status_decides_where_the_code_is_new_to_us() {
        for (status, act) in [
            (400, Act::GiveUp),
            (401, Act::Authorize),
            (429, Act::Retry(Backoff::Throughput)),
            (500, Act::Retry(Backoff::Transient)),
        ] {
            for body in ["", "<html>", "[]", r#"{"code":"20429"}"#, r#"{"code":99999}"#] {
                assert_eq!(fault(status, body.as_bytes()).act, act, "{status} {body}");
            }
        }
        assert_eq!(of_report(None), Fault { code: None, act: Act::GiveUp });
    }
}
