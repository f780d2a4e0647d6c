//! What comes back: answers, vectors and complaints, read leniently where servers differ.

use serde::Deserialize;

use super::{Completion, Embedded, Failure, Usage};

/// Characters of a server's own word for a failure that are kept.
const MAX_CODE: usize = 64;

/// What the server says of a request it did not take.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    /// Its machine-readable word: `insufficient_quota`.
    pub(super) code: String,
    /// Its sentence, which may quote the request: never for a log.
    pub(super) message: String,
}

impl Complaint {
    /// The complaint in the body of an answer; empty where there is none.
    pub(super) fn read(body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Body {
            error: Error,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Error {
            Object {
                #[serde(default)]
                code: serde_json::Value,
                #[serde(default, rename = "type")]
                kind: serde_json::Value,
                #[serde(default)]
                message: String,
            },
            Text(String),
        }
        let Ok(Body { error }) = serde_json::from_slice(body) else { return Self::default() };
        match error {
            Error::Text(message) => Self { code: String::new(), message },
            Error::Object { code, kind, message } => {
                let code = [code, kind].iter().find_map(word).unwrap_or_default();
                Self { code, message }
            }
        }
    }
}

/// A value that is one word of letters, digits and `_`: what else a server may write there could
/// quote the request.
fn word(value: &serde_json::Value) -> Option<String> {
    let text = match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!text.is_empty() && text.len() <= MAX_CODE && text.chars().all(is_word)).then_some(text)
}

#[derive(Deserialize)]
struct Tokens {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl From<Tokens> for Usage {
    fn from(Tokens { prompt_tokens, completion_tokens }: Tokens) -> Self {
        Self { input: prompt_tokens, output: completion_tokens }
    }
}

/// The completion in the body of an answer with status 200.
pub(super) fn completion(body: &[u8]) -> Result<Completion, Failure> {
    #[derive(Deserialize)]
    struct Body {
        choices: Vec<Choice>,
        #[serde(default)]
        usage: Option<Tokens>,
    }
    #[derive(Deserialize)]
    struct Choice {
        message: Message,
        #[serde(default)]
        finish_reason: Option<String>,
    }
    #[derive(Deserialize)]
    struct Message {
        #[serde(default)]
        content: Option<String>,
        #[serde(default)]
        refusal: Option<String>,
    }
    let body: Body =
        serde_json::from_slice(body).map_err(|_| Failure::Unreadable("it is no completion"))?;
    let choice = body.choices.into_iter().next();
    let Choice { message, finish_reason } =
        choice.ok_or(Failure::Unreadable("it has no choice"))?;
    if message.refusal.is_some_and(|refusal| !refusal.is_empty()) {
        return Err(Failure::Refused);
    }
    match finish_reason.as_deref() {
        Some("length") => return Err(Failure::CutOff),
        Some("content_filter") => return Err(Failure::Refused),
        _ => {}
    }
    let content = message.content.filter(|content| !content.trim().is_empty());
    let content = content.ok_or(Failure::Unreadable("it has no words"))?;
    Ok(Completion { content, usage: body.usage.map(Usage::from) })
}

/// The vectors of `count` texts in the body of an answer with status 200.
pub(super) fn embeddings(body: &[u8], count: usize) -> Result<Embedded, Failure> {
    #[derive(Deserialize)]
    struct Body {
        data: Vec<Item>,
        #[serde(default)]
        usage: Option<Tokens>,
    }
    #[derive(Deserialize)]
    struct Item {
        #[serde(default)]
        index: Option<usize>,
        embedding: Vec<f32>,
    }
    let body: Body =
        serde_json::from_slice(body).map_err(|_| Failure::Unreadable("it has no vectors"))?;
    let mut vectors = vec![Vec::new(); count];
    for (place, item) in body.data.into_iter().enumerate() {
        if let Some(vector) = vectors.get_mut(item.index.unwrap_or(place)) {
            *vector = item.embedding;
        }
    }
    let length = vectors.first().map_or(0, Vec::len);
    let is_vector =
        |vector: &Vec<f32>| vector.len() == length && vector.iter().all(|part| part.is_finite());
    if length == 0 || !vectors.iter().all(is_vector) {
        return Err(Failure::Unreadable("its vectors are not one for each text"));
    }
    Ok(Embedded { vectors, usage: body.usage.map(Usage::from) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_of_every_shape_are_read() {
        let openai =
            br#"{"error":{"message":"You exceeded","type":"x","code":"insufficient_quota"}}"#;
        assert_eq!(Complaint::read(openai).code, "insufficient_quota");
        let ollama =
            br#"{"error":{"message":"no","type":"not_found_error","param":null,"code":null}}"#;
        assert_eq!(Complaint::read(ollama).code, "not_found_error");
        let text = br#"{"error":"model not found"}"#;
        assert_eq!(Complaint::read(text).message, "model not found");
        let quoting = br#"{"error":{"code":"you wrote: 55 1234 5678","type":""}}"#;
        assert_eq!(Complaint::read(quoting).code, "");
        assert_eq!(Complaint::read(b"<html>"), Complaint::default());
    }

    #[test]
    fn a_completion_is_its_first_choice() {
        let body = br#"{"choices":[{"finish_reason":"stop","message":{"role":"assistant",
            "content":"hola","refusal":null}}],"usage":{"prompt_tokens":7,"completion_tokens":2}}"#;
        let usage = Some(Usage { input: 7, output: 2 });
        assert_eq!(completion(body), Ok(Completion { content: "hola".into(), usage }));
    }

    #[test]
    fn what_is_no_completion_says_why() {
        let reason = |body: &str| completion(body.as_bytes()).expect_err("no completion");
        let message = |fields: &str| format!(r#"{{"choices":[{{"message":{{{fields}}}}}]}}"#);
        assert_eq!(reason("[]"), Failure::Unreadable("it is no completion"));
        assert_eq!(reason(r#"{"choices":[]}"#), Failure::Unreadable("it has no choice"));
        assert_eq!(reason(&message(r#""content":" ""#)), Failure::Unreadable("it has no words"));
        assert_eq!(reason(&message(r#""content":null,"refusal":"No.""#)), Failure::Refused);
        let cut = r#"{"choices":[{"finish_reason":"length","message":{"content":"a"}}]}"#;
        assert_eq!(reason(cut), Failure::CutOff);
    }

    #[test]
    fn vectors_come_in_the_order_of_their_texts() {
        let body = br#"{"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2]}]}"#;
        let embedded = embeddings(body, 2).expect("two vectors");
        assert_eq!(embedded.vectors, [[1.0, 2.0], [3.0, 4.0]]);
        assert!(embeddings(body, 3).is_err());
        assert!(embeddings(br#"{"data":[{"embedding":[]}]}"#, 1).is_err());
        assert!(embeddings(br#"{"data":[{"embedding":[1]},{"embedding":[1,2]}]}"#, 2).is_err());
    }
}
