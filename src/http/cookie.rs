//! The page's user: an id of our making, signed, so that nobody can pick another's.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use sha2::Sha256;

use super::key::{Key, random};

/// The name of the cookie.
pub(super) const NAME: &str = "kavak_chat";
const ID_BYTES: usize = 16;

/// What the page's cookies are signed with. Whoever changes it makes every open page a new user.
#[derive(Clone)]
pub struct CookieKey(Arc<Key>);

impl CookieKey {
    /// Cookies signed with `key`.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self(Arc::new(key))
    }

    /// The user that a request's cookie names, if we signed it.
    pub(super) fn user<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
        let mut cookies = cookies.flat_map(|header| header.split(';'));
        cookies.find_map(|cookie| {
            let (name, value) = cookie.trim().split_once('=')?;
            let (id, signature) = value.split_once('.').filter(|_| name == NAME)?;
            let signature = BASE64.decode(signature).ok()?;
            // Compares in constant time.
            self.mac(id).verify_slice(&signature).is_ok().then_some(id)
        })
    }

    /// The value of a `Set-Cookie` header that names `id` for as long as `age`.
    pub(super) fn set(&self, id: &str, age: SignedDuration, secure: bool) -> String {
        let signature = BASE64.encode(self.mac(id).finalize().into_bytes());
        let age = age.as_secs();
        let secure = if secure { "; Secure" } else { "" };
        format!("{NAME}={id}.{signature}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}")
    }

    fn mac(&self, id: &str) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(self.0.expose())
            .expect("HMAC takes a key of any length")
            .chain_update(id)
    }
}

/// An id that nobody had before and nobody can guess; none where the system gives no randomness.
pub(super) fn new_id() -> Option<String> {
    random::<ID_BYTES>().map(|bytes| BASE64.encode(bytes))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

    fn cookies(byte: u8) -> CookieKey {
        CookieKey::new(Key::new([byte; 32]))
    }

    fn sent(cookies: &[&str]) -> HeaderMap {
        let values = cookies.iter().map(|value| HeaderValue::from_str(value).unwrap());
        values.map(|value| (COOKIE, value)).collect()
    }

    fn pair(set_cookie: &str) -> &str {
        set_cookie.split(';').next().unwrap()
    }

    #[test]
    fn a_cookie_names_its_user() {
        let key = cookies(7);
        let set = key.set("u1", AGE, false);
        assert!(set.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"), "{set}");
        assert!(key.set("u1", AGE, true).ends_with("; Secure"));
        assert_eq!(key.user(&sent(&["a=b", &format!("c=d; {}", pair(&set))])), Some("u1"));
    }

    #[test]
    fn a_cookie_of_other_make_names_nobody() {
        let key = cookies(7);
        let other = cookies(8).set("u1", AGE, false);
        let moved = key.set("u1", AGE, false).replace("u1.", "u2.");
        for cookie in [pair(&other), pair(&moved), "kavak_chat=u1", "kavak_chat=u1.", "kavak_chat"]
        {
            assert_eq!(key.user(&sent(&[cookie])), None, "{cookie}");
        }
    }

    #[test]
    fn no_two_ids_are_the_same() {
        assert_ne!(new_id(), new_id());
    }
}
