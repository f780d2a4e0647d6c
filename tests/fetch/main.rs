//! Pages over real sockets: what is read, what is refused, and the command that writes them down.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

mod command;
mod politeness;
mod reading;
mod refusal;
mod site;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use kavak_bot::fetch::{AddressRule, FetchError, FetchErrorKind, Fetcher, Limits, Page};
use kavak_bot::tls;
use url::Url;

/// The most bytes of a page in these tests.
const BYTES: usize = 64 * 1024;

/// A fetcher for which 127.0.0.1 is public and all else is not, with little patience.
fn fetcher() -> Fetcher {
    fetcher_for(|address| address == IpAddr::V4(Ipv4Addr::LOCALHOST))
}

fn fetcher_for(admits: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Fetcher {
    tls::install();
    let limits = Limits {
        connect: Duration::from_millis(500),
        robots: Duration::from_millis(300),
        page: Duration::from_millis(600),
        bytes: BYTES,
        redirects: 3,
    };
    Fetcher::new(AddressRule::new(admits), limits).unwrap()
}

async fn read(url: &str) -> Result<Page, FetchError> {
    fetcher().read(&Url::parse(url).unwrap()).await
}

/// Why `url` is not read.
async fn refused(url: &str) -> FetchErrorKind {
    read(url).await.expect_err("it is refused").kind
}
