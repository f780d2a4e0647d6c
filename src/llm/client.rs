//! A client of one OpenAI-compatible server.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use super::dialect::Known;
use super::patience::{USUAL_WAIT, retry_after};
use super::response::Complaint;
use super::{Called, Completion, Embed, Embedded, Failure, Model, Prompt, request, response};
use crate::config::TokenField;
use crate::https::{self, ReadError, deepest};

/// Where OpenAI's own server is.
pub const DEFAULT_BASE_URL: &str = "https://api.openai.com/v1";

/// The model that is asked where none is named: cheap, and able to keep to a schema.
pub const DEFAULT_MODEL: &str = "gpt-4o-mini";

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Bytes of an answer that are read: a completion of some hundred tokens has a few thousand.
const MAX_COMPLETION_BYTES: usize = 128 * 1024;

/// The same for vectors: 256 of them with 3,072 parts of about twelve digits.
const MAX_EMBEDDING_BYTES: usize = 16 * 1024 * 1024;

/// Further tries of one call at a busy server.
const RETRIES: u32 = 1;

/// Things about a server that one call may learn, each of them at once followed by another try:
/// one for each part of a dialect.
const MAX_LEARNT: u32 = 3;

/// Which server is asked for which models.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Where the server is, without a slash at the end: `https://api.openai.com/v1`.
    pub base_url: String,
    /// What it is shown.
    pub key: SecretString,
    /// The model that words.
    pub model: String,
    /// The model that embeds; none is none.
    pub embedding_model: Option<String>,
    /// The field that bounds an answer; none is what the server most likely takes.
    pub token_field: Option<TokenField>,
}

/// A client that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A key that no header can carry.
    #[error("OPENAI_API_KEY holds characters that cannot be sent")]
    Key,
    /// The system has no TLS roots, or the like.
    #[error("no client for OPENAI_BASE_URL could be built: {0}")]
    Build(#[from] reqwest::Error),
}

/// A client of one server.
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    authorization: HeaderValue,
    model: String,
    embedding_model: String,
    /// Server and model: two servers may call two models the same.
    embedder: String,
    known: Known,
}

impl Client {
    /// A client for `endpoint`. It takes no proxy from the environment and follows no redirect: the
    /// key goes to the server that was named and to no other.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub fn new(endpoint: Endpoint) -> Result<Self, ClientError> {
        let Endpoint { base_url, key, model, embedding_model, token_field } = endpoint;
        https::install();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", key.expose_secret()))
            .map_err(|_| ClientError::Key)?;
        authorization.set_sensitive(true);
        let usual = if base_url == DEFAULT_BASE_URL {
            TokenField::MaxCompletionTokens
        } else {
            TokenField::MaxTokens
        };
        let embedding_model = embedding_model.unwrap_or_default();
        Ok(Self {
            embedder: format!("{base_url} {embedding_model}"),
            http,
            base_url,
            authorization,
            model,
            embedding_model,
            known: Known::new(token_field.unwrap_or(usual)),
        })
    }

    async fn post(&self, path: &str, body: &Value, most: usize) -> Result<Vec<u8>, Refusal> {
        let sent = self
            .http
            .post(format!("{}/{path}", self.base_url))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string())
            .send()
            .await;
        let mut answer = sent.map_err(|error| unreachable(&error))?;
        let (status, wait) = (answer.status(), retry_after(answer.headers()));
        let bytes = https::read(&mut answer, most).await.map_err(unread)?;
        if status == StatusCode::OK {
            return Ok(bytes);
        }
        Err(Refusal::of(status, wait, Complaint::read(&bytes)))
    }
}

/// A request that was not taken.
struct Refusal {
    failure: Failure,
    /// The server's sentence, to learn from.
    complaint: String,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { failure, complaint: String::new() }
    }
}

