//! `X-Hub-Signature-256`: `sha256=` and the HMAC-SHA256 of the body as it came, in lower-case hex.
//!
//! The key is the app secret. The body is signed byte by byte, so it is checked before it is read:
//! what a JSON reader would write back is another text.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

const SCHEME: &[u8] = b"sha256=";

/// Bytes of a SHA-256 digest.
const DIGEST: usize = 32;

/// Whether `header` was made with the app secret for this body.
#[must_use]
pub fn is_signed(app_secret: &SecretString, header: &[u8], body: &[u8]) -> bool {
    let Some(signature) = header.strip_prefix(SCHEME).and_then(digest) else { return false };
    Hmac::<Sha256>::new_from_slice(app_secret.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length")
        .chain_update(body)
        // Compares in constant time.
        .verify_slice(&signature)
        .is_ok()
}

fn digest(hex: &[u8]) -> Option<[u8; DIGEST]> {
    if hex.len() != 2 * DIGEST {
        return None;
    }
    let mut bytes = [0; DIGEST];
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &[u8] = br#"{"object":"whatsapp_business_account","entry":[]}"#;
    const SIGNATURE: &str =
        "sha256=d3e4f9da0ce6c71ab3dba55929b8eeeee2455349e534924ead19f98d143e904f";

    fn fits(secret: &str, header: &str, body: &[u8]) -> bool {
        is_signed(&SecretString::from(secret), header.as_bytes(), body)
    }

    #[test]
    fn a_signed_body_fits() {
        assert!(fits("app-secret", SIGNATURE, BODY));
    }

    #[test]
    fn anything_changed_no_longer_fits() {
        assert!(!fits("app-secret2", SIGNATURE, BODY));
        assert!(!fits("", SIGNATURE, BODY));
        assert!(!fits("app-secret", SIGNATURE, br#"{"object":"whatsapp_business_account"}"#));
        assert!(!fits("app-secret", &SIGNATURE.replace("d3e4", "d3e5"), BODY));
    }

    #[test]
    fn a_header_of_another_form_is_refused() {
        let hex = &SIGNATURE["sha256=".len()..];
        for header in [
            String::new(),
            "sha256=".to_owned(),
            hex.to_owned(),
            format!("sha1={hex}"),
            format!("SHA256={hex}"),
            format!(" sha256={hex}"),
            format!("sha256={hex} "),
            format!("sha256={}", &hex[2..]),
            format!("sha256={hex}00"),
            format!("sha256={}", hex.to_uppercase()),
            format!("sha256={}zz", &hex[2..]),
        ] {
            assert!(!fits("app-secret", &header, BODY), "{header}");
        }
    }

    proptest! {
        #[test]
        fn no_header_breaks_it(header in any::<Vec<u8>>(), body in any::<Vec<u8>>()) {
            prop_assert!(!is_signed(&SecretString::from("app-secret"), &header, &body));
        }
    }
}
