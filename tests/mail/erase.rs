//! A user is erased while their messages wait: none of these is answered, and none comes back.

use std::sync::Arc;
use std::time::Duration;

use kavak_bot::conversation::{Erase, Errand as _, Receive as _};
use kavak_bot::store::{MemoryStore, Store as _};

use super::office::{arrival, bot, now, until, user, write};

const QUIET: Duration = Duration::from_millis(150);

#[tokio::test]
async fn what_was_taken_out_of_the_inbox_goes_with_its_user() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, QUIET);
    // The first is taken out at once and waits for a quiet moment, the tap is left behind.
    bot.accept(vec![arrival("ana", "m1", "busco un jetta"), arrival("ana", "m2", "1")])
        .await
        .unwrap();
    write(&bot, "beto", "m1", "busco un jetta").await.unwrap();
    let desk = bot.desk("/nowhere".into(), now);
    let erase = Erase { users: vec![user("ana")] };
    assert_eq!(erase.clone().run(&desk).await.unwrap(), [user("ana")]);
    assert!(store.export(&user("ana")).unwrap().is_empty());

    // The same ids: nothing is known any more.
    write(&bot, "ana", "m1", "hola").await.unwrap();
    until(|| store.history(&user("beto"), 9).unwrap().turns.len() == 1).await;
    until(|| store.history(&user("ana"), 9).unwrap().turns.len() == 1).await;
    tokio::time::sleep(QUIET * 2).await;
    let export = store.export(&user("ana")).unwrap();
    assert_eq!(export.turns.len(), 1, "{export:?}");
    assert!(export.waiting.is_empty());
    let said = serde_json::to_string(&export.turns[0].inbound.content).unwrap();
    assert_eq!(said, r#"{"text":"hola"}"#);
    assert!(erase.run(&desk).await.unwrap() == [user("ana")]);
}

#[tokio::test]
async fn who_asks_for_it_in_the_chat_is_erased_with_what_waits() {
    let store: Arc<MemoryStore> = Arc::default();
    let bot = bot(Arc::clone(&store) as _, Duration::ZERO);
    let said = ["hola", "borrar mis datos", "sí", "busco un jetta"];
    let ids = ["m1", "m2", "m3", "m4"];
    let arrivals = ids.iter().zip(said).map(|(id, words)| arrival("ana", id, words)).collect();
    bot.accept(arrivals).await.unwrap();
    let erased = |reply: &str| reply.contains("Listo, borré");
    let replies = || store.export(&user("ana")).unwrap().replies;
    until(|| replies().iter().any(|letter| erased(&letter.outgoing.reply.text))).await;
    tokio::time::sleep(QUIET).await;
    let export = store.export(&user("ana")).unwrap();
    assert_eq!(replies().len(), 1, "what waited is not answered: {export:?}");
    assert!(export.turns.is_empty() && export.waiting.is_empty(), "{export:?}");

    // Whoever comes back is new.
    write(&bot, "ana", "m5", "busco un jetta").await.unwrap();
    until(|| store.history(&user("ana"), 9).unwrap().turns.len() == 1).await;
}
