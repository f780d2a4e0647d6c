//! The context file, and what can be answered from it without a model.
//!
//! `kavak_context.txt` → passages → terms → index. A question takes the same way to terms, its
//! typos mended first, and gets the best passage, or nothing where the file does not say.
//!
//! How a question is told from its neighbours, in the order it happens:
//!
//! 1. Words become terms (`lexicon.rs`): chat spelling in full, slips mended by sound
//!    (`spelling.rs`), synonyms and spoken forms under one meaning, else stems. Stop words stay, as
//!    weak terms: they say how one asks.
//! 2. Passages are ranked by BM25F over title and listed words, example questions and text
//!    (`index.rs`), raised by the nearest example (`examples.rs`).
//! 3. What people ask and the file does not say has passages too, silent ones (`sin_respuesta:`):
//!    prices that are not published, other businesses, small talk. They compete like the others,
//!    and a question that they win is not answered.
//! 4. What the question asks for, a price, opening hours or a telephone, the winner must say that it
//!    answers (`facet.rs`).
//! 5. The winner must be trusted (`trust.rs`): it covers the question, scores high, and no other
//!    passage comes as near.

mod context;
mod contradiction;
mod examples;
mod facet;
mod figure;
mod guard;
mod index;
mod lexicon;
mod more;
mod near;
mod passage;
mod personal;
mod problem;
mod review;
mod source;
mod spelling;
mod trust;
pub mod update;

use std::path::Path;

pub use context::{MAX_DETAIL_CHARS, MAX_TEXT_CHARS};
pub use guard::{Breach, check as guard};
pub use near::Nearness;
pub use passage::Passage;
pub use personal::masked;
pub use problem::{ContextError, LoadError, Problem, ProblemKind};
pub use review::review;
pub use source::address;

use crate::text::Text;
use facet::Facets;
use index::{Fields, Hit, Index, Wanted};
use lexicon::{Lexicon, Word, words};
use passage::Entry;
use spelling::Spelling;

/// The share of the best score from which on a passage of the subject so far is meant instead.
const GOES_ON: f64 = 0.6;
/// Longer questions are read up to here, in characters: nobody asks one thing in more.
const MAX_QUESTION_CHARS: usize = 1_000;

/// The passages of a context file, ready to be asked.
pub struct Knowledge {
    /// Those that answer, and after them those that are silent.
    passages: Vec<Passage>,
    answering: usize,
    lexicon: Lexicon,
    spelling: Spelling,
    index: Index,
    facets: Facets,
}

/// An answer: the passage, and which of its words to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// Its text, or its detail where more was asked for.
    pub text: &'a str,
}

/// A passage, and how well it answers a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// Its BM25F score, from 0 up; only comparable within one question.
    pub score: f64,
    /// The share of the question's weight that the passage covers, from 0 to 1.
    pub coverage: f64,
    /// How near the passage's nearest example question comes, from 0 to 1.
    pub likeness: f64,
}

impl Knowledge {
    /// Reads the context file at `path`.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or [`ContextError`].
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|error| LoadError::Context { path: path.to_owned(), error })
    }

    /// Reads a context file from its text.
    ///
    /// # Errors
    ///
    /// Every problem of the file at once.
    pub fn parse(text: &str) -> Result<Self, ContextError> {
        let entries = context::read(text).map_err(|problems| ContextError { problems })?;
        Ok(Self::new(entries))
    }

    fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|entry| entry.silent);
        let lexicon = Lexicon::bundled();
        let fields: Vec<Fields> = entries.iter().map(|entry| fields(&lexicon, entry)).collect();
        let index = Index::new(&fields);
        let spelling = spelling(&lexicon, &entries);
        let answering = entries.iter().filter(|entry| !entry.silent).count();
        let passages = entries.into_iter().map(|entry| entry.passage).collect();
        let facets = Facets::bundled(&index);
        Self { passages, answering, lexicon, spelling, index, facets }
    }

    /// The passage that answers `question`, or `None` where the file does not say: no passage can
    /// be trusted to (`trust.rs`), or one that is silent comes nearest.
    #[must_use]
    pub fn answer(&self, question: &str) -> Option<&Passage> {
        let wanted = self.wanted(question);
        self.best(&wanted, &self.index.search(&wanted)).map(|hit| &self.passages[hit.passage])
    }

    /// The same where `question` may go on with the subject of the one `before` it: of two passages
    /// that answer nearly as well, the one of that subject is meant. `¿Qué día no circulo? ¿Y de
    /// cuánto es la multa?`
    #[must_use]
    pub fn answer_after(&self, before: &str, question: &str) -> Option<&Passage> {
        let wanted = self.wanted(question);
        let hits = self.index.search(&wanted);
        let alone = self.best(&wanted, &hits).map(|hit| &self.passages[hit.passage]);
        let Some(subject) = self.answer(before).map(Passage::subject) else { return alone };
        let least = hits.first().map_or(0.0, |hit| hit.score * GOES_ON);
        let mut silent = 0.0;
        for hit in hits.iter().take_while(|hit| hit.score >= least) {
            if self.is_silent(hit) {
                silent = f64::max(silent, hit.score);
            } else if self.passages[hit.passage].subject() == subject {
                // What was asked before settles it between this one and its rivals.
                let goes_on = trust::is_trusted(hit, 0.0, silent)
                    && self.facets.are_met(&self.index, &wanted, hit.passage);
                return goes_on.then(|| &self.passages[hit.passage]).or(alone);
            }
        }
        alone
    }

    /// The same with the words to say: where `question` only asks for more (`cuéntame más`), those
    /// of the detail of what answered the one before, and `None` where that has no detail.
    #[must_use]
    pub fn reply_after(&self, before: &str, question: &str) -> Option<Answered<'_>> {
        if more::asks_for_more(question) {
            let passage = self.answer(before)?;
            return passage.detail.as_deref().map(|text| Answered { passage, text });
        }
        let passage = self.answer_after(before, question)?;
        Some(Answered { passage, text: &passage.text })
    }

    /// At most `limit` passages that have anything of `question`, best first, whether they answer
    /// it or not.
    #[must_use]
    pub fn rank(&self, question: &str, limit: usize) -> Vec<Ranked<'_>> {
        let hits = self.index.search(&self.wanted(question));
        hits.into_iter()
            .filter(|hit| !self.is_silent(hit))
            .take(limit)
            .map(|hit| Ranked {
                passage: &self.passages[hit.passage],
                score: hit.score,
                coverage: hit.coverage,
                likeness: hit.likeness,
            })
            .collect()
    }

    /// Every passage in the order of the file.
    #[must_use]
    pub fn passages(&self) -> &[Passage] {
        &self.passages[..self.answering]
    }

    /// The passage that answers, of hits in their order.
    fn best<'h>(&self, wanted: &[Wanted], hits: &'h [Hit]) -> Option<&'h Hit> {
        let best = hits.first().filter(|hit| !self.is_silent(hit))?;
        let score = |hit: Option<&Hit>| hit.map_or(0.0, |hit| hit.score);
        let silent = hits.iter().find(|hit| self.is_silent(hit));
        let answers = trust::is_trusted(best, score(hits.get(1)), score(silent))
            && self.facets.are_met(&self.index, wanted, best.passage);
        answers.then_some(best)
    }

    fn is_silent(&self, hit: &Hit) -> bool {
        hit.passage >= self.answering
    }

    fn wanted(&self, question: &str) -> Vec<Wanted> {
        let end = question
            .char_indices()
            .nth(MAX_QUESTION_CHARS)
            .map_or(question.len(), |(byte, _)| byte);
        let words: Vec<_> = words(&question[..end])
            .into_iter()
            .map(|word| self.meant(self.lexicon.in_full(word)))
            .collect();
        self.index.wanted(&self.lexicon.terms(&words))
    }

    /// `word` with its typo mended, if any; not into a stop word that only comes near, which would
    /// take the subject out of the question.
    fn meant(&self, word: Word) -> Word {
        let mended = self.spelling.mend(word.clone());
        let is_guess = mended.confidence < 1.0 && self.lexicon.is_stop(&mended.text);
        if is_guess { word } else { mended }
    }
}

