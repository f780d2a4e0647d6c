//! From words to terms: stems, synonyms and stop words, so that "¿me regresan el coche?" and
//! "devolución del auto" meet.

use std::collections::{BTreeMap, HashMap, HashSet};

use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;

use crate::text::{Text, TokenKind, fold};

/// The word lists this program is built with.
const STOP_WORDS: &str = include_str!("../../data/knowledge/stop_words.toml");
const SYNONYMS: &str = include_str!("../../data/knowledge/synonyms.toml");
const SHORT_FORMS: &str = include_str!("../../data/spanish/short_forms.toml");

/// What hangs on an infinitive: `verlo`.
const PRONOUNS: [&str; 10] = ["los", "las", "les", "nos", "lo", "la", "le", "me", "te", "se"];

/// Word lists that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum LexiconError {
    /// Not TOML, or not of the right shape.
    #[error("the word list cannot be read")]
    Shape(#[from] toml::de::Error),
    /// One spelling under two meanings: which one counts would depend on their order.
    #[error("`{words}` stands under `{first}` and under `{second}`; leave it under one")]
    TwoMeanings {
        /// The words as written.
        words: String,
        /// The meaning that comes first in the alphabet.
        first: String,
        /// The other one.
        second: String,
    },
}

/// One folded word of a text, and how sure it is that this word was meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    /// 1 as written; less where a slip was mended.
    pub(super) confidence: f64,
    /// Digits, which name no subject by themselves.
    pub(super) number: bool,
}

/// What a word or a phrase stands for in the index.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) key: String,
    pub(super) confidence: f64,
    pub(super) kind: TermKind,
}

/// How much a term says about the subject of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TermKind {
    /// It names something.
    Subject,
    /// A stop word, which at most says how one asks: "hasta que se vende".
    Weak,
    /// Digits.
    Number,
}

/// The words of `text`, folded, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    Text::new(text)
        .tokens()
        .iter()
        .filter(|token| token.kind != TokenKind::Symbol)
        .map(|token| Word {
            text: token.text.clone(),
            confidence: 1.0,
            number: token.kind == TokenKind::Digits,
        })
        .collect()
}

/// Stop words and synonyms, with the stemmer they are compared through.
pub(super) struct Lexicon {
    stop_words: HashSet<String>,
    /// `q` for `que`.
    short_forms: HashMap<String, String>,
    /// Stems with one blank between them, to what they stand for.
    meanings: HashMap<String, String>,
    /// The same for words in one form alone (`=compran`), which go before their stem.
    exact: HashMap<String, String>,
    longest_phrase: usize,
    /// What the phrases open with, as written and as stems: at any other word no phrase begins.
    openers: HashSet<String>,
    stemmer: Stemmer,
    /// Every word of the lists, for the mending of typos.
    spellings: Vec<String>,
}

impl Lexicon {
    /// The lists of `data/knowledge/`.
    pub(super) fn bundled() -> Self {
        Self::parse(STOP_WORDS, SYNONYMS, SHORT_FORMS).expect("a test reads the bundled word lists")
    }

    /// Lists in the form of `data/knowledge/`.
    ///
    /// # Errors
    ///
    /// See [`LexiconError`].
    fn parse(stop_words: &str, synonyms: &str, short_forms: &str) -> Result<Self, LexiconError> {
        #[derive(Deserialize)]
        struct StopWords {
            words: Vec<String>,
        }
        let stop_words: StopWords = toml::from_str(stop_words)?;
        let synonyms: BTreeMap<String, Vec<String>> = toml::from_str(synonyms)?;
        let short_forms: BTreeMap<String, String> = toml::from_str(short_forms)?;
        let stop_words: HashSet<String> = stop_words.words.iter().map(|word| fold(word)).collect();
        let mut lexicon = Self {
            spellings: stop_words.iter().cloned().collect(),
            stop_words,
            short_forms: short_forms
                .iter()
                .map(|(short, meant)| (fold(short), fold(meant)))
                .collect(),
            meanings: HashMap::new(),
            exact: HashMap::new(),
            longest_phrase: 1,
            openers: HashSet::new(),
            stemmer: Stemmer::create(Algorithm::Spanish),
        };
        for (meaning, others) in &synonyms {
            for written in std::iter::once(meaning).chain(others) {
                lexicon.add(meaning, written)?;
            }
        }
        Ok(lexicon)
    }

