//! Doors' languages: what a channel sends becomes a [`crate::message::Inbound`], and replies
//! become what it expects. No IO.
//!
//! [`twilio`] and [`meta`] are two ways to the same WhatsApp; what they share stands beside them.

mod form;
pub mod meta;
mod phone;
pub mod twilio;

pub use form::{Form, FormError};
