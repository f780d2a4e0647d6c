//! An open question, answered: from the passages of the context file, in their own words or in
//! those of a model.
//!
//! The way of a question: its passages (`knowledge`), found by their words and, where a model
//! embeds, by their meaning (`meaning`), what was once made of them (the store's
//! cache), a model that is allowed and well (`wording`), the guard on its words (`knowledge`).
//! Wherever that way ends early, the passages answer by themselves.

mod meaning;
mod prompt;
mod told;
mod wording;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::time::{Instant, timeout};

use crate::engine::Part;
use crate::knowledge::{Answered as Found, Knowledge, Nearness, Passage, asks_for_more, masked};
use crate::message::{OpenAnswer, Source, UserId};
use crate::store::Store;
pub use meaning::{Meaning, MeaningError, Terms};
pub(super) use wording::Asker;
use wording::Verdict;
pub use wording::{Allowance, Wording};

/// Passages that a model is given at most: the one that answers, and those nearest to it.
const MAX_PASSAGES: usize = 4;

/// How long a customer waits for the meaning of a question, before its words alone must do.
const MEANING_BUDGET: Duration = Duration::from_secs(2);

/// The models that help the passages to answer; neither has to be there.
#[derive(Clone, Default)]
pub struct Models {
    /// Words the answers.
    pub wording: Option<Arc<Wording>>,
    /// Finds passages that share no word with the question.
    pub meaning: Option<Arc<Meaning>>,
}

/// What answers open questions.
pub struct Open {
    knowledge: Arc<Knowledge>,
    models: Models,
}

/// An open question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What is said; none where the context file does not say.
    pub text: Option<String>,
    /// What is kept of it.
    pub record: OpenAnswer,
}

impl Open {
    /// Answers from `knowledge`, with the help of `models`.
    pub fn new(knowledge: impl Into<Arc<Knowledge>>, models: Models) -> Self {
        Self { knowledge: knowledge.into(), models }
    }

    /// Learns from the examples of the passages, so that the first question need not wait for it,
    /// and embeds the passages that are new, where a model embeds. How many those were.
    ///
    /// # Errors
    ///
    /// See [`MeaningError`]: until it goes through, words alone find the passages.
    pub async fn learn(&self, store: &dyn Store, now: Timestamp) -> Result<usize, MeaningError> {
        self.prepare().await;
        match &self.models.meaning {
            Some(meaning) => meaning.learn(&self.knowledge, store, now).await,
            None => Ok(0),
        }
    }

    /// Has the passages' judges learn, beside whatever else is to be done.
    async fn prepare(&self) {
        let knowledge = Arc::clone(&self.knowledge);
        // A panic in there would come again at the first question, where it is handled.
        let _ = tokio::task::spawn_blocking(move || knowledge.learn()).await;
    }

    /// Returns when [`Open::learn`] has to be called again, because the model that embeds changed;
    /// never where none does.
    pub async fn outdated(&self) {
        match &self.models.meaning {
            Some(meaning) => meaning.outdated().await,
            None => std::future::pending().await,
        }
    }

    /// The answer to one question of `user`; what a model once made of it is looked for, and kept,
    /// in `store`.
    pub async fn answer_one(
        &self,
        store: &dyn Store,
        user: &UserId,
        now: Timestamp,
        question: &str,
    ) -> Answered {
        self.answer(store, Asker { user, now, until: None }, "", question).await
    }

    /// Whether the answers to the open questions of a turn may take their time: a model is asked.
    pub(super) fn takes_time(&self, parts: &[Part]) -> bool {
        self.models.wording.is_some() && parts.iter().any(|part| matches!(part, Part::Open { .. }))
    }

