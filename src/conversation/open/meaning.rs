//! What passages and questions mean, as vectors of a model: how a question finds its passage that
//! shares no word with it.
//!
//! Passages are embedded once and kept by a hash of their text, so that a start asks for those
//! alone that are new. Whenever anything fails, words find the passages as they do without.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::super::watch::{CallOutcome, ModelWork, Watch};
use crate::knowledge::{Knowledge, Passage, normalised};
use crate::llm::{Breaker, Change, Embed, Embedded, Failure, MAX_TEXTS, Prices};
use crate::store::{Booked, Booking, CacheKey, CallLimits, Store};

/// How long one batch of passages may take: nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Characters of a text that are embedded: servers take 8,192 tokens.
const MAX_CHARS: usize = 4_000;

/// A model that embeds, and what it made of the passages.
pub struct Meaning {
    model: Arc<dyn Embed>,
    terms: Terms,
    breaker: Breaker,
    /// One unit vector for each passage, in their order; none until all are there.
    passages: Mutex<Option<Arc<Vec<Vec<f32>>>>>,
    watch: Arc<dyn Watch>,
}

/// On what terms a model embeds.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// What a token costs; none is written.
    pub prices: Prices,
    /// What the calls of a month may cost, together with those of other models.
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
    /// The month's cost is used up.
    #[error("the month's cost is used up")]
    Limit,
    /// The store cannot be read or written.
    #[error("the store: {0}")]
    Store(String),
}

impl Meaning {
    /// A model on these terms, before it has seen any passage.
    pub fn new(model: Arc<dyn Embed>, terms: Terms) -> Self {
        let (breaker, passages) = (Breaker::default(), Mutex::default());
        Self { model, terms, breaker, passages, watch: Arc::new(()) }
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

    /// Embeds the passages that the store has no vectors of, and takes up all of them. How many were
    /// new.
    pub(super) async fn learn(
        &self,
        knowledge: &Knowledge,
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<usize, MeaningError> {
        let texts: Vec<String> = knowledge.passages().iter().map(text_of).collect();
        let mut vectors = Vec::with_capacity(texts.len());
        let mut new = 0;
        for batch in texts.chunks(MAX_TEXTS) {
            let (batch, embedded) = self.vectors(batch, store, now, PATIENCE).await?;
            vectors.extend(batch);
            new += embedded;
        }
        *self.locked() = Some(Arc::new(vectors));
        Ok(new)
    }

    /// How near each passage's meaning comes to the question's, from -1 to 1, in their order; none
    /// where the passages are not embedded, or the question cannot be within `budget`.
    pub(super) async fn nearness(
        &self,
        question: &str,
        store: &dyn Store,
        now: Timestamp,
        budget: Duration,
    ) -> Option<Vec<f32>> {
        let passages = self.locked().clone()?;
        if !self.breaker.lets_through(now) {
            self.watch.call(ModelWork::Embedding, CallOutcome::Resting);
            return None;
        }
        let question = clipped(&normalised(question));
        if question.is_empty() {
            return None;
        }
        match self.vectors(&[question], store, now, budget).await {
            Ok((vectors, _)) => {
                if let Some(Change::Closed) = self.breaker.succeeded() {
                    tracing::info!("the model that embeds answers again");
                }
                let asked = vectors.first()?;
                Some(passages.iter().map(|passage| dot(asked, passage)).collect())
            }
            Err(error) => {
                tracing::warn!(%error, "a question was not embedded; words find its passage");
                if let MeaningError::Model(failure) = &error
                    && let Some(Change::Opened { seconds }) = self.breaker.failed(failure, now)
                {
                    tracing::error!(seconds, "the model that embeds fails; it is left alone");
                }
                None
            }
        }
    }

    /// A unit vector for each of `texts`, out of the store or from the model, and how many were not
    /// in the store.
    async fn vectors(
        &self,
        texts: &[String],
        store: &dyn Store,
        now: Timestamp,
        budget: Duration,
    ) -> Result<(Vec<Vec<f32>>, usize), MeaningError> {
        let store_error = |error: crate::store::StoreError| MeaningError::Store(error.to_string());
        let key = |text: &String| CacheKey::of(&["vector", self.model.name(), text]);
        let mut vectors: Vec<Option<Vec<f32>>> = Vec::with_capacity(texts.len());
        for text in texts {
            let bytes = store.cached(&key(text)).map_err(store_error)?;
            vectors.push(bytes.as_deref().and_then(from_bytes));
        }
        let missing: Vec<String> = texts
            .iter()
            .zip(&vectors)
            .filter(|(_, vector)| vector.is_none())
            .map(|(text, _)| text.clone())
            .collect();
        if !missing.is_empty() {
            let embedded = self.embed(&missing, store, now, budget).await;
            self.watch.call(ModelWork::Embedding, outcome_of(&embedded));
            let embedded = embedded?;
            let units: Vec<Vec<f32>> = embedded.into_iter().map(unit).collect();
            let kept = missing.iter().zip(&units).map(|(text, unit)| (key(text), to_bytes(unit)));
            store.cache(kept.collect(), now).await.map_err(store_error)?;
            let mut units = units.into_iter();
            for vector in vectors.iter_mut().filter(|vector| vector.is_none()) {
                *vector = units.next();
            }
        }
        let length = vectors.first().and_then(Option::as_ref).map_or(0, Vec::len);
        let vectors: Vec<Vec<f32>> = vectors.into_iter().flatten().collect();
        if vectors.iter().any(|vector| vector.len() != length) {
            return Err(Failure::Unreadable("its vectors have another length than before").into());
        }
        Ok((vectors, missing.len()))
    }

    async fn embed(
        &self,
        texts: &[String],
        store: &dyn Store,
        now: Timestamp,
        budget: Duration,
    ) -> Result<Vec<Vec<f32>>, MeaningError> {
        let store_error = |error: crate::store::StoreError| MeaningError::Store(error.to_string());
        let Terms { prices, limits, .. } = self.terms;
        let booked = prices.most_for_texts(texts);
        let booking = Booking { user: None, at: now, counts: false, nanodollars: booked, limits };
        if let Booked::No(_) = store.book(booking).await.map_err(store_error)? {
            return Err(MeaningError::Limit);
        }
        let outcome = self.model.embed(texts, budget).await;
        let cost = match &outcome {
            Ok(Embedded { usage: Some(usage), .. }) => prices.cost(*usage),
            Ok(Embedded { usage: None, .. }) => booked,
            Err(failure) if failure.may_cost() => booked,
            Err(_) => 0,
        };
        self.watch.paid(ModelWork::Embedding, cost);
        if let Some(spared) = booked.checked_sub(cost).filter(|spared| *spared > 0) {
            store.give_back(now, spared).await.map_err(store_error)?;
        }
        Ok(outcome?.vectors)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Arc<Vec<Vec<f32>>>>> {
        self.passages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn outcome_of<T>(embedded: &Result<T, MeaningError>) -> CallOutcome {
    match embedded {
        Ok(_) => CallOutcome::Used,
        Err(MeaningError::Model(_)) => CallOutcome::Failed,
        Err(MeaningError::Limit) => CallOutcome::Limited,
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

/// Of two vectors of length 1 the cosine of their angle.
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
}
