//! A turn of the whole bot on stores that misbehave: a session that cannot be read, a disk that
//! takes nothing, a message that comes twice at once.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::conversation::{Conversation, Converse, Models, TrafficLimits, TurnError};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::message::{Answer, Arrival, Channel, Content, Inbound, MessageId, UserId};
use kavak_bot::store::{
    Attempt, Backup, BackupError, Booked, Booking, CacheKey, Commit, Export, History, Letter,
    LetterId, Loaded, MemoryStore, News, SetAside, Store, StoreError, Stored, Swept, Unreadable,
    Waiting,
};

/// What a [`Crooked`] store does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Every session is unreadable.
    Unreadable,
    /// Nothing is written.
    Full,
}

/// A store with one fault.
struct Crooked {
    inner: MemoryStore,
    fault: Fault,
}

#[async_trait]
impl Store for Crooked {
    fn load(&self, user: &UserId) -> Result<Loaded, StoreError> {
        let loaded = self.inner.load(user)?;
        match (self.fault, loaded.session) {
            (Fault::Unreadable, Stored::Found(_)) => {
                Ok(Loaded { session: Stored::Unreadable(Unreadable::Short), ..loaded })
            }
            (_, session) => Ok(Loaded { session, ..loaded }),
        }
    }

    fn answered(&self, user: &UserId, id: &MessageId) -> Result<Option<Answer>, StoreError> {
        self.inner.answered(user, id)
    }

    fn is_sent(&self, user: &UserId, id: &MessageId) -> Result<bool, StoreError> {
        self.inner.is_sent(user, id)
    }

    async fn commit(&self, turn: &Commit) -> Result<(), StoreError> {
        match self.fault {
            Fault::Full => Err(StoreError::TooLarge { what: "a session", bytes: 0 }),
            Fault::Unreadable => self.inner.commit(turn).await,
        }
    }

    fn history(&self, user: &UserId, limit: usize) -> Result<History, StoreError> {
        self.inner.history(user, limit)
    }

    fn gaps(&self, limit: usize) -> Result<History, StoreError> {
        self.inner.gaps(limit)
    }

    async fn accept(&self, arrivals: Vec<Arrival>) -> Result<Vec<Option<u64>>, StoreError> {
        self.inner.accept(arrivals).await
    }

    fn waiting(&self, limit: usize) -> Result<(Vec<Waiting>, usize), StoreError> {
        self.inner.waiting(limit)
    }

    fn outbox(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        self.inner.outbox(limit)
    }

    fn outbox_of(
        &self,
        user: &UserId,
        limit: usize,
    ) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        self.inner.outbox_of(user, limit)
    }

    fn users(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        self.inner.users(limit)
    }

    fn recipients(&self, limit: usize) -> Result<Vec<UserId>, StoreError> {
        self.inner.recipients(limit)
    }

    fn sent(
        &self,
        channel: Channel,
        id: &MessageId,
    ) -> Result<Option<(LetterId, Letter)>, StoreError> {
        self.inner.sent(channel, id)
    }

    async fn told(&self, letter: LetterId, news: News) -> Result<(), StoreError> {
        self.inner.told(letter, news).await
    }

    fn replies(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.inner.replies(now)
    }

    fn dead_letters(&self, limit: usize) -> Result<Vec<(LetterId, Letter)>, StoreError> {
        self.inner.dead_letters(limit)
    }

    async fn tried(&self, letter: LetterId, attempt: Attempt) -> Result<(), StoreError> {
        self.inner.tried(letter, attempt).await
    }

    async fn replay(&self, letter: LetterId, now: Timestamp) -> Result<bool, StoreError> {
        self.inner.replay(letter, now).await
    }

    async fn mend(&self) -> Result<Vec<SetAside>, StoreError> {
        self.inner.mend().await
    }

    async fn book(&self, call: Booking) -> Result<Booked, StoreError> {
        self.inner.book(call).await
    }

    async fn settle(&self, at: Timestamp, booked: u64, spent: u64) -> Result<(), StoreError> {
        self.inner.settle(at, booked, spent).await
    }

    fn cached(&self, key: &CacheKey) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.cached(key)
    }

    async fn cache(
        &self,
        values: Vec<(CacheKey, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.inner.cache(values, now).await
    }

    fn export(&self, user: &UserId) -> Result<Export, StoreError> {
        self.inner.export(user)
    }

    async fn erase(&self, user: &UserId) -> Result<(), StoreError> {
        self.inner.erase(user).await
    }

    async fn sweep(&self, now: Timestamp, retention: SignedDuration) -> Result<Swept, StoreError> {
        self.inner.sweep(now, retention).await
    }

    fn backup(&self, file: &Path, now: Timestamp) -> Result<Backup, BackupError> {
        self.inner.backup(file, now)
    }

    fn recover(&self) -> Result<(), StoreError> {
        self.inner.recover()
    }

    fn ready(&self) -> Result<(), StoreError> {
        self.inner.ready()
    }
}

