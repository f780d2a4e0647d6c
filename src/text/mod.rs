//! Folding, tokens and fuzzy matching: no language, no domain.

mod fold;
mod fuzzy;
mod token;

pub use fold::fold;
pub use fuzzy::{Spelling, closest, resemblance};
pub use token::{Text, Token, TokenKind};
