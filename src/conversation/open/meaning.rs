//! What passages and questions mean, as vectors of a model: how a question finds its passage that
//! shares no word with it.
//!
//! Passages are embedded once and kept by a hash of their text, so that a start asks for those
//! alone that are new. Questions are not kept, and count as calls for whoever asks. Whenever anything fails, words find the passages as they do without.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use super::super::watch::{CallOutcome, ModelWork, Watch};
use super::told::Told;
use super::wording::{Asker, MAX_CALLS};
use crate::knowledge::{Knowledge, Passage, normalised};
use crate::llm::{Breaker, Change, Embed, Failure, MAX_TEXTS, Prices};
use crate::message::UserId;
use crate::store::{Booked, Booking, CacheKey, CallLimit, CallLimits, Store, StoreError};

/// How long one batch of passages may take: nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Characters of a text that are embedded: servers take 8,192 tokens.
const MAX_CHARS: usize = 4_000;

/// A model that embeds, and what it made of the passages.
pub struct Meaning {
    model: Arc<dyn Embed>,
    terms: Terms,
    breaker: Breaker,
    calls: Semaphore,
    told: Told,
    learnt: Mutex<Learnt>,
    /// Rung when the passages have to be embedded anew.
    outdated: Notify,
    watch: Arc<dyn Watch>,
}

/// What is known of the space of meanings.
#[derive(Default)]
struct Learnt {
    /// One unit vector for each passage, in their order; none until all are there.
    passages: Option<Arc<Vec<Vec<f32>>>>,
    /// How long the model's vectors were last: those of another length mean something else.
    length: Option<usize>,
}

/// On what terms a model embeds.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// What a token costs; none is written.
    pub prices: Prices,
    /// How many calls there may be, and what they may cost, together with those of other models.
    pub limits: CallLimits,
    /// How near two meanings must be, from 0 to 1, for a passage to answer by its meaning alone.
    pub floor: f32,
}

/// Passages that cannot be embedded now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeaningError {
    /// The model failed.
    #[error(transparent)]
    Model(#[from] Failure),
    /// No more calls are allowed now.
    #[error("a limit is reached: {0}")]
    Limit(CallLimit),
    /// The store cannot be read or written.
    #[error("the store: {0}")]
    Store(String),
}

impl Meaning {
    /// A model on these terms, before it has seen any passage.
    pub fn new(model: Arc<dyn Embed>, terms: Terms) -> Self {
        Self {
            model,
            terms,
            breaker: Breaker::default(),
            calls: Semaphore::new(MAX_CALLS),
            told: Told::default(),
            learnt: Mutex::default(),
            outdated: Notify::new(),
            watch: Arc::new(()),
        }
    }

    /// The same, with somebody who is told of its calls.
    #[must_use]
    pub fn watched(self, watch: Arc<dyn Watch>) -> Self {
        Self { watch, ..self }
    }

    /// How near two meanings must be for a passage to answer by its meaning alone.
    pub(super) const fn floor(&self) -> f32 {
        self.terms.floor
    }

