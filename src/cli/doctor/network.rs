//! What the outside sees of this bot, and what providers say of its credentials.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{CONTENT_TYPE, DATE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use secrecy::ExposeSecret;

use super::finding::Finding;
use crate::channel::Form;
use crate::channel::twilio::signature;
use crate::cli::{clock, delivery::TWILIO_STATUS_PATH};
use crate::config::Settings;
use crate::https;

/// How long each question may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Seconds by which a clock may be wrong.
const MAX_SKEW: i64 = 60;

/// A status callback that moves nothing: it names no message.
const PROBE: &str = "MessageStatus=sent";

pub(super) fn ask(settings: &Settings) -> Vec<Finding> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    https::install();
    let client = Client::builder().timeout(TIMEOUT).redirect(Policy::none()).no_proxy().build();
    let (runtime, client) = match (runtime, client) {
        (Ok(runtime), Ok(client)) => (runtime, client),
        (Err(error), _) => return vec![Finding::wrong("network", error, "see this machine")],
        (_, Err(error)) => return vec![Finding::wrong("network", error, "see this machine")],
    };
    runtime.block_on(async {
        let mut findings = Vec::new();
        findings.extend(public(settings, &client).await);
        findings.extend(twilio(settings, &client).await);
        findings.extend(meta(settings, &client).await);
        findings
    })
}

/// Whether the public address leads here, with the signature whole, and what time it is there.
async fn public(settings: &Settings, client: &Client) -> Vec<Finding> {
    let Some(base) = &settings.public_base_url else { return Vec::new() };
    let todo = "see PUBLIC_BASE_URL, the proxy and whether `kavak-bot serve` runs";
    let answer = match send(client.get(format!("{base}/health"))).await {
        Ok(answer) => answer,
        Err(error) => return vec![Finding::wrong("address", format!("{base}: {error}"), todo)],
    };
    let skew = skew(&answer);
    let status = answer.status().as_u16();
    let mut findings = Vec::new();
    let health = answer.text().await.unwrap_or_default();
    if status == 200 && health.contains("\"ok\"") {
        findings.push(Finding::fine("address", format!("{base} leads to a bot")));
    } else {
        let what = format!("{base}/health answers with status {status}, and is no bot's");
        return vec![Finding::wrong("address", what, todo)];
    }
    findings.extend(skew.map(|seconds| {
        let what = format!("this clock and the one at the public address are {seconds} s apart");
        if seconds.abs() > MAX_SKEW {
            Finding::wrong("clock", what, "have this machine's clock set by NTP")
        } else {
            Finding::fine("clock", what)
        }
    }));
    findings.extend(signed(settings, client, base).await);
    findings
}

/// How many seconds this clock is ahead of the other's.
fn skew(answer: &Response) -> Option<i64> {
    let date = answer.headers().get(DATE)?.to_str().ok()?;
    let there = DateTimeParser::new().parse_timestamp(date).ok()?;
    Some(clock::now().duration_since(there).as_secs())
}

/// Whether what Twilio would sign comes through the proxy as it was signed.
async fn signed(settings: &Settings, client: &Client, base: &str) -> Option<Finding> {
    let token = settings.twilio.auth_tokens.first()?;
    let url = format!("{base}{TWILIO_STATUS_PATH}");
    let form = Form::parse(PROBE.as_bytes()).ok()?;
    let request = client
        .post(&url)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("X-Twilio-Signature", signature(token, &url, &form))
        .body(PROBE);
    let todo = "the server and this command must have the same TWILIO_AUTH_TOKEN and \
                PUBLIC_BASE_URL, and the proxy must pass path and body on as they are";
    Some(match send(request).await {
        Ok(answer) if answer.status().is_success() => {
            Finding::fine("signature", "a signed form comes through the public address")
        }
        Ok(answer) => {
            let what = format!("a signed form is answered with status {}", answer.status());
            Finding::wrong("signature", what, todo)
        }
        Err(error) => Finding::wrong("signature", error, todo),
    })
}

async fn twilio(settings: &Settings, client: &Client) -> Option<Finding> {
    let twilio = &settings.twilio;
    let (sid, token) = (twilio.account_sid.as_ref()?, twilio.auth_tokens.first()?);
    let url = format!("{}/2010-04-01/Accounts/{sid}.json", twilio.api_url);
    let request = client.get(url).basic_auth(sid, Some(token.expose_secret()));
    Some(told("twilio", "the account", request, "see TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN").await)
}

async fn meta(settings: &Settings, client: &Client) -> Option<Finding> {
    let meta = &settings.meta;
    let (number, token) = (meta.phone_number_id.as_ref()?, meta.access_token.as_ref()?);
    let request =
        client.get(format!("{}/{number}", meta.api_url)).bearer_auth(token.expose_secret());
    Some(told("meta", "the number", request, "see META_PHONE_NUMBER_ID, META_ACCESS_TOKEN").await)
}

/// What a provider says of a credential.
async fn told(subject: &'static str, what: &str, request: RequestBuilder, todo: &str) -> Finding {
    match send(request).await {
        Ok(answer) if answer.status().is_success() => {
            Finding::fine(subject, format!("{what} is known, and its token good"))
        }
        Ok(answer) => {
            let status = answer.status().as_u16();
            Finding::wrong(subject, format!("{what} is refused with status {status}"), todo)
        }
        Err(error) => Finding::wrong(subject, error, "is this machine let out to the internet?"),
    }
}

async fn send(request: RequestBuilder) -> Result<Response, String> {
    request.send().await.map_err(|error| https::deepest(&error))
}
