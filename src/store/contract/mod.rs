//! What every store must do: one suite, run on all of them.

use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::key::UserKeys;
use super::space::Entry;
use super::{
    Commit, Conflict, MAX_VALUE_BYTES, Mail, Outcome, Store, StoreError, Stored, Swept, Version,
};
use crate::engine::Session;
use crate::message::{
    Answer, Channel, Content, Inbound, MessageId, Reply, Source, TurnRecord, UserId, View,
};

/// A look into a store from below, to damage it and to see what is left.
pub(super) trait Inspect: Store {
    /// All entries, in the order of their keys.
    fn entries(&self) -> Vec<Entry>;
    /// Puts bytes where they do not belong.
    fn overwrite(&self, key: &[u8], value: &[u8]);
}

/// A user whose turns are numbered: message, id, answer and time all follow from the number.
pub(super) struct Talk {
    user: UserId,
}

impl Talk {
    /// A user of `/chat`.
    pub(super) fn new(key: &str) -> Self {
        Self::on(Channel::Chat, key)
    }

    fn on(channel: Channel, key: &str) -> Self {
        Self { user: UserId::new(channel, key).unwrap() }
    }

    pub(super) fn user(&self) -> &UserId {
        &self.user
    }

    #[expect(clippy::unused_self, reason = "all of a talk is asked of the talk")]
    pub(super) fn id(&self, number: u32) -> MessageId {
        format!("id-{number}").parse().unwrap()
    }

    pub(super) fn answer(&self, number: u32) -> Answer {
        let text = format!("answer {number} to {}", self.user);
        Answer {
            replies: vec![Reply { text, media: Vec::new(), choices: Vec::new() }],
            state: "menu.start".to_owned(),
            source: Source::Flow,
            session: View::of(&json!({"car": null, "turn": number})),
        }
    }

    fn record(&self, number: u32) -> TurnRecord {
        let inbound = Inbound {
            user: self.user.clone(),
            id: Some(self.id(number)),
            content: Content::Text(format!("message {number}")),
            at: start(),
        };
        TurnRecord::new(inbound, self.answer(number))
    }

    pub(super) fn records(&self, numbers: RangeInclusive<u32>) -> Vec<TurnRecord> {
        numbers.map(|number| self.record(number)).collect()
    }

    /// Takes the turn of this number on the session as it is.
    pub(super) async fn turn(&self, store: &dyn Store, number: u32) -> Result<(), StoreError> {
        let expected = store.load(&self.user)?.version;
        store.commit(&self.commit(number, expected)).await
    }

    /// Takes the first `count` turns.
    pub(super) async fn turns(&self, store: &dyn Store, count: u32) {
        for number in 1..=count {
            self.turn(store, number).await.unwrap();
        }
    }

    /// The numbers of the turns in the user's history.
    pub(super) fn numbers(&self, store: &dyn Store) -> Vec<u32> {
        let history = store.history(&self.user, 1000).unwrap();
        assert_eq!(history.unreadable, 0);
        let number = |turn: &TurnRecord| turn.answer.session.value()["turn"].as_u64().unwrap();
        history.turns.iter().map(|turn| u32::try_from(number(turn)).unwrap()).collect()
    }

    /// The turn of this number, on a version.
    pub(super) fn commit(&self, number: u32, expected: Version) -> Commit {
        Commit {
            expected,
            outcome: Outcome::Keep(Session::default()),
            record: self.record(number),
            mail: Mail::default(),
            replies: 0,
            now: start(),
        }
    }

    fn version(&self, store: &dyn Store) -> Version {
        store.load(&self.user).unwrap().version
    }

    fn answered(&self, store: &dyn Store, number: u32) -> Option<Answer> {
        store.answered(&self.user, &self.id(number)).unwrap()
    }

    /// Every entry that has to do with this user, also in an index.
    fn traces(&self, store: &impl Inspect) -> Vec<Entry> {
        let prefix = UserKeys::of(&self.user).all().to_vec();
        let user = &prefix[1..];
        let mut entries = store.entries();
        entries.retain(|(key, _)| key.windows(user.len()).any(|part| part == user));
        entries
    }
}

