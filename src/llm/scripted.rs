//! A model that says what a file tells it to: for transcripts, which must not depend on a server.
//!
//! ```toml
//! [[answer]]
//! question = "garantía"               # words that the question holds; none is any question
//! answer = "Dura 3 meses."
//! passages = ["garantia/basica"]      # what it cites
//! # answerable = false                # instead: the model finds no answer
//! # content = "not even JSON"         # instead: these very words
//! # failure = "late"                  # instead: late, busy, quota, refused or unreadable
//! ```
//!
//! The first answer that fits is given; where none fits the model is not there.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;

use super::{Called, Completion, Failure, Model, Prompt, Usage};

/// A model that follows a script.
#[derive(Debug)]
pub struct Scripted {
    lines: Vec<Line>,
}

/// A script that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// There is no reading it.
    #[error("the script {} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is not TOML of the right shape.
    #[error("the script {} is wrong: {source}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        source: Box<toml::de::Error>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    answer: Vec<Line>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default)]
    question: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    passages: Vec<String>,
    #[serde(default = "yes")]
    answerable: bool,
    content: Option<String>,
    failure: Option<Kind>,
}

const fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Late,
    Busy,
    Quota,
    Refused,
    Unreadable,
}

impl Scripted {
    /// Reads the script at `path`.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is no script.
    pub fn load(path: &Path) -> Result<Self, ScriptError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScriptError::Read { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|source| ScriptError::Shape {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// Reads a script from its text.
    ///
    /// # Errors
    ///
    /// Text that is no script.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text).map(|Script { answer: lines }| Self { lines })
    }
}

#[async_trait]
impl Model for Scripted {
    async fn complete(&self, prompt: &Prompt, _budget: Duration) -> Called<Completion> {
        self.answer(prompt).into()
    }

    fn name(&self) -> &'static str {
        "scripted"
    }
}

impl Scripted {
    fn answer(&self, prompt: &Prompt) -> Result<Completion, Failure> {
        let asked = prompt.question.to_lowercase();
        let fits = |line: &&Line| asked.contains(&line.question.to_lowercase());
        let Some(line) = self.lines.iter().find(fits) else {
            return Err(Failure::Unreachable("the script has no answer to this".to_owned()));
        };
        if let Some(failure) = line.failure {
            return Err(failure.into());
        }
        let Line { answer, passages, answerable, content, .. } = line;
        let said = || {
            json!({"answer": answer, "passages": passages, "answerable": answerable}).to_string()
        };
        let content = content.clone().unwrap_or_else(said);
        Ok(Completion { content, usage: Some(Usage::default()) })
    }
}

impl From<Kind> for Failure {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Late => Self::Late,
            Kind::Busy => Self::Busy { status: 503, retry_after: None },
            Kind::Quota => Self::Quota { code: "insufficient_quota".to_owned() },
            Kind::Refused => Self::Refused,
            Kind::Unreadable => Self::Unreadable("the script says so"),
        }
    }
}
