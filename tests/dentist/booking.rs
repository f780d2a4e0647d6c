//! The errand itself: an appointment, said step by step or all at once.

use serde_json::{Value, json};

use super::talk::Talk;

#[test]
fn an_appointment_is_made_step_by_step() {
    let mut talk = Talk::new();
    let greeting = talk.say("hola");
    assert_eq!(
        greeting,
        "¡Hola! ¿Qué necesitas?\n1. Hacer una cita\n2. Dónde estamos\n\
         Soy el asistente automático de Consultorio Sonrisa."
    );
    assert_eq!(talk.choices(), ["Hacer una cita", "Dónde estamos"]);
    let treatment = talk.say("1");
    assert_eq!(treatment, "¿Qué te hacemos?\n1. limpieza\n2. revisión\n3. tapar una caries");
    assert_eq!(talk.say("limpieza"), "¿Qué día?\n1. lunes\n2. martes\n3. miércoles");
    let hours = talk.say("2");
    assert_eq!(hours, "¿A qué hora el martes?\n1. 9:00\n2. 10:00\n3. 16:00\n4. 17:00");
    let confirm = talk.say("a las 10");
    assert!(confirm.starts_with("Limpieza, martes a las 10:00. ¿La aparto?"), "{confirm}");
    let booked = talk.say("sí");
    assert!(booked.starts_with("Listo: limpieza el martes a las 10:00. Tu clave es MARTES-10."));
    assert_eq!(talk.slot("appointment"), json!({"code": "MARTES-10"}));
}

#[test]
fn what_is_said_all_at_once_is_not_asked_again() {
    let mut talk = Talk::new();
    talk.say("Quiero una limpieza el martes a las 10");
    assert_eq!(talk.step(), "confirm");
    assert_eq!(talk.known(), [json!("cleaning"), json!("tuesday"), json!(10)]);
}

#[test]
fn what_is_said_before_its_time_is_kept() {
    let mut talk = Talk::new();
    let reply = talk.say("una cita a las 10");
    assert!(reply.starts_with("Anoté la hora.\n¿Qué te hacemos?"), "{reply}");
    assert_eq!(talk.slot("hour"), Value::Null);
    talk.say("revisión");
    talk.say("miércoles");
    assert_eq!(talk.step(), "confirm");
    assert_eq!(talk.known(), [json!("checkup"), json!("wednesday"), json!(10)]);
}

#[test]
fn a_row_is_picked_by_number_by_label_and_by_place() {
    for pick in ["3", "16:00", "la tercera", "a las 4 de la tarde", "16"] {
        let mut talk = Talk::after(&["limpieza el martes"]);
        talk.say(pick);
        assert_eq!(talk.slot("hour"), json!(16), "{pick}");
    }
}

#[test]
fn a_taken_hour_offers_a_way_on() {
    let mut talk = Talk::after(&["limpieza el martes a las 11"]);
    let reply = talk.say("sí");
    assert_eq!(talk.step(), "taken");
    assert_eq!(
        reply,
        "Las 11:00 del martes ya están dadas. Estas horas están libres:\n\
         1. 9:00\n2. 10:00\n3. 16:00\n4. 17:00\n5. Otro día"
    );
    talk.say("4");
    assert_eq!(talk.step(), "confirm");
    talk.say("sí");
    assert_eq!(talk.slot("appointment"), json!({"code": "MARTES-17"}));
}

#[test]
fn a_taken_hour_can_be_left_for_another_day() {
    let mut talk = Talk::after(&["limpieza el martes a las 11", "sí", "otro día"]);
    assert_eq!(talk.step(), "day");
    // The same hour, which the other day has.
    talk.say("el miércoles a las 11");
    talk.say("sí");
    assert_eq!(talk.slot("appointment"), json!({"code": "MIÉRCOLES-11"}));
}

#[test]
fn a_change_of_mind_empties_what_depended_on_it() {
    let mut talk = Talk::after(&["limpieza el martes a las 10"]);
    let reply = talk.say("mejor el miércoles");
    assert!(reply.starts_with("¿A qué hora el miércoles?"), "{reply}");
    assert_eq!(talk.known(), [json!("cleaning"), json!("wednesday"), Value::Null]);
    talk.say("12");
    talk.say("mejor revisión");
    assert_eq!(talk.step(), "confirm");
    assert_eq!(talk.known(), [json!("checkup"), json!("wednesday"), json!(12)]);
}

#[test]
fn a_change_after_the_booking_makes_it_again() {
    let mut talk = Talk::after(&["limpieza el martes a las 10", "sí", "mejor a las 9"]);
    assert_eq!(talk.slot("appointment"), Value::Null);
    talk.say("sí");
    assert_eq!(talk.slot("appointment"), json!({"code": "MARTES-9"}));
}
