//! Patterns that stand for several phrases, as word lists write them.

/// Every phrase that a pattern stands for. In a pattern `a|b` is a choice of words, and a word or
/// choice that ends in `?` may be left out: `me? manda|mandas fotos`.
#[must_use]
pub fn expand(pattern: &str) -> Vec<String> {
    let mut phrases = vec![String::new()];
    for slot in pattern.split_whitespace() {
        let optional = slot.strip_suffix('?').filter(|choices| !choices.is_empty());
        let choices = optional.unwrap_or(slot);
        let mut longer = if optional.is_some() { phrases.clone() } else { Vec::new() };
        for phrase in &phrases {
            longer.extend(choices.split('|').map(|word| joined(phrase, word)));
        }
        phrases = longer;
    }
    phrases
}

/// How many phrases a pattern stands for, without spelling them out.
#[must_use]
pub fn count(pattern: &str) -> usize {
    let choices = |slot: &str| {
        let optional = slot.strip_suffix('?').filter(|choices| !choices.is_empty());
        optional.unwrap_or(slot).split('|').count() + usize::from(optional.is_some())
    };
    pattern.split_whitespace().map(choices).fold(1, usize::saturating_mul)
}

fn joined(phrase: &str, word: &str) -> String {
    if phrase.is_empty() { word.to_owned() } else { format!("{phrase} {word}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_its_phrases() {
        let phrases = ["más de", "menos de", "no más de", "no menos de"];
        assert_eq!(expand("no? más|menos de"), phrases);
        assert_eq!(expand("hola"), ["hola"]);
        assert_eq!(expand("?"), ["?"]);
    }

    #[test]
    fn phrases_are_counted_without_being_spelled_out() {
        for pattern in ["no? más|menos de", "hola", "?", "a|b? c? d|e|f?", ""] {
            assert_eq!(count(pattern), expand(pattern).len(), "{pattern}");
        }
        assert_eq!(count(&"a|b ".repeat(200)), usize::MAX);
    }
}
