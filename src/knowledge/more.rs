//! Questions that only ask for more of the answer before them: "cuéntame más", "¿algo más sobre
//! eso?".

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::spanish::{content, in_full};
use crate::text::{Text, expand, fold};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    asks: Vec<String>,
}

static PHRASES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let list: List = toml::from_str(include_str!("../../data/knowledge/more.toml"))
        .expect("a test reads the bundled list");
    list.asks
        .iter()
        .flat_map(|pattern| expand(&fold(pattern)))
        .map(|phrase| said(&phrase))
        .collect()
});

/// Whether that is all it asks.
pub fn asks_for_more(question: &str) -> bool {
    let said = said(question);
    !said.is_empty() && PHRASES.contains(&said)
}

/// The words that carry something, in full, one blank between them.
fn said(text: &str) -> String {
    let text = Text::new(text);
    let words: Vec<&str> =
        content(&text).into_iter().map(|at| text.tokens()[at].text.as_str()).collect();
    in_full(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_asked_in_many_words_and_nothing_else_is_taken_for_it() {
        for question in [
            "cuéntame más",
            "¿Me cuentas más sobre eso, por favor?",
            "mas detalles",
            "explicame bien",
            "¿Algo más sobre eso?",
            "y q mas?",
            "quiero más información",
            "no entendí bien",
        ] {
            assert!(asks_for_more(question), "{question}");
        }
        for question in ["", "?", "más", "cuéntame un chiste", "más garantía", "qué más barato hay"]
        {
            assert!(!asks_for_more(question), "{question}");
        }
    }
}
