//! One method of one path, as the document says it.

use serde_json::{Map, Value, json};

/// What is said of one method of one path.
pub(super) struct Operation(Map<String, Value>);

impl Operation {
    /// The method called `id`, filed under `tag`.
    pub(super) fn new(tag: &str, id: &str, summary: &str, about: &str) -> Self {
        let value = json!({
            "tags": [tag],
            "operationId": id,
            "summary": summary,
            "description": about,
            "responses": {},
        });
        let Value::Object(value) = value else { unreachable!("it is an object") };
        Self(value)
    }

    /// It asks for this secret, once the server is exposed or where one is set.
    pub(super) fn may_ask_for(self, scheme: &str) -> Self {
        self.with("security", json!([{}, {scheme: []}]))
    }

    /// It always asks for this secret.
    pub(super) fn asks_for(self, scheme: &str) -> Self {
        self.with("security", json!([{scheme: []}]))
    }

    /// It takes these parameters.
    pub(super) fn parameters(self, parameters: Value) -> Self {
        self.with("parameters", parameters)
    }

    /// It needs a body.
    pub(super) fn takes(self, media: &str, schema: Value, example: Value) -> Self {
        self.body(true, media, schema, example)
    }

    /// It takes a body, and does without.
    pub(super) fn may_take(self, media: &str, schema: Value, example: Value) -> Self {
        self.body(false, media, schema, example)
    }

    fn body(self, required: bool, media: &str, schema: Value, example: Value) -> Self {
        let content = object([(media, object([("schema", schema), ("example", example)]))]);
        self.with("requestBody", object([("required", required.into()), ("content", content)]))
    }

    /// It answers so.
    pub(super) fn answers(self, status: u16, about: &str, media: &str, schema: Value) -> Self {
        let content = object([(media, object([("schema", schema)]))]);
        self.responds(status, object([("description", about.into()), ("content", content)]))
    }

    /// It answers so, without a body.
    pub(super) fn answers_bare(self, status: u16, about: &str) -> Self {
        self.responds(status, json!({"description": about}))
    }

    /// It refuses with these.
    pub(super) fn refuses(self, statuses: &[u16]) -> Self {
        statuses.iter().fold(self, |operation, status| {
            let reference = format!("#/components/responses/{status}");
            operation.responds(*status, json!({"$ref": reference}))
        })
    }

    fn responds(mut self, status: u16, response: Value) -> Self {
        self.0["responses"][status.to_string()] = response;
        self
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        self.0.insert(key.to_owned(), value);
        self
    }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

impl From<Operation> for Value {
    fn from(operation: Operation) -> Self {
        Self::Object(operation.0)
    }
}
