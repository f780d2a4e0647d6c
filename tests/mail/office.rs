//! The whole bot with a carrier that notes what it is given.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::conversation::{Conversation, Later, Models, Receive, TurnError};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::delivery::{Carrier, Delivery, Refusal};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::message::{
    Arrival, Channel, Content, Dispatch, Inbound, MessageId, Reply, Route, UserId,
};
use kavak_bot::store::Store;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

static ENGINE: LazyLock<Arc<Engine<Dealer>>> = LazyLock::new(|| {
    let loaded = Catalog::load(Path::new("tests/fixtures/small.csv"), Words::built_in()).unwrap();
    let policy = Policy::load(Path::new("data/credit_policy.toml")).unwrap();
    let profile = Profile::load(Path::new("data/dealer.toml")).unwrap();
    let dealer = Dealer::new(Arc::new(loaded.catalog), policy, &profile);
    let flows = check::load(Path::new("flows"), &dealer).unwrap();
    Arc::new(Engine::new(flows, dealer))
});

static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    let file = "# T\n## a/b: Garantía\nfuente: x\npreguntas: ¿Qué garantía dan?\nTres meses.\n";
    Arc::new(Knowledge::parse(file).unwrap())
});

/// A bot over `store` that gathers messages for a moment of `quiet`.
pub(crate) fn bot(store: Arc<dyn Store>, quiet: Duration) -> Conversation<Dealer> {
    posting_bot(store, quiet).0
}

/// The same, with what tells of the replies that it writes down.
pub(crate) fn posting_bot(
    store: Arc<dyn Store>,
    quiet: Duration,
) -> (Conversation<Dealer>, mpsc::Receiver<Dispatch>) {
    let (dispatches, told) = mpsc::channel(64);
    (later_bot(store, Later { quiet, dispatches, ..Later::default() }), told)
}

fn later_bot(store: Arc<dyn Store>, later: Later) -> Conversation<Dealer> {
    let (engine, knowledge) = (Arc::clone(&ENGINE), Arc::clone(&KNOWLEDGE));
    let month = SignedDuration::from_hours(24 * 30);
    Conversation::new(engine, knowledge, Models::default(), store, month).answering_later(later)
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
    async fn carry(&self, Route(route): &Route, reply: &Reply) -> Result<MessageId, Refusal> {
        let mut carried = self.carried.lock().unwrap();
        carried.push((route.clone(), reply.text.clone()));
        let number = carried.len();
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() { Ok(provider_id(number)) } else { Err(answers.remove(0)) }
    }

    async fn carry_template(&self, Route(route): &Route) -> Result<MessageId, Refusal> {
        let mut carried = self.carried.lock().unwrap();
        carried.push((route.clone(), TEMPLATE.to_owned()));
        Ok(provider_id(carried.len()))
    }
}

/// What a notebook has of a template.
pub(crate) const TEMPLATE: &str = "[template]";

/// What the provider calls the reply that it was given as the one of this number.
pub(crate) fn provider_id(number: usize) -> MessageId {
    format!("wamid.{number}").parse().unwrap()
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

/// The carriers of a bot whose one channel is Meta's.
pub(crate) fn carriers(carrier: &Arc<Notebook>) -> HashMap<Channel, Arc<dyn Carrier>> {
    HashMap::from([(Channel::Meta, Arc::clone(carrier) as Arc<dyn Carrier>)])
}

/// Sends what is written into `store` and told of by `dispatches`, until the task is aborted.
pub(crate) fn deliver(
    store: Arc<dyn Store>,
    dispatches: mpsc::Receiver<Dispatch>,
    carrier: &Arc<Notebook>,
) -> (Arc<Delivery>, JoinHandle<()>) {
    let delivery = Arc::new(Delivery::new(store, carriers(carrier), now));
    let sending = tokio::spawn(Arc::clone(&delivery).run(dispatches));
    (delivery, sending)
}
