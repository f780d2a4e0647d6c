//! Doors' languages: what a channel sends becomes a [`crate::message::Inbound`], and replies
//! become what it expects. No IO.
//!
//! [`twilio`] and [`meta`] are two ways to the same WhatsApp; what they share stands beside them.

mod choices;
mod fault;
mod form;
mod length;
pub mod meta;
mod phone;
mod route;
mod status;
pub mod twilio;

pub use fault::{Act, Backoff, Fault};
pub use form::{Form, FormError};
pub use route::Destination;
pub use status::Status;
