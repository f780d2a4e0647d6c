//! Who wrote: one person, however Twilio spells the address.

use std::borrow::Cow;

/// The key of the user behind a `From` address.
///
/// A phone number becomes its digits; Mexican numbers from before 2019 carry a 1 after the country
/// code and the same phone may come without it, so `521` and ten digits is `52` and those ten.
/// Whatever else comes is a key as it is: WhatsApp users may hide their number behind an id.
pub(super) fn user_key(from: &str) -> Cow<'_, str> {
    let address = from.strip_prefix("whatsapp:").unwrap_or(from).trim();
    let digits = address.strip_prefix('+').unwrap_or(address);
    match digits.strip_prefix("521") {
        Some(national) if national.len() == 10 && is_number(national) => {
            format!("52{national}").into()
        }
        _ if is_number(digits) => digits.into(),
        _ => address.into(),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mexican_phone_is_one_user() {
        for from in ["whatsapp:+5215512345678", "whatsapp:+525512345678", "+525512345678"] {
            assert_eq!(user_key(from), "525512345678", "{from}");
        }
    }

    #[test]
    fn other_addresses_are_keys_as_they_are() {
        assert_eq!(user_key("whatsapp:+14155238886"), "14155238886");
        assert_eq!(user_key("whatsapp:+521551234567"), "521551234567");
        assert_eq!(user_key("whatsapp:MX.4566abc"), "MX.4566abc");
        assert_eq!(user_key("messenger:123"), "messenger:123");
        assert_eq!(user_key("whatsapp:"), "");
    }
}
