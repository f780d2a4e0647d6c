//! How much may be asked, and for how long a server that fails is left alone.

use std::time::Duration;

use jiff::SignedDuration;
use kavak_bot::conversation::Allowance;
use kavak_bot::llm::{Price, Prices};
use kavak_bot::message::Source;
use kavak_bot::store::{Booked, Booking, CallLimits, Store};

use super::bot::{Bot, allowance};
use super::fake::{answer, completion, saying};
use crate::wire::{Behaviour, Fake, ok, status};

/// Questions that passages answer, all of them other ones for the cache.
const QUESTIONS: [&str; 8] = [
    "¿qué garantía tienen los autos?",
    "¿dan garantía?",
    "¿cuánto dura la garantía?",
    "¿qué es el CAT?",
    "¿me lo llevan a mi casa?",
    "¿cuándo me entregan el auto?",
    "¿qué documentos piden para el crédito?",
    "¿hacen prueba de manejo?",
];

fn limited(limits: CallLimits) -> Allowance {
    Allowance { limits, ..allowance() }
}

async fn asked(bot: &Bot, user: &str, questions: &[&str]) {
    for question in questions {
        let said = bot.say(user, question).await;
        assert!(matches!(said.source, Source::Knowledge | Source::Llm), "{question}: {said:?}");
    }
}

#[tokio::test]
async fn one_user_s_calls_are_counted_by_the_day() {
    let fake = saying(&answer("Según Kavak, así es.", &["garantia/basica"])).await;
    let limits = CallLimits { user_a_day: 2, ..allowance().limits };
    let mut bot = Bot::asking(&fake, limited(limits));
    asked(&bot, "ana", &QUESTIONS[..4]).await;
    assert_eq!(fake.requests().len(), 2);
    asked(&bot, "beto", &QUESTIONS[4..5]).await;
    assert_eq!(fake.requests().len(), 3);
    bot.now += SignedDuration::from_hours(24);
    asked(&bot, "ana", &QUESTIONS[5..6]).await;
    assert_eq!(fake.requests().len(), 4);
}

#[tokio::test]
async fn all_calls_are_counted_by_the_day() {
    let fake = saying(&answer("Según Kavak, así es.", &["garantia/basica"])).await;
    let limits = CallLimits { all_a_day: 3, ..allowance().limits };
    let bot = Bot::asking(&fake, limited(limits));
    for (number, question) in QUESTIONS.iter().enumerate() {
        asked(&bot, &format!("u{number}"), &[question]).await;
    }
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn the_month_s_cap_holds_by_what_calls_really_cost() {
    let fake = saying(&answer("Según Kavak, así es.", &["garantia/basica"])).await;
    // The server tells of 900 tokens in and 60 out: 0.96 millidollars a call. The prompt may cost
    // a multiple of that, and the rest is given back.
    let prices = Prices { input: Price(1_000), output: Price(1_000) };
    let limits = CallLimits { nanodollars_a_month: 6_000_000, ..allowance().limits };
    let mut bot = Bot::asking(&fake, Allowance { prices, limits, ..allowance() });
    asked(&bot, "ana", &QUESTIONS).await;
    let calls = fake.requests().len();
    assert!((3..=6).contains(&calls), "{calls} calls");
    bot.now += SignedDuration::from_hours(24 * 3);
    asked(&bot, "ana", &["¿puedo devolver el auto si no me gusta?"]).await;
    assert!(fake.requests().len() > calls, "another month");
}

/// How often a bot with this month's budget asks for an answer to each of the questions, where a
/// call is booked with about 1,800 tokens at a thousandth of a dollar.
async fn calls_within(nanodollars_a_month: u64, behaviours: Vec<Behaviour>) -> usize {
    let fake = Fake::start(behaviours).await;
    let prices = Prices { input: Price(1_000), output: Price(1_000) };
    let limits = CallLimits { nanodollars_a_month, ..allowance().limits };
    let bot = Bot::asking(&fake, Allowance { prices, limits, ..allowance() });
    asked(&bot, "ana", &QUESTIONS[..4]).await;
    fake.requests().len()
}

#[tokio::test]
async fn what_a_call_cost_beyond_what_was_booked_counts_too() {
    let words = completion(&answer("Según Kavak, así es.", &["garantia/basica"]));
    let much = words.replace(r#""prompt_tokens":900"#, r#""prompt_tokens":9000"#);
    assert_ne!(words, much);
    assert_eq!(calls_within(10_000_000, vec![Behaviour::Says(ok(&much))]).await, 1);
}

#[tokio::test]
async fn a_broken_server_may_have_charged_each_try() {
    let broken = Behaviour::Says(status("500 Internal Server Error", "", "{}"));
    let busy = Behaviour::Says(status("429 Too Many Requests", "retry-after: 30\r\n", "{}"));
    assert_eq!(calls_within(10_000_000, vec![busy]).await, 4, "these cost nothing");
    // Two tries of a call are charged: a second call finds no money.
    assert_eq!(calls_within(4_500_000, vec![broken]).await, 2);
}

#[tokio::test]
async fn a_call_that_found_no_connection_costs_nothing() {
    let fake = saying("").await;
    let prices = Prices { input: Price(1_000), output: Price(1_000) };
    let limits = CallLimits { nanodollars_a_month: 6_000_000, ..allowance().limits };
    let bot = Bot::asking(&fake, Allowance { prices, limits, ..allowance() });
    drop(fake);
    asked(&bot, "ana", &QUESTIONS[..4]).await;
    let booking =
        Booking { user: None, at: bot.now, counts: false, nanodollars: 6_000_000, limits };
    assert_eq!(bot.store.book(booking).await.unwrap(), Booked::Yes);
}

#[tokio::test]
async fn no_money_is_no_call() {
    let fake = saying("").await;
    let limits = CallLimits { nanodollars_a_month: 0, ..allowance().limits };
    let bot = Bot::asking(&fake, limited(limits));
    asked(&bot, "ana", &QUESTIONS).await;
    assert!(fake.requests().is_empty());
}

/// Goes on as if so much time had passed.
async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_server_that_fails_again_and_again_is_left_alone_and_tried_later() {
    let broken = Behaviour::Says(status("400 Bad Request", "", "{}"));
    let good = Behaviour::Says(ok(&completion(&answer(
        "Según Kavak, cada auto incluye garantía de 3 meses.",
        &["garantia/basica"],
    ))));
    let mut behaviours = vec![broken; 6];
    behaviours.push(good);
    let fake = Fake::start(behaviours).await;
    let bot = Bot::asking(&fake, allowance());
    asked(&bot, "ana", &QUESTIONS[..7]).await;
    assert_eq!(fake.requests().len(), 5, "after five failures it rests");
    later(Duration::from_secs(31)).await;
    asked(&bot, "ana", &QUESTIONS[..3]).await;
    assert_eq!(fake.requests().len(), 6, "one try, which fails too");
    later(Duration::from_secs(31)).await;
    assert_eq!(bot.say("ana", QUESTIONS[0]).await.source, Source::Llm);
    asked(&bot, "ana", &QUESTIONS[1..3]).await;
    assert_eq!(fake.requests().len(), 9, "it is asked as before");
}
