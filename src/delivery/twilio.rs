//! WhatsApp through Twilio's REST API.

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::Serializer;

use super::post::Post;
use super::{AccountError, Carrier, Refusal};
use crate::channel::Destination;
use crate::channel::twilio::{Contents, Fields, fault, sent};
use crate::message::{MessageId, Reply, Route};

/// Whose number messages leave from, and where they are handed over.
#[derive(Debug, Clone)]
pub struct TwilioAccount {
    /// The host, without a slash at the end: `https://api.twilio.com`.
    pub base_url: String,
    /// The account.
    pub sid: String,
    /// What Twilio is shown.
    pub auth_token: SecretString,
    /// The number that messages leave from where the one that was written to is not known.
    pub from: Option<String>,
    /// Where Twilio tells what became of a message, if it is to.
    pub status_url: Option<String>,
    /// Contents for buttons and lists.
    pub contents: Contents,
    /// Messages that may leave in a second.
    pub a_second: u32,
}

/// Sends through Twilio.
pub struct Twilio {
    post: Post,
    account: TwilioAccount,
}

impl Twilio {
    /// A carrier for `account`.
    ///
    /// # Errors
    ///
    /// See [`AccountError`].
    pub fn new(account: TwilioAccount) -> Result<Self, AccountError> {
        Ok(Self { post: Post::new(account.a_second)?, account })
    }

    async fn post(&self, route: &Route, fields: Fields) -> Result<MessageId, Refusal> {
        let gone = || Refusal::lasting("the route cannot be read");
        let Destination { to, from } = Destination::<String>::of(route).ok_or_else(gone)?;
        let TwilioAccount { base_url, sid, auth_token, status_url, .. } = &self.account;
        let from = from.or_else(|| self.account.from.clone()).ok_or_else(gone)?;
        let status_url = status_url.iter().map(|url| ("StatusCallback", url.clone()));
        let fields = [("To", to), ("From", from)].into_iter().chain(fields).chain(status_url);
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let url = format!("{base_url}/2010-04-01/Accounts/{sid}/Messages.json");
        let sign = |request: reqwest::RequestBuilder| {
            request.basic_auth(sid, Some(auth_token.expose_secret()))
        };
        let kind = "application/x-www-form-urlencoded";
        let answer = self.post.send(&url, kind, form, sign).await?;
        if answer.status / 100 == 2 {
            // It may be on its way: sending it again could send it twice.
            return sent(&answer.body)
                .ok_or_else(|| Refusal::lasting("the answer names no message"));
        }
        let refusal = Refusal::of(fault(answer.status, &answer.body));
        Err(Refusal { at_least: answer.retry_after, ..refusal })
    }
}

#[async_trait]
impl Carrier for Twilio {
    async fn carry(&self, route: &Route, reply: &Reply) -> Result<MessageId, Refusal> {
        let mut first = None;
        for fields in self.account.contents.messages(reply) {
            first.get_or_insert(self.post(route, fields).await?);
        }
        first.ok_or_else(|| Refusal::lasting("a reply of nothing"))
    }

    async fn carry_template(&self, route: &Route) -> Result<MessageId, Refusal> {
        let gone = || Refusal::lasting("24 hours have passed, and TWILIO_TEMPLATE_SID is not set");
        self.post(route, self.account.contents.template().ok_or_else(gone)?).await
    }
}
