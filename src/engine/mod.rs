//! The flow interpreter: pure. It does no IO, reads no clock, draws no randomness, knows no cars.

pub mod check;
pub mod document;
pub mod flow;
pub mod lock;
pub mod problem;
pub mod schema;
mod session;
pub mod source;
pub mod vocabulary;

pub use session::Session;
