//! From an address to a page: each hop looked at before it is made.

use std::collections::HashMap;
use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, redirect};
use url::{Host, Url};

use super::address::AddressRule;
use super::body::{self, broken, header};
use super::charset;
use super::error::{FetchError, FetchErrorKind, SetupError, deepest};
use super::page::Page;
use super::readable;
use super::resolver::{RefusedName, Resolver};
use super::robots::{self, Site};

/// How long a connection may take to stand.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How long the answer about robots may take, within the page's time.
const ROBOTS_TIME: Duration = Duration::from_secs(5);
/// How long a page may take in all: names, robots.txt, redirects, its bytes and their reading.
const PAGE_TIME: Duration = Duration::from_secs(15);
/// The most bytes that a page may have: pages of words have far less.
const MAX_PAGE_BYTES: usize = 2 * 1024 * 1024;
/// The redirects that are followed, as RFC 9309 has it for robots.txt.
const MAX_REDIRECTS: usize = 5;

/// Who asks, as servers log it.
const USER_AGENT: &str = concat!("kavak-bot/", env!("CARGO_PKG_VERSION"));

/// Where a fetcher stops.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a connection to stand.
    pub connect: Duration,
    /// For a robots.txt, within the page's time.
    pub robots: Duration,
    /// For a page in all.
    pub page: Duration,
    /// The most bytes of a page.
    pub bytes: usize,
    /// The most redirects of a page, and of a robots.txt.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: CONNECT_TIME,
            robots: ROBOTS_TIME,
            page: PAGE_TIME,
            bytes: MAX_PAGE_BYTES,
            redirects: MAX_REDIRECTS,
        }
    }
}

/// Reads pages one after the other, and asks each site once what may be read.
pub struct Fetcher {
    client: Client,
    rule: AddressRule,
    limits: Limits,
    /// By the address of the robots.txt.
    sites: HashMap<Url, Site>,
}

/// What one request led to.
enum Hop {
    Arrived(Response),
    Redirected(Url),
}

impl Fetcher {
    /// A fetcher that connects to what `rule` admits, and stops at `limits`.
    ///
    /// # Errors
    ///
    /// A system without certificates. The provider of cryptography has to be installed before.
    pub fn new(rule: AddressRule, limits: Limits) -> Result<Self, SetupError> {
        // No proxy: it would connect in our place, to what no rule has seen. No cookies, no
        // unpacking: both are features that are not built in.
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .dns_resolver(Arc::new(Resolver { rule: rule.clone() }))
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(limits.connect)
            .build()
            .map_err(|error| SetupError { reason: deepest(&error) })?;
        Ok(Self { client, rule, limits, sites: HashMap::new() })
    }

    /// The page at `url`, after its redirects.
    ///
    /// # Errors
    ///
    /// A page that cannot or may not be read.
    pub async fn read(&mut self, url: &Url) -> Result<Page, FetchError> {
        let time = self.limits.page;
        let page = tokio::time::timeout(time, self.follow(url)).await;
        page.unwrap_or_else(|_| Err(FetchError::new(url, FetchErrorKind::TooSlow(time))))
    }

    async fn follow(&mut self, asked: &Url) -> Result<Page, FetchError> {
        let mut url = asked.clone();
        url.set_fragment(None);
        for _ in 0..=self.limits.redirects {
            let wrong = |kind| FetchError::new(&url, kind);
            self.check(&url).map_err(wrong)?;
            self.ask_robots(&url).await.map_err(wrong)?;
            match self.hop(&url).await.map_err(wrong)? {
                Hop::Redirected(next) => url = next,
                Hop::Arrived(response) => {
                    let page = self.page(&url, response).await;
                    return page.map_err(|kind| FetchError::new(&url, kind));
                }
            }
        }
        let kind = FetchErrorKind::TooManyRedirects(self.limits.redirects);
        Err(FetchError::new(asked, kind))
    }

