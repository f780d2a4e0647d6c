//! The page's user: an id of our making, signed, so that nobody can pick another's.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

const NAME: &str = "kavak_chat";
const KEY_BYTES: usize = 32;
const ID_BYTES: usize = 16;

/// What the page's cookies are signed with. Whoever changes it makes every open page a new user.
#[derive(Clone)]
pub struct CookieKey(Arc<SecretBox<[u8; KEY_BYTES]>>);

/// A key that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CookieKeyError {
    /// The file cannot be read or written.
    #[error("the cookie key cannot be read or written: {0}")]
    File(#[from] io::Error),
    /// The file holds something else.
    #[error("the cookie key must have {KEY_BYTES} bytes; without the file a new one is made")]
    Length,
    /// The system gives no random bytes.
    #[error("no randomness for the cookie key")]
    Randomness,
}

impl CookieKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Arc::new(SecretBox::new(Box::new(bytes))))
    }

    /// The key in a file, made there at the first start: open pages go on after a restart. Only
    /// the file's owner may read it.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or written or holds no key, or a system without randomness.
    pub fn load_or_create(path: &Path) -> Result<Self, CookieKeyError> {
        match fs::read(path) {
            Ok(bytes) => bytes.try_into().map(Self::new).map_err(|_| CookieKeyError::Length),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let bytes = random::<KEY_BYTES>().ok_or(CookieKeyError::Randomness)?;
                let mut file =
                    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                Ok(Self::new(bytes))
            }
            Err(error) => Err(error.into()),
        }
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
        Hmac::<Sha256>::new_from_slice(self.0.expose_secret())
            .expect("HMAC takes a key of any length")
            .chain_update(id)
    }
}

/// An id that nobody had before and nobody can guess; none where the system gives no randomness.
pub(super) fn new_id() -> Option<String> {
    random::<ID_BYTES>().map(|bytes| BASE64.encode(bytes))
}

#[expect(clippy::disallowed_methods, reason = "the named edge where keys and users are drawn")]
fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use axum::http::HeaderValue;

    use super::*;

    const AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

    fn sent(cookies: &[&str]) -> HeaderMap {
        let values = cookies.iter().map(|value| HeaderValue::from_str(value).unwrap());
        values.map(|value| (COOKIE, value)).collect()
    }

    fn pair(set_cookie: &str) -> &str {
        set_cookie.split(';').next().unwrap()
    }

    #[test]
    fn a_cookie_names_its_user() {
        let key = CookieKey::new([7; KEY_BYTES]);
        let set = key.set("u1", AGE, false);
        assert!(set.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"), "{set}");
        assert!(key.set("u1", AGE, true).ends_with("; Secure"));
        assert_eq!(key.user(&sent(&["a=b", &format!("c=d; {}", pair(&set))])), Some("u1"));
    }

    #[test]
    fn a_cookie_of_other_make_names_nobody() {
        let key = CookieKey::new([7; KEY_BYTES]);
        let other = CookieKey::new([8; KEY_BYTES]).set("u1", AGE, false);
        let moved = key.set("u1", AGE, false).replace("u1.", "u2.");
        for cookie in [pair(&other), pair(&moved), "kavak_chat=u1", "kavak_chat=u1.", "kavak_chat"]
        {
            assert_eq!(key.user(&sent(&[cookie])), None, "{cookie}");
        }
    }

    #[test]
    fn a_key_outlives_the_process_and_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cookie.key");
        let set = CookieKey::load_or_create(&path).unwrap().set("u1", AGE, false);
        let again = CookieKey::load_or_create(&path).unwrap();
        assert_eq!(again.user(&sent(&[pair(&set)])), Some("u1"));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "short").unwrap();
        assert!(matches!(CookieKey::load_or_create(&path), Err(CookieKeyError::Length)));
    }

    #[test]
    fn no_two_ids_are_the_same() {
        assert_ne!(new_id(), new_id());
    }
}
