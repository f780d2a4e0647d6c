//! The flow interpreter: pure. It does no IO, reads no clock, draws no randomness, knows no cars.

mod session;

pub use session::Session;
