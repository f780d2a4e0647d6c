//! The whole bot with a model behind it.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::conversation::{Allowance, Conversation, Converse, Models, Wording};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::llm::{Client, Endpoint, Model, Price, Prices};
use kavak_bot::message::{Answer, Channel, Content, Inbound, UserId};
use kavak_bot::store::{CallLimits, MemoryStore, Store};

use super::fake::base_url;
use crate::wire::Fake;

/// What a warranty question is answered with, word for word.
pub(crate) const WARRANTY: &str = "¿qué garantía tienen los autos?";

/// The longest wait for the model in these tests.
pub(crate) const BUDGET: Duration = Duration::from_secs(2);

/// A bot, its store and its clock.
pub(crate) struct Bot {
    pub(crate) conversation: Arc<Conversation<Dealer>>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) now: Timestamp,
}

/// As much as anybody likes.
pub(crate) fn allowance() -> Allowance {
    Allowance {
        prices: Prices { input: Price(150), output: Price(600) },
        limits: CallLimits {
            user_a_day: 100,
            all_a_day: 1_000,
            nanodollars_a_month: 1_000_000_000,
        },
        budget: BUDGET,
    }
}

/// A client of `fake`.
pub(crate) fn client(fake: &Fake) -> Client {
    let endpoint = Endpoint {
        base_url: base_url(fake),
        key: "sk-test".into(),
        model: "small-model".to_owned(),
        embedding_model: None,
        token_field: None,
    };
    Client::new(endpoint).unwrap()
}

/// The engine with the fixture's cars; its check is the dearest part of a bot.
static ENGINE: LazyLock<Arc<Engine<Dealer>>> = LazyLock::new(|| Arc::new(engine()));

/// The bundled context file.
static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    let knowledge = Knowledge::load(Path::new("kavak_context.txt")).unwrap();
    // As a server does before anybody asks: it would count as the model's time.
    knowledge.learn();
    Arc::new(knowledge)
});

fn engine() -> Engine<Dealer> {
    let loaded = Catalog::load(Path::new("tests/fixtures/small.csv"), Words::built_in()).unwrap();
    let policy = Policy::load(Path::new("data/credit_policy.toml")).unwrap();
    let profile = Profile::load(Path::new("data/dealer.toml")).unwrap();
    let dealer = Dealer::new(Arc::new(loaded.catalog), policy, &profile);
    let flows = check::load(Path::new("flows"), &dealer).unwrap();
    Engine::new(flows, dealer)
}

/// A conversation over `store`, with the help of `models`.
pub(crate) fn conversation(store: Arc<dyn Store>, models: Models) -> Conversation<Dealer> {
    let (engine, knowledge) = (Arc::clone(&ENGINE), Arc::clone(&KNOWLEDGE));
    Conversation::new(engine, knowledge, models, store, SignedDuration::from_hours(24 * 30))
}
impl Bot {
    /// A bot whose model is behind `fake`.
    pub(crate) fn asking(fake: &Fake, allowance: Allowance) -> Self {
        Self::with(Some(Arc::new(client(fake))), allowance)
    }

    /// A bot with this model.
    pub(crate) fn with(model: Option<Arc<dyn Model>>, allowance: Allowance) -> Self {
        let wording = model.map(|model| Arc::new(Wording::new(model, allowance)));
        Self::helped_by(Models { wording, meaning: None })
    }

    /// A bot with these models.
    pub(crate) fn helped_by(models: Models) -> Self {
        let store = Arc::new(MemoryStore::default());
        let conversation = conversation(Arc::clone(&store) as Arc<dyn Store>, models);
        let now = "2026-11-28T18:00:00Z".parse().unwrap();
        Self { conversation: Arc::new(conversation), store, now }
    }

    /// The answer to `words` of the user called `key`.
    pub(crate) async fn say(&self, key: &str, words: &str) -> Answer {
        self.tell(user(key), words).await
    }

    /// The answer to `words` of a user of any channel.
    pub(crate) async fn tell(&self, user: UserId, words: &str) -> Answer {
        let inbound =
            Inbound { user, id: None, content: Content::Text(words.to_owned()), at: self.now };
        self.conversation.turn(inbound).await.unwrap()
    }
}

/// The user called `key`.
pub(crate) fn user(key: &str) -> UserId {
    UserId::new(Channel::Chat, key).unwrap()
}

/// All that an answer says.
pub(crate) fn words(answer: &Answer) -> String {
    answer.replies.iter().map(|reply| reply.text.as_str()).collect::<Vec<_>>().join("\n")
}
