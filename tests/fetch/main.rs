//! Pages over real sockets: what is read, what is refused, and the command that writes them down.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

mod bundled;
mod command;
mod politeness;
mod reading;
mod refusal;
mod site;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use kavak_bot::fetch::{AddressRule, FetchError, FetchErrorKind, Fetcher, Limits, Page};
use kavak_bot::https;
use url::Url;

/// The most bytes of a page in these tests.
const BYTES: usize = 64 * 1024;

/// Enough for whatever is to be read, on a machine that has much to do.
const PATIENCE: Duration = Duration::from_secs(10);

/// Enough for nothing that is to be given up.
const IMPATIENCE: Duration = Duration::from_millis(400);

/// A fetcher that connects to what `admits` says.
fn fetcher(admits: impl Fn(IpAddr) -> bool + Send + Sync + 'static, time: Duration) -> Fetcher {
    https::install();
    let limits = Limits { connect: time, robots: time / 2, page: time, bytes: BYTES, redirects: 3 };
    Fetcher::new(AddressRule::new(admits), limits).unwrap()
}

/// Reads `url` where 127.0.0.1 is public and all else is not.
async fn read_within(time: Duration, url: &str) -> Result<Page, FetchError> {
    let mut fetcher = fetcher(|address| address == IpAddr::V4(Ipv4Addr::LOCALHOST), time);
    fetcher.read(&Url::parse(url).unwrap()).await
}

async fn read(url: &str) -> Result<Page, FetchError> {
    read_within(PATIENCE, url).await
}

/// Why `url` is not read.
async fn refused(url: &str) -> FetchErrorKind {
    read(url).await.expect_err("it is refused").kind
}

/// Why `url` is not read by somebody who does not wait.
async fn given_up(url: &str) -> FetchErrorKind {
    read_within(IMPATIENCE, url).await.expect_err("it is given up").kind
}
