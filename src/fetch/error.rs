//! Why a page could not be read, told to whoever asked for it.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use url::Url;

use super::address::{Range, range};

/// A page that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{url}: {kind}")]
pub struct FetchError {
    /// Where it went wrong: the page, or what it led to.
    pub url: String,
    /// What went wrong.
    pub kind: FetchErrorKind,
}

impl FetchError {
    pub(super) fn new(url: &Url, kind: FetchErrorKind) -> Self {
        Self { url: url.to_string(), kind }
    }

    /// Whether [`AddressRule::with_private`](super::AddressRule::with_private) would have let it
    /// through.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(self.kind, FetchErrorKind::RefusedAddress { address }
            if matches!(range(address), Range::Loopback | Range::Private))
    }
}

/// What can go wrong with a page.
#[derive(Debug, thiserror::Error)]
pub enum FetchErrorKind {
    /// No way to ask for it.
    #[error("only http and https can be read; give an address that begins with https://")]
    Scheme,
    /// A password in sight.
    #[error("the address has a user or a password in it; only public pages are read")]
    Credentials,
    /// An address that the rule refuses.
    #[error("{address} is {}; only public pages are read", range(*address))]
    RefusedAddress {
        /// Where the name points to, or what the URL has in place of one.
        address: IpAddr,
    },
    /// No connection, or one that broke.
    #[error("it cannot be reached ({reason}); is the address right, and the network there?")]
    Unreachable {
        /// What the system said.
        reason: String,
    },
    /// It takes too long.
    #[error("it was not read within {} s; try again later", .0.as_secs_f32())]
    TooSlow(Duration),
    /// The site says no.
    #[error("its robots.txt asks that it be left alone; take its words by hand, if you may")]
    Disallowed,
    /// The site cannot say whether it minds.
    #[error("{robots} cannot be read, so the site may not want to be ({reason}); try again later")]
    NoRobots {
        /// Where it should be.
        robots: String,
        /// Why it cannot.
        reason: String,
    },
    /// Sent around.
    #[error("more than {0} redirects; open it in a browser and give the address where it ends")]
    TooManyRedirects(usize),
    /// Sent from where nobody can read along to where everybody can.
    #[error("https leads to http, where anybody on the way could change the page")]
    Downgrade,
    /// Sent nowhere.
    #[error("it redirects to `{0}`, which is no address")]
    BadRedirect(String),
    /// No page there.
    #[error("the server answers with status {0}")]
    Status(u16),
    /// Something else than a page.
    #[error("it is `{0}`; only text/html and text/plain are read")]
    NotText(String),
    /// Packed, and nobody asked for that.
    #[error("it comes packed as `{0}`, which was not asked for")]
    Packed(String),
    /// More than a page.
    #[error("it has more than {0} bytes, the most that is read")]
    TooLarge(usize),
    /// Letters that cannot be told.
    #[error("its letters are no valid {charset}{}", if *declared { "" } else {
        ", and it does not say what else they are"
    })]
    BadLetters {
        /// What they were taken for.
        charset: String,
        /// Whether it said so itself.
        declared: bool,
    },
    /// An encoding that nobody knows.
    #[error("it says that its letters are `{0}`, which is not known")]
    UnknownCharset(String),
    /// Markup that breaks the reader.
    #[error("its markup cannot be taken apart; take its words by hand")]
    Unreadable,
    /// Nothing in it.
    #[error("it has no text; a page that a script fills cannot be read")]
    Empty,
}

/// The reader could not be set up at all.
#[derive(Debug, thiserror::Error)]
#[error("no connection can be opened ({reason}); are the system's certificates installed?")]
pub struct SetupError {
    /// What the client said.
    pub reason: String,
}

/// What the system said: the errors above it only repeat the address.
pub(super) fn deepest(error: &reqwest::Error) -> String {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}
