//! What a customer may write at any step.

use kavak_bot::engine::source::EffectKind;
use serde_json::{Value, json};

use super::talk::Talk;

#[test]
fn back_goes_to_the_question_before_without_its_answer() {
    let mut talk = Talk::after(&["hola", "1", "limpieza", "martes"]);
    assert_eq!(talk.step(), "hour");
    talk.say("atrás");
    assert_eq!(talk.step(), "day");
    assert_eq!(talk.known(), [json!("cleaning"), Value::Null, Value::Null]);
    talk.say("atrás");
    assert_eq!(talk.step(), "treatment");
    assert_eq!(talk.slot("treatment"), Value::Null);
}

#[test]
fn back_at_the_first_question_asks_it_again() {
    let mut talk = Talk::after(&["hola"]);
    let reply = talk.say("atrás");
    assert!(reply.starts_with("¡Hola! ¿Qué necesitas?"), "{reply}");
}

#[test]
fn back_puts_back_what_a_change_of_mind_took_away() {
    let mut talk = Talk::after(&["limpieza el martes a las 10", "mejor el miércoles"]);
    assert_eq!(talk.known(), [json!("cleaning"), json!("wednesday"), Value::Null]);
    let reply = talk.say("atrás");
    assert!(reply.starts_with("Limpieza, martes a las 10:00. ¿La aparto?"), "{reply}");
    assert_eq!(talk.known(), [json!("cleaning"), json!("tuesday"), json!(10)]);
}

#[test]
fn back_passes_over_questions_whose_ground_is_gone() {
    // The day was asked for a treatment that was cancelled.
    let mut talk = Talk::after(&["limpieza", "cancelar", "atrás"]);
    assert_eq!(talk.step(), "greeting");
    talk.say("el martes a las 10");
    assert_eq!(talk.step(), "treatment");
}

#[test]
fn undo_takes_back_whole_messages_one_by_one() {
    let mut talk = Talk::after(&["hola", "limpieza el martes a las 10", "mejor el miércoles"]);
    let reply = talk.say("deshacer");
    assert!(reply.starts_with("Listo, deshice lo último.\nLimpieza, martes a las 10:00."));
    assert_eq!(talk.known(), [json!("cleaning"), json!("tuesday"), json!(10)]);
    talk.say("me equivoqué");
    assert_eq!(talk.step(), "greeting");
    assert_eq!(talk.known(), [Value::Null, Value::Null, Value::Null]);
    assert!(talk.say("deshacer").starts_with("No hay nada que deshacer."));
}

#[test]
fn cancel_forgets_the_appointment_and_can_be_undone() {
    let mut talk = Talk::after(&["limpieza el martes a las 10"]);
    let reply = talk.say("¡Cancelar!");
    assert!(reply.starts_with("Listo, cancelé lo que llevábamos.\n¡Hola!"), "{reply}");
    assert_eq!(talk.known(), [Value::Null, Value::Null, Value::Null]);
    talk.say("deshacer");
    assert_eq!(talk.known(), [json!("cleaning"), json!("tuesday"), json!(10)]);
}

#[test]
fn restart_forgets_everything() {
    let mut talk = Talk::after(&["limpieza el martes a las 10"]);
    talk.say("reiniciar");
    assert_eq!(talk.step(), "greeting");
    assert_eq!(talk.known(), [Value::Null, Value::Null, Value::Null]);
    assert!(talk.say("deshacer").starts_with("No hay nada que deshacer."));
}

#[test]
fn help_and_the_way_back_to_the_question() {
    let mut talk = Talk::after(&["limpieza"]);
    let reply = talk.say("ayuda");
    assert!(reply.starts_with("Contesta con el número"), "{reply}");
    assert!(reply.contains("¿Qué día?\n1. lunes"), "{reply}");
    assert_eq!(talk.choices(), ["lunes", "martes", "miércoles"]);
}

#[test]
fn the_menu_keeps_what_is_known() {
    let mut talk = Talk::after(&["limpieza el martes"]);
    talk.say("menú");
    assert_eq!(talk.step(), "greeting");
    talk.say("1");
    assert_eq!(talk.step(), "hour");
}

#[test]
fn a_command_is_the_whole_message() {
    let mut talk = Talk::after(&["limpieza el martes a las 10"]);
    talk.say("cancelar no, mejor a las 9");
    assert_eq!(talk.known(), [json!("cleaning"), json!("tuesday"), json!(9)]);
}

#[test]
fn a_person_is_asked_of_the_world_outside() {
    let mut talk = Talk::after(&["limpieza el martes"]);
    let reply = talk.say("hablar con alguien");
    assert!(reply.starts_with("Te contestamos en el 55 5555 0101."), "{reply}");
    let effects = talk.outcome.as_ref().map(|outcome| outcome.effects.clone());
    assert_eq!(effects, Some(vec![EffectKind::Handoff]));
    talk.say("seguir");
    assert_eq!(talk.step(), "hour");
}
