//! Typos mended against the words that the file and the word lists use.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::lexicon::{Lexicon, Word, words};
use super::passage::Entry;
use crate::spanish::sound;
use crate::text::resemblance;

/// Shorter words are near too many others.
const SHORTEST: usize = 4;

/// How alike two words must sound: one slip in seven letters, two in fourteen.
const FLOOR: f64 = 0.85;

/// How often a word must stand in the included questions to be one: they are written as people
/// type, slips and all.
const OFTEN: usize = 3;

/// The known words, to find the one that was meant.
pub(super) struct Spelling {
    known: BTreeSet<String>,
    /// The known words by the sound they open with, in the order of the alphabet.
    by_sound: BTreeMap<char, Vec<Known>>,
}

struct Known {
    word: String,
    sound: String,
}

impl Spelling {
    /// Every word that a question may have meant.
    pub(super) fn of(lexicon: &Lexicon, entries: &[Entry]) -> Self {
        let mut known: HashSet<String> = lexicon.spellings().map(str::to_owned).collect();
        let mut included: HashMap<String, usize> = HashMap::new();
        for entry in entries {
            let texts = [&entry.passage.title, &entry.passage.text, &entry.words];
            let own = entry.questions.iter().filter(|one| one.file == 0).map(|one| &one.text);
            for text in texts.into_iter().chain(own) {
                known.extend(words(text).into_iter().map(|word| word.text));
            }
            for question in entry.questions.iter().filter(|one| one.file > 0) {
                for word in words(&question.text) {
                    *included.entry(word.text).or_default() += 1;
                }
            }
        }
        known.extend(
            included.into_iter().filter(|(_, count)| *count >= OFTEN).map(|(word, _)| word),
        );
        Self::new(known.iter().map(String::as_str))
    }

    pub(super) fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let known: BTreeSet<String> = words.into_iter().map(str::to_owned).collect();
        let mut by_sound: BTreeMap<char, Vec<Known>> = BTreeMap::new();
        for word in known.iter().filter(|word| word.len() >= SHORTEST) {
            let sound = sound(word);
            let Some(opening) = sound.chars().next() else { continue };
            by_sound.entry(opening).or_default().push(Known { word: word.clone(), sound });
        }
        Self { known, by_sound }
    }

    /// `word` as it was meant, with the likeness of the sounds as its confidence; as it is where it
    /// is known, short, a number, or like nothing.
    pub(super) fn mend(&self, word: Word) -> Word {
        if word.number || word.text.len() < SHORTEST || self.known.contains(&word.text) {
            return word;
        }
        let written = sound(&word.text);
        let near = written.chars().next().and_then(|opening| self.by_sound.get(&opening));
        let (mut meant, mut confidence) = (None, FLOOR);
        for known in near.into_iter().flatten() {
            // A letter more or less is an edit, so that lengths bound the likeness cheaply.
            if written.len().abs_diff(known.sound.len()) > 2 {
                continue;
            }
            let likeness = resemblance(&written, &known.sound, confidence);
            if let Some(likeness) = likeness.filter(|likeness| *likeness > confidence) {
                (meant, confidence) = (Some(&known.word), likeness);
            }
        }
        match meant {
            Some(meant) => Word { text: meant.clone(), confidence, ..word },
            None => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::lexicon::words;

    fn mended(word: &str) -> (String, f64) {
        let known = ["horario", "garantia", "verificacion", "quiero", "colima", "datos"];
        let word = Spelling::new(known).mend(words(word).remove(0));
        (word.text, word.confidence)
    }

    #[test]
    fn what_sounds_the_same_is_the_same() {
        assert_eq!(mended("berificasion"), ("verificacion".to_owned(), 1.0));
        assert_eq!(mended("orario"), ("horario".to_owned(), 1.0));
        assert_eq!(mended("kiero"), ("quiero".to_owned(), 1.0));
    }

    #[test]
    fn slips_are_mended_and_cost_confidence() {
        let (word, confidence) = mended("garntia");
        assert_eq!(word, "garantia");
        assert!((confidence - 0.875).abs() < 1e-9);
    }

    #[test]
    fn other_words_stay_as_they_are() {
        for word in ["garantia", "clima", "gatos", "20255", "dat"] {
            assert_eq!(mended(word), (word.to_owned(), 1.0));
        }
    }
}