fn start() -> Timestamp {
    "2026-03-02T16:00:00Z".parse().unwrap()
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);

async fn a_new_user_has_nothing(store: &impl Inspect) {
    let talk = Talk::new("u1");
    let loaded = store.load(talk.user()).unwrap();
    assert_eq!(loaded.version, Version::NEW);
    assert!(matches!(loaded.session, Stored::New));
    assert_eq!(talk.answered(store, 1), None);
    assert!(talk.numbers(store).is_empty());
    store.erase(talk.user()).await.unwrap();
    assert!(store.ready().is_ok());
}

async fn a_turn_comes_back_whole(store: &impl Inspect) {
    let talk = Talk::new("u1");
    talk.turns(store, 2).await;
    let loaded = store.load(talk.user()).unwrap();
    assert_eq!(loaded.version.turns(), 2);
    assert!(matches!(loaded.session, Stored::Found(session) if session == Session::default()));
    assert_eq!(talk.answered(store, 1), Some(talk.answer(1)));
    assert_eq!(talk.answered(store, 2), Some(talk.answer(2)));
    assert_eq!(talk.answered(store, 3), None);
    assert_eq!(store.history(talk.user(), 10).unwrap().turns, talk.records(1..=2));
}

async fn a_turn_on_an_old_version_is_refused(store: &impl Inspect) {
    let talk = Talk::new("u1");
    talk.turns(store, 2).await;
    let before = store.entries();
    let late = store.commit(&talk.commit(3, Version::NEW)).await;
    let expected = Conflict::Version { expected: 0, found: 2 };
    assert!(matches!(late, Err(StoreError::Conflict(found)) if found == expected));
    assert_eq!(store.entries(), before, "a refused turn leaves nothing behind");
}

async fn a_message_is_answered_once(store: &impl Inspect) {
    let talk = Talk::new("u1");
    talk.turns(store, 2).await;
    let before = store.entries();
    let again = talk.turn(store, 1).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::Answered))));
    assert_eq!(store.entries(), before);
}

async fn messages_without_an_id_are_turns_too(store: &impl Inspect) {
    let talk = Talk::new("u1");
    for number in 1..=2 {
        let mut commit = talk.commit(number, talk.version(store));
        commit.record.inbound.id = None;
        store.commit(&commit).await.unwrap();
    }
    assert_eq!(talk.numbers(store), [1, 2]);
}

async fn history_gives_the_newest_in_order(store: &impl Inspect) {
    let talk = Talk::new("u1");
    talk.turns(store, 12).await;
    assert_eq!(talk.numbers(store), (1..=12).collect::<Vec<_>>());
    assert_eq!(store.history(talk.user(), 3).unwrap().turns, talk.records(10..=12));
    assert!(store.history(talk.user(), 0).unwrap().turns.is_empty());
}

/// Users whose keys are made to be mistaken for one another, and for other parts of a key.
fn look_alikes() -> Vec<Talk> {
    let keys = ["a", "a:b", "a:bs", "as", "b", "a\0", "\0\u{1}as", "at\0\0\0\0\0\0\0\u{1}", "chat"];
    let channels = [Channel::Chat, Channel::Web, Channel::Twilio, Channel::Meta];
    let on = |channel| keys.iter().map(move |key| Talk::on(channel, key));
    channels.into_iter().flat_map(on).collect()
}

async fn nobody_sees_anything_of_anybody_else(store: &impl Inspect) {
    let mut told: Vec<Talk> = Vec::new();
    for talk in look_alikes() {
        assert_eq!(talk.version(store), Version::NEW, "{}", talk.user());
        assert_eq!(talk.answered(store, 1), None, "{}", talk.user());
        assert!(talk.numbers(store).is_empty(), "{}", talk.user());
        talk.turns(store, 2).await;
        told.push(talk);
    }
    for talk in &told {
        assert_eq!(talk.answered(store, 1), Some(talk.answer(1)));
        assert_eq!(store.history(talk.user(), 9).unwrap().turns, talk.records(1..=2));
    }
    while let Some(talk) = told.pop() {
        store.erase(talk.user()).await.unwrap();
        assert_eq!(talk.version(store), Version::NEW);
        for other in &told {
            assert_eq!(other.numbers(store), [1, 2], "{} lost by {}", other.user(), talk.user());
        }
    }
    assert!(store.entries().is_empty());
}

