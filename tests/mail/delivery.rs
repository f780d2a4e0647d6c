//! A reply that is written down is sent: in order, again where it was not taken, to a dead letter
//! where it never will be.

use std::sync::Arc;
use std::time::Duration;

use kavak_bot::delivery::{Act, Hurry, Refusal};
use kavak_bot::store::{LetterState, MemoryStore, Store};

use super::office::{Notebook, bot, deliver, until, write};

fn refusal(act: Act) -> Refusal {
    Refusal { reason: "131000".to_owned(), act }
}

#[tokio::test]
async fn what_was_not_taken_is_tried_again_and_nothing_overtakes_it() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
    let carrier = Arc::new(Notebook::default());
    // The clock of these tests stands still, so that a wait of nothing is what passes at once.
    let soon = Act::Again { hurry: Hurry::Usual, at_least: None };
    carrier.answers.lock().unwrap().push(refusal(soon));
    write(&bot, "ana", "m1", "hola").await.unwrap();
    write(&bot, "ana", "m2", "menú").await.unwrap();
    until(|| store.outbox(9).unwrap().len() == 2).await;
    let sending = deliver(Arc::clone(&store) as _, &bot, &carrier);
    until(|| carrier.count() == 1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let left = store.outbox(9).unwrap();
    assert_eq!(left.len(), 2, "the second one waits for the first");
    assert_eq!(left[0].1.failures, 1);
    assert!(matches!(left[0].1.state, LetterState::Due(at) if at > super::office::now()));
    // Others are not held up.
    write(&bot, "beto", "m1", "hola").await.unwrap();
    until(|| carrier.to("beto").len() == 1).await;
    assert_eq!(carrier.to("ana").len(), 1);
    sending.abort();
}

#[tokio::test]
async fn what_will_never_be_taken_is_set_aside_and_can_be_tried_once_more() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
    let carrier = Arc::new(Notebook::default());
    carrier.answers.lock().unwrap().push(refusal(Act::GiveUp));
    write(&bot, "ana", "m1", "hola").await.unwrap();
    write(&bot, "ana", "m2", "menú").await.unwrap();
    until(|| store.outbox(9).unwrap().len() == 2).await;
    let sending = deliver(Arc::clone(&store) as _, &bot, &carrier);
    until(|| carrier.count() == 2).await;
    until(|| store.outbox(9).unwrap().is_empty()).await;
    let dead = store.dead_letters(9).unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].1.state, LetterState::Dead("131000".to_owned()));
    assert!(store.replay(dead[0].0.clone(), super::office::now()).await.unwrap());
    bot.posted().notify_one();
    until(|| carrier.count() == 3).await;
    until(|| store.outbox(9).unwrap().is_empty()).await;
    assert!(store.dead_letters(9).unwrap().is_empty());
    assert_eq!(carrier.to("ana")[2], carrier.to("ana")[0]);
    sending.abort();
}

#[tokio::test]
async fn what_was_written_down_before_is_sent_by_the_next_process() {
    let store: Arc<MemoryStore> = Arc::default();
    {
        let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
        write(&bot, "ana", "m1", "hola").await.unwrap();
        until(|| store.outbox(9).unwrap().len() == 1).await;
    }
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
    let carrier = Arc::new(Notebook::default());
    let sending = deliver(Arc::clone(&store) as _, &bot, &carrier);
    until(|| carrier.count() == 1).await;
    until(|| store.outbox(9).unwrap().is_empty()).await;
    sending.abort();
}