    fn add(&mut self, meaning: &str, written: &str) -> Result<(), LexiconError> {
        let words = words(written);
        self.longest_phrase = self.longest_phrase.max(words.len());
        if let [opener, _, ..] = &words[..] {
            let stem = self.stem(&opener.text);
            self.openers.extend([opener.text.clone(), stem]);
        }
        let before = if written.starts_with('=') {
            self.exact.insert(joined(words.iter().map(|word| &word.text)), meaning.into())
        } else {
            let stems = words.iter().map(|word| self.stem(&word.text)).collect::<Vec<_>>();
            self.meanings.insert(stems.join(" "), meaning.to_owned())
        };
        self.spellings.extend(words.into_iter().map(|word| word.text));
        match before {
            Some(first) if first != meaning => Err(LexiconError::TwoMeanings {
                words: written.to_owned(),
                first,
                second: meaning.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// `word` in full where it is a short form.
    pub(super) fn in_full(&self, word: Word) -> Word {
        match self.short_forms.get(&word.text) {
            Some(meant) => Word { text: meant.clone(), ..word },
            None => word,
        }
    }

    /// Every word of the lists, folded.
    pub(super) fn spellings(&self) -> impl Iterator<Item = &str> {
        self.spellings.iter().map(String::as_str)
    }

    /// The terms of `words`: the longest phrase of the synonyms at each place, else the stem; stop
    /// words as they are.
    pub(super) fn terms(&self, words: &[Word]) -> Vec<Term> {
        let stems: Vec<String> = words.iter().map(|word| self.stem(&word.text)).collect();
        self.terms_of(words, &stems)
    }

    /// The same for many texts, of which most share their words: `known` remembers the stems.
    pub(super) fn terms_by(
        &self,
        known: &mut HashMap<String, String>,
        words: &[Word],
    ) -> Vec<Term> {
        let stems: Vec<String> = words
            .iter()
            .map(|word| {
                let stem = || self.stem(&word.text);
                known.entry(word.text.clone()).or_insert_with(stem).clone()
            })
            .collect();
        self.terms_of(words, &stems)
    }

    fn terms_of(&self, words: &[Word], stems: &[String]) -> Vec<Term> {
        let mut terms = Vec::with_capacity(words.len());
        let mut at = 0;
        while at < words.len() {
            let (key, length) = match self.phrase(&words[at..], &stems[at..]) {
                Some((meaning, length)) => (meaning, length),
                None => (self.single(&words[at].text, &stems[at]), 1),
            };
            let meant = &words[at..at + length];
            at += length;
            let kind = if self.stop_words.contains(key) {
                TermKind::Weak
            } else if meant.iter().all(|word| word.number) {
                TermKind::Number
            } else {
                TermKind::Subject
            };
            let confidence = meant.iter().map(|word| word.confidence).fold(1.0, f64::min);
            terms.push(Term { key: key.to_owned(), confidence, kind });
        }
        terms
    }

    /// What the longest phrase that `words` open with stands for, and how many of them it takes.
    fn phrase(&self, words: &[Word], stems: &[String]) -> Option<(&str, usize)> {
        if !self.openers.contains(&words[0].text) && !self.openers.contains(&stems[0]) {
            return None;
        }
        let longest = self.longest_phrase.min(words.len());
        (2..=longest).rev().find_map(|length| {
            let written = joined(words[..length].iter().map(|word| &word.text));
            let meaning = self
                .exact
                .get(&written)
                .or_else(|| self.meanings.get(&joined(stems[..length].iter())))?;
            Some((meaning.as_str(), length))
        })
    }

    /// What one word stands for: a meaning, itself where it is a stop word, else its stem.
    fn single<'a>(&'a self, word: &'a str, stem: &'a str) -> &'a str {
        if let Some(meaning) = self.exact.get(word) {
            return meaning;
        }
        self.stop_word(word).or_else(|| self.meanings.get(stem).map(String::as_str)).unwrap_or(stem)
    }

    /// Whether it says nothing about the subject.
    pub(super) fn is_stop(&self, word: &str) -> bool {
        self.stop_word(word).is_some()
    }

    /// The stop word that `word` is: `hacer`, also of `hacerlo`.
    fn stop_word<'a>(&self, word: &'a str) -> Option<&'a str> {
        let bare = PRONOUNS
            .iter()
            .find_map(|pronoun| word.strip_suffix(pronoun))
            .filter(|verb| verb.ends_with('r'));
        std::iter::once(word).chain(bare).find(|word| self.stop_words.contains(*word))
    }

