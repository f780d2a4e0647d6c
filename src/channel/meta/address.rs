//! Where a reply goes, and whose it is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::channel::phone::phone_key;

/// The address of a customer, exactly as it was received: the number that Meta sends to is not
/// always the one that a key is made of (the 1 after a Mexican country code).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// A phone number, sent to in `to`.
    Phone(String),
    /// A business-scoped user id (`MX.` and up to 128 letters and digits) of somebody who hides
    /// their number, sent to in `recipient`. An id in `to` is answered with 200 and silently lost,
    /// for its digits are taken for a phone: <https://github.com/chatwoot/chatwoot/pull/15150>.
    ///
    /// That `recipient` is the field is what Meta's own page and those who build on it say; it was
    /// not tried here:
    /// <https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids>.
    Scoped(String),
}

impl Address {
    /// The address behind what a webhook says; nothing behind blanks. Meta sends empty fields for a
    /// hidden number as well as none.
    pub(super) fn of(id: &str) -> Option<Self> {
        match id {
            _ if id.trim().is_empty() => None,
            _ if phone_key(id).is_some() => Some(Self::Phone(id.to_owned())),
            _ => Some(Self::Scoped(id.to_owned())),
        }
    }

    /// The key of the user: a phone's digits, or the id as it is.
    #[must_use]
    pub fn user_key(&self) -> Cow<'_, str> {
        match self {
            Self::Phone(number) => phone_key(number).unwrap_or_else(|| number.into()),
            Self::Scoped(id) => id.into(),
        }
    }

    /// The field of an outgoing message and its value.
    pub(super) fn field(&self) -> (&'static str, &str) {
        match self {
            Self::Phone(number) => ("to", number),
            Self::Scoped(id) => ("recipient", id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_kept_as_it_came_and_keyed_by_its_digits() {
        let address = Address::of("5215512345678").unwrap();
        assert_eq!(address, Address::Phone("5215512345678".to_owned()));
        assert_eq!(address.user_key(), "525512345678");
        assert_eq!(address.field(), ("to", "5215512345678"));
    }

    #[test]
    fn a_hidden_phone_is_keyed_by_its_id() {
        for id in ["MX.13491208655302741918", "US.ENT.11815799212886844830", "user.93737"] {
            let address = Address::of(id).unwrap();
            assert_eq!(address, Address::Scoped(id.to_owned()));
            assert_eq!(address.user_key(), id);
            assert_eq!(address.field(), ("recipient", id));
        }
    }

    #[test]
    fn blanks_are_nobody() {
        assert_eq!(Address::of(""), None);
        assert_eq!(Address::of(" "), None);
    }

    #[test]
    fn an_address_survives_storage() {
        let address = Address::Scoped("MX.1".to_owned());
        let stored = serde_json::to_string(&address).unwrap();
        assert_eq!(stored, r#"{"scoped":"MX.1"}"#);
        assert_eq!(serde_json::from_str::<Address>(&stored).unwrap(), address);
    }
}
