//! How far a message of ours has come:
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status>.

use serde_json::Value;

use super::fault::of_report;
use crate::channel::Status;
use crate::message::Progress;

/// The status in an element of `statuses`; none where it is of no kind that we know, or names no
/// message.
pub(super) fn status(value: &Value) -> Option<Status> {
    let progress = match value["status"].as_str()? {
        "sent" => Progress::Sent,
        "failed" => Progress::Failed,
        "delivered" => Progress::Delivered,
        "read" => Progress::Read,
        "played" => Progress::Played,
        _ => return None,
    };
    let message = value["id"].as_str()?.parse().ok()?;
    let fault = match progress {
        Progress::Failed => value["errors"].get(0).map(of_report),
        _ => None,
    };
    Some(Status { message, progress, fault })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::channel::{Act, Backoff};

    const ALL: [Progress; 5] =
        [Progress::Sent, Progress::Failed, Progress::Delivered, Progress::Read, Progress::Played];

    fn read(name: &str) -> Option<Progress> {
        let value = json!({
            "id": "wamid.HBgNNTIx",
            "status": name,
            "timestamp": "1749416383",
            "recipient_id": "5215512345678",
            "conversation": {"id": "a75d", "origin": {"type": "service"}},
            "pricing": {"billable": false, "pricing_model": "PMP", "category": "service"},
        });
        let status = status(&value)?;
        assert_eq!(status.message.as_str(), "wamid.HBgNNTIx");
        assert_eq!(status.fault, None);
        Some(status.progress)
    }

    #[test]
    fn every_known_state_is_read() {
        for progress in ALL {
            let name = serde_json::to_value(progress).unwrap();
            assert_eq!(read(name.as_str().unwrap()), Some(progress));
        }
    }

    #[test]
    fn what_is_new_to_us_is_left_out() {
        assert_eq!(read("deleted"), None);
        assert_eq!(read("SENT"), None);
        for value in [json!(null), json!([]), json!({"status": "sent"}), json!({"id": "a"})] {
            assert_eq!(status(&value), None, "{value}");
        }
        assert_eq!(status(&json!({"status": "sent", "id": "a".repeat(1_000)})), None);
    }

    #[test]
    fn a_failure_brings_its_reason() {
        let value = json!({
            "id": "wamid.HBgNNTIx",
            "status": "failed",
            "recipient_user_id": "MX.13491208655302741918",
            "errors": [{"code": 131_056, "title": "Pair rate limit hit"}, {"code": 1}],
        });
        let fault = status(&value).unwrap().fault.unwrap();
        assert_eq!((fault.code, fault.act), (Some(131_056), Act::Retry(Backoff::Pair)));
        let bare = status(&json!({"id": "a", "status": "failed", "errors": []})).unwrap();
        assert_eq!((bare.progress, bare.fault), (Progress::Failed, None));
    }
}