impl Refusal {
    fn of(status: StatusCode, retry_after: Option<Duration>, complaint: Complaint) -> Self {
        let Complaint { code, message } = complaint;
        let is_quota = code.contains("quota") || code.contains("billing");
        let code = if code.is_empty() { "no code".to_owned() } else { code };
        let number = status.as_u16();
        let failure = match number {
            // Gateways refuse a prompt with statuses that others keep for keys.
            400 | 403 | 422 if is_moderation(&code) || is_moderation(&message) => Failure::Refused,
            429 | 402 if is_quota || number == 402 => Failure::Quota { code },
            401 | 403 | 404 => Failure::Denied { status: number, code },
            408 | 409 | 425 | 429 | 500..=599 => Failure::Busy { status: number, retry_after },
            _ => Failure::Rejected { status: number, code },
        };
        Self { failure, complaint: message }
    }
}

/// Whether a refusal speaks of what the prompt holds, not of who asks.
fn is_moderation(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    [
        "content_filter",
        "content filter",
        "content_policy",
        "content policy",
        "moderation",
        "flagged",
    ]
    .iter()
    .any(|word| said.contains(word))
}

/// Why there is no whole answer; whether a connection was made decides whether it may cost.
fn unreachable(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::Unreachable(deepest(error))
    } else if error.is_timeout() {
        Failure::Late
    } else {
        Failure::Broken(deepest(error))
    }
}

fn unread(error: ReadError) -> Failure {
    match error {
        ReadError::TooLarge(limit) => Failure::TooLarge { limit },
        ReadError::Broken(error) => unreachable(&error),
    }
}

#[async_trait]
impl Model for Client {
    async fn complete(&self, prompt: &Prompt, budget: Duration) -> Called<Completion> {
        let until = Instant::now() + budget;
        let mut lost = 0;
        let work = async {
            let (mut retries, mut learnt) = (0, 0);
            loop {
                let dialect = self.known.dialect();
                let body = request::completion(&self.model, prompt, dialect);
                let refusal = match self.post("chat/completions", &body, MAX_COMPLETION_BYTES).await
                {
                    Ok(bytes) => return response::completion(&bytes),
                    Err(refusal) => refusal,
                };
                let rejected = matches!(refusal.failure, Failure::Rejected { .. });
                if rejected && learnt < MAX_LEARNT && self.known.learn(dialect, &refusal.complaint)
                {
                    learnt += 1;
                    tracing::info!("the model's server takes requests of another form");
                    continue;
                }
                wait(refusal.failure, &mut retries, &mut lost, until).await?;
            }
        };
        let outcome = timeout_at(until, work).await.unwrap_or(Err(Failure::Late));
        Called { outcome, lost }
    }

    fn name(&self) -> &str {
        &self.model
    }
}

#[async_trait]
impl Embed for Client {
    async fn embed(&self, texts: &[String], budget: Duration) -> Called<Embedded> {
        let until = Instant::now() + budget;
        let body = request::embeddings(&self.embedding_model, texts);
        let mut lost = 0;
        let work = async {
            let mut retries = 0;
            loop {
                match self.post("embeddings", &body, MAX_EMBEDDING_BYTES).await {
                    Ok(bytes) => return response::embeddings(&bytes, texts.len()),
                    Err(refusal) => wait(refusal.failure, &mut retries, &mut lost, until).await?,
                }
            }
        };
        let outcome = timeout_at(until, work).await.unwrap_or(Err(Failure::Late));
        Called { outcome, lost }
    }

    fn name(&self) -> &str {
        &self.embedder
    }
}

/// Waits before another try, where one may help and there is time for it. The try that failed is
/// `lost` where it may have been charged.
async fn wait(
    failure: Failure,
    retries: &mut u32,
    lost: &mut u32,
    until: Instant,
) -> Result<(), Failure> {
    let Failure::Busy { retry_after, .. } = &failure else { return Err(failure) };
    let pause = retry_after.unwrap_or(USUAL_WAIT);
    if *retries == RETRIES || pause >= until.saturating_duration_since(Instant::now()) {
        return Err(failure);
    }
    *retries += 1;
    *lost += u32::from(failure.may_cost());
    sleep(pause).await;
    Ok(())
}
