//! The `GET` with which Meta asks whether a webhook's address is ours. Source:
//! <https://support.chatarchitect.com/books/meta-whatsapp/page/create-a-webhook-endpoint-developer-documentation>.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::channel::Form;

/// Bytes of a challenge that are given back. Meta's are short numbers; the limit is ours.
pub const MAX_CHALLENGE_BYTES: usize = 256;

/// A handshake that is not answered: the door says 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// It asks for something else than a subscription.
    #[error("hub.mode must be `subscribe`")]
    Mode,
    /// Not our token, or none.
    #[error("hub.verify_token is missing or does not fit")]
    Token,
    /// Nothing to give back, or something that is not given back.
    #[error(
        "hub.challenge must be letters, digits, `-`, `_` or `.`, {MAX_CHALLENGE_BYTES} at most"
    )]
    Challenge,
}

/// The challenge in the query of a handshake, to be answered as plain text with 200.
///
/// # Errors
///
/// Another mode, a token that is not `verify_token`, or a challenge that is empty, too long or not
/// of characters that mean nothing in any format: a stranger's text is not echoed as it is.
pub fn challenge<'q>(
    query: &'q Form,
    verify_token: &SecretString,
) -> Result<&'q str, HandshakeError> {
    if query.get("hub.mode") != Some("subscribe") {
        return Err(HandshakeError::Mode);
    }
    let given = query.get("hub.verify_token").ok_or(HandshakeError::Token)?;
    let is_ours = verify_token.expose_secret().as_bytes().ct_eq(given.as_bytes());
    if !bool::from(is_ours) {
        return Err(HandshakeError::Token);
    }
    let challenge = query.get("hub.challenge").unwrap_or_default();
    if is_plain(challenge) { Ok(challenge) } else { Err(HandshakeError::Challenge) }
}

fn is_plain(challenge: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=MAX_CHALLENGE_BYTES).contains(&challenge.len()) && challenge.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(query: &str) -> Result<String, HandshakeError> {
        let query = Form::parse(query.as_bytes()).unwrap();
        challenge(&query, &SecretString::from("mi token")).map(str::to_owned)
    }

    #[test]
    fn the_challenge_is_given_back() {
        let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=mi+token";
        assert_eq!(answer(query), Ok("1158201444".to_owned()));
        let escaped = "hub%2Emode=subscribe&hub.verify_token=mi%20token&hub.challenge=a-b_c.9";
        assert_eq!(answer(escaped), Ok("a-b_c.9".to_owned()));
    }

    #[test]
    fn a_stranger_gets_nothing_back() {
        let cases = [
            ("", HandshakeError::Mode),
            ("hub.mode=unsubscribe&hub.verify_token=mi+token", HandshakeError::Mode),
            ("hub.mode=subscribe&hub.challenge=1", HandshakeError::Token),
            ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", HandshakeError::Token),
            ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=mi+toke", HandshakeError::Token),
            ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=MI+TOKEN", HandshakeError::Token),
        ];
        for (query, error) in cases {
            assert_eq!(answer(query), Err(error), "{query}");
        }
    }

    #[test]
    fn a_challenge_that_could_mean_something_is_not_echoed() {
        let long = "1".repeat(MAX_CHALLENGE_BYTES + 1);
        for challenge in ["", "%3Cscript%3E", "a+b", "a%0D%0Ab", "%C3%B1", &long] {
            let query =
                format!("hub.mode=subscribe&hub.verify_token=mi+token&hub.challenge={challenge}");
            assert_eq!(answer(&query), Err(HandshakeError::Challenge), "{challenge}");
        }
    }

    proptest! {
        #[test]
        fn only_the_token_opens(given in prop_oneof![Just("mi+token".to_owned()), "[a-z+]{0,12}"]) {
            let query = format!("hub.mode=subscribe&hub.verify_token={given}&hub.challenge=1");
            prop_assert_eq!(answer(&query).is_ok(), given == "mi+token");
        }
    }
}
