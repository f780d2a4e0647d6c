//! A JSON object in, one field at a time out; and its schema, from the same fields.

use axum::body::Body;
use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::body;
use super::problem::Problem;
use crate::message::{MAX_ID_BYTES, MessageId};

/// A field that a request may have.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// What it is.
    pub(super) about: &'static str,
    /// Whether it must be there.
    pub(super) required: bool,
    /// Whether it is an id, which is not blank and of [`MAX_ID_BYTES`] at most.
    pub(super) is_id: bool,
}

/// Anything but blanks. Regular expressions take U+0085 for a letter.
pub(super) const NOT_BLANK: &str = r"[^\s\u0085]";

/// Who writes to `/chat`.
pub(super) const USER_ID: Field = Field {
    name: "user_id",
    about: "Who writes, as the caller knows them. Another id is another user.",
    required: true,
    is_id: true,
};

/// What was written.
pub(super) const MESSAGE: Field = Field {
    name: "message",
    about: "What was written, or the id of the choice that was tapped. It may be empty.",
    required: true,
    is_id: false,
};

/// The name of the message.
pub(super) const MESSAGE_ID: Field = Field {
    name: "message_id",
    about: "The same id again gets the same answer and changes nothing.",
    required: false,
    is_id: true,
};

/// The fields of a request; those that nobody asks for do not matter.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a body of at most `limit` bytes that says that it is JSON and is.
    ///
    /// The type is insisted on: a foreign page can make a browser post anything else here, but
    /// JSON only with a permission that this server never gives.
    pub(super) async fn read(
        headers: &HeaderMap,
        body: Body,
        limit: usize,
    ) -> Result<Self, Problem> {
        if body::media_type(headers) != "application/json" {
            return Err(Problem::UnsupportedMediaType { expected: "application/json" });
        }
        let bytes = body::read(body, limit).await?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Problem::BadUtf8)?;
        serde_json::from_str(text).map(Self).map_err(|error| Problem::BadJson(error.to_string()))
    }

    /// A text that must be there, blank or not.
    pub(super) fn text(&mut self, field: &Field) -> Result<String, Problem> {
        let missing = || Problem::BadField { name: field.name, expected: "is missing".to_owned() };
        self.optional_text(field)?.ok_or_else(missing)
    }

    /// An id that may be missing or null.
    pub(super) fn id(&mut self, field: &Field) -> Result<Option<MessageId>, Problem> {
        let id = self.optional_text(field)?.map(|id| id.parse::<MessageId>()).transpose();
        id.map_err(|error| Problem::BadField { name: field.name, expected: error.to_string() })
    }

    fn optional_text(&mut self, field: &Field) -> Result<Option<String>, Problem> {
        match self.0.get_mut(field.name).map(Value::take) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => {
                Err(Problem::BadField { name: field.name, expected: "must be text".to_owned() })
            }
        }
    }
}

/// The schema of an object with these fields.
pub(super) fn schema(fields: &[Field]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), field.schema())).collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

impl Field {
    fn schema(&self) -> Value {
        let kind = if self.required { json!("string") } else { json!(["string", "null"]) };
        let mut schema = json!({"type": kind, "description": self.about});
        if self.is_id {
            schema["minLength"] = 1.into();
            schema["maxLength"] = MAX_ID_BYTES.into();
            schema["pattern"] = NOT_BLANK.into();
        }
        schema
    }
}
