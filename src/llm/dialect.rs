//! How servers that call themselves OpenAI-compatible differ, and what is learnt of one by asking.
//!
//! A server that does not take a field says so with status 400 and the field's name. What it named
//! is left out or put otherwise from then on, so that the next call costs no second try.

use std::sync::{Mutex, PoisonError};

use crate::config::TokenField;

/// How one server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) token_field: TokenField,
    /// Whether it takes a JSON Schema for the answer; else the prompt alone asks for JSON.
    pub(super) takes_schema: bool,
    /// Whether it takes a temperature; some reasoning models do not.
    pub(super) takes_temperature: bool,
}

/// What is known of a server so far.
#[derive(Debug)]
pub(super) struct Known(Mutex<Dialect>);

impl Known {
    /// What is taken for granted before the first call.
    pub(super) fn new(token_field: TokenField) -> Self {
        Self(Mutex::new(Dialect { token_field, takes_schema: true, takes_temperature: true }))
    }

    pub(super) fn dialect(&self) -> Dialect {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns from a complaint about a request in dialect `used`. Whether there is something to
    /// say otherwise.
    pub(super) fn learn(&self, used: Dialect, complaint: &str) -> bool {
        let Some(better) = used.after(complaint) else { return false };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *known = better;
        true
    }
}

impl Dialect {
    /// The dialect that avoids what `complaint` is about; none where it is about nothing of it.
    fn after(self, complaint: &str) -> Option<Self> {
        let complaint = complaint.to_lowercase();
        let is_about = |words: &[&str]| words.iter().any(|word| complaint.contains(word));
        if self.takes_schema && is_about(&["response_format", "json_schema", "grammar", "schema"]) {
            Some(Self { takes_schema: false, ..self })
        } else if is_about(&[self.token_field.as_str()]) {
            Some(Self { token_field: other(self.token_field), ..self })
        } else if self.takes_temperature && is_about(&["temperature"]) {
            Some(Self { takes_temperature: false, ..self })
        } else {
            None
        }
    }
}

const fn other(field: TokenField) -> TokenField {
    match field {
        TokenField::MaxTokens => TokenField::MaxCompletionTokens,
        TokenField::MaxCompletionTokens => TokenField::MaxTokens,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt(complaint: &str) -> Option<Dialect> {
        let known = Known::new(TokenField::MaxTokens);
        known.learn(known.dialect(), complaint).then(|| known.dialect())
    }

    #[test]
    fn what_servers_say_is_understood() {
        // OpenAI, of a model that takes the newer field alone.
        let field = learnt(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
             'max_completion_tokens' instead.",
        );
        assert_eq!(field.map(|dialect| dialect.token_field), Some(TokenField::MaxCompletionTokens));
        // llama.cpp, https://github.com/ggml-org/llama.cpp/issues/11847.
        let schema = learnt("Either \"json_schema\" or \"grammar\" can be specified, but not both");
        assert_eq!(schema.map(|dialect| dialect.takes_schema), Some(false));
        let warm = learnt("Unsupported value: 'temperature' does not support 0 with this model.");
        assert_eq!(warm.map(|dialect| dialect.takes_temperature), Some(false));
        assert_eq!(learnt("context length exceeded"), None);
    }

    #[test]
    fn nothing_is_left_out_twice() {
        let known = Known::new(TokenField::MaxTokens);
        assert!(known.learn(known.dialect(), "temperature"));
        assert!(!known.learn(known.dialect(), "temperature"));
    }
}
