//! What a model's server answers.

use serde_json::json;

use crate::wire::{Behaviour, Fake, ok};

/// A server that answers every request with a completion of these words.
pub(crate) async fn saying(content: &str) -> Fake {
    Fake::start(vec![Behaviour::Says(ok(&completion(content)))]).await
}

/// Where the server takes calls, as a setting has it.
pub(crate) fn base_url(fake: &Fake) -> String {
    format!("{}/v1", fake.url())
}

/// The body of a completion with these words.
pub(crate) fn completion(content: &str) -> String {
    let message = json!({"role": "assistant", "content": content});
    json!({
        "id": "c1",
        "object": "chat.completion",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960},
    })
    .to_string()
}

/// The words of an answer as the schema wants them.
pub(crate) fn answer(text: &str, passages: &[&str]) -> String {
    json!({"answer": text, "passages": passages, "answerable": true}).to_string()
}
