//! Pages in one piece: style and script stand in them, and a policy lets nothing else in.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The colours of every page.
pub(super) const PALETTE: &str = include_str!("assets/palette.css");

/// A page as it is sent, and what it may do.
pub(super) struct Html {
    text: String,
    policy: HeaderValue,
}

impl Html {
    /// A page whose inline style and script are these; without a script it runs none.
    pub(super) fn new(text: String, style: &str, script: Option<&str>) -> Self {
        let script = script.map_or("'none'".to_owned(), source_hash);
        let policy = format!(
            "default-src 'none'; style-src {}; script-src {script}; connect-src 'self'; \
             img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            source_hash(style),
        );
        let policy = HeaderValue::try_from(policy).expect("base64 is visible ASCII");
        Self { text, policy }
    }

    /// The page as an answer.
    pub(super) fn response(&self) -> Response {
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (CONTENT_SECURITY_POLICY, self.policy.clone()),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        (headers, self.text.clone()).into_response()
    }
}

/// How a policy names the one inline text it allows.
fn source_hash(inline: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(inline)))
}

/// `text` between tags or quotes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
impl Html {
    /// Checks that the policy allows the page's own parts, and that no place is left open.
    pub(super) fn is_whole(&self, parts: &[(&str, &str)]) {
        assert!(!self.text.contains("{{"));
        for (tag, source) in parts {
            let begin = self.text.find(&format!("<{tag}>")).unwrap() + tag.len() + 2;
            let end = self.text.find(&format!("</{tag}>")).unwrap();
            assert_eq!(&self.text[begin..end], *source, "{tag} is sent as it is hashed");
            assert!(self.policy.to_str().unwrap().contains(&source_hash(source)));
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}
