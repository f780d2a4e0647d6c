//! Who may come in.
//!
//! Bound to loopback and asked for by a loopback name, everything is open: a fresh checkout works.
//! As soon as anything says that others can reach the server, each door asks for its secret.

use std::net::IpAddr;

use axum::http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::operator::OperatorToken;
use super::problem::Problem;
use crate::channel::meta;
use crate::channel::twilio::{SignedBody, signed_by_any};
use crate::config::Settings;

/// Headers that proxies add: whoever sends one is not the one who asks.
const FORWARDING: [HeaderName; 8] = [
    HeaderName::from_static("forwarded"),
    HeaderName::from_static("via"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("cf-connecting-ip"),
    HeaderName::from_static("true-client-ip"),
];

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
pub(super) const TWILIO_SIGNATURE: HeaderName = HeaderName::from_static("x-twilio-signature");

const SHUT: Problem = Problem::Forbidden(
    "the webhook is shut: others can reach this server and TWILIO_AUTH_TOKEN is not set",
);
const UNSIGNED: Problem = Problem::Forbidden("X-Twilio-Signature is missing or does not fit");
pub(super) const META_SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature-256");
const META_SHUT: Problem = Problem::Forbidden(
    "the webhook is shut: others can reach this server and META_APP_SECRET is not set",
);
const META_UNSIGNED: Problem = Problem::Forbidden("X-Hub-Signature-256 is missing or does not fit");
const NOT_HERE: Problem = Problem::Forbidden("the operator's door opens to this machine alone");
const NOT_RECORDED: Problem = Problem::Forbidden("talks are recorded on this machine alone");
const FOREIGN: Problem = Problem::Forbidden("the page's messages come from the page itself only");

/// Says once, at the start, what a missing secret leaves open or shut.
pub(super) fn tell_what_is_open(settings: &Settings) {
    if !settings.exposed() {
        let open = match (settings.twilio.checks(), settings.meta.app_secret.is_some()) {
            (true, true) => "/chat, /metrics",
            (true, false) => "/chat, /metrics and Meta's webhook",
            (false, true) => "/chat, /metrics and Twilio's webhook",
            (false, false) => "/chat, /metrics and the webhooks",
        };
        tracing::warn!(open, "this machine comes in without a secret");
        return;
    }
    if !settings.twilio.checks() {
        tracing::warn!("the webhook is shut: TWILIO_AUTH_TOKEN is not set");
    }
    if settings.meta.app_secret.is_none() {
        tracing::warn!("Meta's webhook is shut: META_APP_SECRET is not set");
    }
    if settings.api_token.is_none() {
        tracing::warn!("/chat and /metrics are shut: API_TOKEN is not set");
    }
}

/// `/chat` and `/metrics`: open at home, else for whoever bears the token.
pub(super) fn may_use_api(settings: &Settings, parts: &Parts) -> Result<(), Problem> {
    if !from_outside(settings, parts) {
        return Ok(());
    }
    let token = settings.api_token.as_ref().ok_or(Problem::Unauthorized)?;
    let given = bearer(&parts.headers).ok_or(Problem::Unauthorized)?;
    if same(token, given) { Ok(()) } else { Err(Problem::Unauthorized) }
}

/// The webhook before its body is read: is there anything to check, and to check it with?
pub(super) fn may_be_signed(settings: &Settings, parts: &Parts) -> Result<(), Problem> {
    if settings.twilio.checks() {
        return signature(&parts.headers).map(|_| ()).ok_or(UNSIGNED);
    }
    if from_outside(settings, parts) { Err(SHUT) } else { Ok(()) }
}

/// The webhook once its body is read: whether Twilio signed it, where there is a token.
pub(super) fn is_signed(
    settings: &Settings,
    parts: &Parts,
    body: SignedBody<'_>,
) -> Result<(), Problem> {
    if !settings.twilio.checks() {
        return Ok(());
    }
    let signature = signature(&parts.headers).ok_or(UNSIGNED)?;
    let url = signed_url(settings, parts);
    if signed_by_any(&settings.twilio.auth_tokens, signature, &url, body) {
        return Ok(());
    }
    tracing::warn!("a webhook's signature does not fit: check TWILIO_AUTH_TOKEN, PUBLIC_BASE_URL");
    Err(UNSIGNED)
}

/// The page's own requests: a browser says where each comes from. Whoever says nothing is no
/// browser and carries nobody's cookie; at home that will do.
pub(super) fn from_the_page(settings: &Settings, parts: &Parts) -> Result<(), Problem> {
    let headers = &parts.headers;
    if let Some(site) = text(headers, &FETCH_SITE) {
        return if site == "same-origin" { Ok(()) } else { Err(FOREIGN) };
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return if from_outside(settings, parts) { Err(FOREIGN) } else { Ok(()) };
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let here = [text(headers, &HOST), settings.public_base_url.as_deref().and_then(authority)];
    match origin {
        Some((_, host)) if here.contains(&Some(host)) => Ok(()),
        _ => Err(FOREIGN),
    }
}

/// Transcripts of the page's talks: for those who try the bot at home, where nobody else reaches it.
pub(super) fn may_record(settings: &Settings, parts: &Parts) -> Result<(), Problem> {
    if from_outside(settings, parts) { Err(NOT_RECORDED) } else { Ok(()) }
}

/// Meta's webhook before its body is read: is there anything to check, and to check it with?
pub(super) fn may_be_meta(settings: &Settings, parts: &Parts) -> Result<(), Problem> {
    if settings.meta.app_secret.is_some() {
        return parts.headers.get(&META_SIGNATURE).map(|_| ()).ok_or(META_UNSIGNED);
    }
    if from_outside(settings, parts) { Err(META_SHUT) } else { Ok(()) }
}

/// Meta's webhook once its body is read: whether Meta signed it, where there is a secret.
pub(super) fn is_meta(settings: &Settings, parts: &Parts, body: &[u8]) -> Result<(), Problem> {
    let Some(secret) = &settings.meta.app_secret else { return Ok(()) };
    let signature = parts.headers.get(&META_SIGNATURE).ok_or(META_UNSIGNED)?;
    if meta::is_signed(secret, signature.as_bytes(), body) {
        return Ok(());
    }
    tracing::warn!("a webhook's signature does not fit: check META_APP_SECRET");
    Err(META_UNSIGNED)
}

/// The operator's door: for whoever bears its token and asks this machine by its own name.
pub(super) fn may_operate(token: &OperatorToken, parts: &Parts) -> Result<(), Problem> {
    if is_forwarded(parts) || !names_this_machine(parts) {
        return Err(NOT_HERE);
    }
    let given = bearer(&parts.headers).ok_or(Problem::NoOperator)?;
    if same(token.secret(), given) { Ok(()) } else { Err(Problem::NoOperator) }
}

fn from_outside(settings: &Settings, parts: &Parts) -> bool {
    settings.exposed() || is_forwarded(parts) || !names_this_machine(parts)
}

fn is_forwarded(parts: &Parts) -> bool {
    FORWARDING.iter().any(|name| parts.headers.contains_key(name))
}

/// Whether the request asks for this machine by a name that only this machine uses. A foreign
/// name on a loopback server is a tunnel, or a page that points its own name here.
fn names_this_machine(parts: &Parts) -> bool {
    let mut hosts = parts.headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    let local = host.is_some_and(|host| is_local(host.host())) && hosts.next().is_none();
    local && parts.uri.host().is_none_or(is_local)
}

fn is_local(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

/// The address that Twilio signed. `PUBLIC_BASE_URL` settles it; a server without one is tried
/// under the name it was asked for.
fn signed_url(settings: &Settings, parts: &Parts) -> String {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    if let Some(base) = &settings.public_base_url {
        return format!("{base}{path}");
    }
    let scheme = match text(&parts.headers, &HeaderName::from_static("x-forwarded-proto")) {
        Some("https") => "https",
        _ => "http",
    };
    let host = text(&parts.headers, &HOST).unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

fn authority(url: &str) -> Option<&str> {
    url.split_once("://").and_then(|(_, rest)| rest.split('/').next())
}

fn signature(headers: &HeaderMap) -> Option<&str> {
    text(headers, &TWILIO_SIGNATURE)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, &AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Compares in a time that tells the length of the token and nothing else.
fn same(token: &SecretString, given: &str) -> bool {
    token.expose_secret().as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_names() {
        for host in ["localhost", "LOCALHOST.", "bot.localhost", "127.0.0.1", "127.8.0.1", "[::1]"]
        {
            assert!(is_local(host), "{host}");
        }
        for host in ["bot.example.mx", "localhost.example.mx", "192.168.1.4", "[::2]", ""] {
            assert!(!is_local(host), "{host}");
        }
    }

    #[test]
    fn the_bearer_s_token_is_compared_whole() {
        let token = SecretString::from("hush");
        assert!(same(&token, "hush"));
        assert!(!same(&token, "hus"));
        assert!(!same(&token, "hush!"));
        assert!(!same(&token, ""));
    }
}
