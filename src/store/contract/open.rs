//! What open questions leave in a store: gaps, calls of a model, cached answers.

use super::{Inspect, MONTH, Talk, days, start};
use crate::message::{OpenAnswer, Opinion, Source, TurnRecord};
use crate::store::{Booked, Booking, CacheKey, CallLimit, CallLimits, MAX_VALUE_BYTES, StoreError};

/// A question that `passages` answered.
fn asked(question: &str, passages: &[&str]) -> OpenAnswer {
    let passages = passages.iter().map(|name| (*name).to_owned()).collect();
    OpenAnswer { question: question.to_owned(), passages, source: Source::Knowledge }
}

/// Takes the turn of this number, in which these questions were asked and this was thought.
async fn asking(
    store: &impl Inspect,
    talk: &Talk,
    number: u32,
    open: Vec<OpenAnswer>,
    opinion: Option<Opinion>,
) {
    let mut commit = talk.commit(number, talk.version(store));
    commit.record.open = open;
    commit.record.opinion = opinion;
    store.commit(&commit).await.unwrap();
}

async fn gaps_are_found_across_users_and_go_with_them(store: &impl Inspect) {
    let (ana, beto) = (Talk::new("ana"), Talk::new("beto"));
    let (known, unknown) = (asked("¿garantía?", &["garantia/basica"]), asked("¿motos?", &[]));
    let opinion = |liked| Some(Opinion { liked, answers: vec![known.clone()] });
    asking(store, &ana, 1, vec![known.clone()], None).await;
    asking(store, &ana, 2, vec![unknown.clone()], opinion(true)).await;
    asking(store, &beto, 1, vec![known.clone(), unknown.clone()], None).await;
    asking(store, &beto, 2, Vec::new(), opinion(false)).await;
    asking(store, &beto, 3, Vec::new(), opinion(true)).await;

    let questions = |limit| -> Vec<String> {
        let history = store.gaps(limit).unwrap();
        assert_eq!(history.unreadable, 0);
        let gaps = history.turns.iter().flat_map(TurnRecord::gaps);
        gaps.map(|gap| gap.question.clone()).collect()
    };
    assert_eq!(questions(9), ["¿motos?", "¿motos?", "¿garantía?"]);
    assert_eq!(questions(1), ["¿garantía?"]);
    store.erase(beto.user()).await.unwrap();
    assert_eq!(questions(9), ["¿motos?"]);
    assert!(beto.traces(store).is_empty());
    store.sweep(start() + days(40), MONTH).await.unwrap();
    assert!(store.entries().is_empty());
}

const LIMITS: CallLimits = CallLimits { user_a_day: 2, all_a_day: 3, nanodollars_a_month: 1_000 };

/// Books a call of `nanodollars` for the user called `key`, so many days after the start.
async fn booked(store: &impl Inspect, key: Option<&str>, day: i64, nanodollars: u64) -> Booked {
    let user = key.map(|key| Talk::new(key).user().clone());
    let at = start() + days(day);
    store.book(Booking { user, at, counts: true, nanodollars, limits: LIMITS }).await.unwrap()
}

async fn calls_stay_under_every_limit(store: &impl Inspect) {
    assert_eq!(booked(store, Some("ana"), 0, 100).await, Booked::Yes);
    assert_eq!(booked(store, Some("ana"), 0, 100).await, Booked::Yes);
    assert_eq!(booked(store, Some("ana"), 0, 100).await, Booked::No(CallLimit::UserDay));
    assert_eq!(booked(store, Some("beto"), 0, 100).await, Booked::Yes);
    assert_eq!(booked(store, Some("beto"), 0, 100).await, Booked::No(CallLimit::Day));
    assert_eq!(booked(store, None, 0, 100).await, Booked::No(CallLimit::Day));
    let (user, at) = (Some(Talk::new("ana").user().clone()), start());
    let uncounted = Booking { user, at, counts: false, nanodollars: 0, limits: LIMITS };
    assert_eq!(store.book(uncounted).await.unwrap(), Booked::Yes);
    // The next day; 300 of this month's 1,000 are gone.
    assert_eq!(booked(store, Some("ana"), 1, 701).await, Booked::No(CallLimit::Month));
    assert_eq!(booked(store, Some("ana"), 1, 700).await, Booked::Yes);
    assert_eq!(booked(store, Some("ana"), 2, 1).await, Booked::No(CallLimit::Month));
    assert_eq!(booked(store, Some("ana"), 31, 1_000).await, Booked::Yes, "another month");
}

