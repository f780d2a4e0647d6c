//! A running server of this machine, asked over loopback.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::config::Settings;
use crate::https;

/// How long the server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ServerError {
    #[error("this machine: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("no answer ({}); is `kavak-bot serve` running there?", https::deepest(.0))]
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

/// Gets `path`, with a token where one is needed.
pub(super) fn get(
    settings: &Settings,
    path: &str,
    token: Option<&SecretString>,
) -> Result<Answered, ServerError> {
    https::install();
    let url = format!("http://{}{path}", address(settings));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Plain http: without certificates of the system it works just as well.
        let client = reqwest::Client::builder().tls_certs_only([]);
        let client = client.timeout(TIMEOUT).no_proxy().build()?;
        let request = client.get(url);
        let request = match token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        };
        let response = request.send().await?;
        Ok(Answered { status: response.status().as_u16(), body: response.text().await? })
    })
}
