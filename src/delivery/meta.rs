//! WhatsApp through Meta's Cloud API.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;

use super::pair::Pairs;
use super::post::Post;
use super::{AccountError, Carrier, Refusal};
use crate::channel::meta::{Address, bodies, fault, read_and_typing, sent};
use crate::channel::{Act, Backoff, Destination};
use crate::message::{MessageId, Reply, Route};

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
    /// The time between two messages to one customer, some dozens of which are lent ahead.
    pub pair: Duration,
}

/// Sends through Meta.
pub struct Meta {
    post: Post,
    account: MetaAccount,
    authorization: HeaderValue,
    pairs: Pairs,
}

impl Meta {
    /// A carrier for `account`.
    ///
    /// # Errors
    ///
    /// See [`AccountError`].
    pub fn new(account: MetaAccount) -> Result<Self, AccountError> {
        let post = Post::new(account.a_second)?;
        let token = format!("Bearer {}", account.access_token.expose_secret());
        let token = HeaderValue::try_from(token);
        let mut authorization = token.map_err(|_| AccountError::Token("META_ACCESS_TOKEN"))?;
        authorization.set_sensitive(true);
        let pairs = Pairs::new(account.pair);
        Ok(Self { post, account, authorization, pairs })
    }

    /// Posts one body as the number `from`; what Meta answers where it takes it.
    async fn post(&self, from: Option<&str>, body: &Value) -> Result<Vec<u8>, Refusal> {
        let from = from.unwrap_or(&self.account.phone_number_id);
        let url = format!("{}/{from}/messages", self.account.base_url);
        let bear = |request: reqwest::RequestBuilder| {
            request.header(AUTHORIZATION, self.authorization.clone())
        };
        let answer = self.post.send(&url, "application/json", body.to_string(), bear).await?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        let refusal = Refusal::of(fault(answer.status, &answer.body));
        Err(Refusal { at_least: answer.retry_after, ..refusal })
    }
}

fn too_many(wait: Duration) -> Refusal {
    let reason = "as many as one customer may get".to_owned();
    Refusal { reason, act: Act::Retry(Backoff::Pair), at_least: Some(wait) }
}

fn destination(route: &Route) -> Result<Destination<Address>, Refusal> {
    Destination::of(route).ok_or_else(|| Refusal::lasting("the route cannot be read"))
}

#[async_trait]
impl Carrier for Meta {
    async fn carry(&self, route: &Route, reply: &Reply) -> Result<MessageId, Refusal> {
        let Destination { to, from } = destination(route)?;
        let mut first = None;
        for body in bodies(reply, &to, &self.account.list_label) {
            self.pairs.take(&to.user_key(), Instant::now()).map_err(too_many)?;
            let answer = self.post(from.as_deref(), &body).await?;
            // It may be on its way: sending it again could send it twice.
            let sent = sent(&answer).map_err(|error| Refusal::lasting(&error.to_string()))?;
            first.get_or_insert(sent.message);
        }
        first.ok_or_else(|| Refusal::lasting("a reply of nothing"))
    }

    async fn carry_template(&self, _: &Route) -> Result<MessageId, Refusal> {
        Err(Refusal::lasting("24 hours have passed, and no template is set for this channel"))
    }

    async fn typing(&self, route: &Route, message: &MessageId) -> Result<(), Refusal> {
        let Destination { from, .. } = destination(route)?;
        self.post(from.as_deref(), &read_and_typing(message)).await.map(drop)
    }
}
