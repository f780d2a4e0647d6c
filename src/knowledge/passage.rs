//! What the context file is made of once it is read.

/// One answer of the context file, short enough for a message and readable by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its stable name: `garantia/basica`.
    pub name: String,
    /// What it is about, for people: "Garantía de 3 meses".
    pub title: String,
    /// The words the customer reads, lines kept; at most [`MAX_TEXT_CHARS`](super::MAX_TEXT_CHARS).
    pub text: String,
    /// Where the facts come from, with the date of the page. Not for customers.
    pub source: String,
}

impl Passage {
    /// What it belongs to, with others: `garantia` of `garantia/basica`.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// A passage with what is only there to find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) passage: Passage,
    /// `preguntas:`: how people ask for it.
    pub(super) questions: Vec<String>,
    /// `palabras:`: other words for it.
    pub(super) words: String,
    /// `no_dice:`: each is a set of words; a question with all of them has no answer in the file.
    pub(super) unsaid: Vec<UnsaidEntry>,
}

/// Something people ask and the file does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnsaidEntry {
    pub(super) words: String,
    /// The line it stands on, for complaints.
    pub(super) line: usize,
}
