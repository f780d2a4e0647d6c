//! A store that was filled before a server opens it.

use jiff::{SignedDuration, Timestamp};
use kavak_bot::engine::Session;
use kavak_bot::message::{
    Answer, Arrival, Channel, Content, Inbound, Reply, Route, Source, TurnRecord, UserId, View,
};
use kavak_bot::store::{
    Attempt, Commit, Failure, LetterId, Mail, Outcome, Outgoing, SledStore, Store as _,
};

use crate::process::Place;

/// The number of the customer whose replies are in the outbox.
pub(crate) const PHONE: &str = "525512345678";

pub(crate) fn user(channel: Channel, key: &str) -> UserId {
    UserId::new(channel, key).unwrap()
}

/// The store of `place`, while no server runs there.
pub(crate) fn open(place: &Place) -> SledStore {
    SledStore::open(&place.data().join("store")).unwrap()
}

pub(crate) fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// One turn of `user` that is answered by `texts`.
pub(crate) async fn turn(store: &SledStore, user: &UserId, texts: &[&str]) {
    let expected = store.load(user).unwrap().version;
    let at = a_minute_ago();
    let id = Some(format!("wamid.in.{}", expected.turns()).parse().unwrap());
    let content = Content::Text("busco un Versa".to_owned());
    let inbound = Inbound { user: user.clone(), id, content, at };
    let reply = |text: &&str| Reply { text: (*text).to_owned(), media: vec![], choices: vec![] };
    let replies: Vec<_> = texts.iter().map(reply).collect();
    let send = |reply: &Reply| Outgoing { route: route(user), reply: reply.clone() };
    let sends = replies.iter().map(send).collect();
    let session = View::of(&());
    let answer = Answer { replies, state: "menu.start".to_owned(), source: Source::Flow, session };
    let commit = Commit {
        expected,
        outcome: Outcome::Keep(Session::default()),
        record: TurnRecord::new(inbound, answer),
        mail: Mail { settles: vec![], sends },
        replies: 0,
        now: at,
    };
    store.commit(&commit).await.unwrap();
}

/// Gives up the reply `text`.
pub(crate) async fn give_up(store: &SledStore, text: &str) -> LetterId {
    let letters = store.outbox(100).unwrap();
    let found = letters.into_iter().find(|(_, letter)| letter.outgoing.reply.text == text);
    let (id, _) = found.unwrap();
    let failure = Failure::GivenUp("code 131026".to_owned());
    store.tried(id.clone(), Attempt::Failed(failure)).await.unwrap();
    id
}

/// A message that waits for its turn.
pub(crate) fn arrival(user: &UserId, id: &str, words: &str) -> Arrival {
    let inbound = Inbound {
        user: user.clone(),
        id: Some(id.parse().unwrap()),
        content: Content::Text(words.to_owned()),
        at: a_minute_ago(),
    };
    Arrival { inbound, route: route(user) }
}

fn route(user: &UserId) -> Route {
    Route(format!("{{\"to\":{{\"phone\":\"{}\"}},\"from\":null}}", user.key()))
}

/// A server deletes what is older than its retention.
#[expect(clippy::disallowed_methods, reason = "the server that follows reads the clock as well")]
fn a_minute_ago() -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(1)
}
