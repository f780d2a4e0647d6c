//! Who waits at the door for the answer to a message that was taken in.

use std::sync::Arc;
use std::time::Duration;

use kavak_bot::conversation::Receive;
use kavak_bot::store::{MemoryStore, Store};

use super::office::{arrival, bot, until, user};

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(40);

#[tokio::test]
async fn who_waits_gets_the_answer_and_nothing_is_sent() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
    let answer = bot.answer(arrival("ana", "m1", "busco un jetta"), LONG).await.unwrap().unwrap();
    assert!(answer.replies[0].text.contains("Encontré"), "{answer:?}");
    assert!(store.outbox(9).unwrap().is_empty());
    assert_eq!(store.waiting(9).unwrap().0, []);
    // The same again gets the same, and changes nothing.
    let again = bot.answer(arrival("ana", "m1", "busco un jetta"), LONG).await.unwrap();
    assert_eq!(again, Some(answer));
    assert_eq!(store.history(&user("ana"), 9).unwrap().turns.len(), 1);
}

#[tokio::test]
async fn what_takes_longer_is_sent_and_told_nobody_twice() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, SHORT * 4);
    let gave_up = bot.answer(arrival("ana", "m1", "busco un jetta"), SHORT).await.unwrap();
    assert_eq!(gave_up, None, "a quiet moment is longer than that");
    until(|| store.outbox(9).unwrap().len() == 1).await;
    let again = bot.answer(arrival("ana", "m1", "busco un jetta"), LONG).await.unwrap();
    assert_eq!(again, None, "it is sent already");
    assert_eq!(store.outbox(9).unwrap().len(), 1);
    // What needs no quiet moment is answered at the door.
    let tap = bot.answer(arrival("ana", "m2", "1"), LONG).await.unwrap();
    assert!(tap.is_some());
    assert_eq!(store.outbox(9).unwrap().len(), 1);
}

#[tokio::test]
async fn of_a_burst_the_last_one_gets_the_answer() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = Arc::new(bot(Arc::clone(&store) as _, SHORT * 3));
    let first = {
        let bot = Arc::clone(&bot);
        tokio::spawn(async move { bot.answer(arrival("ana", "m1", "hola"), LONG).await })
    };
    until(|| !store.waiting(9).unwrap().0.is_empty()).await;
    let second = bot.answer(arrival("ana", "m2", "busco un jetta"), LONG).await.unwrap();
    assert!(second.unwrap().replies[0].text.contains("Encontré"));
    assert_eq!(first.await.unwrap().unwrap(), None);
    assert_eq!(store.history(&user("ana"), 9).unwrap().turns.len(), 1);
    assert!(store.outbox(9).unwrap().is_empty());
}