/// A question as far as it matters: two that are the same but for accents, capitals, marks and
/// blanks are one.
#[must_use]
pub fn normalised(question: &str) -> String {
    Text::new(question).plain()
}

fn fields(lexicon: &Lexicon, entry: &Entry) -> Fields {
    let terms = |text: &str| lexicon.terms(&words(text));
    let listed = entry.words.split(',');
    Fields {
        head: listed.chain([entry.passage.title.as_str()]).flat_map(terms).collect(),
        examples: entry.questions.iter().map(|question| terms(&question.text)).collect(),
        body: terms(&entry.passage.text),
    }
}

/// Every word that a question may have meant.
fn spelling(lexicon: &Lexicon, entries: &[Entry]) -> Spelling {
    let mut known: Vec<String> = lexicon.spellings().map(str::to_owned).collect();
    for entry in entries {
        let placed = entry.questions.iter().map(|placed| &placed.text);
        let texts = [&entry.passage.title, &entry.passage.text, &entry.words];
        for text in texts.into_iter().chain(placed) {
            known.extend(words(text).into_iter().map(|word| word.text));
        }
    }
    Spelling::new(known.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# T\n## riesgo/profeco: Contacto\nfuente: x\n\
        preguntas: ¿Qué teléfono tiene Profeco?\ndetalle: Por correo también.\nEl teléfono es 55.\n\
        ## a/b: Otra cosa\nfuente: x\npreguntas: ¿Y los duendes?\nOtro texto.\n\
        ## no-se/kavak: Teléfono de Kavak\nsin_respuesta: no se publica\n\
        preguntas: ¿Qué teléfono tiene Kavak?\n";

    fn knowledge() -> Knowledge {
        Knowledge::parse(FILE).expect("a good file")
    }

    #[test]
    fn a_slip_near_a_stop_word_still_stands_for_a_subject() {
        let knowledge = knowledge();
        let coverage = |question| knowledge.rank(question, 1)[0].coverage;
        // "invento" is one letter from "intento", which is skipped.
        assert!(coverage("invento el telefono") < coverage("el telfono"));
    }

    #[test]
    fn what_a_silent_passage_answers_best_is_not_known() {
        let knowledge = knowledge();
        let name = |question| knowledge.answer(question).map(|passage| passage.name.as_str());
        assert_eq!(name("que telefono tiene profeco"), Some("riesgo/profeco"));
        assert_eq!(name("que telefono tiene kavak"), None);
        assert_eq!(knowledge.passages().len(), 2);
        assert!(
            knowledge
                .rank("telefono de kavak", 9)
                .iter()
                .all(|one| one.passage.name != "no-se/kavak")
        );
    }

    #[test]
    fn who_asks_for_more_gets_the_detail() {
        let knowledge = knowledge();
        let text = |before, question| {
            knowledge.reply_after(before, question).map(|answered| answered.text)
        };
        let asked = "¿qué teléfono tiene Profeco?";
        assert_eq!(text("", asked), Some("El teléfono es 55."));
        assert_eq!(text(asked, "cuéntame más"), Some("Por correo también."));
        assert_eq!(text("¿y los duendes?", "cuéntame más"), None);
        assert_eq!(text("", "cuéntame más"), None);
    }
}
