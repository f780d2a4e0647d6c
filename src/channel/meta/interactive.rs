//! Choices as WhatsApp shows them: up to three buttons, or a list of four to ten rows.

use serde_json::{Value, json};

use crate::channel::choices::{ChoiceLimits, is_title};
use crate::channel::length::length;
use crate::message::{Choice, Reply};

/// Characters of the text over buttons or a list. Meta's limit for buttons; for lists two sources
/// disagree (1,024 and 4,096), and this is the smaller.
pub(super) const MAX_BODY: usize = 1_024;

/// Reply buttons of a message:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages>.
const BUTTONS: ChoiceLimits = ChoiceLimits { choices: 1..=3, title: 20, id: 256 };

/// Rows of a list, in all its sections:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages>.
const ROWS: ChoiceLimits = ChoiceLimits { choices: 4..=10, title: 24, id: 200 };

/// Characters of the button that opens a list.
const MAX_LIST_LABEL: usize = 20;

/// The `interactive` part of a message; none where the reply has to go out as text, whose numbers
/// can be answered as well.
pub(super) fn interactive(reply: &Reply, list_label: &str) -> Option<Value> {
    if reply.text.trim().is_empty() || length(&reply.text) > MAX_BODY {
        return None;
    }
    let (kind, action) = if BUTTONS.take(&reply.choices) {
        ("button", buttons(&reply.choices))
    } else if ROWS.take(&reply.choices) && is_title(list_label, MAX_LIST_LABEL) {
        ("list", list(&reply.choices, list_label))
    } else {
        return None;
    };
    Some(json!({"type": kind, "body": {"text": reply.text}, "action": action}))
}

fn buttons(choices: &[Choice]) -> Value {
    let button = |choice: &Choice| json!({"type": "reply", "reply": {"id": choice.id, "title": choice.title}});
    json!({"buttons": choices.iter().map(button).collect::<Vec<_>>()})
}

fn list(choices: &[Choice], label: &str) -> Value {
    let row = |choice: &Choice| json!({"id": choice.id, "title": choice.title});
    let rows: Vec<Value> = choices.iter().map(row).collect();
    // A lone section needs no title.
    json!({"button": label, "sections": [{"rows": rows}]})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str, titles: &[&str]) -> Reply {
        let choice = |(index, title): (usize, &&str)| Choice {
            id: (index + 1).to_string(),
            title: (*title).to_owned(),
        };
        let choices = titles.iter().enumerate().map(choice).collect();
        Reply { text: text.to_owned(), media: Vec::new(), choices }
    }

    fn kind(reply: &Reply) -> Option<String> {
        let shown = interactive(reply, "Opciones")?;
        Some(shown["type"].as_str().unwrap().to_owned())
    }

    #[test]
    fn up_to_three_choices_are_buttons() {
        let shown = interactive(&reply("¿Cotizamos?\n1. Sí\n2. No", &["Sí", "No"]), "Opciones");
        assert_eq!(
            shown.unwrap(),
            json!({
                "type": "button",
                "body": {"text": "¿Cotizamos?\n1. Sí\n2. No"},
                "action": {"buttons": [
                    {"type": "reply", "reply": {"id": "1", "title": "Sí"}},
                    {"type": "reply", "reply": {"id": "2", "title": "No"}},
                ]},
            })
        );
    }

    #[test]
    fn four_to_ten_choices_are_a_list() {
        let terms = ["3 años", "4 años", "5 años", "6 años"];
        assert_eq!(
            interactive(&reply("¿A cuántos años?", &terms), "Opciones").unwrap(),
            json!({
                "type": "list",
                "body": {"text": "¿A cuántos años?"},
                "action": {"button": "Opciones", "sections": [{"rows": [
                    {"id": "1", "title": "3 años"},
                    {"id": "2", "title": "4 años"},
                    {"id": "3", "title": "5 años"},
                    {"id": "4", "title": "6 años"},
                ]}]},
            })
        );
    }

    #[test]
    fn what_passes_a_limit_goes_out_as_text() {
        let (twenty, twenty_four) = ("a".repeat(20), "a".repeat(24));
        let eleven: Vec<String> = (0..11).map(|n| n.to_string()).collect();
        let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
        let cases: [(&[&str], Option<&str>); 13] = [
            (&[], None),
            (&[&twenty], Some("button")),
            (&[&twenty_four], None),
            (&["a", "b", "c", &twenty_four], Some("list")),
            (&["a", "b", "c", &format!("{twenty_four}a")], None),
            (&eleven[..10], Some("list")),
            (&eleven, None),
            (&["Sí", "Sí"], None),
            (&["Sí", "Sí "], None),
            (&["a", "b", "c", "a"], None),
            (&["Sí", " "], None),
            (&["Sí\nNo"], None),
            // An emoji counts as two, as it does for whoever counts in UTF-16.
            (&[&format!("{}🚗", "a".repeat(19))], None),
        ];
        for (titles, expected) in cases {
            assert_eq!(kind(&reply("¿?", titles)).as_deref(), expected, "{titles:?}");
        }
        assert!(kind(&reply(&"a".repeat(MAX_BODY), &["Sí"])).is_some());
        assert_eq!(kind(&reply(&"a".repeat(MAX_BODY + 1), &["Sí"])), None);
        assert_eq!(kind(&reply(" \n", &["Sí"])), None);
    }

    #[test]
    fn an_id_that_would_not_come_back_is_not_offered() {
        let with_id = |id: &str| {
            let mut reply = reply("¿?", &["Sí", "No"]);
            id.clone_into(&mut reply.choices[0].id);
            kind(&reply)
        };
        for id in ["", " ", " a", "a\n", "2", &"a".repeat(257)] {
            assert_eq!(with_id(id), None, "{id:?}");
        }
        assert!(with_id(&"a".repeat(256)).is_some());
    }

    #[test]
    fn a_list_needs_a_label_that_fits() {
        let terms = reply("¿?", &["3", "4", "5", "6"]);
        for label in ["", "Opciones de la búsqueda"] {
            assert_eq!(interactive(&terms, label), None, "{label}");
        }
    }
}
