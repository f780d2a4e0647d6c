//! A running server of this machine, asked over loopback.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::config::Settings;
use crate::https;

/// How long the server may take to answer, unless more patience is asked for.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ServerError {
    #[error("this machine: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("no answer ({}); is `kavak-bot serve` running there? --bind tells another address", https::deepest(.0))]
    Request(#[from] reqwest::Error),
}

/// What came back.
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Where the server of the settings is reached: one that is bound to every address is asked on this
/// machine's own.
pub(super) fn address(settings: &Settings) -> SocketAddr {
    let bind = settings.bind;
    if bind.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), bind.port())
    } else {
        bind
    }
}

/// Gets `path`.
pub(super) fn get(settings: &Settings, path: &str) -> Result<Answered, ServerError> {
    let url = url(settings, path);
    blocking(async { answered(client(TIMEOUT)?.get(url)).await })
}

/// Posts JSON to `path`, with a token, and waits for `patience` at most.
pub(super) fn post(
    settings: &Settings,
    path: &str,
    token: &SecretString,
    body: Vec<u8>,
    patience: Duration,
) -> Result<Answered, ServerError> {
    let url = url(settings, path);
    blocking(async {
        let request = client(patience)?.post(url).bearer_auth(token.expose_secret());
        answered(request.body(body)).await
    })
}

fn url(settings: &Settings, path: &str) -> String {
    format!("http://{}{path}", address(settings))
}

fn blocking<T>(work: impl Future<Output = Result<T, ServerError>>) -> Result<T, ServerError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(work)
}

fn client(patience: Duration) -> Result<reqwest::Client, ServerError> {
    https::install();
    // Plain http: without certificates of the system it works just as well.
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy();
    Ok(client.connect_timeout(TIMEOUT).timeout(patience).build()?)
}

async fn answered(request: reqwest::RequestBuilder) -> Result<Answered, ServerError> {
    let response = request.send().await?;
    Ok(Answered { status: response.status().as_u16(), body: response.text().await? })
}
