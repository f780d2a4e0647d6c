//! One request to a provider: paced, bounded in time, and read no further than it must be.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};

use super::{Pace, Refusal};
use crate::https;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long one message may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Bytes of an answer that are read; it has some hundred.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The longest wait that a provider is taken at its word for.
const MAX_WAIT: Duration = Duration::from_hours(1);

/// Posts to one provider.
pub(super) struct Post {
    client: Client,
    pace: Pace,
}

/// What a provider answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// How long it wants to be left alone, where it says so.
    pub(super) retry_after: Option<Duration>,
}

impl Post {
    /// Posts at most `a_second` messages in a second.
    pub(super) fn new(a_second: u32) -> Result<Self, reqwest::Error> {
        https::install();
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client, pace: Pace::new(a_second) })
    }

    /// Posts `body` of the media type `kind` to `url`, as `dressed` adds to it.
    pub(super) async fn send(
        &self,
        url: &str,
        kind: &'static str,
        body: String,
        dressed: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, Refusal> {
        self.pace.turn().await;
        let request = self.client.post(url).header(CONTENT_TYPE, kind).body(body);
        let sent = dressed(request).send().await;
        let mut answer = sent.map_err(|error| Refusal::passing(https::deepest(&error)))?;
        let status = answer.status().as_u16();
        let retry_after = retry_after(answer.headers());
        let read = https::read(&mut answer, MAX_ANSWER_BYTES).await;
        let body = read.map_err(|error| Refusal::passing(error.to_string()))?;
        Ok(Answer { status, body, retry_after })
    }
}

/// Seconds, the one form that these providers send.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(MAX_WAIT))
}
