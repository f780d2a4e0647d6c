//! Who wrote: one person, however Twilio spells the address.

use std::borrow::Cow;

use crate::channel::phone::phone_key;

/// The key of the user behind a `From` address.
///
/// Whatever is no phone number is a key as it is: WhatsApp users may hide theirs behind an id.
pub(super) fn user_key(from: &str) -> Cow<'_, str> {
    let address = from.strip_prefix("whatsapp:").unwrap_or(from).trim();
    phone_key(address).unwrap_or_else(|| address.into())
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
        assert_eq!(user_key("whatsapp:MX.4566abc"), "MX.4566abc");
        assert_eq!(user_key("messenger:123"), "messenger:123");
        assert_eq!(user_key("whatsapp:"), "");
    }
}
