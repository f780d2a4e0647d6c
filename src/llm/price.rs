//! What a call costs, in billionths of a dollar: a dollar for a million tokens is 1,000 of them for
//! one token, so that whole numbers are enough.

use super::{Called, Prompt, Usage};

/// Bytes of a token, at the least, as counted where a server does not say: Spanish has about four.
const BYTES_PER_TOKEN: usize = 2;

/// Tokens that a server adds for roles and schema, at most.
const FRAME_TOKENS: u64 = 200;

/// A price for one token, in billionths of a dollar; as thousandths of a dollar it is the price of
/// a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(pub u64);

/// What a model's tokens cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// A token that the model reads.
    pub input: Price,
    /// A token that it writes.
    pub output: Price,
}

impl Prices {
    /// The cost of a call that took `usage`, in billionths of a dollar.
    #[must_use]
    pub const fn cost(&self, usage: Usage) -> u64 {
        let input = usage.input.saturating_mul(self.input.0);
        input.saturating_add(usage.output.saturating_mul(self.output.0))
    }

    /// What `call` cost, as far as is known, where a try of it cost `most` at the most as it was
    /// booked; never too little. `usage` is what the server says.
    pub fn spent<T>(
        &self,
        call: &Called<T>,
        most: u64,
        usage: impl Fn(&T) -> Option<Usage>,
    ) -> u64 {
        let last = match &call.outcome {
            Ok(answer) => usage(answer).map_or(most, |usage| self.cost(usage)),
            Err(failure) if failure.may_cost() => most,
            Err(_) => 0,
        };
        last.saturating_add(most.saturating_mul(call.lost.into()))
    }

    /// The most that a call with `prompt` can cost.
    #[must_use]
    pub fn most(&self, prompt: &Prompt) -> u64 {
        let schema = prompt.schema.to_string().len();
        let Prompt { system, context, question, max_tokens, .. } = prompt;
        let bytes = system.len() + context.len() + question.len() + schema;
        let input = tokens(bytes) + FRAME_TOKENS;
        self.cost(Usage { input, output: (*max_tokens).into() })
    }

    /// The most that vectors of `texts` can cost.
    #[must_use]
    pub fn most_for_texts(&self, texts: &[String]) -> u64 {
        let input = tokens(texts.iter().map(String::len).sum());
        self.cost(Usage { input, output: 0 })
    }
}

fn tokens(bytes: usize) -> u64 {
    u64::try_from(bytes.div_ceil(BYTES_PER_TOKEN)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::llm::Failure;

    #[test]
    fn what_may_have_been_charged_is_spent_and_what_was_not_is_not() {
        let prices = Prices { input: Price(1), output: Price(1) };
        let spent = |outcome, lost| prices.spent(&Called { outcome, lost }, 100, |usage| *usage);
        let said = |input| Ok(Some(Usage { input, output: 0 }));
        let busy = |status| Err(Failure::Busy { status, retry_after: None });
        assert_eq!(spent(said(70), 0), 70);
        assert_eq!(spent(said(130), 0), 130, "also what is over the most that was thought of");
        assert_eq!(spent(said(70), 1), 170);
        assert_eq!(spent(Ok(None), 0), 100);
        for status in [500, 502, 503, 504] {
            assert_eq!(spent(busy(status), 1), 200, "{status}");
        }
        assert_eq!(spent(busy(429), 0), 0);
        assert_eq!(spent(busy(429), 1), 100);
        assert_eq!(spent(Err(Failure::Late), 0), 100);
        assert_eq!(spent(Err(Failure::Broken("reset".into())), 0), 100);
        assert_eq!(spent(Err(Failure::Unreachable("refused".into())), 0), 0);
    }

    #[test]
    fn a_thousand_tokens_cost_their_thousandth_of_a_million() {
        let prices = Prices { input: Price(150), output: Price(600) };
        // 0.00015 dollars and 0.00006 dollars.
        assert_eq!(prices.cost(Usage { input: 1_000, output: 100 }), 210_000);
    }

    #[test]
    fn what_is_booked_is_more_than_what_it_will_be() {
        let prices = Prices { input: Price(1), output: Price(0) };
        let prompt = Prompt {
            system: "¿qué garantía dan?".into(),
            context: String::new(),
            question: String::new(),
            schema: Value::Null,
            max_tokens: 1,
        };
        // A tokenizer of any kind makes about six of it.
        assert!(prices.most(&prompt) > 12);
    }
}
