//! What is not understood, cannot be taken, or is no text.

use kavak_bot::message::{Media, Source};
use serde_json::{Value, json};

use super::talk::Talk;

#[test]
fn the_ladder_has_three_rungs_and_ends_with_a_person() {
    let mut talk = Talk::after(&["limpieza"]);
    let first = talk.say("zzz qqq");
    assert!(first.starts_with("No entendí “zzz qqq”.\n1. lunes"), "{first}");
    assert_eq!(talk.source(), Some(Source::Fallback));
    let second = talk.say("zzz qqq");
    assert!(second.starts_with("Perdón, sigo sin entenderte."), "{second}");
    assert_eq!(talk.choices().last(), Some(&"Hablar con alguien más"));
    let third = talk.say("zzz qqq");
    assert!(third.starts_with("Te contestamos en el 55 5555 0101."), "{third}");
    assert_eq!(talk.slot("treatment"), json!("cleaning"));
}

#[test]
fn an_answer_that_is_understood_starts_the_ladder_anew() {
    let mut talk = Talk::after(&["limpieza", "zzz qqq", "zzz qqq", "martes"]);
    assert!(talk.say("zzz qqq").starts_with("No entendí"));
}

#[test]
fn the_choice_of_last_resort_is_picked_by_its_number() {
    let mut talk = Talk::after(&["limpieza", "zzz qqq", "zzz qqq"]);
    talk.say("4");
    assert_eq!(talk.step(), "phone");
}

#[test]
fn a_number_that_is_not_on_the_list_is_not_understood() {
    let mut talk = Talk::after(&["limpieza"]);
    assert!(talk.say("9").starts_with("No entendí “9”."));
    assert_eq!(talk.slot("day"), Value::Null);
}

#[test]
fn a_day_or_an_hour_that_cannot_be_had_is_refused_with_those_that_can() {
    let mut talk = Talk::after(&["limpieza"]);
    let reply = talk.say("el domingo");
    assert!(reply.starts_with("El domingo no abrimos. ¿Qué día te queda?\n1. lunes"), "{reply}");
    talk.say("martes");
    let reply = talk.say("a las 22");
    assert!(reply.starts_with("El martes no atendemos a las 22:00."), "{reply}");
    talk.say("10");
    assert_eq!(talk.step(), "confirm");
}

#[test]
fn an_hour_kept_for_its_day_is_refused_when_the_day_is_known() {
    let mut talk = Talk::after(&["una cita a las 16", "limpieza"]);
    let reply = talk.say("miércoles");
    assert!(reply.starts_with("El miércoles no atendemos a las 16:00."), "{reply}");
}

#[test]
fn a_refusal_is_told_though_the_same_message_filled_something_else() {
    let mut talk = Talk::after(&["limpieza"]);
    let reply = talk.say("el martes a las 22");
    assert!(reply.starts_with("El martes no atendemos a las 22:00."), "{reply}");
    assert_eq!(talk.slot("day"), json!("tuesday"));
}

#[test]
fn a_refusal_is_told_before_what_is_still_to_be_asked() {
    let mut talk = Talk::new();
    let reply = talk.say("una cita el martes a las 22");
    assert!(reply.starts_with("El martes no atendemos a las 22:00."), "{reply}");
    talk.say("10");
    assert_eq!(talk.step(), "treatment");
    talk.say("limpieza");
    assert_eq!(talk.known(), [json!("cleaning"), json!("tuesday"), json!(10)]);
}

#[test]
fn what_came_along_with_a_pick_is_refused_too() {
    let mut talk = Talk::after(&["limpieza"]);
    let reply = talk.say("la segunda, a las 22");
    assert!(reply.starts_with("El martes no atendemos a las 22:00."), "{reply}");
}

#[test]
fn a_mistyped_choice_is_taken_and_a_mistyped_number_is_not() {
    let mut talk = Talk::after(&["limpieza"]);
    talk.say("miercloes");
    assert_eq!(talk.slot("day"), json!("wednesday"));
    // One letter from `10:00`, and another hour altogether.
    let reply = talk.say("10:30");
    assert!(reply.starts_with("No entendí “10:30”."), "{reply}");
}

#[test]
fn what_is_no_text_gets_its_own_answer_and_the_question_again() {
    let mut talk = Talk::after(&["limpieza"]);
    let audio = talk.send_media(Media::Audio, "");
    assert!(audio.starts_with("No puedo escuchar audios."), "{audio}");
    assert!(audio.contains("¿Qué día?"), "{audio}");
    for kind in Media::ALL {
        assert!(!talk.send_media(kind, " ").is_empty());
        assert_eq!(talk.step(), "day");
    }
    assert!(talk.say(" \n").starts_with("Tu mensaje llegó vacío."));
    assert!(talk.say(&"a".repeat(501)).starts_with("Tu mensaje es muy largo."));
    assert_eq!(talk.slot("treatment"), json!("cleaning"));
}

#[test]
fn words_under_a_picture_are_read() {
    let mut talk = Talk::after(&["limpieza"]);
    talk.send_media(Media::Image, "el martes");
    assert_eq!(talk.slot("day"), json!("tuesday"));
}

#[test]
fn an_open_question_leaves_the_talk_where_it_was() {
    let mut talk = Talk::after(&["limpieza"]);
    let reply = talk.say("¿aceptan tarjeta?");
    assert!(reply.starts_with("Eso no lo sé.\n¿Qué día?"), "{reply}");
    assert_eq!(talk.source(), Some(Source::Knowledge));
    talk.say("¿y efectivo?");
    assert_eq!(talk.offer(), "");
    talk.say("¿y transferencia?");
    assert_eq!(talk.offer(), "¿Prefieres llamarnos? Escribe “persona”.");
    assert_eq!(talk.step(), "day");
}

#[test]
fn a_question_beside_a_value_is_answered_and_the_value_taken() {
    let mut talk = Talk::after(&["hola"]);
    let reply = talk.say("una limpieza, ¿aceptan tarjeta?");
    assert!(reply.starts_with("Eso no lo sé.\n"), "{reply}");
    assert_eq!(talk.slot("treatment"), json!("cleaning"));
    assert_eq!(talk.step(), "day");
}

#[test]
fn two_questions_are_both_asked_in_their_order_and_the_step_waits() {
    let mut talk = Talk::after(&["limpieza"]);
    talk.say("¿aceptan tarjeta? ¿duele mucho?");
    assert_eq!(talk.questions(), ["aceptan tarjeta", "duele mucho"]);
    assert_eq!(talk.source(), Some(Source::Knowledge));
    assert_eq!(talk.step(), "day");
}
