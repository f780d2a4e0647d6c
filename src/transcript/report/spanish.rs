//! What the page that QA people read tells in Spanish of what the engine did.

use crate::engine::trace::{Event, Manner, Phrase, Side, Trace, Weight};
use crate::message::Media;

/// A kind of message that is no text.
pub(super) const fn media(kind: Media) -> &'static str {
    match kind {
        Media::Audio => "Nota de voz",
        Media::Image => "Foto",
        Media::Video => "Video",
        Media::Sticker => "Sticker",
        Media::Location => "Ubicación",
        Media::Document => "Documento",
        Media::Contact => "Contacto",
        Media::Reaction => "Reacción",
        Media::Unsupported => "Mensaje de otro tipo",
    }
}

/// What a turn did, in one line: the same as [`Trace`] tells in English, with the steps of the way
/// alone. Empty where it did nothing.
pub(in crate::transcript) fn trace(trace: &Trace) -> String {
    let mut line = String::new();
    for (told, is_way) in trace.events.iter().filter_map(event) {
        let joint = if is_way { " " } else { "; " };
        if !line.is_empty() {
            line.push_str(joint);
        }
        line.push_str(&told);
    }
    line
}

/// An event, and whether it is a step of the way; none where the others tell it.
fn event(event: &Event) -> Option<(String, bool)> {
    let told = match event {
        Event::Came { at: Some(at), kind } => format!("en {at}, {}", kind_of(kind)),
        Event::Came { at: None, kind } => format!("al empezar, {}", kind_of(kind)),
        Event::Matched { what, manner } => format!("{} ({})", phrase(what), manner_of(*manner)),
        Event::Weighed { slot, kind, manner, side, verdict } => {
            let side = side.map(|side| format!(", {}", side_of(side))).unwrap_or_default();
            let verdict = match verdict {
                Weight::Taken => "se tomó".to_owned(),
                Weight::Later => "queda para después".to_owned(),
                Weight::Refused(reason) => format!("se rechazó, {reason}"),
            };
            format!("{slot} se leyó como {kind} ({}{side}): {verdict}", manner_of(*manner))
        }
        Event::Digressed => "una pregunta abierta".to_owned(),
        Event::Missed { rung, .. } => format!("no se entendió, {rung}.ª vez"),
        Event::Went(way) => return Some((format!("→ {}", way.to), true)),
        Event::Said { .. } | Event::Entered(_) | Event::Commanded { .. } => return None,
    };
    Some((told, false))
}

/// The kind of a message, as a trace tells it.
fn kind_of(kind: &'static str) -> &'static str {
    match kind {
        "words" => "texto",
        "empty" => "un mensaje vacío",
        "too_long" => "un mensaje demasiado largo",
        kind => Media::ALL.into_iter().find(|media| media.as_str() == kind).map_or(kind, media),
    }
}

fn phrase(phrase: &Phrase) -> String {
    match phrase {
        Phrase::Command(name) => format!("el comando {name}"),
        Phrase::Choice(name) => format!("la opción {name}"),
        Phrase::Row(slot) => format!("un renglón de la lista, para {slot}"),
        Phrase::Answer(name) => format!("la respuesta fija {name}"),
    }
}

fn manner_of(manner: Manner) -> String {
    match manner {
        Manner::Exact => "exacto".to_owned(),
        Manner::Gist => "sin las muletillas".to_owned(),
        Manner::Part => "en una parte del mensaje".to_owned(),
        Manner::Within => "dentro del mensaje".to_owned(),
        Manner::Named => "por su número o su nombre".to_owned(),
        Manner::Mistyped(score) => format!("mal escrito, {score:.2} de parecido"),
        Manner::Mended => "mal escrito".to_owned(),
        Manner::Asked => "se preguntó".to_owned(),
        Manner::Overheard => "dicho de paso".to_owned(),
        Manner::Kept => "dicho antes".to_owned(),
    }
}

const fn side_of(side: Side) -> &'static str {
    match side {
        Side::Below => "por debajo del mínimo",
        Side::AtMin => "el mínimo",
        Side::Between => "entre el mínimo y el máximo",
        Side::AtMax => "el máximo",
        Side::Above => "por encima del máximo",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::trace::Way;

    #[test]
    fn a_turn_is_told_in_one_line() {
        let to = |to: &str| Event::Went(Way { from: None, to: to.to_owned(), why: String::new() });
        let events = vec![
            Event::Came { at: Some("purchase.card".to_owned()), kind: "words" },
            Event::Weighed {
                slot: "down_payment".to_owned(),
                kind: "money".to_owned(),
                manner: Manner::Overheard,
                side: Some(Side::Between),
                verdict: Weight::Taken,
            },
            to("purchase.settle"),
            to("purchase.months"),
            Event::Entered("purchase.months".to_owned()),
        ];
        assert_eq!(
            trace(&Trace { events, ..Trace::default() }),
            "en purchase.card, texto; down_payment se leyó como money (dicho de paso, entre el mínimo y \
             el máximo): se tomó → purchase.settle → purchase.months"
        );
    }
}