async fn a_call_counts_as_what_it_cost(store: &impl Inspect) {
    assert_eq!(booked(store, None, 0, 900).await, Booked::Yes);
    assert_eq!(booked(store, None, 0, 200).await, Booked::No(CallLimit::Month));
    store.settle(start(), 900, 750).await.unwrap();
    assert_eq!(booked(store, None, 0, 200).await, Booked::Yes);
    // A call of last month gives nothing back to this one, and nobody gets more than was booked.
    assert_eq!(booked(store, None, 31, 1_000).await, Booked::Yes);
    store.settle(start(), 600, 100).await.unwrap();
    assert_eq!(booked(store, None, 31, 1).await, Booked::No(CallLimit::Month));
    store.settle(start() + days(31), u64::MAX, 0).await.unwrap();
    assert_eq!(booked(store, None, 31, 100).await, Booked::Yes);
    // What it cost beyond what was booked counts too.
    store.settle(start() + days(31), 100, 350).await.unwrap();
    assert_eq!(booked(store, None, 31, 651).await, Booked::No(CallLimit::Month));
    assert_eq!(booked(store, None, 31, 650).await, Booked::Yes);
}

async fn a_message_of_an_earlier_day_takes_no_account_back(store: &impl Inspect) {
    for day in [31, 31, 0] {
        assert_eq!(booked(store, None, day, 300).await, Booked::Yes, "day {day}");
    }
    assert_eq!(booked(store, None, 31, 0).await, Booked::No(CallLimit::Day));
    assert_eq!(booked(store, None, 0, 0).await, Booked::No(CallLimit::Day));
    store.settle(start(), 300, 400).await.unwrap();
    assert_eq!(booked(store, None, 32, 1).await, Booked::No(CallLimit::Month));
    assert_eq!(booked(store, None, 32, 0).await, Booked::Yes);
}

async fn an_erased_user_has_no_second_day_and_leaves_no_name(store: &impl Inspect) {
    let ana = Talk::new("ana");
    ana.turns(store, 1).await;
    for _ in 0..2 {
        assert_eq!(booked(store, Some("ana"), 0, 100).await, Booked::Yes);
    }
    store.erase(ana.user()).await.unwrap();
    assert!(ana.traces(store).is_empty());
    assert_eq!(booked(store, Some("ana"), 0, 100).await, Booked::No(CallLimit::UserDay));
    assert_eq!(booked(store, Some("beto"), 0, 801).await, Booked::No(CallLimit::Month));
    // Two accounts are left: of all users, and of one whom nothing names. The next day takes it.
    assert_eq!(store.entries().len(), 2);
    store.sweep(start() + days(1), MONTH).await.unwrap();
    assert_eq!(store.entries().len(), 1);
    assert_eq!(booked(store, Some("ana"), 1, 100).await, Booked::Yes);
}

async fn cached_values_are_kept_for_a_time(store: &impl Inspect) {
    let (one, two) = (CacheKey::of(&["a", "bc"]), CacheKey::of(&["ab", "c"]));
    assert_eq!(store.cached(&one).unwrap(), None);
    let values = vec![(one, b"1".to_vec()), (two, Vec::new())];
    store.cache(values, start()).await.unwrap();
    assert_eq!(store.cached(&one).unwrap(), Some(b"1".to_vec()));
    assert_eq!(store.cached(&two).unwrap(), Some(Vec::new()));
    store.cache(vec![(one, b"2".to_vec())], start() + days(20)).await.unwrap();
    store.sweep(start() + days(31), MONTH).await.unwrap();
    assert_eq!(store.cached(&two).unwrap(), None);
    assert_eq!(store.cached(&one).unwrap(), Some(b"2".to_vec()));
    store.sweep(start() + days(51), MONTH).await.unwrap();
    assert!(store.entries().is_empty());
    let large = vec![(one, vec![0; MAX_VALUE_BYTES])];
    let refused = store.cache(large, start()).await;
    assert!(matches!(refused, Err(StoreError::TooLarge { what: "cached value", .. })));
}

on_every_store! {
    gaps_are_found_across_users_and_go_with_them,
    calls_stay_under_every_limit,
    a_call_counts_as_what_it_cost,
    a_message_of_an_earlier_day_takes_no_account_back,
    an_erased_user_has_no_second_day_and_leaves_no_name,
    cached_values_are_kept_for_a_time,
}
