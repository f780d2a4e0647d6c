//! The context file, and what can be answered from it without a model.
//!
//! `kavak_context.txt` → passages → terms → index. A question takes the same way
//! to terms, its typos mended first, and gets the best passage, or nothing where the file does not
//! say: see [`Knowledge::answer`].

mod context;
mod examples;
mod index;
mod lexicon;
mod passage;
mod problem;
mod spelling;
mod unsaid;

use std::path::Path;

pub use context::{MAX_DETAIL_CHARS, MAX_TEXT_CHARS};
pub use passage::Passage;
pub use problem::{ContextError, LoadError, Problem, ProblemKind};

use index::{Fields, Hit, Index, Wanted};
use lexicon::{Lexicon, Word, words};
use passage::Entry;
use spelling::Spelling;
use unsaid::Unsaid;

/// The least sum of coverage and likeness of an answer: nearly all words of the question stand in
/// the passage, or fewer of them and an example comes near.
const MIN_TRUST: f64 = 0.9;
/// The least score of an answer: below it only words that stand everywhere were met, or one in
/// passing.
const MIN_SCORE: f64 = 2.5;
/// From this likeness on a question is the example itself, and its words may stand everywhere.
const SAME_QUESTION: f64 = 0.9;
/// The share of the best score from which on a passage of the subject so far is meant instead.
const GOES_ON: f64 = 0.6;
/// Longer questions are read up to here, in characters: nobody asks one thing in more.
const MAX_QUESTION_CHARS: usize = 1_000;

/// The passages of a context file, ready to be asked.
pub struct Knowledge {
    passages: Vec<Passage>,
    lexicon: Lexicon,
    spelling: Spelling,
    index: Index,
    unsaid: Unsaid,
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
        Self::new(entries)
    }

    fn new(entries: Vec<Entry>) -> Result<Self, ContextError> {
        let lexicon = Lexicon::bundled();
        let fields: Vec<Fields> = entries.iter().map(|entry| fields(&lexicon, entry)).collect();
        let mut index = Index::new(&fields);
        let unsaid = Unsaid::new(&entries, &lexicon, &mut index)
            .map_err(|problems| ContextError { problems })?;
        let spelling = spelling(&lexicon, &entries);
        let passages = entries.into_iter().map(|entry| entry.passage).collect();
        Ok(Self { passages, lexicon, spelling, index, unsaid })
    }

    /// The passage that answers `question`, or `None` where the file does not say: nothing covers
    /// enough of the question, or the question has all the words of a `no_dice` entry.
    #[must_use]
    pub fn answer(&self, question: &str) -> Option<&Passage> {
        let wanted = self.wanted(question);
        if self.unsaid.covers(&wanted) {
            return None;
        }
        let best = *self.index.search(&wanted).first()?;
        is_trusted(&best).then(|| &self.passages[best.passage])
    }

    /// The same where `question` may go on with the subject of the one `before` it: of two passages
    /// that answer nearly as well, the one of that subject is meant. `¿Qué día no circulo? ¿Y de
    /// cuánto es la multa?`
    #[must_use]
    pub fn answer_after(&self, before: &str, question: &str) -> Option<&Passage> {
        let best = self.answer(question)?;
        let Some(subject) = self.answer(before).map(Passage::subject) else { return Some(best) };
        let hits = self.index.search(&self.wanted(question));
        let least = hits.first().map_or(0.0, |hit| hit.score * GOES_ON);
        let goes_on = hits.iter().find(|hit| {
            hit.score >= least && is_trusted(hit) && self.passages[hit.passage].subject() == subject
        });
        Some(goes_on.map_or(best, |hit| &self.passages[hit.passage]))
    }

    /// At most `limit` passages that have anything of `question`, best first, whether they answer
    /// it or not.
    #[must_use]
    pub fn rank(&self, question: &str, limit: usize) -> Vec<Ranked<'_>> {
        let hits = self.index.search(&self.wanted(question));
        hits.into_iter()
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
        &self.passages
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

/// Whether a passage answers, and does not only come near.
fn is_trusted(hit: &Hit) -> bool {
    let is_known = hit.score >= MIN_SCORE || hit.likeness >= SAME_QUESTION;
    hit.coverage + hit.likeness >= MIN_TRUST && is_known
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
        let placed = entry.questions.iter().chain(&entry.unsaid).map(|placed| &placed.text);
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

    #[test]
    fn a_slip_near_a_stop_word_still_stands_for_a_subject() {
        let file = "# T\n## riesgo/profeco: Contacto\nfuente: x\npreguntas: ¿Qué teléfono tiene?\n\
                    El teléfono es 55.\n## a/b: Otra cosa\nfuente: x\nOtro texto.\n";
        let knowledge = Knowledge::parse(file).expect("a good file");
        let coverage = |question| knowledge.rank(question, 1)[0].coverage;
        // "invento" is one letter from "intento", which is skipped.
        assert!(coverage("invento el telefono") < coverage("el telfono"));
    }
}