    /// Embeds the passages that the store has no vectors of, or none of the length that the model
    /// has now, and takes up all of them. How many were embedded.
    pub(super) async fn learn(
        &self,
        knowledge: &Knowledge,
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<usize, MeaningError> {
        let texts: Vec<String> = knowledge.passages().iter().map(text_of).collect();
        let mut vectors = self.stored(&texts, store)?;
        let mut length = self.locked().length;
        let mut embedded = 0;
        // The second time for those that turned out to be of another length than new ones.
        for _ in 0..2 {
            length = length.or_else(|| vectors.iter().flatten().map(Vec::len).next());
            for vector in &mut vectors {
                vector.take_if(|vector| Some(vector.len()) != length);
            }
            let missing: Vec<usize> =
                (0..texts.len()).filter(|at| vectors[*at].is_none()).collect();
            for batch in missing.chunks(MAX_TEXTS) {
                let batch_texts: Vec<String> = batch.iter().map(|at| texts[*at].clone()).collect();
                let units = self.embed_passages(&batch_texts, store, now).await?;
                length = units.first().map(Vec::len);
                embedded += units.len();
                for (at, unit) in batch.iter().zip(units) {
                    vectors[*at] = Some(unit);
                }
            }
        }
        let passages: Vec<Vec<f32>> = vectors.into_iter().flatten().collect();
        if passages.iter().any(|passage| Some(passage.len()) != length) {
            return Err(Failure::Unreadable("its vectors have one length now, now another").into());
        }
        *self.locked() = Learnt { passages: Some(Arc::new(passages)), length };
        Ok(embedded)
    }

    /// Returns when the passages have to be embedded anew, because the model's vectors changed.
    pub(super) async fn outdated(&self) {
        self.outdated.notified().await;
    }

    /// How near each passage's meaning comes to the question's, from -1 to 1, in their order; none
    /// where the passages are not embedded, or the question cannot be within `budget`.
    pub(super) async fn nearness(
        &self,
        question: &str,
        store: &dyn Store,
        Asker { user, now, .. }: Asker<'_>,
        budget: Duration,
    ) -> Option<Vec<f32>> {
        let passages = self.locked().passages.clone()?;
        let question = clipped(&normalised(question));
        if question.is_empty() {
            return None;
        }
        let Ok(_call) = self.calls.try_acquire() else {
            tracing::warn!("too many questions are being embedded; words find the passage");
            self.watch.call(ModelWork::Embedding, CallOutcome::Crowded);
            return None;
        };
        if !self.breaker.lets_through(Instant::now()) {
            self.watch.call(ModelWork::Embedding, CallOutcome::Resting);
            return None;
        }
        match self.embed(&[question], store, Some(user), now, budget).await {
            Ok(vectors) => {
                if let Some(Change::Closed) = self.breaker.succeeded() {
                    tracing::info!("the model that embeds answers again");
                }
                let asked = vectors.into_iter().next().map(unit)?;
                if passages.iter().any(|passage| passage.len() != asked.len()) {
                    self.forget(asked.len());
                    return None;
                }
                Some(passages.iter().map(|passage| dot(&asked, passage)).collect())
            }
            Err(MeaningError::Limit(limit)) => {
                if self.told.is_new(limit, now) {
                    tracing::warn!(%limit, "a limit is reached: words alone find the passages");
                }
                None
            }
            Err(error) => {
                tracing::warn!(%error, "a question was not embedded; words find its passage");
                if let MeaningError::Model(failure) = &error
                    && let Some(Change::Opened { seconds }) =
                        self.breaker.failed(failure, Instant::now())
                {
                    tracing::error!(seconds, "the model that embeds fails; it is left alone");
                }
                None
            }
        }
    }

    /// Takes the passages for not embedded: the model's vectors have this `length` now.
    fn forget(&self, length: usize) {
        let mut learnt = self.locked();
        if learnt.length != Some(length) {
            tracing::warn!(length, "the model's vectors changed; the passages are embedded anew");
            *learnt = Learnt { passages: None, length: Some(length) };
            self.outdated.notify_one();
        }
    }

    /// The vector of each of these `texts`, where the store has it.
    fn stored(
        &self,
        texts: &[String],
        store: &dyn Store,
    ) -> Result<Vec<Option<Vec<f32>>>, MeaningError> {
        let stored = |text| store.cached(&self.key(text)).map_err(store_error);
        texts.iter().map(|text| Ok(stored(text)?.as_deref().and_then(from_bytes))).collect()
    }

    fn key(&self, text: &str) -> CacheKey {
        CacheKey::of(&["vector", self.model.name(), text])
    }

    /// A unit vector for each of these `texts` of passages, from the model; the store keeps them.
    async fn embed_passages(
        &self,
        texts: &[String],
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<Vec<Vec<f32>>, MeaningError> {
        let embedded = self.embed(texts, store, None, now, PATIENCE).await?;
        let units: Vec<Vec<f32>> = embedded.into_iter().map(unit).collect();
        let kept = texts.iter().zip(&units).map(|(text, unit)| (self.key(text), to_bytes(unit)));
        store.cache(kept.collect(), now).await.map_err(store_error)?;
        Ok(units)
    }

    /// The model's vectors of `texts`, which count as a call for `user`; for nobody where the bot
    /// needs them for itself.
    async fn embed(
        &self,
        texts: &[String],
        store: &dyn Store,
        user: Option<&UserId>,
        now: Timestamp,
        budget: Duration,
    ) -> Result<Vec<Vec<f32>>, MeaningError> {
        let embedded = self.call(texts, store, user, now, budget).await;
        self.watch.call(ModelWork::Embedding, outcome_of(&embedded));
        embedded
    }

    async fn call(
        &self,
        texts: &[String],
        store: &dyn Store,
        user: Option<&UserId>,
        now: Timestamp,
        budget: Duration,
    ) -> Result<Vec<Vec<f32>>, MeaningError> {
        let Terms { prices, limits, .. } = self.terms;
        let booked = prices.most_for_texts(texts);
        let (user, counts) = (user.cloned(), user.is_some());
        let booking = Booking { user, at: now, counts, nanodollars: booked, limits };
        if let Booked::No(limit) = store.book(booking).await.map_err(store_error)? {
            return Err(MeaningError::Limit(limit));
        }
        let call = self.model.embed(texts, budget).await;
        let spent = prices.spent(&call, booked, |embedded| embedded.usage);
        self.watch.paid(ModelWork::Embedding, spent);
        store.settle(now, booked, spent).await.map_err(store_error)?;
        Ok(call.outcome?.vectors)
    }

    fn locked(&self) -> MutexGuard<'_, Learnt> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn store_error(error: StoreError) -> MeaningError {
    MeaningError::Store(error.to_string())
}

const fn outcome_of<T>(embedded: &Result<T, MeaningError>) -> CallOutcome {
    match embedded {
        Ok(_) => CallOutcome::Used,
        Err(MeaningError::Model(_)) => CallOutcome::Failed,
        Err(MeaningError::Limit(_)) => CallOutcome::Limited,
        Err(MeaningError::Store(_)) => CallOutcome::Unbooked,
    }
}

fn text_of(passage: &Passage) -> String {
    clipped(&format!("{}\n{}", passage.title, passage.text))
}

fn clipped(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}

/// The vector of length 1 in the same direction; all zeros stay as they are.
fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = dot(&vector, &vector).sqrt();
    if length > 0.0 {
        for part in &mut vector {
            *part /= length;
        }
    }
    vector
}

/// Of two vectors of length 1 and of as many parts the cosine of their angle.
fn dot(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|part| part.to_le_bytes()).collect()
}

