//! The whole bot with a carrier that notes what it is given.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::conversation::{Conversation, Models, Receive, TurnError};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::delivery::{Carrier, Delivery, Refusal};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::message::{Arrival, Channel, Content, Inbound, Reply, Route, UserId};
use kavak_bot::store::Store;

static ENGINE: LazyLock<Arc<Engine<Dealer>>> = LazyLock::new(|| {
    let loaded = Catalog::load(Path::new("tests/fixtures/small.csv"), Words::built_in()).unwrap();
    let policy = Policy::load(Path::new("data/credit_policy.toml")).unwrap();
    let profile = Profile::load(Path::new("data/dealer.toml")).unwrap();
    let dealer = Dealer::new(Arc::new(loaded.catalog), policy, &profile);
    let flows = check::load(Path::new("flows"), &dealer).unwrap();
    Arc::new(Engine::new(flows, dealer).unwrap())
});

static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    let file = "# T\n## a/b: Garantía\nfuente: x\npreguntas: ¿Qué garantía dan?\nTres meses.\n";
    Arc::new(Knowledge::parse(file).unwrap())
});

/// A bot over `store` that gathers messages for a moment of `quiet`.
pub(crate) fn bot(store: Arc<dyn Store>, quiet: Duration) -> Conversation<Dealer> {
    let (engine, knowledge) = (Arc::clone(&ENGINE), Arc::clone(&KNOWLEDGE));
    let month = SignedDuration::from_hours(24 * 30);
    Conversation::new(engine, knowledge, Models::default(), store, month).gathering(quiet)
}

/// The moment of every message.
pub(crate) fn now() -> Timestamp {
    "2026-11-28T18:00:00Z".parse().unwrap()
}

/// The user called `key`.
pub(crate) fn user(key: &str) -> UserId {
    UserId::new(Channel::Meta, key).unwrap()
}

/// The message `words` of the user called `key`, with this id.
pub(crate) fn arrival(key: &str, id: &str, words: &str) -> Arrival {
    let inbound = Inbound {
        user: user(key),
        id: Some(id.parse().unwrap()),
        content: Content::Text(words.to_owned()),
        at: now(),
    };
    Arrival { inbound, route: Route(key.to_owned()) }
}

/// Hands one message over.
pub(crate) async fn write(
    bot: &Conversation<Dealer>,
    key: &str,
    id: &str,
    words: &str,
) -> Result<(), TurnError> {
    bot.accept(vec![arrival(key, id, words)]).await
}

/// Waits until `what` holds; a test that waits in vain fails.
pub(crate) async fn until(what: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it never came to be");
}

/// A carrier that notes what it is given and answers as `answers` says, for each reply in turn; what
/// is not said is taken.
#[derive(Default)]
pub(crate) struct Notebook {
    pub(crate) carried: Mutex<Vec<(String, String)>>,
    pub(crate) answers: Mutex<Vec<Refusal>>,
}

#[async_trait]
impl Carrier for Notebook {
    async fn carry(&self, Route(route): &Route, reply: &Reply) -> Result<String, Refusal> {
        let mut carried = self.carried.lock().unwrap();
        carried.push((route.clone(), reply.text.clone()));
        let number = carried.len();
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() { Ok(format!("wamid.{number}")) } else { Err(answers.remove(0)) }
    }
}

impl Notebook {
    /// The texts that went to `route` so far.
    pub(crate) fn to(&self, route: &str) -> Vec<String> {
        let carried = self.carried.lock().unwrap();
        carried.iter().filter(|(to, _)| to == route).map(|(_, text)| text.clone()).collect()
    }

    /// How many replies it was given.
    pub(crate) fn count(&self) -> usize {
        self.carried.lock().unwrap().len()
    }
}

/// Sends what `bot` writes into `store`, as long as the handle lives.
pub(crate) fn deliver(
    store: Arc<dyn Store>,
    bot: &Conversation<Dealer>,
    carrier: &Arc<Notebook>,
) -> tokio::task::JoinHandle<()> {
    let carriers: HashMap<Channel, Arc<dyn Carrier>> =
        HashMap::from([(Channel::Meta, Arc::clone(carrier) as Arc<dyn Carrier>)]);
    tokio::spawn(Arc::new(Delivery::new(store, carriers, bot.posted(), now)).run())
}
