//! Messages that wait for their turn, replies that wait to be sent.

use super::{Inspect, MONTH, Talk, days, start};
use crate::message::{Arrival, Channel, Content, Inbound, MessageId, Progress, Reply, Route};
use crate::store::key::UserKeys;
use crate::store::{
    Attempt, Conflict, Failure, Fate, LetterState, Mail, News, Outcome, Outgoing, StoreError,
    Version,
};

/// The message of this number, as a channel hands it over.
fn arrival(talk: &Talk, number: u32) -> Arrival {
    let inbound = Inbound {
        user: talk.user().clone(),
        id: Some(talk.id(number)),
        content: Content::Text(format!("message {number}")),
        at: start(),
    };
    Arrival { inbound, route: route(talk) }
}

fn route(talk: &Talk) -> Route {
    Route(format!("to {}", talk.user().key()))
}

fn outgoing(talk: &Talk, text: &str) -> Outgoing {
    let reply = Reply { text: text.to_owned(), media: Vec::new(), choices: Vec::new() };
    Outgoing { route: route(talk), reply }
}

/// The places of the messages that wait, with who wrote them and what.
fn waiting(store: &impl Inspect) -> Vec<(u64, String)> {
    let (waiting, unreadable) = store.waiting(1_000).unwrap();
    assert_eq!(unreadable, 0);
    let told = |waiting: crate::store::Waiting| {
        let Content::Text(words) = waiting.arrival.inbound.content else { panic!("words") };
        (waiting.place, format!("{}: {words}", waiting.arrival.inbound.user.key()))
    };
    waiting.into_iter().map(told).collect()
}

/// Takes the turn of this number, which settles and sends.
async fn turn(
    store: &impl Inspect,
    talk: &Talk,
    number: u32,
    mail: Mail,
) -> Result<(), StoreError> {
    let expected = store.load(talk.user()).unwrap().version;
    let mut commit = talk.commit(number, expected);
    commit.mail = mail;
    store.commit(&commit).await
}

/// The texts that wait to be sent, in their order.
fn outbox(store: &impl Inspect) -> Vec<String> {
    store.outbox(1_000).unwrap().into_iter().map(|(_, letter)| letter.outgoing.reply.text).collect()
}

fn id(text: &str) -> MessageId {
    text.parse().unwrap()
}

fn taken(provider: &str) -> Attempt {
    Attempt::Sent(id(provider))
}

fn again(at: jiff::Timestamp) -> Attempt {
    Attempt::Failed(Failure::Again { at, as_template: false })
}

fn given_up() -> Attempt {
    Attempt::Failed(Failure::GivenUp("131026".to_owned()))
}

/// Has the provider tell of what it took as `provider`; whether that is known.
async fn tell(store: &impl Inspect, talk: &Talk, provider: &str, fate: Fate) -> bool {
    let found = store.sent(talk.user().channel(), &id(provider)).unwrap();
    let Some((letter, _)) = found else { return false };
    store.told(letter, News { id: id(provider), fate }).await.unwrap();
    true
}

async fn messages_wait_in_the_order_of_arrival_and_once(store: &impl Inspect) {
    let (ana, beto) = (Talk::new("ana"), Talk::new("beto"));
    let batch = vec![arrival(&ana, 1), arrival(&beto, 1), arrival(&ana, 1), arrival(&ana, 2)];
    assert_eq!(store.accept(batch).await.unwrap(), [Some(0), Some(1), None, Some(2)]);
    let again = vec![arrival(&beto, 2), arrival(&ana, 2)];
    assert_eq!(store.accept(again).await.unwrap(), [Some(3), None]);
    let expected = ["ana: message 1", "beto: message 1", "ana: message 2", "beto: message 2"];
    let told: Vec<String> = waiting(store).into_iter().map(|(_, told)| told).collect();
    assert_eq!(told, expected);
    assert_eq!(store.answered(ana.user(), &ana.id(1)).unwrap(), None, "not before its turn");
    assert_eq!(store.load(ana.user()).unwrap().version, Version::NEW);
}

