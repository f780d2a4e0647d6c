//! What can be wrong with a context file, told to the person who edits it.

use std::path::PathBuf;

use super::context::{MAX_DETAIL_CHARS, MAX_TEXT_CHARS};

/// A context file that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no reading it.
    #[error("cannot read the context file {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It was read and is wrong.
    #[error("the context file {} cannot be used:\n{error}", path.display())]
    Context {
        /// The file.
        path: PathBuf,
        /// All that is wrong with it.
        error: ContextError,
    },
}

/// Everything that is wrong with a context file, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl std::error::Error for ContextError {}

impl std::fmt::Display for ContextError {
    /// One problem a line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, problem) in self.problems.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// One mistake, where it stands, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct Problem {
    /// Which file: 0 is the context file, then the files that it includes, in their order.
    pub file: usize,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// The kinds of mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// A list of questions for a passage that the context file does not have.
    #[error("the context file has no passage `{name}`{}", did_you_mean(near.as_deref()))]
    NoSuchPassage {
        /// The name.
        name: String,
        /// The nearest name that there is.
        near: Option<String>,
    },
    /// A question before the first heading of a list of questions.
    #[error("this question stands under no passage; put it under a `## tema/nombre`")]
    QuestionOutside,
    /// Nothing to answer from.
    #[error("the file has no passages")]
    NoPassages,
    /// Text or a key before the first heading.
    #[error("this stands outside any passage; put it under a `## tema/nombre: Título`")]
    OutsidePassage,
    /// A passage before the first theme.
    #[error("the first passage has no theme above it; write one: `# Tema`")]
    MissingTheme,
    /// A `#` with nothing behind it.
    #[error("this theme has no name; write it after the `#`")]
    EmptyTheme,
    /// A name that is not `tema/nombre`.
    #[error(
        "`{name}` is no name; write it like `garantia/basica`: two parts of plain lower-case \
         letters, digits and hyphens"
    )]
    BadName {
        /// As written.
        name: String,
    },
    /// A heading with a name alone.
    #[error("`{name}` has no title; write it after a colon: `## {name}: Título`")]
    MissingTitle {
        /// The passage.
        name: String,
    },
    /// Two passages of one name.
    #[error("the name `{name}` was taken on line {first}; give this passage another")]
    DuplicateName {
        /// The name.
        name: String,
        /// Where it stood first.
        first: usize,
    },
    /// A passage without words.
    #[error("`{name}` has no text; write what the customer should read")]
    EmptyPassage {
        /// The passage.
        name: String,
    },
    /// A passage that answers and does not.
    #[error("`{name}` has a text and `sin_respuesta:`; leave one of them out")]
    SilentText {
        /// The passage.
        name: String,
    },
    /// A passage that says not where it comes from.
    #[error("`{name}` has no `fuente:`; write where the facts come from, and of when")]
    MissingSource {
        /// The passage.
        name: String,
    },
    /// A passage over [`MAX_TEXT_CHARS`].
    #[error(
        "`{name}` has {length} characters and may have {MAX_TEXT_CHARS}; shorten it or split it"
    )]
    TooLong {
        /// The passage.
        name: String,
        /// Its length in characters.
        length: usize,
    },
    /// A detail over [`MAX_DETAIL_CHARS`].
    #[error(
        "the `detalle:` of `{name}` has {length} characters and may have {MAX_DETAIL_CHARS}; \
         shorten it"
    )]
    DetailTooLong {
        /// The passage.
        name: String,
        /// Its detail's length in characters.
        length: usize,
    },
    /// A key with a slip in it.
    #[error("`{key}:` is no key; did you mean `{meant}:`?")]
    UnknownKey {
        /// As written.
        key: String,
        /// The nearest key.
        meant: &'static str,
    },
    /// Two passages of one title.
    #[error("the title “{title}” is that of `{other}` on line {first}; give this passage another")]
    DuplicateTitle {
        /// The title.
        title: String,
        /// The passage that has it first.
        other: String,
        /// Where that stands.
        first: usize,
    },
    /// An example question of two passages, or twice of one.
    #[error("“{question}” is an example of `{other}` too, on line {first}; leave it to one")]
    DuplicateExample {
        /// The question.
        question: String,
        /// The passage that has it first.
        other: String,
        /// Where.
        first: usize,
    },
    /// An example question that its passage does not answer.
    #[error(
        "“{question}” gets {winner} instead of its passage's answer; add a word that tells them \
         apart, or leave it out"
    )]
    LostExample {
        /// The question.
        question: String,
        /// What it gets.
        winner: String,
    },
    /// Two figures that cannot both be right.
    #[error(
        "this says “{here}” and `{other}` says “{there}” of the same thing on line {line}; correct \
         one, or write `difiere: {other}` where the sources disagree and the text says so"
    )]
    Contradiction {
        /// The figure here.
        here: String,
        /// The other passage.
        other: String,
        /// Its figure.
        there: String,
        /// Where that stands.
        line: usize,
    },
    /// A `difiere:` for a passage that is not there.
    #[error("`difiere: {name}` names no passage; write the name of the other one")]
    UnknownPassage {
        /// As written.
        name: String,
    },
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
