//! Doors' languages: what a channel sends becomes a [`crate::message::Inbound`], and replies
//! become what it expects. No IO.

pub mod twilio;
