//! One question put to a model: asked for no more than is allowed, believed no more than the
//! passages say.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::super::watch::{CallOutcome, ModelWork, Watch};
use super::prompt::{Claim, RULES, prompt};
use super::told::Told;
use crate::knowledge::{Passage, guard, normalised};
use crate::llm::{Breaker, Change, Completion, Failure, Model, Prices, Prompt};
use crate::message::UserId;
use crate::store::{Booked, Booking, CacheKey, CallLimits, Store};

/// Calls of one model under way at once, at most. Who comes when all are taken is answered without.
pub(super) const MAX_CALLS: usize = 16;

/// With less time than this a call would only be paid for.
const LEAST_TIME: Duration = Duration::from_millis(200);

/// A model that words what the passages say.
pub struct Wording {
    model: Arc<dyn Model>,
    allowance: Allowance,
    breaker: Breaker,
    calls: Semaphore,
    told: Told,
    watch: Arc<dyn Watch>,
}

/// How much may be asked of a model.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// What its tokens cost.
    pub prices: Prices,
    /// How many calls there may be, and what they may cost.
    pub limits: CallLimits,
    /// How long a customer waits for it at most.
    pub budget: Duration,
}

/// What became of a question that a model was asked; kept, so that the same one costs no second
/// call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// The passages say this, in the model's words.
    Worded {
        /// What the customer reads.
        text: String,
        /// The names of the passages it is from.
        passages: Vec<String>,
    },
    /// The passages do not answer, the model says.
    Unanswerable,
    /// The model said what the passages do not: they answer by themselves.
    Unbelieved,
}

impl Verdict {
    const fn outcome(&self) -> CallOutcome {
        match self {
            Self::Worded { .. } => CallOutcome::Used,
            Self::Unanswerable => CallOutcome::Unanswerable,
            Self::Unbelieved => CallOutcome::Unbelieved,
        }
    }
}

/// Whom a question comes from, when, and how long they can wait.
#[derive(Debug, Clone, Copy)]
pub(in crate::conversation) struct Asker<'a> {
    pub(in crate::conversation) user: &'a UserId,
    pub(in crate::conversation) now: Timestamp,
    /// Until when they can wait, where that may be less than a model takes.
    pub(in crate::conversation) until: Option<Instant>,
}

impl Wording {
    /// A model with what may be asked of it.
    pub fn new(model: Arc<dyn Model>, allowance: Allowance) -> Self {
        Self {
            model,
            allowance,
            breaker: Breaker::default(),
            calls: Semaphore::new(MAX_CALLS),
            told: Told::default(),
            watch: Arc::new(()),
        }
    }

    /// The same, with somebody who is told of its calls.
    #[must_use]
    pub fn watched(self, watch: Arc<dyn Watch>) -> Self {
        Self { watch, ..self }
    }

    /// How long a customer waits for a model at most.
    pub(super) const fn budget(&self) -> Duration {
        self.allowance.budget
    }

    /// What the model makes of `question`, in which personal data is masked, and `passages`, within
    /// `budget`; none where it is not asked, or gives nothing that can be used. The reason is in
    /// the log.
    pub(super) async fn word(
        &self,
        store: &dyn Store,
        asker: Asker<'_>,
        question: &str,
        passages: &[&Passage],
        budget: Duration,
    ) -> Option<Verdict> {
        let key = self.cache_key(question, passages);
        match cached(store, &key) {
            // The guard may have learnt something since.
            Some(Verdict::Worded { text, passages: named }) => {
                return Some(believe(&text, &named, passages));
            }
            Some(verdict) => return Some(verdict),
            None => {}
        }
        let leaves = asker.until.map(|until| until.saturating_duration_since(Instant::now()));
        let leaves = leaves.filter(|leaves| *leaves < budget);
        if leaves.unwrap_or(budget) < LEAST_TIME {
            return None;
        }
        let prompt = prompt(question, passages);
        let said = self.ask(store, asker, &prompt, budget);
        let said = match leaves {
            None => said.await,
            // That says nothing about the model. What it cost counts as booked.
            Some(leaves) => timeout(leaves, said).await.unwrap_or_else(|_| {
                tracing::warn!("a customer could not wait for the model; the passages answer");
                Err(CallOutcome::Unheard)
            }),
        };
        let judged = said.and_then(|completion| judge(&completion.content, passages));
        self.watch.call(ModelWork::Wording, judged.as_ref().map_or_else(|o| *o, Verdict::outcome));
        let verdict = judged.ok()?;
        let bytes = serde_json::to_vec(&verdict).ok()?;
        if let Err(error) = store.cache(vec![(key, bytes)], asker.now).await {
            tracing::error!(%error, "an answer could not be cached");
        }
        Some(verdict)
    }

    fn cache_key(&self, question: &str, passages: &[&Passage]) -> CacheKey {
        let question = normalised(question);
        let mut parts = vec!["wording", RULES, self.model.name(), &question];
        for Passage { name, title, text, .. } in passages {
            parts.extend([name.as_str(), title, text]);
        }
        CacheKey::of(&parts)
    }

