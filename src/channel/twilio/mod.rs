//! WhatsApp through Twilio: a signed form in, `TwiML` out.
//!
//! Field names, the signature and what is not promised:
//! <https://www.twilio.com/docs/messaging/guides/webhook-request>. Fields are added there without
//! notice, so unknown ones are fine everywhere.

mod address;
mod inbound;
mod signature;
mod twiml;

pub use inbound::{DecodeError, inbound};
pub use signature::{SignedBody, signed_by_any};
pub use twiml::twiml;
