//! WhatsApp through Twilio: a signed form in, `TwiML` out.
//!
//! Field names, the signature and what is not promised:
//! <https://www.twilio.com/docs/messaging/guides/webhook-request>. Fields are added there without
//! notice, so unknown ones are fine everywhere.

mod address;
mod fault;
mod inbound;
mod outbound;
mod signature;
mod status;
mod twiml;

pub use fault::fault;
pub use inbound::{DecodeError, destination, inbound};
pub use outbound::{Contents, Fields, sent};
pub use signature::{SignedBody, signature, signed_by_any};
pub use status::status;
pub use twiml::twiml;
