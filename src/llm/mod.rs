//! Language models behind an OpenAI-compatible server: words for an answer, vectors for a meaning.
//!
//! This module knows HTTP and the dialects of servers, and nothing of what is asked or why: a
//! [`Prompt`] goes out, a [`Completion`] or a [`Failure`] comes back, within the time that the
//! caller gives. In reading order:
//!
//! - `request`, `dialect`: what goes out, in the words of the server that is asked.
//! - `response`: what comes back.
//! - `failure`: what can go wrong, and whether it is worth another try.
//! - `patience`: how long to wait before another try.
//! - `client`: all of it joined over reqwest.
//! - `breaker`: leaves a server alone that fails again and again.
//! - `price`: what a call costs, in billionths of a dollar.
//! - `scripted`: a model that says what a file tells it to, for transcripts.

mod breaker;
mod client;
mod dialect;
mod failure;
mod patience;
mod price;
mod request;
mod response;
mod scripted;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

pub use breaker::{Breaker, Change};
pub use client::{Client, ClientError, DEFAULT_BASE_URL, DEFAULT_MODEL, Endpoint};
pub use failure::Failure;
pub use price::{Price, Prices};
pub use scripted::{ScriptError, Scripted};

/// Words a text.
#[async_trait]
pub trait Model: Send + Sync {
    /// What the model makes of `prompt`, within `budget`.
    async fn complete(&self, prompt: &Prompt, budget: Duration) -> Called<Completion>;

    /// What tells this model from others: answers of one are not those of another.
    fn name(&self) -> &str;
}

/// Gives texts a place in a space of meanings.
#[async_trait]
pub trait Embed: Send + Sync {
    /// A vector for each of `texts`, in their order and all of one length, within `budget`. There
    /// are at most [`MAX_TEXTS`] of them and none is blank.
    async fn embed(&self, texts: &[String], budget: Duration) -> Called<Embedded>;

    /// What tells this model from others, those of other servers too: vectors of one mean nothing
    /// to another.
    fn name(&self) -> &str;
}

/// Texts that are embedded at once, at most; servers take more
/// (<https://platform.openai.com/docs/api-reference/embeddings>: 2,048).
pub const MAX_TEXTS: usize = 256;

/// What became of a call, which may have taken more than one try.
#[derive(Debug, Clone, PartialEq)]
pub struct Called<T> {
    /// What came of its last try.
    pub outcome: Result<T, Failure>,
    /// How many tries before that gave nothing and may have been charged.
    pub lost: u32,
}

impl<T> From<Result<T, Failure>> for Called<T> {
    /// A call of one try.
    fn from(outcome: Result<T, Failure>) -> Self {
        Self { outcome, lost: 0 }
    }
}

/// What is asked of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What it is to do.
    pub system: String,
    /// What it is to do it with.
    pub context: String,
    /// What is asked.
    pub question: String,
    /// The JSON Schema of its answer.
    pub schema: Value,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
}

/// What a model made of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Its words: JSON after the prompt's schema, if the model kept to it.
    pub content: String,
    /// What it took; none where the server does not say.
    pub usage: Option<Usage>,
}

/// Vectors of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// One for each text.
    pub vectors: Vec<Vec<f32>>,
    /// What they took; none where the server does not say.
    pub usage: Option<Usage>,
}

/// How many tokens a call took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Read by the model.
    pub input: u64,
    /// Written by it.
    pub output: u64,
}
