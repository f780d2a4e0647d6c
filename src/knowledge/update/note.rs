//! What became of a passage, told to the editor of the file.

use std::fmt;

use crate::knowledge::MAX_TEXT_CHARS;

/// What became of one passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Its words still stand on the page.
    Confirmed {
        /// The passage.
        name: String,
    },
    /// They do, and its section has more.
    Grown {
        /// The passage.
        name: String,
    },
    /// It got its section's words.
    Refreshed {
        /// The passage.
        name: String,
        /// Whether the section has more than fits.
        is_cut: bool,
    },
    /// Its words are not the page's, and it draws on other pages too.
    Shared {
        /// The passage.
        name: String,
    },
    /// Neither its words nor its title stand on the page.
    Unmatched {
        /// The passage.
        name: String,
    },
    /// A section that had no passage.
    New {
        /// The passage.
        name: String,
        /// Whether the section has more than fits.
        is_cut: bool,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = |is_cut: &bool| {
            if *is_cut { format!(", cut to {MAX_TEXT_CHARS} characters") } else { String::new() }
        };
        match self {
            Self::Confirmed { name } => write!(f, "{name}: confirmed; only its date is new"),
            Self::Grown { name } => {
                write!(f, "{name}: confirmed, but its section says more; is any of it needed?")
            }
            Self::Refreshed { name, is_cut } => {
                write!(f, "{name}: has its section's words now{}", cut(is_cut))
            }
            Self::Shared { name } => {
                write!(f, "{name}: left alone, as it draws on other pages too; compare it by hand")
            }
            Self::Unmatched { name } => write!(
                f,
                "{name}: left alone, as neither its words nor its title stand on the page; compare \
                 it by hand"
            ),
            Self::New { name, is_cut } => {
                write!(f, "{name}: new{}; read it and write its questions", cut(is_cut))
            }
        }
    }
}
