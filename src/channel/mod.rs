//! Doors' languages: what a channel sends becomes a [`crate::message::Inbound`], and replies
//! become what it expects. No IO.

mod form;
pub mod meta;
mod phone;
pub mod twilio;

pub use form::{Form, FormError};
