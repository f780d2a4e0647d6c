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
    /// The longer text, for who asks for more, said as it stands; at most
    /// [`MAX_DETAIL_CHARS`](super::MAX_DETAIL_CHARS).
    pub detail: Option<String>,
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

/// A passage with what is only there to find it, and the lines that complaints point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) passage: Passage,
    /// Where its heading stands, from 1.
    pub(super) line: usize,
    /// Where each line of its text stands.
    pub(super) text_lines: Vec<usize>,
    /// Where each line of its detail stands.
    pub(super) detail_lines: Vec<usize>,
    /// `preguntas:`: how people ask for it.
    pub(super) questions: Vec<Placed>,
    /// `palabras:`: other words for it.
    pub(super) words: String,
    /// `sin_respuesta:`: people ask for it, and the file does not say.
    pub(super) silent: bool,
    /// `difiere:`: passages that give other figures, and are meant to.
    pub(super) differs: Vec<Placed>,
}

/// A piece of a line, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) text: String,
    /// From 1.
    pub(super) line: usize,
    /// Which file: 0 is the context file, then the files that it includes, in their order.
    pub(super) file: usize,
}
