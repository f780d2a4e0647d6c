//! The flow interpreter: pure. It does no IO, reads no clock, draws no randomness, knows no cars.

pub mod check;
pub mod document;
mod earlier;
mod edge;
pub mod flow;
pub mod graph;
pub mod landmark;
pub mod lock;
pub mod lookup;
pub mod problem;
mod questions;
mod renumber;
pub mod revision;
mod sayings;
pub mod schema;
pub mod seen;
mod session;
pub mod signpost;
pub mod source;
mod step;
pub mod threshold;
pub mod trace;
pub mod vocabulary;
mod wording;

pub use session::{Asked, Listing, Pick, Place, Session, Shown, Talk};
pub use step::{Engine, Heard, MAX_HOPS, MEXICO_CITY_OFFSET_HOURS, Outcome, Part};