    /// Whether `url` may be asked for at all. A name in it is looked at when it is resolved; the
    /// parser of URLs has turned every other way to write an address (`0x7f.1`) into the plain one.
    fn check(&self, url: &Url) -> Result<(), FetchErrorKind> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchErrorKind::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchErrorKind::Credentials);
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(FetchErrorKind::Scheme),
        };
        if self.rule.admits(address) {
            Ok(())
        } else {
            Err(FetchErrorKind::RefusedAddress { address })
        }
    }

    /// Whether the site lets `url` be read; it is asked once.
    async fn ask_robots(&mut self, url: &Url) -> Result<(), FetchErrorKind> {
        let Some(robots) = robots::location(url) else { return Err(FetchErrorKind::Scheme) };
        if !self.sites.contains_key(&robots) {
            let site = self.site(&robots).await?;
            self.sites.insert(robots.clone(), site);
        }
        match self.sites.get(&robots) {
            Some(Site::Rules(rules)) if rules.is_url_allowed(url) => Ok(()),
            Some(Site::Unreachable { reason }) => {
                let robots = robots.to_string();
                Err(FetchErrorKind::NoRobots { robots, reason: reason.clone() })
            }
            _ => Err(FetchErrorKind::Disallowed),
        }
    }

    /// What the site says at `robots`. That it must not be asked is no answer of the site's.
    async fn site(&self, robots: &Url) -> Result<Site, FetchErrorKind> {
        let time = self.limits.robots;
        match tokio::time::timeout(time, self.robots(robots)).await {
            Ok(Ok(site)) => Ok(site),
            // Where nothing is to be reached, there is no need to speak of robots.
            Ok(Err(
                kind @ (FetchErrorKind::RefusedAddress { .. } | FetchErrorKind::Unreachable { .. }),
            )) => Err(kind),
            Ok(Err(kind)) => Ok(Site::Unreachable { reason: kind.to_string() }),
            Err(_) => {
                let reason = format!("no answer within {} s", time.as_secs_f32());
                Ok(Site::Unreachable { reason })
            }
        }
    }

    async fn robots(&self, robots: &Url) -> Result<Site, FetchErrorKind> {
        let mut url = robots.clone();
        for _ in 0..=self.limits.redirects {
            self.check(&url)?;
            match self.hop(&url).await? {
                Hop::Redirected(next) => url = next,
                Hop::Arrived(response) if response.status().as_u16() == 200 => {
                    let (bytes, _) = body::read_up_to(response, robots::MAX_BYTES).await?;
                    return Ok(Site::ruled(&bytes));
                }
                Hop::Arrived(response) => {
                    return Ok(Site::without_file(response.status().as_u16()));
                }
            }
        }
        Err(FetchErrorKind::TooManyRedirects(self.limits.redirects))
    }

    /// Asks for `url`, which has been checked.
    async fn hop(&self, url: &Url) -> Result<Hop, FetchErrorKind> {
        let request = self
            .client
            .get(url.clone())
            .header(ACCEPT, "text/html, text/plain;q=0.9")
            .header(ACCEPT_LANGUAGE, "es-MX, es;q=0.9")
            .header(ACCEPT_ENCODING, "identity");
        let response = request.send().await.map_err(|error| self.failed(&error))?;
        let location = header(&response, &LOCATION);
        match (response.status().as_u16(), location) {
            (301 | 302 | 303 | 307 | 308, Some(location)) => {
                redirected(url, location).map(Hop::Redirected)
            }
            _ => Ok(Hop::Arrived(response)),
        }
    }

    /// Why a request failed: the resolver refused, the time is over, or there is no connection.
    fn failed(&self, error: &reqwest::Error) -> FetchErrorKind {
        let mut causes = std::iter::successors(error.source(), |cause| (*cause).source());
        if let Some(refused) = causes.find_map(|cause| cause.downcast_ref::<RefusedName>()) {
            return FetchErrorKind::RefusedAddress { address: refused.address };
        }
        if error.is_timeout() && error.is_connect() {
            return FetchErrorKind::TooSlow(self.limits.connect);
        }
        broken(error)
    }

    /// The page in a response that has arrived.
    async fn page(&self, url: &Url, response: Response) -> Result<Page, FetchErrorKind> {
        let status = response.status().as_u16();
        if status != 200 {
            return Err(FetchErrorKind::Status(status));
        }
        let content_type = header(&response, &CONTENT_TYPE).unwrap_or_default();
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_html = matches!(kind.as_str(), "text/html" | "application/xhtml+xml");
        if !is_html && kind != "text/plain" {
            return Err(FetchErrorKind::NotText(kind));
        }
        let bytes = body::read(response, self.limits.bytes).await?;
        let text = charset::decode(&bytes, &content_type)?;
        let url = url.clone();
        // In a thread of its own: a page can be built so that its reading takes long, and then the
        // page's time must end it for whoever waits.
        let read = tokio::task::spawn_blocking(move || {
            if is_html { readable::html(url, &text) } else { readable::plain(url, &text) }
        });
        let page = read.await.map_err(|_| FetchErrorKind::Unreadable)?;
        if page.sections.is_empty() { Err(FetchErrorKind::Empty) } else { Ok(page) }
    }
}

/// Where `url` leads to by its `location`.
fn redirected(url: &Url, location: String) -> Result<Url, FetchErrorKind> {
    let Ok(mut next) = url.join(&location) else {
        return Err(FetchErrorKind::BadRedirect(location));
    };
    next.set_fragment(None);
    if url.scheme() == "https" && next.scheme() == "http" {
        return Err(FetchErrorKind::Downgrade);
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn led(from: &str, location: &str) -> Result<String, String> {
        let url = Url::parse(from).expect("a URL");
        let next = redirected(&url, location.to_owned());
        next.map(String::from).map_err(|kind| kind.to_string())
    }

    #[test]
    fn a_redirect_is_read_from_where_it_stands() {
        assert_eq!(led("https://a.mx/b/c", "d?e#f"), Ok("https://a.mx/b/d?e".to_owned()));
        assert_eq!(led("http://a.mx/", "//c.mx/d"), Ok("http://c.mx/d".to_owned()));
        assert_eq!(led("http://a.mx/", "https://a.mx/"), Ok("https://a.mx/".to_owned()));
    }

    #[test]
    fn what_came_over_tls_does_not_go_on_without() {
        assert!(led("https://a.mx/", "http://a.mx/").is_err_and(|told| told.starts_with("https")));
    }
}
