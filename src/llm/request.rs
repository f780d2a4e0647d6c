//! What goes out: the bodies of Chat Completions and of Embeddings.

use serde_json::{Map, Value, json};

use super::Prompt;
use super::dialect::Dialect;

/// The name of the answer's schema; letters, digits, `_` and `-`.
const SCHEMA_NAME: &str = "answer";

/// The body that asks `model` for a completion of `prompt`.
pub(super) fn completion(model: &str, prompt: &Prompt, dialect: Dialect) -> Value {
    let Prompt { system, context, question, schema, max_tokens } = prompt;
    let mut body = Map::new();
    body.insert("model".to_owned(), model.into());
    body.insert(
        "messages".to_owned(),
        json!([
            {"role": "system", "content": system},
            {"role": "user", "content": format!("{context}\n\n{question}")},
        ]),
    );
    if dialect.takes_temperature {
        body.insert("temperature".to_owned(), 0.into());
    }
    body.insert(dialect.token_field.as_str().to_owned(), (*max_tokens).into());
    if dialect.takes_schema {
        let schema = json!({"name": SCHEMA_NAME, "strict": true, "schema": schema});
        body.insert(
            "response_format".to_owned(),
            json!({"type": "json_schema", "json_schema": schema}),
        );
    }
    Value::Object(body)
}

/// The body that asks `model` for vectors of `texts`.
pub(super) fn embeddings(model: &str, texts: &[String]) -> Value {
    json!({"model": model, "input": texts, "encoding_format": "float"})
}
