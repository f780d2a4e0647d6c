//! What can be wrong with a model's answer.

/// Why an answer is not sent, and the words of the answer that gave it away.
///
/// The message names the kind alone and is safe for the log: an answer may repeat what a customer
/// wrote. The words are for `{:?}`, where a developer looks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// Nothing is left to send.
    #[error("the answer is blank")]
    Blank,
    /// More than one message of the chat holds.
    #[error("the answer has {length} characters, more than a message may have")]
    TooLong {
        /// Its length in characters.
        length: usize,
    },
    /// Markup, a character that Spanish does not write, a word that hides in spaces or digits.
    #[error("the answer is no plain Spanish text")]
    NotPlain {
        /// What is not plain.
        span: String,
    },
    /// A telephone number, an address of mail or web, or a handle that no cited passage has.
    #[error("the answer has a contact that no cited passage has")]
    Contact {
        /// The contact.
        span: String,
    },
    /// A number with its unit that no cited passage has.
    #[error("the answer has a figure that no cited passage has")]
    Figure {
        /// The figure.
        span: String,
    },
    /// A place or a name that no cited passage has.
    #[error("the answer has a name or a place that no cited passage has")]
    Name {
        /// The name.
        span: String,
    },
    /// A phrase that may only be repeated.
    #[error("the answer has {kind} that no cited passage has")]
    Phrase {
        /// What kind of phrase it is, as the word list calls it: `a promise`.
        kind: String,
        /// The phrase.
        span: String,
    },
    /// It denies what a passage affirms, or the other way round.
    #[error("the answer turns a cited passage into its contrary")]
    Contrary {
        /// The clause that does.
        span: String,
    },
    /// It says what no cited passage says.
    #[error("the answer says what no cited passage says")]
    Ungrounded {
        /// The words that stand in none.
        span: String,
    },
}
