//! A long silence, and how the talk goes on after it.

use serde_json::{Value, json};

use super::talk::Talk;

fn late(messages: &[&str]) -> Talk {
    let mut talk = Talk::after(messages);
    talk.wait_hours(25);
    talk
}

#[test]
fn a_greeting_after_a_day_is_offered_to_go_on() {
    let mut talk = late(&["limpieza el martes"]);
    let reply = talk.say("hola");
    assert_eq!(
        reply,
        "¡Qué gusto leerte! ¿Seguimos con tu cita?\n1. Seguir con mi cita\n2. Empezar de nuevo"
    );
    let reply = talk.say("1");
    assert!(reply.starts_with("¿A qué hora el martes?"), "{reply}");
    assert_eq!(talk.known(), [json!("cleaning"), json!("tuesday"), Value::Null]);
}

#[test]
fn whoever_wants_to_starts_over() {
    let mut talk = late(&["limpieza el martes"]);
    talk.say("hola");
    talk.say("2");
    assert_eq!(talk.step(), "greeting");
    assert_eq!(talk.slot("treatment"), Value::Null);
}

#[test]
fn what_was_said_after_the_silence_counts() {
    let mut talk = late(&["limpieza el martes"]);
    let reply = talk.say("a las 10");
    assert!(reply.starts_with("¡Qué gusto leerte! Retomo donde íbamos.\nLimpieza, martes"));
    assert_eq!(talk.slot("hour"), json!(10));
}

#[test]
fn a_shorter_silence_is_none() {
    let mut talk = Talk::after(&["limpieza el martes"]);
    talk.wait_hours(23);
    assert!(talk.say("hola").starts_with("¿A qué hora el martes?"));
}

#[test]
fn who_left_nothing_open_is_just_greeted() {
    let mut talk = late(&["hola"]);
    assert!(talk.say("hola").starts_with("¡Hola! ¿Qué necesitas?"));
}

#[test]
fn a_second_silence_still_knows_where_the_talk_stood() {
    let mut talk = late(&["limpieza el martes"]);
    talk.say("hola");
    talk.wait_hours(25);
    assert!(talk.say("hola").starts_with("¡Qué gusto leerte! ¿Seguimos con tu cita?"));
    talk.say("1");
    assert_eq!(talk.step(), "hour");
}

#[test]
fn back_after_the_silence_is_the_question_before_it() {
    let mut talk = late(&["limpieza", "martes"]);
    talk.say("hola");
    talk.say("1");
    talk.say("atrás");
    assert_eq!(talk.step(), "day");
}