/// A bot that remembers for a week.
fn bot(store: Arc<dyn Store>) -> Conversation<Dealer> {
    let loaded = Catalog::load(Path::new("tests/fixtures/small.csv"), Words::built_in()).unwrap();
    let policy = Policy::load(Path::new("data/credit_policy.toml")).unwrap();
    let mut profile = Profile::load(Path::new("data/dealer.toml")).unwrap();
    profile.retention_days = 7;
    let dealer = Dealer::new(Arc::new(loaded.catalog), policy, &profile);
    let flows = check::load(Path::new("flows"), &dealer).unwrap();
    let knowledge = Knowledge::load(Path::new("kavak_context.txt")).unwrap();
    Conversation::new(
        Engine::new(flows, dealer),
        knowledge,
        Models::default(),
        store,
        profile.retention(),
    )
}

fn says(words: &str, id: &str) -> Inbound {
    Inbound {
        user: UserId::new(Channel::Chat, "ana").unwrap(),
        id: Some(id.parse().unwrap()),
        content: Content::Text(words.to_owned()),
        at: "2026-03-02T16:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn who_cannot_be_remembered_starts_afresh_with_a_polite_line() {
    let store = Crooked { inner: MemoryStore::default(), fault: Fault::Unreadable };
    let bot = bot(Arc::new(store));
    bot.turn(says("busco un versa", "m1")).await.unwrap();
    let answer = bot.turn(says("hola", "m2")).await.unwrap();
    let text = &answer.replies[0].text;
    assert!(text.starts_with("No pude recuperar nuestra plática anterior"), "{text}");
    assert!(text.contains("¡Hola!"), "{text}");
    assert_eq!(answer.state, "main.greeting");
}

#[tokio::test]
async fn what_is_not_stored_is_not_answered() {
    let bot = bot(Arc::new(Crooked { inner: MemoryStore::default(), fault: Fault::Full }));
    let refused = bot.turn(says("busco un versa", "m1")).await;
    assert!(matches!(refused, Err(TurnError::Store(_))));
}

#[tokio::test]
async fn a_message_that_comes_twice_at_once_has_one_effect() {
    let bot = Arc::new(bot(Arc::new(MemoryStore::default())));
    bot.turn(says("camionetas y sedanes", "m1")).await.unwrap();
    let twice = (0..8).map(|_| {
        let bot = Arc::clone(&bot);
        tokio::spawn(async move { bot.turn(says("más", "m2")).await.unwrap() })
    });
    let mut answers = Vec::new();
    for turn in twice.collect::<Vec<_>>() {
        answers.push(turn.await.unwrap());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let listed = answers[0].session.value()["results"].as_array().unwrap().len();
    assert_eq!(listed, 10, "the next five were listed once");
}

#[tokio::test]
async fn who_turns_page_after_page_is_shown_no_more_for_a_while() {
    let limits = TrafficLimits { pages_an_hour: 2, ..TrafficLimits::NONE };
    let bot = bot(Arc::new(MemoryStore::default())).bounded(limits);
    let from_the_web = |words: &str, id: &str| {
        let user = UserId::new(Channel::Web, "ana").unwrap();
        Inbound { user, ..says(words, id) }
    };
    let mut listed = Vec::new();
    for (id, words) in [("m1", "camionetas y sedanes"), ("m2", "más"), ("m3", "más")] {
        let answer = bot.turn(from_the_web(words, id)).await.unwrap();
        let is_list = answer.replies.iter().any(|reply| reply.text.contains(" km\n"));
        let shown = answer.session.value()["results"].as_array().unwrap().len();
        listed.push((is_list, shown));
    }
    assert_eq!(listed[..2], [(true, 5), (true, 10)]);
    assert!(!listed[2].0 && listed[2].1 > 10, "the third page was shown: {listed:?}");
}

#[tokio::test]
async fn a_silence_longer_than_the_retention_is_forgotten() {
    let bot = bot(Arc::new(MemoryStore::default()));
    bot.turn(says("busco un versa", "m1")).await.unwrap();
    let mut in_time = says("hola", "m2");
    in_time.at += SignedDuration::from_hours(7 * 24);
    let mut late = says("hola", "m3");
    late.at = in_time.at + SignedDuration::from_hours(7 * 24 + 1);
    assert!(!bot.turn(in_time).await.unwrap().session.value()["search"].is_null());
    let answer = bot.turn(late).await.unwrap();
    assert_eq!(answer.state, "main.greeting");
    assert!(answer.session.value()["search"].is_null());
    let notice = &answer.replies[0].text;
    assert!(
        notice.contains("Guardo el chat 7 días"),
        "the notice is due again, and true: {notice}"
    );
}

#[tokio::test]
async fn a_bot_that_holds_sessions_answers_as_one_that_reads_them() {
    let stores = [(); 2].map(|()| Arc::new(MemoryStore::default()));
    let reading = bot(Arc::clone(&stores[0]) as Arc<dyn Store>);
    let holding = bot(Arc::clone(&stores[1]) as Arc<dyn Store>).holding(8);
    let talk = [
        "camionetas y sedanes",
        "más",
        "2",
        "a crédito",
        "20%",
        "48",
        "mejor 60",
        "deshacer",
        "¿qué garantía tienen?",
        "atrás",
        "30%",
        "36",
        "borrar mis datos",
        "sí",
        "hola",
        "versa",
    ];
    for (number, words) in talk.into_iter().enumerate() {
        let message = says(words, &format!("m{number}"));
        let [read, held] = [&reading, &holding].map(|bot| bot.turn(message.clone()));
        assert_eq!(read.await.unwrap(), held.await.unwrap(), "{words}");
    }
    let user = says("", "m").user;
    let [read, held] = stores.map(|store| store.export(&user).unwrap());
    assert_eq!(format!("{read:?}"), format!("{held:?}"));
}

#[tokio::test]
async fn a_session_that_moved_under_a_bot_is_read_again() {
    let store = Arc::new(MemoryStore::default());
    let bot_over = || bot(Arc::clone(&store) as Arc<dyn Store>).holding(8);
    let (one, other) = (bot_over(), bot_over());
    one.turn(says("busco un versa", "m1")).await.unwrap();
    let moved = other.turn(says("1", "m2")).await.unwrap();
    let refused = one.turn(says("2", "m3")).await;
    assert!(matches!(refused, Err(TurnError::Store(StoreError::Conflict(_)))), "{refused:?}");
    let answer = one.turn(says("a crédito", "m3")).await.unwrap();
    assert_eq!(answer.session.value()["car"], moved.session.value()["car"]);
}
