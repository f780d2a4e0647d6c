//! A reply that is written down is sent: in order, again where it was not taken, to a dead letter
//! where it never will be; and what its provider tells of it afterwards counts.

use std::sync::Arc;
use std::time::Duration;

use kavak_bot::channel::{Act, Backoff, Fault, Status};
use kavak_bot::delivery::{Delivery, Refusal, Track};
use kavak_bot::message::{Channel, Dispatch, Progress};
use kavak_bot::store::{LetterState, MemoryStore, Store};
use tokio::sync::mpsc;

use super::office::{
    Notebook, TEMPLATE, bot, carriers, deliver, now, posting_bot, provider_id, until, user, write,
};

fn refusal(act: Act) -> Refusal {
    Refusal { reason: "code 131000".to_owned(), act, at_least: None }
}

fn status(number: usize, progress: Progress, act: Option<Act>) -> Vec<Status> {
    let fault = act.map(|act| Fault { code: Some(131_047), act });
    vec![Status { message: provider_id(number), progress, fault }]
}

/// A store with two replies to "ana" that wait, a carrier that answers first with `refusals`, and
/// what tells of more.
async fn two_waiting(
    refusals: Vec<Refusal>,
) -> (Arc<MemoryStore>, Arc<Notebook>, mpsc::Receiver<Dispatch>) {
    let store: Arc<MemoryStore> = Arc::default();
    let (bot, dispatches) = posting_bot(Arc::clone(&store) as _, Duration::ZERO);
    let carrier = Arc::new(Notebook::default());
    *carrier.answers.lock().unwrap() = refusals;
    write(&bot, "ana", "m1", "hola").await.unwrap();
    write(&bot, "ana", "m2", "menú").await.unwrap();
    until(|| store.outbox(9).unwrap().len() == 2).await;
    (store, carrier, dispatches)
}

#[tokio::test]
async fn what_was_not_taken_is_tried_again_and_nothing_overtakes_it() {
    let store: Arc<MemoryStore> = Arc::default();
    let (bot, dispatches) = posting_bot(Arc::clone(&store) as _, Duration::ZERO);
    let carrier = Arc::new(Notebook::default());
    // The clock of these tests stands still, so that this wait does not end.
    carrier.answers.lock().unwrap().push(refusal(Act::Retry(Backoff::Transient)));
    write(&bot, "ana", "m1", "hola").await.unwrap();
    write(&bot, "ana", "m2", "menú").await.unwrap();
    until(|| store.outbox(9).unwrap().len() == 2).await;
    let (_, sending) = deliver(Arc::clone(&store) as _, dispatches, &carrier);
    until(|| carrier.count() == 1).await;
    // Others are not held up.
    write(&bot, "beto", "m1", "hola").await.unwrap();
    until(|| carrier.to("beto").len() == 1).await;
    write(&bot, "ana", "m3", "menú").await.unwrap();
    until(|| store.outbox(9).unwrap().len() == 3).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let left = store.outbox(9).unwrap();
    assert_eq!(left[0].1.failures, 1);
    assert!(matches!(left[0].1.state, LetterState::Due(at) if at > now()));
    assert_eq!(carrier.to("ana").len(), 1, "the others wait for the first");
    sending.abort();
}

#[tokio::test]
async fn what_will_never_be_taken_is_set_aside_and_can_be_tried_once_more() {
    let (store, carrier, dispatches) = two_waiting(vec![refusal(Act::GiveUp)]).await;
    let (tell, more) = mpsc::channel(4);
    let (_, sending) = deliver(Arc::clone(&store) as _, dispatches, &carrier);
    until(|| carrier.count() == 2 && store.outbox(9).unwrap().is_empty()).await;
    sending.abort();
    let dead = store.dead_letters(9).unwrap();
    assert_eq!(dead.len(), 1);
    let state = LetterState::Dead { reason: "code 131000".to_owned(), id: None };
    assert_eq!(dead[0].1.state, state);
    let (_, sending) = deliver(Arc::clone(&store) as _, more, &carrier);
    assert!(store.replay(dead[0].0.clone(), now()).await.unwrap());
    tell.send(Dispatch::Send(user("ana"))).await.unwrap();
    until(|| carrier.count() == 3 && store.outbox(9).unwrap().is_empty()).await;
    assert!(store.dead_letters(9).unwrap().is_empty());
    assert_eq!(carrier.to("ana")[2], carrier.to("ana")[0]);
    sending.abort();
}

#[tokio::test]
async fn who_cannot_be_reached_is_left_alone() {
    let (store, carrier, dispatches) = two_waiting(vec![refusal(Act::StopUser)]).await;
    let (_, sending) = deliver(Arc::clone(&store) as _, dispatches, &carrier);
    until(|| store.dead_letters(9).unwrap().len() == 2).await;
    assert_eq!(carrier.count(), 1, "the second one was not tried");
    sending.abort();
}

#[tokio::test]
async fn after_a_day_a_template_goes_out_instead() {
    let (store, carrier, dispatches) = two_waiting(vec![refusal(Act::NeedTemplate)]).await;
    let (delivery, sending) = deliver(Arc::clone(&store) as _, dispatches, &carrier);
    until(|| store.outbox(9).unwrap().is_empty()).await;
    let told = carrier.to("ana");
    assert_eq!((told.len(), told[1].as_str()), (3, TEMPLATE));
    // The provider may take a reply first, and say so later.
    delivery
        .told(Channel::Meta, status(3, Progress::Failed, Some(Act::NeedTemplate)))
        .await
        .unwrap();
    until(|| carrier.count() == 4).await;
    assert_eq!(carrier.to("ana")[3], TEMPLATE);
    // A template that is refused so is not tried for ever.
    until(|| store.outbox(9).unwrap().is_empty()).await;
    delivery
        .told(Channel::Meta, status(4, Progress::Failed, Some(Act::NeedTemplate)))
        .await
        .unwrap();
    assert_eq!(store.dead_letters(9).unwrap().len(), 1);
    sending.abort();
}

#[tokio::test]
async fn what_a_provider_tells_too_early_is_not_lost() {
    let (store, carrier, dispatches) = two_waiting(Vec::new()).await;
    let delivery = Arc::new(Delivery::new(Arc::clone(&store) as _, carriers(&carrier), now));
    delivery.told(Channel::Meta, status(1, Progress::Delivered, None)).await.unwrap();
    delivery.told(Channel::Meta, status(1, Progress::Sent, None)).await.unwrap();
    delivery.told(Channel::Meta, status(77, Progress::Read, None)).await.unwrap();
    let sending = tokio::spawn(Arc::clone(&delivery).run(dispatches));
    until(|| store.outbox(9).unwrap().is_empty()).await;
    let progress = |number| match store.sent(Channel::Meta, &provider_id(number)).unwrap() {
        Some((_, letter)) => match letter.state {
            LetterState::Sent { progress, .. } => Some(progress),
            _ => None,
        },
        None => None,
    };
    until(|| progress(1) == Some(Progress::Delivered)).await;
    assert_eq!(progress(2), Some(Progress::Sent));
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
    let carrier = Arc::new(Notebook::default());
    // Nobody tells of it.
    let (_, sending) = deliver(Arc::clone(&store) as _, mpsc::channel(1).1, &carrier);
    until(|| carrier.count() == 1 && store.outbox(9).unwrap().is_empty()).await;
    sending.abort();
}
