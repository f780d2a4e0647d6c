//! A message over a limit is taken as any other, and only its reply is withheld.

use std::sync::Arc;
use std::time::Duration;

use kavak_bot::conversation::{Receive, TrafficLimits};
use kavak_bot::store::{MemoryStore, Store};

use super::office::{arrival, bot, now, until, user, write};

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_turn_is_taken_and_only_its_reply_is_withheld() {
    let store: Arc<MemoryStore> = Arc::default();
    let limits = TrafficLimits { messages_a_minute: 2, ..TrafficLimits::NONE };
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO).bounded(limits);
    for (number, words) in ["busco un jetta", "el 1", "sí", "20%"].into_iter().enumerate() {
        write(&bot, "ana", &format!("m{number}"), words).await.unwrap();
    }
    until(|| store.history(&user("ana"), 9).unwrap().turns.len() == 4).await;
    let turns = store.history(&user("ana"), 9).unwrap().turns;
    assert_eq!(turns[3].answer.state, "purchase.months", "it went on all the same");
    let said: Vec<usize> = turns.iter().map(|turn| turn.answer.replies.len()).collect();
    assert_eq!(said, [1, 1, 1, 0]);
    assert!(turns[2].answer.replies[0].text.contains("Dame un minuto"));
    assert_eq!(store.outbox(9).unwrap().len(), 3);
    assert_eq!(store.replies(now()).unwrap(), 3);
    // The door says nothing either, and the same again says the same.
    for _ in 0..2 {
        let silent = bot.answer(arrival("ana", "m9", "48"), LONG).await.unwrap().unwrap();
        assert_eq!((silent.replies.len(), silent.state.as_str()), (0, "purchase.plan"));
    }
}

#[tokio::test]
async fn all_together_have_so_many_replies_a_day() {
    let store: Arc<MemoryStore> = Arc::default();
    let limits = TrafficLimits { replies_a_day: 2, ..TrafficLimits::NONE };
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO).bounded(limits);
    for key in ["ana", "beto", "carla"] {
        bot.answer(arrival(key, "m1", "hola"), LONG).await.unwrap();
    }
    let said = |key: &str| store.history(&user(key), 9).unwrap().turns[0].answer.replies.len();
    assert_eq!([said("ana"), said("beto"), said("carla")], [1, 1, 0]);
    // The store counts, so that a new process goes on with it.
    assert_eq!(store.replies(now()).unwrap(), 2);
    let tomorrow = now() + jiff::SignedDuration::from_hours(24);
    assert_eq!(store.replies(tomorrow).unwrap(), 0);
}

#[tokio::test]
async fn one_has_so_many_replies_a_day_from_one_process_to_the_next() {
    let store: Arc<MemoryStore> = Arc::default();
    let limits = TrafficLimits { user_replies_a_day: 2, ..TrafficLimits::NONE };
    let mut said = Vec::new();
    for id in ["m1", "m2", "m3", "m4"] {
        let bot = bot(Arc::clone(&store) as _, Duration::ZERO).bounded(limits);
        let answer = bot.answer(arrival("ana", id, "hola"), LONG).await.unwrap().unwrap();
        said.push(answer.replies.first().map(|reply| reply.text.contains("Dame un minuto")));
    }
    assert_eq!(said, [Some(false), Some(false), Some(true), None]);
}
