//! What is remembered of one user between two messages.

use serde::{Deserialize, Serialize};

/// What is remembered of one user between two messages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Session {}
