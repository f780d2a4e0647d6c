//! The engine knows no cars: a dentist's appointments run on it unchanged.
//!
//! It is also the smallest whole example of a domain. In reading order:
//!
//! - `clinic.toml`, `clinic`: what the domain is about.
//! - `message`: what is understood of one message.
//! - `vocabulary`: types, lists and actions, as the engine asks for them by name.
//! - `flows/`: the conversation and its wording.
//! - `talk`: a session and a clock around the engine.
//! - `booking`, `commands`, `mistakes`, `silence`, `kept`, `laws`: what must hold.

mod booking;
mod clinic;
mod commands;
mod kept;
mod laws;
mod message;
mod mistakes;
mod silence;
mod talk;
mod vocabulary;
