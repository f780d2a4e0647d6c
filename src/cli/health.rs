//! `kavak-bot health`: whether a running server is ready.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::Verdict;
use crate::config::Settings;
use crate::tls;

/// How long the server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum HealthError {
    #[error("this machine: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("{}", deepest(.0))]
    Request(#[from] reqwest::Error),
}

pub(super) fn run(settings: &Settings) -> Verdict {
    let address = reachable(settings.bind);
    match ask(address) {
        Ok(200) => {
            println!("{address}: ready");
            Verdict::Fine
        }
        Ok(status) => {
            eprintln!("{address}: not ready (status {status}); its log says why");
            Verdict::Wrong
        }
        Err(error) => {
            eprintln!("{address}: no answer ({error}); is `kavak-bot serve` running there?");
            Verdict::Wrong
        }
    }
}

/// A server bound to every address is asked on this machine's own.
fn reachable(bind: SocketAddr) -> SocketAddr {
    if bind.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), bind.port())
    } else {
        bind
    }
}

fn ask(address: SocketAddr) -> Result<u16, HealthError> {
    tls::install();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Plain http: without certificates of the system it works just as well.
        let client = reqwest::Client::builder().tls_certs_only([]);
        let client = client.timeout(TIMEOUT).no_proxy().build()?;
        let response = client.get(format!("http://{address}/ready")).send().await?;
        Ok(response.status().as_u16())
    })
}

/// What the system said: the errors above it only repeat the address.
fn deepest(error: &reqwest::Error) -> String {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}
