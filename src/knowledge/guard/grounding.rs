//! What the answer says stands in the passages, word by word: a rewording may bring fillers, and
//! nothing else.

use super::breach::Breach;
use super::concept::{Concepts, is_content, is_filler};
use super::reading::Reading;

/// Words of its own that an answer may have.
const MAX_OWN_WORDS: usize = 0;

/// Refuses words of the answer that the passages do not have, and sentences with none of theirs.
pub(super) fn check(said: &Reading, source: &Reading, concepts: &Concepts) -> Result<(), Breach> {
    let known = source.all_words();
    let mut own: Vec<&str> = Vec::new();
    let mut grounded_sentences = 0;
    for sentence in said.sentences() {
        let mut grounded = 0;
        let mut said_words: Vec<&str> = Vec::new();
        // "No se puede: …" is borne out by what comes.
        let is_opening = said.tokens()[sentence.clone()].last().is_some_and(|it| it.text == ":");
        for at in sentence {
            let word = said.tokens()[at].text.as_str();
            if said.is_figure(at) {
                grounded += 1;
            }
            if !said.is_free(at) {
                continue;
            }
            said_words.push(word);
            if !is_content(word) {
                continue;
            }
            if concepts.of(word).is_some() {
                grounded += 1;
            } else if !is_filler(word) {
                own.push(word);
            }
        }
        let is_quoted = known.windows(said_words.len().max(1)).any(|it| it == said_words);
        if grounded == 0 && said_words.len() > 2 && !is_opening && !is_quoted {
            return Err(Breach::Ungrounded { span: said_words.join(" ") });
        }
        grounded_sentences += usize::from(grounded > 0);
    }
    if own.len() > MAX_OWN_WORDS || grounded_sentences == 0 && said.contacts.is_empty() {
        return Err(Breach::Ungrounded { span: own.join(" ") });
    }
    Ok(())
}
