//! How far a message of ours has come.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::Fault;
use crate::message::MessageId;

/// One step of one message that we sent. Source:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The id that Meta gave our message when it took it.
    pub message: MessageId,
    /// How far it is.
    pub delivery: Delivery,
    /// Why it failed, where it did and Meta says.
    pub fault: Option<Fault>,
}

/// How far a message is, from the least to the furthest.
///
/// A message that failed may yet be delivered, on a customer's other device; one that was
/// delivered has not failed, whatever comes later:
/// <https://docs.ycloud.com/reference-link/whatsapp-message-updated-webhook-examples>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On its way.
    Sent,
    /// It did not arrive.
    Failed,
    /// It arrived. Left out where it was read at once.
    Delivered,
    /// It was read; never told where the customer turned that off.
    Read,
    /// A voice note was listened to.
    Played,
}

/// Whether `after` is news where `before` is known. Webhooks come twice and in any order, so a
/// message's state only ever moves on.
#[must_use]
pub fn advances(before: Delivery, after: Delivery) -> bool {
    after > before
}

/// The status in an element of `statuses`; none where it is of no kind that we know, or names no
/// message.
pub(super) fn status(value: &Value) -> Option<Status> {
    let delivery = match value["status"].as_str()? {
        "sent" => Delivery::Sent,
        "failed" => Delivery::Failed,
        "delivered" => Delivery::Delivered,
        "read" => Delivery::Read,
        "played" => Delivery::Played,
        _ => return None,
    };
    let message = value["id"].as_str()?.parse().ok()?;
    let fault = match delivery {
        Delivery::Failed => value["errors"].get(0).map(Fault::of_report),
        _ => None,
    };
    Some(Status { message, delivery, fault })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::channel::meta::fault::{Act, Backoff};

    const ALL: [Delivery; 5] =
        [Delivery::Sent, Delivery::Failed, Delivery::Delivered, Delivery::Read, Delivery::Played];

    fn read(name: &str) -> Option<Delivery> {
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
        Some(status.delivery)
    }

    #[test]
    fn every_known_state_is_read() {
        for delivery in ALL {
            let name = serde_json::to_value(delivery).unwrap();
            assert_eq!(read(name.as_str().unwrap()), Some(delivery));
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
        assert_eq!((bare.delivery, bare.fault), (Delivery::Failed, None));
    }

    #[test]
    fn a_message_only_moves_on() {
        assert!(advances(Delivery::Sent, Delivery::Read));
        assert!(advances(Delivery::Failed, Delivery::Delivered));
        assert!(!advances(Delivery::Delivered, Delivery::Failed));
        assert!(!advances(Delivery::Read, Delivery::Sent));
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(
            order in Just(ALL.to_vec()).prop_shuffle(),
            shown in 1..=ALL.len(),
        ) {
            let merge = |before, after| if advances(before, after) { after } else { before };
            let seen = &order[..shown];
            prop_assert_eq!(seen.iter().copied().reduce(merge), seen.iter().max().copied());
        }
    }
}
