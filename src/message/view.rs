//! The session as it is shown.

use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// The session as `POST /chat` shows it: the JSON as it is sent and stored. Few look into it, and
/// those find it read once.
#[derive(Debug, Clone)]
pub struct View {
    json: Box<RawValue>,
    value: OnceLock<Value>,
}

impl View {
    /// What is shown.
    ///
    /// # Panics
    ///
    /// Where it is no JSON: a map with keys that are no text.
    #[must_use]
    pub fn of(shown: &impl Serialize) -> Self {
        to_raw_value(shown).expect("a view has text keys only").into()
    }

    /// The same to look into; null where a damaged store held what no JSON value is, such as a number
    /// beyond all bounds.
    #[must_use]
    pub fn value(&self) -> &Value {
        self.value.get_or_init(|| serde_json::from_str(self.json.get()).unwrap_or_default())
    }
}

impl From<Box<RawValue>> for View {
    fn from(json: Box<RawValue>) -> Self {
        Self { json, value: OnceLock::new() }
    }
}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        self.json.get() == other.json.get() || self.value() == other.value()
    }
}

impl Eq for View {}

impl Serialize for View {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for View {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_stored_as_it_is_and_read_as_json() {
        let view: View = serde_json::from_str(r#"{"car": "1",  "price":"2.00"}"#).unwrap();
        assert_eq!(serde_json::to_string(&view).unwrap(), r#"{"car": "1",  "price":"2.00"}"#);
        assert_eq!(view.value()["price"], "2.00");
        assert_eq!(view, View::of(&json!({"price": "2.00", "car": "1"})));
        assert_ne!(view, View::of(&json!({"price": "2.01", "car": "1"})));
        let damaged: View = serde_json::from_str("[1e999]").unwrap();
        assert!(damaged.value().is_null());
    }
}