    /// The answers to the open questions of a turn, in the order of the parts that ask them. They
    /// are asked at once: a customer waits for all as long as for one.
    pub(super) async fn answers(
        &self,
        parts: &[Part],
        store: &dyn Store,
        asker: Asker<'_>,
    ) -> Vec<Answered> {
        let questions = parts.iter().filter_map(|part| match part {
            Part::Open { question, before, .. } => Some((question, before)),
            Part::Text(_) => None,
        });
        join_all(questions.map(|(question, before)| self.answer(store, asker, before, question)))
            .await
    }

    async fn answer(
        &self,
        store: &dyn Store,
        asker: Asker<'_>,
        before: &str,
        question: &str,
    ) -> Answered {
        let wording = self.models.wording.as_ref();
        let until = wording.map(|wording| Instant::now() + wording.budget());
        let masked = masked(question);
        if !self.knowledge.has_learnt() {
            self.prepare().await;
        }
        let found = self.found(store, asker, before, question, &masked).await;
        let Some(Found { passage, text }) = found else { return Answered::refused(masked) };
        // A detail that was asked for is said as it stands.
        let is_text = text == passage.text;
        if let Some((wording, until)) = wording.zip(until).filter(|_| is_text) {
            let passages = self.nearest(passage, before, question);
            let goes_on = !before.is_empty() && passages.len() == 1;
            let budget = until.saturating_duration_since(Instant::now());
            match wording.word(store, asker, &masked, &passages, budget).await {
                Some(Verdict::Worded { text, passages }) => {
                    let source = Source::Llm;
                    let record = OpenAnswer { question: masked, passages, source };
                    return Answered { text: Some(text), record };
                }
                // Of what goes on with the question before, a model is only told the rest.
                Some(Verdict::Unanswerable) if !goes_on => return Answered::refused(masked),
                Some(Verdict::Unanswerable | Verdict::Unbelieved) | None => {}
            }
        }
        Answered::from_passage(masked, passage, text)
    }

    /// The passage that answers: by its words and, where that can be told, by its meaning.
    async fn found(
        &self,
        store: &dyn Store,
        asker: Asker<'_>,
        before: &str,
        question: &str,
        masked: &str,
    ) -> Option<Found<'_>> {
        let by_words = self.knowledge.reply_after(before, question);
        let Some(meaning) = &self.models.meaning else { return by_words };
        let is_detail = by_words.is_some_and(|found| found.text != found.passage.text);
        if is_detail || asks_for_more(question) {
            return by_words;
        }
        let nearness = meaning.nearness(masked, store, asker, MEANING_BUDGET);
        let of = match asker.until {
            None => nearness.await,
            // The other half is for the words.
            Some(until) => {
                let half = until.saturating_duration_since(Instant::now()) / 2;
                timeout(half, nearness).await.ok().flatten()
            }
        };
        let Some(of) = of else { return by_words };
        let nearness = Nearness { of: &of, floor: meaning.floor() };
        let passage = self.knowledge.answer_near(before, question, nearness)?;
        Some(Found { passage, text: &passage.text })
    }

    /// The passage that answers, and those that come nearest to it; it alone where it answers what
    /// goes on with a question before, for the words of this one name no subject.
    fn nearest<'a>(&'a self, best: &'a Passage, before: &str, question: &str) -> Vec<&'a Passage> {
        let alone = self.knowledge.answer(question);
        if !before.is_empty() && alone.is_none_or(|alone| alone.name != best.name) {
            return vec![best];
        }
        let others = self.knowledge.rank(question, MAX_PASSAGES);
        let others = others.iter().map(|ranked| ranked.passage);
        let others = others.filter(|other| other.name != best.name);
        std::iter::once(best).chain(others).take(MAX_PASSAGES).collect()
    }
}

impl Answered {
    fn refused(question: String) -> Self {
        let record = OpenAnswer { question, passages: Vec::new(), source: Source::Knowledge };
        Self { text: None, record }
    }

    fn from_passage(question: String, passage: &Passage, text: &str) -> Self {
        let passages = vec![passage.name.clone()];
        let record = OpenAnswer { question, passages, source: Source::Knowledge };
        Self { text: Some(text.to_owned()), record }
    }
}
