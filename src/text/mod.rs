//! Folding, tokens and fuzzy matching: no language, no domain.

mod clause;
mod fold;
mod fuzzy;
mod pattern;
mod runs;
mod token;
mod whole;

pub use clause::{clauses, with_marks};
pub use fold::{composed, fold};
pub use fuzzy::{Spelling, closest, resemblance};
pub use pattern::{count, expand, expand_as};
pub use runs::{PlainRuns, Runs};
pub use token::{Text, Token, TokenKind, is_plain, plain};
pub use whole::Wholes;