async fn erasing_leaves_no_trace(store: &impl Inspect) {
    let (talk, other) = (Talk::new("u1"), Talk::new("u2"));
    talk.turns(store, 3).await;
    damage_session(store, &talk, b"\x01");
    talk.turn(store, 4).await.unwrap();
    other.turns(store, 1).await;
    let others = other.traces(store);
    store.erase(talk.user()).await.unwrap();
    assert!(talk.traces(store).is_empty());
    assert_eq!(store.entries(), others);
    talk.turns(store, 1).await;
    assert_eq!(talk.numbers(store), [1]);
}

async fn the_turn_that_erases_can_be_answered_again(store: &impl Inspect) {
    let talk = Talk::new("u1");
    talk.turns(store, 2).await;
    let mut commit = talk.commit(3, talk.version(store));
    commit.outcome = Outcome::Erase;
    store.commit(&commit).await.unwrap();
    assert_eq!(talk.version(store), Version::NEW);
    assert!(talk.numbers(store).is_empty());
    assert_eq!(talk.answered(store, 2), None);
    assert_eq!(talk.answered(store, 3), Some(talk.answer(3)));
    commit.expected = Version::NEW;
    let again = store.commit(&commit).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::Answered))));
    // In time this last trace goes too.
    store.sweep(start() + days(9), MONTH).await.unwrap();
    assert!(store.entries().is_empty());
}

async fn a_value_over_the_limit_is_refused_with_its_size(store: &impl Inspect) {
    let talk = Talk::new("u1");
    let mut commit = talk.commit(1, Version::NEW);
    commit.record.answer.replies[0].text = "x".repeat(MAX_VALUE_BYTES);
    let refused = store.commit(&commit).await;
    assert!(matches!(
        refused,
        Err(StoreError::TooLarge { what: "turn record", bytes }) if bytes > MAX_VALUE_BYTES
    ));
    assert!(store.entries().is_empty());
}

fn damage_session(store: &impl Inspect, talk: &Talk, bytes: &[u8]) {
    store.overwrite(&UserKeys::of(talk.user()).session(), bytes);
}

async fn an_unreadable_session_is_said_and_set_aside(store: &impl Inspect) {
    let cut = b"\x01\0\0".as_slice();
    let other_release = b"\x63whatever".as_slice();
    // A whole head, version 2, and then a session of another shape.
    let other_shape = b"\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\"text\"".as_slice();
    for (key, bytes) in [("u1", cut), ("u2", other_release), ("u3", other_shape)] {
        let talk = Talk::new(key);
        talk.turns(store, 2).await;
        damage_session(store, &talk, bytes);
        let loaded = store.load(talk.user()).unwrap();
        assert!(matches!(loaded.session, Stored::Unreadable(_)), "{key}");
        assert_eq!(loaded.version.turns(), 2, "{key}");

        store.commit(&talk.commit(3, loaded.version)).await.unwrap();
        assert!(matches!(store.load(talk.user()).unwrap().session, Stored::Found(_)));
        assert_eq!(talk.numbers(store), [1, 2, 3]);
        let traces = talk.traces(store);
        let kept: Vec<_> = traces.iter().filter(|(_, value)| value == bytes).collect();
        assert_eq!(kept.len(), 1, "{key}: the old bytes are there, once");
        talk.turn(store, 4).await.unwrap();
    }
}

async fn an_unreadable_record_is_counted_and_the_rest_is_given(store: &impl Inspect) {
    let talk = Talk::new("u1");
    talk.turns(store, 3).await;
    store.overwrite(&UserKeys::of(talk.user()).turn(2), b"\x01{");
    let history = store.history(talk.user(), 10).unwrap();
    assert_eq!(history.unreadable, 1);
    assert_eq!(history.turns, [talk.record(1), talk.record(3)]);
    // An answer that is lost is an error, and not a message that may be answered again.
    let lost = store.answered(talk.user(), &talk.id(2));
    assert!(matches!(lost, Err(StoreError::Unreadable { what: "answer", .. })));
    assert!(talk.turn(store, 2).await.is_err());
}

