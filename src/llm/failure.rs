//! What can go wrong with a call, and whether it is worth another try.

use std::time::Duration;

/// Why a call gave nothing. No kind holds words of the prompt or of the answer: all may be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing came within the budget.
    #[error("no answer in time")]
    Late,
    /// There is no connection, so that nothing was asked.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The server says that it is busy or broken.
    #[error("the server is busy or broken (status {status})")]
    Busy {
        /// The status of its answer.
        status: u16,
        /// When it wants to be asked again, where it says so.
        retry_after: Option<Duration>,
    },
    /// The account has nothing left to spend.
    #[error("the account's quota is used up ({code})")]
    Quota {
        /// The server's own word for it.
        code: String,
    },
    /// The key is wrong, or may not use the model, or there is no such model.
    #[error("the server refuses the key or the model (status {status}, {code})")]
    Denied {
        /// The status of its answer.
        status: u16,
        /// The server's own word for it.
        code: String,
    },
    /// The server does not understand the request.
    #[error("the server does not take the request (status {status}, {code})")]
    Rejected {
        /// The status of its answer.
        status: u16,
        /// The server's own word for it.
        code: String,
    },
    /// The answer is larger than any answer should be.
    #[error("the answer has more than {limit} bytes")]
    TooLarge {
        /// What is read at most, in bytes.
        limit: usize,
    },
    /// The answer is not what the protocol says.
    #[error("the answer cannot be read: {0}")]
    Unreadable(&'static str),
    /// The model itself will not answer.
    #[error("the model refuses")]
    Refused,
    /// The model had more to say than it was given tokens for.
    #[error("the answer was cut off")]
    CutOff,
}

impl Failure {
    /// Whether no call will go through until somebody does something about it.
    #[must_use]
    pub const fn is_lasting(&self) -> bool {
        matches!(self, Self::Quota { .. } | Self::Denied { .. })
    }

    /// Whether the server is to blame, and not this one prompt.
    #[must_use]
    pub const fn is_the_server_s(&self) -> bool {
        !matches!(self, Self::Refused | Self::CutOff)
    }

    /// Whether the call may have been charged all the same. A server that breaks, or tires of a
    /// server behind it, may have had the model's work done.
    #[must_use]
    pub const fn may_cost(&self) -> bool {
        match self {
            Self::Busy { status, .. } => *status >= 500,
            Self::Unreachable(_)
            | Self::Quota { .. }
            | Self::Denied { .. }
            | Self::Rejected { .. } => false,
            Self::Late
            | Self::Broken(_)
            | Self::TooLarge { .. }
            | Self::Unreadable(_)
            | Self::Refused
            | Self::CutOff => true,
        }
    }
}
