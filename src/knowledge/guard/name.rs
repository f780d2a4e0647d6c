//! Names: a capital within a sentence is a name, and names come from the passages.

use std::collections::HashSet;

use super::breach::Breach;
use super::lists::LISTS;
use super::reading::Reading;

/// Refuses capitalised words of the answer that no cited passage has. Places and makes in lower
/// case are phrases of the word list.
pub(super) fn check(said: &Reading, source: &Reading) -> Result<(), Breach> {
    let known: HashSet<&str> = source.all_words().into_iter().collect();
    let pairs: HashSet<[&str; 2]> =
        source.all_words().windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let mut before: Option<&str> = None;
    for (at, token) in said.tokens().iter().enumerate() {
        let written = said.text.spelled(token);
        let is_capital = written.starts_with(char::is_uppercase);
        let word = token.text.as_str();
        let is_name = said.is_free(at) && is_capital;
        // "Roger García", of two people.
        let first = before.replace(word).filter(|_| is_name);
        if !is_name || LISTS.own_names.contains(word) || LISTS.function_words.contains(word) {
            before = None;
        }
        if !is_name || said.opens(at) {
            continue;
        }
        if let Some(first) = first.filter(|first| !pairs.contains(&[first, word])) {
            return Err(Breach::Name { span: format!("{first} {word}") });
        }
        if !known.contains(token.text.as_str()) && !LISTS.own_names.contains(&token.text) {
            return Err(Breach::Name { span: written.to_owned() });
        }
    }
    Ok(())
}
