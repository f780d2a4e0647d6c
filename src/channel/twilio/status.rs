//! Status callbacks:
//! <https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks>.

use super::fault::of_report;
use crate::channel::{Form, Status};
use crate::message::Progress;

/// What a callback tells; none where it is of no kind that moves anything, or names no message.
#[must_use]
pub fn status(form: &Form) -> Option<Status> {
    let progress = match form.get("MessageStatus").or_else(|| form.get("SmsStatus"))? {
        "queued" | "accepted" | "scheduled" | "sending" | "sent" => Progress::Sent,
        "failed" | "undelivered" | "canceled" => Progress::Failed,
        "delivered" | "partially_delivered" => Progress::Delivered,
        "read" => Progress::Read,
        _ => return None,
    };
    let message = form.get("MessageSid").or_else(|| form.get("SmsSid"))?.parse().ok()?;
    let code = || form.get("ErrorCode").and_then(|code| code.parse().ok());
    let fault = (progress == Progress::Failed).then(|| of_report(code()));
    Some(Status { message, progress, fault })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{Act, Fault};

    fn read(body: &str) -> Option<Status> {
        status(&Form::parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn every_state_has_its_rank() {
        let cases = [
            ("queued", Progress::Sent),
            ("sending", Progress::Sent),
            ("sent", Progress::Sent),
            ("delivered", Progress::Delivered),
            ("read", Progress::Read),
            ("undelivered", Progress::Failed),
        ];
        for (name, progress) in cases {
            let status = read(&format!("MessageSid=SM1&MessageStatus={name}")).unwrap();
            assert_eq!((status.message.as_str(), status.progress), ("SM1", progress), "{name}");
        }
        for body in
            ["", "MessageSid=SM1", "MessageStatus=sent", "MessageSid=SM1&MessageStatus=received"]
        {
            assert_eq!(read(body), None, "{body}");
        }
    }

    #[test]
    fn a_failure_brings_its_reason() {
        let status = read("MessageSid=SM1&MessageStatus=failed&ErrorCode=63016").unwrap();
        assert_eq!(status.fault, Some(Fault { code: Some(63_016), act: Act::NeedTemplate }));
        let bare = read("SmsSid=SM1&SmsStatus=failed").unwrap();
        assert_eq!(bare.fault, Some(Fault { code: None, act: Act::GiveUp }));
    }
}
