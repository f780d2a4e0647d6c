//! WhatsApp through Meta's Cloud API.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Act, Carrier, Hurry, Pace, Refusal};
use crate::channel::meta::{self, Backoff, Destination, Fault, bodies, sent};
use crate::https;
use crate::message::{Reply, Route};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long one message may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Bytes of an answer that are read; it has some hundred.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Whose number messages leave from, and where they are handed over.
#[derive(Debug, Clone)]
pub struct MetaAccount {
    /// Host and version, without a slash at the end: `https://graph.facebook.com/v26.0`.
    pub base_url: String,
    /// The number, by Meta's id for it.
    pub phone_number_id: String,
    /// What Meta is shown.
    pub access_token: SecretString,
    /// What stands on the button that opens a list; empty sends lists as text.
    pub list_label: String,
    /// Messages that may leave in a second.
    pub a_second: u32,
}

/// An account that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MetaError {
    /// A token that no header can carry.
    #[error("META_ACCESS_TOKEN holds characters that cannot be sent")]
    Token,
    /// The system has no TLS roots, or the like.
    #[error("no client for Meta could be built: {0}")]
    Build(#[from] reqwest::Error),
}

/// Sends through Meta.
pub struct Meta {
    http: reqwest::Client,
    account: MetaAccount,
    authorization: HeaderValue,
    pace: Pace,
}

impl Meta {
    /// A carrier for `account`.
    ///
    /// # Errors
    ///
    /// See [`MetaError`].
    pub fn new(account: MetaAccount) -> Result<Self, MetaError> {
        https::install();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        let token = format!("Bearer {}", account.access_token.expose_secret());
        let mut authorization = HeaderValue::try_from(token).map_err(|_| MetaError::Token)?;
        authorization.set_sensitive(true);
        let pace = Pace::new(account.a_second);
        Ok(Self { http, account, authorization, pace })
    }

    /// Posts one body, and gives the id of the message it became.
    async fn post(&self, from: &str, body: &Value) -> Result<String, Refusal> {
        self.pace.turn().await;
        let sending = self
            .http
            .post(format!("{}/{from}/messages", self.account.base_url))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string())
            .send();
        let mut answer = sending.await.map_err(|error| passing(https::deepest(&error)))?;
        let status = answer.status().as_u16();
        let read = https::read(&mut answer, MAX_ANSWER_BYTES).await;
        let bytes = read.map_err(|error| passing(error.to_string()))?;
        if status != 200 {
            return Err(refusal(Fault::of_response(status, &bytes), status));
        }
        match sent(&bytes) {
            Ok(sent) => Ok(sent.message.as_str().to_owned()),
            // It may be on its way: sending it again could send it twice.
            Err(error) => Err(Refusal { reason: error.to_string(), act: Act::GiveUp }),
        }
    }
}

#[async_trait]
impl Carrier for Meta {
    async fn carry(&self, route: &Route, reply: &Reply) -> Result<String, Refusal> {
        let gone = || Refusal { reason: "the route cannot be read".to_owned(), act: Act::GiveUp };
        let Destination { to, from } = Destination::of(route).ok_or_else(gone)?;
        let from = from.as_deref().unwrap_or(&self.account.phone_number_id);
        let mut first = None;
        for body in bodies(reply, &to, &self.account.list_label) {
            let id = self.post(from, &body).await?;
            first.get_or_insert(id);
        }
        first.ok_or_else(|| Refusal { reason: "a reply of nothing".to_owned(), act: Act::GiveUp })
    }
}

fn passing(reason: String) -> Refusal {
    Refusal { reason, act: Act::USUAL }
}

fn refusal(fault: Fault, status: u16) -> Refusal {
    let code = fault.code.map_or_else(|| "no code".to_owned(), |code| format!("code {code}"));
    let act = match fault.act {
        meta::Act::Retry(backoff) => Act::Again {
            hurry: if backoff == Backoff::Pair { Hurry::Pair } else { Hurry::Usual },
            at_least: (backoff == Backoff::Quota).then(|| backoff.delay(0)),
        },
        // An operator must act first; until then it is tried now and then.
        meta::Act::StopAccount | meta::Act::Authorize => {
            Act::Again { hurry: Hurry::Usual, at_least: Some(OPERATOR_PAUSE) }
        }
        meta::Act::NeedTemplate | meta::Act::StopUser | meta::Act::GiveUp => Act::GiveUp,
    };
    Refusal { reason: format!("status {status}, {code}"), act }
}

/// The pause where nothing goes out until an operator acts.
const OPERATOR_PAUSE: Duration = Duration::from_mins(5);
