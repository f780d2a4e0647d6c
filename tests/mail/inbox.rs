//! What is accepted has its turn: once, in order, gathered where it is a burst.

use std::sync::Arc;
use std::time::Duration;

use kavak_bot::conversation::Receive;
use kavak_bot::message::Content;
use kavak_bot::store::{MemoryStore, SledStore, Store};

use super::office::{Notebook, arrival, bot, deliver, posting_bot, until, user, write};

const QUIET: Duration = Duration::from_millis(80);

/// What the user called `key` said, turn by turn.
fn said(store: &dyn Store, key: &str) -> Vec<String> {
    let turns = store.history(&user(key), 1_000).unwrap().turns;
    let words = |content: Content| match content {
        Content::Text(words) => words,
        Content::Media { kind, .. } => kind.as_str().to_owned(),
    };
    turns.into_iter().map(|turn| words(turn.inbound.content)).collect()
}

#[tokio::test]
async fn a_purchase_goes_through_the_mail() {
    let store: Arc<MemoryStore> = Arc::default();
    let (bot, dispatches) = posting_bot(Arc::clone(&store) as _, Duration::ZERO);
    let carrier = Arc::new(Notebook::default());
    let (_, sending) = deliver(Arc::clone(&store) as _, dispatches, &carrier);
    for (number, words) in ["busco un jetta", "el 1", "sí", "20%", "48"].into_iter().enumerate() {
        write(&bot, "ana", &format!("m{number}"), words).await.unwrap();
    }
    until(|| carrier.count() == 5).await;
    let replies = carrier.to("ana");
    assert!(replies[0].contains("Encontré 2 autos"), "{replies:?}");
    assert!(replies[4].contains("48 pagos de"), "{replies:?}");
    assert!(store.outbox(9).unwrap().is_empty());
    sending.abort();
}

#[tokio::test]
async fn a_message_that_comes_again_is_taken_once() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
    let twice = vec![arrival("ana", "m1", "hola"), arrival("ana", "m1", "hola")];
    bot.accept(twice).await.unwrap();
    write(&bot, "ana", "m1", "hola").await.unwrap();
    until(|| said(&*store, "ana").len() == 1).await;
    write(&bot, "ana", "m1", "hola").await.unwrap();
    write(&bot, "ana", "m2", "menú").await.unwrap();
    until(|| said(&*store, "ana").len() == 2).await;
    assert_eq!(said(&*store, "ana"), ["hola", "menú"]);
}

#[tokio::test]
async fn a_burst_has_one_turn_and_one_reply() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, QUIET);
    for (id, words) in [("m1", "hola"), ("m2", "busco un jetta"), ("m3", "de menos de 250 mil")] {
        write(&bot, "ana", id, words).await.unwrap();
        tokio::time::sleep(QUIET / 4).await;
    }
    until(|| !said(&*store, "ana").is_empty()).await;
    assert_eq!(said(&*store, "ana"), ["hola\nbusco un jetta\nde menos de 250 mil"]);
    assert_eq!(store.outbox(9).unwrap().len(), 1);
    for id in ["m1", "m2", "m3"] {
        assert!(store.answered(&user("ana"), &id.parse().unwrap()).unwrap().is_some(), "{id}");
    }
}

#[tokio::test]
async fn taps_commands_and_numbers_do_not_wait() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, Duration::from_secs(30));
    for (id, words) in [("m1", "menú"), ("m2", "1"), ("m3", "20%"), ("m4", "atrás")] {
        write(&bot, "ana", id, words).await.unwrap();
    }
    until(|| said(&*store, "ana").len() == 4).await;
    assert_eq!(said(&*store, "ana"), ["menú", "1", "20%", "atrás"]);
    // Words wait for the number that follows them, but not longer, and keep their order.
    write(&bot, "ana", "m5", "busco un jetta").await.unwrap();
    write(&bot, "ana", "m6", "1").await.unwrap();
    until(|| said(&*store, "ana").len() == 6).await;
    assert_eq!(said(&*store, "ana")[4..], ["busco un jetta", "1"]);
}

#[tokio::test]
async fn who_never_stops_writing_is_answered_all_the_same() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, QUIET);
    for number in 0..20 {
        write(&bot, "ana", &format!("m{number}"), "y otra cosa").await.unwrap();
        tokio::time::sleep(QUIET / 4).await;
    }
    assert!(!said(&*store, "ana").is_empty());
}

#[tokio::test]
async fn one_user_is_in_order_and_others_do_not_wait() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
    let batch = (0..30).map(|number| arrival("ana", &format!("m{number}"), &number.to_string()));
    bot.accept(batch.collect()).await.unwrap();
    write(&bot, "beto", "m1", "hola").await.unwrap();
    until(|| said(&*store, "ana").len() == 30 && said(&*store, "beto").len() == 1).await;
    let expected: Vec<String> = (0..30).map(|number: u32| number.to_string()).collect();
    assert_eq!(said(&*store, "ana"), expected);
}

#[tokio::test]
async fn what_waited_when_the_process_ended_has_its_turn_in_the_next() {
    let folder = tempfile::tempdir().unwrap();
    {
        let store = Arc::new(SledStore::open(folder.path()).unwrap());
        // Accepted, and never given a turn.
        store
            .accept(vec![arrival("ana", "m1", "busco un jetta"), arrival("ana", "m2", "1")])
            .await
            .unwrap();
    }
    let store = Arc::new(SledStore::open(folder.path()).unwrap());
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
    assert_eq!(bot.resume().unwrap(), 2);
    until(|| said(&*store, "ana").len() == 2).await;
    assert_eq!(said(&*store, "ana"), ["busco un jetta", "1"]);
    assert_eq!(store.outbox(9).unwrap().len(), 2);
    assert_eq!(bot.resume().unwrap(), 0);
}