async fn a_turn_settles_what_it_takes_and_sends_its_replies(store: &impl Inspect) {
    let ana = Talk::new("ana");
    store.accept(vec![arrival(&ana, 1), arrival(&ana, 2), arrival(&ana, 3)]).await.unwrap();
    // Two messages in one turn, whose own id is the second one's.
    let sends = vec![outgoing(&ana, "one"), outgoing(&ana, "two")];
    turn(store, &ana, 2, Mail { settles: vec![0, 1], sends }).await.unwrap();
    assert_eq!(waiting(store), [(2, "ana: message 3".to_owned())]);
    assert_eq!(outbox(store), ["one", "two"]);
    for number in [1, 2] {
        let answered = store.answered(ana.user(), &ana.id(number)).unwrap();
        assert_eq!(answered, Some(ana.answer(2)), "the ids of both have the turn's answer");
    }
    assert_eq!(store.accept(vec![arrival(&ana, 1)]).await.unwrap(), [None]);
    let again = turn(store, &ana, 2, Mail::default()).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::Answered))));
    turn(store, &ana, 3, Mail { settles: vec![2], sends: vec![outgoing(&ana, "three")] })
        .await
        .unwrap();
    assert!(waiting(store).is_empty());
    assert_eq!(outbox(store), ["one", "two", "three"], "in the order of the turns");
}

async fn a_reply_is_sent_or_tried_again_or_given_up_and_replayed(store: &impl Inspect) {
    let ana = Talk::new("ana");
    let sends = vec![outgoing(&ana, "one"), outgoing(&ana, "two"), outgoing(&ana, "three")];
    turn(store, &ana, 1, Mail { settles: Vec::new(), sends }).await.unwrap();
    let ids: Vec<_> = store.outbox(9).unwrap().into_iter().map(|(id, _)| id).collect();
    let later = start() + days(1);
    store.tried(ids[0].clone(), taken("wamid.1")).await.unwrap();
    store.tried(ids[1].clone(), again(later)).await.unwrap();
    store.tried(ids[2].clone(), given_up()).await.unwrap();
    let left = store.outbox(9).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].1.failures, &left[0].1.state), (1, &LetterState::Due(later)));
    let dead = store.dead_letters(9).unwrap();
    assert_eq!(dead.len(), 1);
    let state = LetterState::Dead { reason: "131026".to_owned(), id: None };
    assert_eq!((&dead[0].0, &dead[0].1.state), (&ids[2], &state));

    assert!(store.replay(ids[2].clone(), later).await.unwrap());
    assert!(!store.replay(ids[2].clone(), later).await.unwrap(), "it is not dead any more");
    assert!(!store.replay(ids[0].clone(), later).await.unwrap(), "it was sent");
    assert!(store.dead_letters(9).unwrap().is_empty());
    assert_eq!(outbox(store), ["two", "three"]);
}

