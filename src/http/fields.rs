//! A JSON object in, one field at a time out.

use axum::body::Body;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::body;
use super::problem::Problem;
use crate::message::MessageId;

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
    pub(super) fn text(&mut self, name: &'static str) -> Result<String, Problem> {
        self.optional_text(name)?
            .ok_or_else(|| Problem::BadField { name, expected: "is missing".to_owned() })
    }

    /// A text that may be missing or null.
    pub(super) fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        match self.0.get_mut(name).map(Value::take) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::BadField { name, expected: "must be text".to_owned() }),
        }
    }

    /// `message_id`, which chat and page share.
    pub(super) fn message_id(&mut self) -> Result<Option<MessageId>, Problem> {
        let name = "message_id";
        let id = self.optional_text(name)?.map(|id| id.parse::<MessageId>()).transpose();
        id.map_err(|error| Problem::BadField { name, expected: error.to_string() })
    }
}
