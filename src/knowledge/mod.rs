//! The context file, and what can be answered from it without a model.
//!
//! `kavak_context.txt`, and the files of questions that it includes → passages → terms → index and
//! recogniser. A question takes the same way to terms, its typos mended first, and gets the best
//! passage, or nothing where the file does not say.
//!
//! How a question is told from its neighbours, in the order it happens:
//!
//! 1. Words become terms (`lexicon.rs`): chat spelling in full, slips mended by sound
//!    (`spelling.rs`), synonyms and spoken forms under one meaning, else stems. Stop words stay, as
//!    weak terms: they say how one asks.
//! 2. Two judges look at every passage (`judge.rs`). The recogniser (`recogniser.rs`) has learnt
//!    from some thousand example questions how people ask for each. BM25F over title and listed
//!    words, example questions and text (`index.rs`), raised by the nearest example
//!    (`examples.rs`), knows the words that no example has. Their scores are added; a question
//!    that is an example to the letter needs no judge.
//! 3. What people ask and the file does not say has passages too, silent ones (`sin_respuesta:`):
//!    prices that are not published, other businesses, small talk. They compete like the others,
//!    and a passage answers only where it comes before all of them by a margin.
//! 4. What the question asks for, a price, opening hours or a telephone, the winner must say that it
//!    answers (`facet.rs`).

mod asked;
mod context;
mod contradiction;
mod examples;
mod facet;
mod figure;
mod files;
mod guard;
mod index;
mod judge;
mod lexicon;
mod more;
mod near;
mod passage;
mod personal;
mod problem;
mod recogniser;
mod review;
mod source;
mod spelling;
pub mod update;

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

pub use context::{MAX_DETAIL_CHARS, MAX_TEXT_CHARS};
pub use guard::{Breach, guard};
pub use more::asks_for_more;
pub use near::Nearness;
pub use passage::Passage;
pub use personal::masked;
pub use problem::{ContextError, LoadError, Problem, ProblemKind};
pub use review::{Review, review};
pub use source::address;

use crate::text;
use judge::{Judged, Judges};
use lexicon::words;
use passage::Entry;

/// By how much a passage must come before every silent one to answer. A wrong answer is worse than
/// "no lo sé", so it is more than what would answer most questions right.
const LEAST_MARGIN: f32 = 0.4;
/// What speaks for a passage of the subject so far, besides what the question says.
const GOES_ON: f32 = 0.85;
/// Words of a question that may go on with the subject so far: who says more names the subject.
const MOST_WORDS_OF_MORE: usize = 6;

/// The passages of a context file.
pub struct Knowledge {
    /// Those that answer, and after them those that are silent.
    passages: Vec<Passage>,
    answering: usize,
    /// The same with how people ask for them, until the judges have read it.
    entries: Mutex<Vec<Entry>>,
    judges: OnceLock<Judges>,
}

/// An answer: the passage, and which of its words to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// Its text, or its detail where more was asked for.
    pub text: &'a str,
}

/// A passage, and how much speaks for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// What speaks for it; only comparable within one question.
    pub score: f32,
}

impl Knowledge {
    /// Reads the context file at `path`.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or [`ContextError`].
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        Ok(Self::new(files::load(path)?.entries))
    }

    /// Reads a context file from its text alone, without the files that it includes.
    ///
    /// # Errors
    ///
    /// Every problem of the file at once.
    pub fn parse(text: &str) -> Result<Self, ContextError> {
        let file = context::read(text).map_err(|problems| ContextError { problems })?;
        Ok(Self::new(file.entries))
    }

    fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|entry| entry.silent);
        let answering = entries.iter().filter(|entry| !entry.silent).count();
        let passages = entries.iter().map(|entry| entry.passage.clone()).collect();
        let entries = Mutex::new(entries);
        Self { passages, answering, entries, judges: OnceLock::new() }
    }

    /// The passage that answers `question`, or `None` where the file does not say: no passage comes
    /// near enough, or one that is silent comes as near.
    #[must_use]
    pub fn answer(&self, question: &str) -> Option<&Passage> {
        let judged = self.judge(question);
        self.is_answer(&judged, judged.best?).then(|| judged.best.map(|at| &self.passages[at]))?
    }

    /// The same where `question` may go on with the subject of the one `before` it: where it is
    /// short, its best passage of that subject is meant, unless much more speaks for another.
    /// `¿Qué día no circulo? ¿Y de cuánto es la multa?`
    #[must_use]
    pub fn answer_after(&self, before: &str, question: &str) -> Option<&Passage> {
        let judged = self.judge(question);
        let best = judged.best?;
        let alone = self.is_answer(&judged, best).then(|| &self.passages[best]);
        let is_whole = judged.is_example || words(question).len() > MOST_WORDS_OF_MORE;
        if before.is_empty() || is_whole {
            return alone;
        }
        let Some(subject) = self.answer(before).map(Passage::subject) else { return alone };
        let of_it = |at: &usize| self.passages[*at].subject() == subject;
        let of_it = (0..self.answering).filter(of_it).max_by(|left, right| {
            judged.scores[*left].total_cmp(&judged.scores[*right]).then(right.cmp(left))
        });
        let is_meant = |at: &usize| {
            let score = judged.scores[*at] + GOES_ON;
            score >= judged.scores[best] && self.answers(&judged, *at, score)
        };
        of_it.filter(is_meant).map(|at| &self.passages[at]).or(alone)
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

    /// At most `limit` passages, those first that most speaks for, whether they answer `question`
    /// or not.
    #[must_use]
    pub fn rank(&self, question: &str, limit: usize) -> Vec<Ranked<'_>> {
        let judged = self.judge(question);
        let mut order: Vec<usize> = (0..self.answering).collect();
        order.sort_by(|left, right| judged.scores[*right].total_cmp(&judged.scores[*left]));
        let ranked = |at: usize| Ranked { passage: &self.passages[at], score: judged.scores[at] };
        order.into_iter().take(limit).map(ranked).collect()
    }

    /// Learns how people ask, if that was not done yet: some hundred milliseconds, which the first
    /// question would wait for.
    pub fn learn(&self) {
        self.judges();
    }

    /// Those who judge a question; whoever comes first waits until they have learnt.
    fn judges(&self) -> &Judges {
        self.judges.get_or_init(|| {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            let judges = Judges::of(&entries);
            *entries = Vec::new();
            judges
        })
    }

    /// Whether [`Knowledge::learn`] was done.
    #[must_use]
    pub fn has_learnt(&self) -> bool {
        self.judges.get().is_some()
    }

    /// Every passage in the order of the file.
    #[must_use]
    pub fn passages(&self) -> &[Passage] {
        &self.passages[..self.answering]
    }

    /// What speaks for each passage.
    fn judge(&self, question: &str) -> Judged {
        self.judges().judge(question, self.answering)
    }

    /// Whether a passage answers, and does not only come near.
    fn is_answer(&self, judged: &Judged, passage: usize) -> bool {
        let is_own = judged.is_example && judged.best == Some(passage);
        let score = if is_own { f32::INFINITY } else { judged.scores[passage] };
        self.answers(judged, passage, score)
    }

    /// The same with the `score` that speaks for the passage.
    fn answers(&self, judged: &Judged, passage: usize, score: f32) -> bool {
        score - judged.silent.max(0.0) >= LEAST_MARGIN
            && self.judges().gives(passage, &judged.wanted)
    }
}

/// A question as far as it matters: two that are the same but for accents, capitals, marks and
/// blanks are one.
#[must_use]
pub fn normalised(question: &str) -> String {
    text::plain(question)
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
