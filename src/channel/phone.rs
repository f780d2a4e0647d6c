//! One phone, one key, whichever channel spells it.

use std::borrow::Cow;

/// The key of the user behind a phone number, with or without its `+`: the digits. Nothing where
/// the text is no phone number.
///
/// Mexican ids from before 2019 carry a 1 after the country code and the same phone may come
/// without it, so `521` and ten digits is `52` and those ten. Source:
/// <https://help.zoho.com/portal/en/kb/marketing-automation-2-0/faqs/marketing-campaigns/whatsapp/articles/what-is-the-reason-for-inconsistencies-in-mobile-numbers-and-their-whatsapp-ids-in-brazil-and-mexico>.
/// It is a key only: a reply goes to the number exactly as it came.
pub(super) fn phone_key(number: &str) -> Option<Cow<'_, str>> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match digits.strip_prefix("521") {
        Some(national) if national.len() == 10 => format!("52{national}").into(),
        _ => digits.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mexican_phone_is_one_key() {
        for number in ["+5215512345678", "5215512345678", "525512345678", "+525512345678"] {
            assert_eq!(phone_key(number).as_deref(), Some("525512345678"), "{number}");
        }
    }

    #[test]
    fn foreign_numbers_and_other_lengths_stay_as_they_are() {
        for number in ["14155238886", "521551234567", "52155123456789", "5491123456789"] {
            assert_eq!(phone_key(number).as_deref(), Some(number));
        }
    }

    #[test]
    fn what_is_no_number_has_no_key() {
        for text in ["", "+", "++52", "52 55", "MX.4566", "messenger:123", "５２"] {
            assert_eq!(phone_key(text), None, "{text}");
        }
    }
}