async fn what_a_provider_tells_moves_a_reply_on_and_never_back(store: &impl Inspect) {
    let (ana, beto) = (Talk::new("ana"), Talk::new("beto"));
    let sends = vec![outgoing(&ana, "one"), outgoing(&ana, "two")];
    turn(store, &ana, 1, Mail { settles: Vec::new(), sends }).await.unwrap();
    turn(store, &beto, 1, Mail { settles: Vec::new(), sends: vec![outgoing(&beto, "b")] })
        .await
        .unwrap();
    assert_eq!(store.recipients(9).unwrap(), [ana.user().clone(), beto.user().clone()]);
    let own: Vec<_> = store.outbox_of(ana.user(), 9).unwrap();
    assert_eq!(own.len(), 2);
    for (number, (letter, _)) in (1..).zip(&own) {
        store.tried(letter.clone(), taken(&format!("wamid.{number}"))).await.unwrap();
    }
    let state = |provider: &str| {
        let (_, letter) = store.sent(ana.user().channel(), &id(provider)).unwrap().unwrap();
        letter.state
    };
    let sent = |provider: &str, progress| LetterState::Sent { id: id(provider), progress };
    for (told, known) in [
        (Progress::Delivered, Progress::Delivered),
        (Progress::Sent, Progress::Delivered),
        (Progress::Read, Progress::Read),
        (Progress::Delivered, Progress::Read),
    ] {
        assert!(tell(store, &ana, "wamid.1", Fate::Reached(told)).await);
        assert_eq!(state("wamid.1"), sent("wamid.1", known));
    }
    // What was delivered has not failed, whatever comes late.
    let dead = || Fate::Failed(Failure::GivenUp("131026".to_owned()));
    tell(store, &ana, "wamid.1", dead()).await;
    assert_eq!(state("wamid.1"), sent("wamid.1", Progress::Read));
    // What failed is given up, and may arrive all the same.
    tell(store, &ana, "wamid.2", dead()).await;
    assert_eq!(store.dead_letters(9).unwrap().len(), 1);
    tell(store, &ana, "wamid.2", Fate::Reached(Progress::Delivered)).await;
    assert!(store.dead_letters(9).unwrap().is_empty());
    // Or it is tried again, under another id.
    let (letter, _) = store.outbox_of(beto.user(), 9).unwrap().remove(0);
    store.tried(letter.clone(), taken("wamid.3")).await.unwrap();
    assert!(store.outbox(9).unwrap().is_empty());
    let retry = Fate::Failed(Failure::Again { at: start(), as_template: true });
    tell(store, &beto, "wamid.3", retry).await;
    assert!(!tell(store, &beto, "wamid.3", Fate::Reached(Progress::Read)).await);
    let waiting = store.outbox_of(beto.user(), 9).unwrap();
    assert!(waiting[0].1.as_template && waiting[0].1.failures == 1);
    // Nobody knows an id of another channel, or of an erased user.
    assert!(store.sent(Channel::Web, &id("wamid.1")).unwrap().is_none());
    store.erase(ana.user()).await.unwrap();
    assert!(store.sent(ana.user().channel(), &id("wamid.1")).unwrap().is_none());
    store.erase(beto.user()).await.unwrap();
    store.sweep(start() + days(40), MONTH).await.unwrap();
    assert!(store.entries().is_empty(), "{:?}", store.entries());
}

async fn erasing_takes_the_mail_along_and_still_tells_of_itself(store: &impl Inspect) {
    let (ana, beto) = (Talk::new("ana"), Talk::new("beto"));
    store.accept(vec![arrival(&ana, 1), arrival(&beto, 1), arrival(&ana, 2)]).await.unwrap();
    let sends = vec![outgoing(&ana, "one"), outgoing(&ana, "two")];
    turn(store, &ana, 1, Mail { settles: vec![0], sends }).await.unwrap();
    let ids: Vec<_> = store.outbox(9).unwrap().into_iter().map(|(id, _)| id).collect();
    store.tried(ids[1].clone(), given_up()).await.unwrap();

    let mut commit = ana.commit(2, store.load(ana.user()).unwrap().version);
    commit.outcome = Outcome::Erase;
    commit.mail = Mail { settles: vec![2], sends: vec![outgoing(&ana, "erased")] };
    store.commit(&commit).await.unwrap();
    assert_eq!(waiting(store), [(1, "beto: message 1".to_owned())]);
    assert!(store.dead_letters(9).unwrap().is_empty());
    assert_eq!(outbox(store), ["erased"]);
    // A try that was under way meanwhile changes nothing.
    store.tried(ids[0].clone(), taken("wamid.1")).await.unwrap();
    let (id, _) = store.outbox(9).unwrap().remove(0);
    store.tried(id, taken("wamid.2")).await.unwrap();
    store.erase(beto.user()).await.unwrap();
    assert!(waiting(store).is_empty());
    store.sweep(start() + days(40), MONTH).await.unwrap();
    assert!(store.entries().is_empty(), "{:?}", store.entries());
}