    /// The stem of a folded word and what that stands for, whether it is a stop word or not.
    pub(super) fn forms(&self, word: &str) -> (String, Option<&str>) {
        let stem = self.stem(word);
        let meaning = self.exact.get(word).or_else(|| self.meanings.get(&stem));
        let meaning = meaning.map(String::as_str);
        (stem, meaning)
    }

    /// The stem of a folded word. The algorithm knows `-ción` by its accent, which folding took.
    fn stem(&self, word: &str) -> String {
        let restored = word
            .strip_suffix("ion")
            .filter(|root| root.ends_with(['c', 's']))
            .map(|root| format!("{root}ión"));
        fold(&self.stemmer.stem(restored.as_deref().unwrap_or(word)))
    }
}

fn joined<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let mut joined = String::new();
    for word in words {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of the terms, weak ones left out.
    fn keys(lexicon: &Lexicon, text: &str) -> Vec<String> {
        let terms = lexicon.terms(&words(text)).into_iter();
        terms.filter(|term| term.kind != TermKind::Weak).map(|term| term.key).collect()
    }

    fn small() -> Lexicon {
        let stop_words = "words = ['el', 'de', 'hola', 'hacer']";
        let synonyms = "enganche = ['pago inicial', 'anticipo']\nhola = ['buenos días']";
        Lexicon::parse(stop_words, synonyms, "q = 'que'").expect("good lists")
    }

    #[test]
    fn synonyms_and_endings_meet() {
        let lexicon = small();
        assert_eq!(keys(&lexicon, "el PAGO inicial"), ["enganche"]);
        assert_eq!(keys(&lexicon, "anticipos"), ["enganche"]);
        assert_eq!(keys(&lexicon, "inspección"), keys(&lexicon, "inspecciones"));
        assert_eq!(keys(&lexicon, "sucursal"), keys(&lexicon, "Sucursales"));
    }

    #[test]
    fn short_forms_and_hanging_pronouns_are_seen_through() {
        let lexicon = small();
        assert_eq!(lexicon.in_full(words("q").remove(0)).text, "que");
        assert_eq!(keys(&lexicon, "hacer, hacerlo"), Vec::<String>::new());
    }

    #[test]
    fn phrases_win_over_their_words_and_greetings_say_nothing() {
        let lexicon = small();
        assert_eq!(keys(&lexicon, "buenos días, el pago"), ["pag"]);
        assert_eq!(keys(&lexicon, "7 días"), ["7", "dias"]);
    }

    #[test]
    fn the_bundled_lists_can_be_used() {
        assert!(Lexicon::bundled().meanings.len() > 300);
    }

    #[test]
    fn one_form_alone_can_mean_something_else() {
        let synonyms = "comprar = ['compra']\nofertas = ['=compran', 'me compra']";
        let lexicon = Lexicon::parse("words = []", synonyms, "").expect("good lists");
        assert_eq!(keys(&lexicon, "compro, compras"), ["comprar", "comprar"]);
        assert_eq!(keys(&lexicon, "compran, me compras"), ["ofertas", "ofertas"]);
    }

    #[test]
    fn one_spelling_has_one_meaning() {
        let twice = "a = ['casa']\nb = ['casas']";
        let error = Lexicon::parse("words = []", twice, "").err().expect("refused");
        assert_eq!(error.to_string(), "`casas` stands under `a` and under `b`; leave it under one");
    }
}
