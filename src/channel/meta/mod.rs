//! WhatsApp through Meta's Cloud API: signed JSON in, JSON out.
//!
//! What comes in:
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages>.
//! Fields and kinds are added there without notice, so unknown ones are fine everywhere.

mod address;
mod fault;
mod handshake;
mod inbound;
mod interactive;
mod outbound;
mod payload;
mod sent;
mod signature;
mod status;

pub use address::Address;
pub use fault::fault;
pub use handshake::{HandshakeError, MAX_CHALLENGE_BYTES, challenge};
pub use inbound::{DecodeError, Received};
pub use outbound::{bodies, read_and_typing};
pub use payload::{PayloadError, Webhook, webhook};
pub use sent::{Sent, SentError, sent};
pub use signature::is_signed;