async fn an_export_holds_everything_of_one_user_and_nothing_of_others(store: &impl Inspect) {
    let (ana, beto) = (Talk::new("ana"), Talk::new("beto"));
    store.accept(vec![arrival(&ana, 1), arrival(&ana, 2), arrival(&beto, 1)]).await.unwrap();
    let sends = vec![outgoing(&ana, "one"), outgoing(&ana, "two")];
    turn(store, &ana, 1, Mail { settles: vec![0], sends }).await.unwrap();
    turn(store, &ana, 2, Mail { settles: vec![1], sends: vec![] }).await.unwrap();
    store.accept(vec![arrival(&ana, 3)]).await.unwrap();
    let export = store.export(ana.user()).unwrap();
    assert_eq!(export.turns, ana.records(1..=2));
    assert_eq!(export.waiting, [arrival(&ana, 3)]);
    let ids: Vec<&str> = export.messages.iter().map(|known| known.id.as_str()).collect();
    assert_eq!(ids, ["id-1", "id-2", "id-3"]);
    assert_eq!(export.replies.len(), 2);
    assert!(export.session.is_some() && export.unreadable.is_empty());

    // What cannot be read is handed over as it is.
    let keys = UserKeys::of(ana.user());
    store.overwrite(&keys.turn(1), b"#");
    let export = store.export(ana.user()).unwrap();
    assert_eq!(export.turns, ana.records(2..=2));
    assert_eq!((&*export.unreadable[0].what, &*export.unreadable[0].base64), ("turn", "Iw=="));
    store.erase(ana.user()).await.unwrap();
    assert!(store.export(ana.user()).unwrap().is_empty());
    assert!(!store.export(beto.user()).unwrap().is_empty());
}

async fn damaged_mail_is_set_aside_and_holds_nobody_up(store: &impl Inspect) {
    let (ana, beto) = (Talk::new("ana"), Talk::new("beto"));
    store.accept(vec![arrival(&ana, 1), arrival(&ana, 2), arrival(&beto, 1)]).await.unwrap();
    turn(
        store,
        &ana,
        9,
        Mail {
            settles: vec![],
            sends: ["one", "two", "three"].map(|text| outgoing(&ana, text)).into(),
        },
    )
    .await
    .unwrap();
    let (dead, _) = store.outbox(9).unwrap().remove(2);
    store.tried(dead, given_up()).await.unwrap();
    assert_eq!(store.mend().await.unwrap(), []);
    let keys = UserKeys::of(ana.user());
    let damaged = [keys.waiting(0), keys.letter(1, 0), keys.letter(1, 2)];
    damaged.each_ref().iter().for_each(|key| store.overwrite(key, b"\x01{"));
    // Others are told of, and those of the same user.
    assert_eq!(outbox(store), ["two"]);
    assert_eq!(store.waiting(9).unwrap().0.len(), 2);

    let aside = store.mend().await.unwrap();
    let what: Vec<_> = aside.iter().map(|aside| aside.what).collect();
    assert_eq!(what, ["message that waited", "reply", "reply"]);
    assert!(aside.iter().all(|aside| aside.channel == Some(ana.user().channel())));
    assert_eq!(store.mend().await.unwrap(), [], "once");
    assert_eq!(waiting(store).len(), 2, "and none that cannot be read");
    assert_eq!((outbox(store), store.dead_letters(9).unwrap().len()), (vec!["two".to_owned()], 0));
    let export = store.export(ana.user()).unwrap();
    assert_eq!((export.set_aside.len(), export.unreadable.len()), (3, 0));
    let again = store.accept(vec![arrival(&ana, 1), arrival(&ana, 2)]).await.unwrap();
    assert_eq!(again, [Some(3), None], "the one that was damaged may come again");
    store.erase(ana.user()).await.unwrap();
    store.erase(beto.user()).await.unwrap();
    assert!(store.entries().is_empty(), "{:?}", store.entries());
}

on_every_store! {
    damaged_mail_is_set_aside_and_holds_nobody_up,
    an_export_holds_everything_of_one_user_and_nothing_of_others,
    messages_wait_in_the_order_of_arrival_and_once,
    a_turn_settles_what_it_takes_and_sends_its_replies,
    a_reply_is_sent_or_tried_again_or_given_up_and_replayed,
    what_a_provider_tells_moves_a_reply_on_and_never_back,
    erasing_takes_the_mail_along_and_still_tells_of_itself,
}
