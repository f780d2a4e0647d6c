//! `X-Twilio-Signature`: base64 of HMAC-SHA1 over the address and the fields.
//!
//! The rules are those of Twilio's own validators (twilio-python 9.13.0 `request_validator.py`,
//! twilio-node `src/webhooks/webhooks.ts`). The address is only ever joined and cut as text: a URL
//! parser normalises what was signed as written.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::channel::Form;

/// The query parameter that carries the digest of a body that is no form.
const BODY_DIGEST: &str = "bodySHA256=";

/// What came with the address.
#[derive(Debug, Clone, Copy)]
pub enum SignedBody<'b> {
    /// A form: its fields are signed.
    Form(&'b Form),
    /// Anything else: signed only by a digest in the query.
    Raw(&'b [u8]),
}

/// Whether `signature` was made with one of `tokens` for this address and body.
///
/// `url` is the address as Twilio has it: scheme, host, raw path and raw query. Proxies add and
/// drop the standard port, so it counts with and without one.
#[must_use]
pub fn signed_by_any(
    tokens: &[SecretString],
    signature: &str,
    url: &str,
    body: SignedBody<'_>,
) -> bool {
    let Ok(signature) = STANDARD.decode(signature) else { return false };
    let fields = match body {
        SignedBody::Form(form) => in_signing_order(form),
        SignedBody::Raw(bytes) if has_digest(url, bytes) => BTreeSet::new(),
        SignedBody::Raw(_) => return false,
    };
    let fits = |url: &str| tokens.iter().any(|token| fits(token, url, &fields, &signature));
    fits(url) || fits(&other_port(url))
}

/// The signature that Twilio would make with `token` for a form posted to `url`.
#[must_use]
pub fn signature(token: &SecretString, url: &str, form: &Form) -> String {
    STANDARD.encode(mac(token, url, &in_signing_order(form)).finalize().into_bytes())
}

/// Distinct names ascending, and distinct values of one name ascending.
fn in_signing_order(form: &Form) -> BTreeSet<(&str, &str)> {
    form.fields().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn fits(
    token: &SecretString,
    url: &str,
    fields: &BTreeSet<(&str, &str)>,
    signature: &[u8],
) -> bool {
    // Compares in constant time.
    mac(token, url, fields).verify_slice(signature).is_ok()
}

fn mac(token: &SecretString, url: &str, fields: &BTreeSet<(&str, &str)>) -> Hmac<Sha1> {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(url.as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac
}

fn has_digest(url: &str, body: &[u8]) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let told = query.split('&').find_map(|part| part.strip_prefix(BODY_DIGEST));
    told.is_some_and(|told| told == hex(&Sha256::digest(body)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The address without its port or, where it has none, with the standard one.
fn other_port(url: &str) -> String {
    if let Some((host_end, port_end)) = port(url) {
        return format!("{}{}", &url[..host_end], &url[port_end..]);
    }
    let port = if url.starts_with("https:") { 443 } else { 80 };
    let end = authority_end(url);
    format!("{}:{port}{}", &url[..end], &url[end..])
}

/// Where the colon of the port stands and where the port ends.
fn port(url: &str) -> Option<(usize, usize)> {
    let end = authority_end(url);
    let colon = url[..end].rfind(':')?;
    let digits = &url[colon + 1..end];
    let is_port = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_port.then_some((colon, end))
}

fn authority_end(url: &str) -> usize {
    let start = url.find("://").map_or(0, |at| at + "://".len());
    url[start..].find(['/', '?']).map_or(url.len(), |at| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const FIELDS: &str = "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309\
                          &To=%2B18005551212&Caller=%2B14158675309";
    const OWN_URL: &str = "https://bot.example.mx/webhooks/twilio";
    const OWN_FIELDS: &str = "Body=%C2%BFTienen+Versa+2019%3F+%C3%B1+%F0%9F%9A%97\
        &From=whatsapp%3A%2B5215512345678&To=whatsapp%3A%2B14155238886\
        &MessageSid=SM00000000000000000000000000000000&WaId=5215512345678&ProfileName=Jos%C3%A9\
        &NumMedia=0&ButtonText=";
    const JSON: &[u8] = br#"{"property": "value", "boolean": true}"#;
    const JSON_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=\
        0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
    const JSON_SIGNATURE: &str = "a9nBmqA0ju/hNViExpshrM61xv4=";

    fn token() -> SecretString {
        SecretString::from("12345")
    }

    fn form_fits(url: &str, fields: &str, signature: &str) -> bool {
        let form = Form::parse(fields.as_bytes()).unwrap();
        signed_by_any(&[token()], signature, url, SignedBody::Form(&form))
    }

    #[test]
    fn twilio_s_own_vectors() {
        let http = URL.replace("https", "http");
        let cases = [
            (URL.to_owned(), FIELDS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            (URL.to_owned(), FIELDS, "kvajT1Ptam85bY51eRf/AJRuM3w="),
            (URL.replace(".com", ".com:443"), FIELDS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            (URL.replace(".com", ".com:443"), FIELDS, "kvajT1Ptam85bY51eRf/AJRuM3w="),
            (http.clone(), FIELDS, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
            (http.replace(".com", ".com:80"), FIELDS, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
            (http.replace(".com", ".com:1234"), FIELDS, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
            (
                URL.to_owned(),
                "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=5678",
                "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
            ),
            (OWN_URL.to_owned(), OWN_FIELDS, "n9aCosom2J63+sJneL9sZqFZukU="),
            (OWN_URL.to_owned(), OWN_FIELDS, "lSlULHiGGu9Enyp25+kecJfO8tE="),
        ];
        for (url, fields, signature) in cases {
            assert!(form_fits(&url, fields, signature), "{url} {signature}");
        }
    }

    #[test]
    fn a_body_that_is_no_form_is_signed_by_its_digest() {
        let fits =
            |url, body| signed_by_any(&[token()], JSON_SIGNATURE, url, SignedBody::Raw(body));
        assert!(fits(JSON_URL, JSON));
        assert!(!fits(JSON_URL, b"{}"));
        assert!(!fits(URL, JSON));
    }

    #[test]
    fn anything_changed_no_longer_fits() {
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(!form_fits(&URL.replace("foo=1", "foo=2"), FIELDS, signature));
        assert!(!form_fits(URL, &FIELDS.replace("1234", "1235"), signature));
        assert!(!form_fits(URL, FIELDS, "RSOYDt4T1cUTdK1PDd93/VVr8B9="));
        assert!(!form_fits(URL, FIELDS, "no base64"));
        assert!(!form_fits(URL, FIELDS, ""));
    }

    #[test]
    fn either_token_fits_while_one_is_rotated() {
        let form = Form::parse(FIELDS.as_bytes()).unwrap();
        let fits = |tokens: &[&str]| {
            let tokens: Vec<SecretString> =
                tokens.iter().map(|&token| SecretString::from(token)).collect();
            let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
            signed_by_any(&tokens, signature, URL, SignedBody::Form(&form))
        };
        assert!(fits(&["12345", "other"]));
        assert!(fits(&["other", "12345"]));
        assert!(!fits(&["other"]));
        assert!(!fits(&[]));
    }

    #[test]
    fn ports_are_found_in_the_authority_only() {
        assert_eq!(other_port("http://[::1]:8000/a:1?b:2"), "http://[::1]/a:1?b:2");
        assert_eq!(other_port("http://[::1]/a"), "http://[::1]:80/a");
        assert_eq!(other_port("https://bot.mx?q=1"), "https://bot.mx:443?q=1");
        assert_eq!(other_port("http://bot.mx"), "http://bot.mx:80");
    }
}
