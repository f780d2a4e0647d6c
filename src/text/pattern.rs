//! Patterns that stand for several phrases, as word lists write them.

/// Every phrase that a pattern stands for. In a pattern `a|b` is a choice of words, and a word or
/// choice that ends in `?` may be left out: `me? manda|mandas fotos`.
#[must_use]
pub fn expand(pattern: &str) -> Vec<String> {
    expand_as(pattern, str::to_owned)
}

/// The same with each of its words written as `write` says, which may leave nothing of one.
pub fn expand_as(pattern: &str, write: impl Fn(&str) -> String) -> Vec<String> {
    let mut phrases = vec![String::new()];
    for slot in pattern.split_whitespace() {
        let (choices, is_optional) = parts(slot);
        let words: Vec<String> = choices.map(&write).collect();
        let mut longer = Vec::with_capacity(phrases.len() * (words.len() + 1));
        for phrase in &phrases {
            longer.extend(words.iter().map(|word| joined(phrase, word)));
        }
        if is_optional {
            // Those without it come first.
            longer.splice(0..0, phrases);
        }
        phrases = longer;
    }
    phrases
}

/// How many phrases a pattern stands for, without spelling them out.
#[must_use]
pub fn count(pattern: &str) -> usize {
    let choices = |slot: &str| {
        let (choices, is_optional) = parts(slot);
        choices.count() + usize::from(is_optional)
    };
    pattern.split_whitespace().map(choices).fold(1, usize::saturating_mul)
}

/// The words that a part of a pattern is a choice of, and whether it may be left out.
fn parts(slot: &str) -> (impl Iterator<Item = &str>, bool) {
    let optional = slot.strip_suffix('?').filter(|choices| !choices.is_empty());
    (optional.unwrap_or(slot).split('|'), optional.is_some())
}

fn joined(phrase: &str, word: &str) -> String {
    match (phrase, word) {
        (words, "") | ("", words) => words.to_owned(),
        _ => [phrase, " ", word].concat(),
    }
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
        assert_eq!(
            expand_as("no? ¿ más|menos", |word| word.replace('¿', "")),
            ["más", "menos", "no más", "no menos"]
        );
    }

    #[test]
    fn phrases_are_counted_without_being_spelled_out() {
        for pattern in ["no? más|menos de", "hola", "?", "a|b? c? d|e|f?", ""] {
            assert_eq!(count(pattern), expand(pattern).len(), "{pattern}");
        }
        assert_eq!(count(&"a|b ".repeat(200)), usize::MAX);
    }
}