fn from_bytes(bytes: &[u8]) -> Option<Vec<f32>> {
    let (parts, rest) = bytes.as_chunks::<4>();
    let is_vector = !parts.is_empty() && rest.is_empty();
    is_vector.then(|| parts.iter().map(|part| f32::from_le_bytes(*part)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::{Called, Embedded, Price};
    use crate::store::MemoryStore;

    #[test]
    fn vectors_come_back_from_their_bytes() {
        let vector = vec![0.25, -1.0, 3.5];
        assert_eq!(from_bytes(&to_bytes(&vector)), Some(vector));
        assert_eq!(from_bytes(&[]), None);
        assert_eq!(from_bytes(&[0, 0, 0]), None);
    }

    #[test]
    fn a_unit_vector_has_length_one_and_nothing_stays_nothing() {
        let unit_of = unit(vec![3.0, 4.0]);
        assert!((dot(&unit_of, &unit_of) - 1.0).abs() < 1e-6);
        assert_eq!(unit(vec![0.0, 0.0]), [0.0, 0.0]);
    }

    /// A model whose vectors have this many parts.
    struct Long(usize);

    #[async_trait::async_trait]
    impl Embed for Long {
        async fn embed(&self, texts: &[String], _: Duration) -> Called<Embedded> {
            Ok(Embedded { vectors: vec![vec![1.0; self.0]; texts.len()], usage: None }).into()
        }

        fn name(&self) -> &'static str {
            "long"
        }
    }

    #[tokio::test]
    async fn a_new_passage_tells_that_the_old_vectors_are_of_another_length() {
        let limits = CallLimits { user_a_day: 0, all_a_day: 0, nanodollars_a_month: 0 };
        let prices = Prices { input: Price(0), output: Price(0) };
        let terms = Terms { prices, limits, floor: 0.5 };
        let store = MemoryStore::default();
        let mut file = "# T\n## a/a: A\nfuente: x\nUno.\n## a/b: B\nfuente: x\nDos.\n".to_owned();
        for (length, embedded) in [(2, 2), (3, 3), (3, 1)] {
            let meaning = Meaning::new(Arc::new(Long(length)), terms);
            let knowledge = Knowledge::parse(&file).unwrap();
            let learnt = meaning.learn(&knowledge, &store, Timestamp::UNIX_EPOCH).await;
            assert_eq!(learnt, Ok(embedded), "with vectors of {length}");
            let name = format!("c{embedded}");
            file.extend(["## a/", &name, ": ", &name, "\nfuente: x\nTres.\n"]);
        }
    }
}
