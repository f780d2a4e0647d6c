//! What holds for every talk, whatever is written.

use std::path::Path;

use kavak_bot::engine::check::{Sources, check};
use kavak_bot::engine::{Engine, MAX_HOPS, Session};
use kavak_bot::message::{Media, Source};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::clinic::Clinic;
use super::talk::{FLOWS, Talk};
use super::vocabulary::Dentist;

/// A message of a test, or some hours without one.
#[derive(Debug, Clone)]
enum Event {
    Words(String),
    Media(Media),
    Silence(i64),
}

const MESSAGES: [&str; 38] = [
    "hola",
    "1",
    "2",
    "3",
    "4",
    "5",
    "9",
    "10",
    "16",
    "sí",
    "no",
    "limpieza",
    "revisión",
    "caries",
    "el martes",
    "miércoles",
    "el domingo",
    "a las 10",
    "a las 11",
    "a las 22",
    "otro día",
    "otra hora",
    "limpieza el martes a las 10",
    "caries el lunes a las 9",
    "la segunda",
    "la primera a las 22",
    "menú",
    "atrás",
    "deshacer",
    "cancelar",
    "reiniciar",
    "ayuda",
    "persona",
    "seguir",
    "otra",
    "gracias",
    "¿aceptan tarjeta?",
    "zzz",
];

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        12 => select(&MESSAGES[..]).prop_map(|words| Event::Words(words.to_owned())),
        2 => ".{0,12}".prop_map(Event::Words),
        1 => select(&Media::ALL[..]).prop_map(Event::Media),
        1 => (1_i64..60).prop_map(Event::Silence),
    ];
    vec(event, 0..30)
}

fn play(talk: &mut Talk, event: &Event) -> String {
    match event {
        Event::Words(words) => talk.say(words),
        Event::Media(kind) => talk.send_media(*kind, ""),
        Event::Silence(hours) => {
            talk.wait_hours(*hours);
            talk.say("hola")
        }
    }
}

proptest! {
    #[test]
    fn every_message_is_answered_and_the_talk_waits(events in events()) {
        let mut talk = Talk::new();
        for event in &events {
            let reply = play(&mut talk, event);
            prop_assert!(!reply.trim().is_empty());
            let outcome = talk.outcome.as_ref().expect("an outcome");
            prop_assert_eq!(&outcome.faults, &Vec::<String>::new());
            prop_assert!(talk.session.talk.at.is_some());
            prop_assert!(outcome.choices.iter().all(|choice| reply.contains(&choice.title)));
        }
    }

    #[test]
    fn the_same_messages_give_the_same_bytes(events in events()) {
        let mut talks = [Talk::new(), Talk::new()];
        for event in &events {
            let replies = talks.each_mut().map(|talk| play(talk, event));
            prop_assert_eq!(&replies[0], &replies[1]);
            let stored = talks.each_ref().map(|talk| serde_json::to_string(&talk.session).unwrap());
            prop_assert_eq!(&stored[0], &stored[1]);
            // One of the two is stored and read back after each message, as the store does.
            talks[1].session = serde_json::from_str::<Session>(&stored[1]).unwrap();
        }
    }

    #[test]
    fn a_booked_hour_was_free(events in events()) {
        let clinic = Clinic::of_the_tests();
        let mut talk = Talk::new();
        for event in &events {
            play(&mut talk, event);
            if talk.step() == "booked" {
                let (day, hour) = (talk.slot("day"), talk.slot("hour"));
                let day = day.as_str().and_then(|day| clinic.day(day)).expect("a day");
                prop_assert!(day.free_hours().any(|free| hour == free));
            }
        }
    }
}

/// The checker refuses a circle without a question; a way that is only too long is left to run,
/// and is cut off with an apology.
#[test]
fn one_message_passes_a_bounded_number_of_steps() {
    let mut sources = Sources::read(Path::new(FLOWS)).unwrap();
    let greeting = "phrases: [cita, una cita, quiero una cita], goto: treatment";
    let flow = sources.files.get_mut("appointment.yaml").unwrap();
    assert!(flow.contains(greeting));
    *flow = flow.replace(greeting, "phrases: [cita], goto: corridor.door0");
    let door = |n| format!("  door{n}: {{say: bot.thanks, next: door{}}}\n", n + 1);
    let doors: String = (0..=MAX_HOPS).map(door).collect();
    let last =
        format!("  door{}: {{say: bot.thanks, next: appointment.treatment}}\n", MAX_HOPS + 1);
    let corridor = format!("flow: corridor\nversion: 1\nsteps:\n{doors}{last}");
    sources.files.insert("corridor.yaml".to_owned(), corridor);

    let dentist = Dentist::new(Clinic::of_the_tests());
    let flows = check(&sources, &dentist).expect("flows without a circle");
    let mut talk = Talk::with(Box::leak(Box::new(Engine::new(flows, dentist))));
    talk.say("hola");
    let reply = talk.say("cita");
    assert_eq!(reply.matches("¡Con gusto!").count(), MAX_HOPS);
    assert!(reply.ends_with("Tuve un problema de mi lado. Escribe “menú” y seguimos."), "{reply}");
    assert_eq!(talk.step(), "greeting");
    let faults = talk.outcome.as_ref().map(|outcome| outcome.faults.len());
    assert_eq!((faults, talk.source()), (Some(1), Some(Source::Flow)));
}
