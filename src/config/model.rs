//! The settings of the language model: which server is asked, and how much it may cost.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use secrecy::SecretString;

use super::reader::Reader;
use super::{URL_EXPECTED, base_url};

/// The longest wait for a model, in seconds: a door gives up on a turn after ten.
const MAX_TIMEOUT_SECONDS: u8 = 8;

const DEFAULT_USER_DAILY_LIMIT: u64 = 20;
const DEFAULT_DAILY_LIMIT: u64 = 1_000;
const DEFAULT_MONTHLY_CAP: u64 = 10 * NANODOLLARS;

/// A dollar, in the unit of all costs here.
const NANODOLLARS: u64 = 1_000_000_000;

/// The likeness from which on a passage answers by its meaning alone.
const DEFAULT_EMBEDDING_FLOOR: f32 = 0.6;

/// `OPENAI_…`: which model is asked, and how much it may cost. Without a key none is.
#[derive(Debug)]
pub struct ModelSettings {
    /// `OPENAI_API_KEY`; a server that needs none takes any word.
    pub api_key: Option<SecretString>,
    /// `OPENAI_BASE_URL`, without a slash at its end; none is OpenAI's own.
    pub base_url: Option<String>,
    /// `OPENAI_MODEL`; none is the default.
    pub name: Option<String>,
    /// `OPENAI_EMBEDDING_MODEL`; none finds passages by their words alone.
    pub embedding_name: Option<String>,
    /// `OPENAI_EMBEDDING_FLOOR`: the likeness of meanings, from 0 to 1, from which on a passage
    /// answers a question that shares too few words with it.
    pub embedding_floor: f32,
    /// `OPENAI_TOKEN_FIELD`; none is what the server most likely takes.
    pub token_field: Option<TokenField>,
    /// `OPENAI_TIMEOUT_SECONDS`: the longest that a customer waits for a model.
    pub timeout_seconds: u8,
    /// `OPENAI_INPUT_PRICE`: billionths of a dollar for a token that the model reads.
    pub input_price: Option<u64>,
    /// `OPENAI_OUTPUT_PRICE`: billionths of a dollar for a token that the model writes.
    pub output_price: Option<u64>,
    /// `OPENAI_EMBEDDING_PRICE`: billionths of a dollar for a token that is embedded.
    pub embedding_price: Option<u64>,
    /// `OPENAI_USER_DAILY_LIMIT`: calls for one user on one day.
    pub user_daily_limit: u64,
    /// `OPENAI_DAILY_LIMIT`: calls for all users on one day.
    pub daily_limit: u64,
    /// `OPENAI_MONTHLY_CAP`: what the calls of one month may cost, in billionths of a dollar.
    pub monthly_cap: u64,
}

/// The field of a request that bounds the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenField {
    /// `max_tokens`: Ollama, llama.cpp and older servers; OpenAI's newer models refuse it.
    MaxTokens,
    /// `max_completion_tokens`: OpenAI.
    MaxCompletionTokens,
}

impl TokenField {
    /// The field's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MaxTokens => "max_tokens",
            Self::MaxCompletionTokens => "max_completion_tokens",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::MaxTokens, Self::MaxCompletionTokens]
            .into_iter()
            .find(|known| known.as_str() == name)
    }
}

impl ModelSettings {
    /// Reads them, with every complaint kept in `read`.
    pub(super) fn read<V: Fn(&str) -> Option<String>>(read: &mut Reader<V>) -> Self {
        let mut price = |name| read.parsed(name, PRICE_EXPECTED, price);
        let (input_price, output_price, embedding_price) = (
            price("OPENAI_INPUT_PRICE"),
            price("OPENAI_OUTPUT_PRICE"),
            price("OPENAI_EMBEDDING_PRICE"),
        );
        Self {
            api_key: read.secret("OPENAI_API_KEY"),
            base_url: read.parsed("OPENAI_BASE_URL", URL_EXPECTED, base_url),
            name: read.text("OPENAI_MODEL"),
            embedding_name: read.text("OPENAI_EMBEDDING_MODEL"),
            embedding_floor: read
                .parsed("OPENAI_EMBEDDING_FLOOR", "a number from 0 to 1, such as 0.6", |v| {
                    v.parse().ok().filter(|floor| (0.0..=1.0).contains(floor))
                })
                .unwrap_or(DEFAULT_EMBEDDING_FLOOR),
            token_field: read.parsed(
                "OPENAI_TOKEN_FIELD",
                "max_tokens or max_completion_tokens",
                TokenField::named,
            ),
            timeout_seconds: read
                .parsed("OPENAI_TIMEOUT_SECONDS", "whole seconds from 1 to 8", |v| {
                    v.parse().ok().filter(|seconds| (1..=MAX_TIMEOUT_SECONDS).contains(seconds))
                })
                .unwrap_or(MAX_TIMEOUT_SECONDS),
            input_price,
            output_price,
            embedding_price,
            user_daily_limit: read
                .parsed("OPENAI_USER_DAILY_LIMIT", LIMIT_EXPECTED, |v| v.parse().ok())
                .unwrap_or(DEFAULT_USER_DAILY_LIMIT),
            daily_limit: read
                .parsed("OPENAI_DAILY_LIMIT", LIMIT_EXPECTED, |v| v.parse().ok())
                .unwrap_or(DEFAULT_DAILY_LIMIT),
            monthly_cap: read
                .parsed("OPENAI_MONTHLY_CAP", "US dollars from 0 to 1000000, such as 10", |v| {
                    dollars(v, NANODOLLARS, 1_000_000)
                })
                .unwrap_or(DEFAULT_MONTHLY_CAP),
        }
    }
}

const PRICE_EXPECTED: &str =
    "US dollars for a million tokens, from 0 to 1000 with at most three decimals, such as 0.15";
const LIMIT_EXPECTED: &str = "a whole number of calls; 0 is none";

/// The price of one token, out of that of a million: a dollar for these is 1,000 billionths for
/// each.
fn price(value: &str) -> Option<u64> {
    dollars(value, 1_000, 1_000)
}

/// An amount of at most `most` dollars, exactly, in a unit of which a dollar has `units`.
fn dollars(value: &str, units: u64, most: u64) -> Option<u64> {
    let dollars: Decimal = value.parse().ok()?;
    let in_range = dollars >= Decimal::ZERO && dollars <= Decimal::from(most);
    let amount = Some(dollars).filter(|_| in_range)? * Decimal::from(units);
    amount.is_integer().then(|| amount.to_u64()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_exactly() {
        assert_eq!(price("0.15"), Some(150));
        assert_eq!(price("0"), Some(0));
        assert_eq!(price("1000"), Some(1_000_000));
        for wrong in ["-1", "0.0001", "1000.001", "cheap", "1e9", "79228162514264337593543950335"] {
            assert_eq!(price(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_cap_is_in_whole_billionths() {
        assert_eq!(dollars("12.50", NANODOLLARS, 100), Some(12_500_000_000));
        assert_eq!(dollars("101", NANODOLLARS, 100), None);
    }
}