    /// Asks the model, where nothing speaks against it; else what became of the call.
    async fn ask(
        &self,
        store: &dyn Store,
        Asker { user, now, .. }: Asker<'_>,
        prompt: &Prompt,
        budget: Duration,
    ) -> Result<Completion, CallOutcome> {
        let Ok(_call) = self.calls.try_acquire() else {
            tracing::warn!("too many calls of the model are under way; the passages answer");
            return Err(CallOutcome::Crowded);
        };
        if self.breaker.rests(Instant::now()) {
            return Err(CallOutcome::Resting);
        }
        let Allowance { prices, limits, .. } = self.allowance;
        let booked = prices.most(prompt);
        let user = Some(user.clone());
        let booking = Booking { user, at: now, counts: true, nanodollars: booked, limits };
        match store.book(booking).await {
            Ok(Booked::Yes) => {}
            Ok(Booked::No(limit)) => {
                if self.told.is_new(limit, now) {
                    tracing::warn!(%limit, "a limit is reached: the passages answer without the model");
                }
                return Err(CallOutcome::Limited);
            }
            Err(error) => {
                tracing::error!(%error, "a call of the model could not be booked");
                return Err(CallOutcome::Unbooked);
            }
        }
        // Asked last: who is let through after a rest decides for the others.
        if !self.breaker.lets_through(Instant::now()) {
            settle(store, now, booked, 0).await;
            return Err(CallOutcome::Resting);
        }
        let call = self.model.complete(prompt, budget).await;
        let spent = prices.spent(&call, booked, |completion| completion.usage);
        self.watch.paid(ModelWork::Wording, spent);
        settle(store, now, booked, spent).await;
        self.weigh(call.outcome)
    }

    /// Tells the log and the breaker how a call went.
    fn weigh(&self, outcome: Result<Completion, Failure>) -> Result<Completion, CallOutcome> {
        match outcome {
            Ok(completion) => {
                if let Some(Change::Closed) = self.breaker.succeeded() {
                    tracing::info!("the model answers again");
                }
                let usage = completion.usage.unwrap_or_default();
                tracing::debug!(input = usage.input, output = usage.output, "the model answered");
                Ok(completion)
            }
            Err(failure) => {
                tracing::warn!(%failure, "the model gave nothing; the passages answer");
                if let Some(Change::Opened { seconds }) =
                    self.breaker.failed(&failure, Instant::now())
                {
                    tracing::error!(seconds, "the model fails again and again; it is left alone");
                }
                Err(CallOutcome::Failed)
            }
        }
    }
}

/// Writes down what a call cost that was booked at `at`.
async fn settle(store: &dyn Store, at: Timestamp, booked: u64, spent: u64) {
    if let Err(error) = store.settle(at, booked, spent).await {
        tracing::error!(%error, "what a call cost could not be written; it counts as booked");
    }
}

fn cached(store: &dyn Store, key: &CacheKey) -> Option<Verdict> {
    match store.cached(key) {
        Ok(bytes) => serde_json::from_slice(&bytes?).ok(),
        Err(error) => {
            tracing::error!(%error, "the cached answers cannot be read");
            None
        }
    }
}

/// What can be believed of a model's words, where they are of the shape that was asked for.
fn judge(content: &str, passages: &[&Passage]) -> Result<Verdict, CallOutcome> {
    let Some(Claim { answer, passages: named, answerable }) = Claim::read(content) else {
        tracing::warn!("the model did not keep to the form of the answer; the passages answer");
        return Err(CallOutcome::Malformed);
    };
    Ok(if answerable { believe(&answer, &named, passages) } else { Verdict::Unanswerable })
}

/// `answer` as far as the `passages` that it names bear it out.
fn believe(answer: &str, named: &[String], passages: &[&Passage]) -> Verdict {
    let cited: Vec<&Passage> =
        passages.iter().filter(|passage| named.contains(&passage.name)).copied().collect();
    if cited.is_empty() || named.iter().any(|name| cited.iter().all(|known| known.name != *name)) {
        tracing::warn!("the model cites what it was not given; the passages answer");
        return Verdict::Unbelieved;
    }
    match guard(answer, &cited) {
        Ok(text) => {
            let passages = cited.iter().map(|passage| passage.name.clone()).collect();
            Verdict::Worded { text, passages }
        }
        Err(breach) => {
            tracing::warn!(%breach, "the model said what the passages do not; they answer");
            Verdict::Unbelieved
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::llm::{Called, Price};
    use crate::store::MemoryStore;

    /// A model that must not be asked.
    struct Nobody;

    #[async_trait::async_trait]
    impl Model for Nobody {
        async fn complete(&self, _: &Prompt, _: Duration) -> Called<Completion> {
            panic!("the answer is in the cache")
        }

        fn name(&self) -> &'static str {
            "nobody"
        }
    }

    #[tokio::test]
    async fn what_the_cache_holds_is_believed_no_more_than_a_model() {
        let file = "# T\n## a/garantia: Garantía\nfuente: x\nLa garantía dura 3 meses.\n";
        let knowledge = Knowledge::parse(file).unwrap();
        let passages: Vec<&Passage> = knowledge.passages().iter().collect();
        let limits = CallLimits { user_a_day: 1, all_a_day: 1, nanodollars_a_month: 1 };
        let prices = Prices { input: Price(0), output: Price(0) };
        let allowance = Allowance { prices, limits, budget: Duration::from_secs(1) };
        let wording = Wording::new(Arc::new(Nobody), allowance);
        let user = UserId::new(crate::message::Channel::Chat, "ana").unwrap();
        let asker = Asker { user: &user, now: Timestamp::UNIX_EPOCH, until: None };
        for (text, is_believed) in
            [("La garantía dura 3 meses.", true), ("La garantía dura 9 meses.", false)]
        {
            let store = MemoryStore::default();
            let verdict =
                Verdict::Worded { text: text.to_owned(), passages: vec!["a/garantia".to_owned()] };
            let bytes = serde_json::to_vec(&verdict).unwrap();
            let key = wording.cache_key("¿garantía?", &passages);
            store.cache(vec![(key, bytes)], asker.now).await.unwrap();
            let said = wording.word(&store, asker, "¿garantía?", &passages, Duration::ZERO).await;
            let expected = if is_believed { verdict } else { Verdict::Unbelieved };
            assert_eq!(said, Some(expected), "{text}");
        }
    }
}