async fn the_silent_are_swept_and_nobody_else(store: &impl Inspect) {
    let (silent, busy) = (Talk::new("silent"), Talk::new("busy"));
    silent.turns(store, 2).await;
    busy.turns(store, 1).await;
    let mut later = busy.commit(2, busy.version(store));
    later.now = start() + days(20);
    store.commit(&later).await.unwrap();

    let early = store.sweep(start() + days(7), MONTH).await.unwrap();
    assert_eq!(early, Swept::default());
    let ids = store.sweep(start() + days(20), MONTH).await.unwrap();
    assert_eq!(ids, Swept { users: 0, message_ids: 3, more: false });
    assert_eq!(silent.numbers(store), [1, 2]);
    let on_the_day = store.sweep(start() + days(30), MONTH).await.unwrap();
    assert_eq!(on_the_day, Swept { users: 0, message_ids: 1, more: false });
    let after = store.sweep(start() + days(31), MONTH).await.unwrap();
    assert_eq!(after, Swept { users: 1, message_ids: 0, more: false });
    assert!(silent.traces(store).is_empty());
    assert_eq!(busy.numbers(store), [1, 2]);
    let last = store.sweep(start() + days(51), MONTH).await.unwrap();
    assert_eq!(last.users, 1);
    assert!(store.entries().is_empty());
}

async fn those_who_wrote_last_come_first(store: &impl Inspect) {
    assert!(store.users(9).unwrap().is_empty());
    let talks = ["u1", "u2", "u3"].map(Talk::new);
    for (talk, day) in talks.iter().zip([5, 0, 2]) {
        let mut turn = talk.commit(1, Version::NEW);
        turn.now = start() + days(day);
        store.commit(&turn).await.unwrap();
    }
    let [first, last, middle] = talks.each_ref().map(|talk| talk.user().clone());
    assert_eq!(store.users(9).unwrap(), [first.clone(), middle.clone(), last]);
    assert_eq!(store.users(2).unwrap(), [first, middle]);
}

async fn no_answer_goes_before_its_time(store: &impl Inspect) {
    let talk = Talk::new("u1");
    talk.turns(store, 1).await;
    // However short the retention is.
    store.sweep(start() + days(8), days(1)).await.unwrap();
    assert_eq!(talk.answered(store, 1), Some(talk.answer(1)));
    store.sweep(start() + days(9), days(1)).await.unwrap();
    assert!(store.entries().is_empty());
}

async fn a_sweep_is_bounded_and_says_when_there_is_more(store: &impl Inspect) {
    for user in 0..230 {
        Talk::new(&format!("u{user}")).turns(store, 1).await;
    }
    let mut calls = Vec::new();
    while calls.last().is_none_or(|swept: &Swept| swept.more) {
        calls.push(store.sweep(start() + days(40), MONTH).await.unwrap());
    }
    assert!(calls.len() > 1);
    assert_eq!(calls.iter().map(|swept| swept.users).sum::<usize>(), 230);
    assert!(store.entries().is_empty());
}

macro_rules! on_every_store {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::$case(&crate::store::MemoryStore::default()).await;
            })+
        }
        mod sled {
            $(#[tokio::test]
            async fn $case() {
                let folder = tempfile::tempdir().unwrap();
                super::$case(&crate::store::SledStore::open(folder.path()).unwrap()).await;
            })+
        }
    };
}

mod mail;
mod open;

on_every_store! {
    a_new_user_has_nothing,
    those_who_wrote_last_come_first,
    a_turn_comes_back_whole,
    a_turn_on_an_old_version_is_refused,
    a_message_is_answered_once,
    messages_without_an_id_are_turns_too,
    history_gives_the_newest_in_order,
    nobody_sees_anything_of_anybody_else,
    erasing_leaves_no_trace,
    the_turn_that_erases_can_be_answered_again,
    a_value_over_the_limit_is_refused_with_its_size,
    an_unreadable_session_is_said_and_set_aside,
    an_unreadable_record_is_counted_and_the_rest_is_given,
    the_silent_are_swept_and_nobody_else,
    no_answer_goes_before_its_time,
    a_sweep_is_bounded_and_says_when_there_is_more,
}
