//! The flow interpreter: pure. It does no IO, reads no clock, draws no randomness, knows no cars.

pub mod flow;
mod session;
pub mod source;
pub mod vocabulary;

pub use session::Session;
