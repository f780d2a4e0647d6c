//! What is so instead of what a transcript asserts: in English for terminals and programs, in
//! Spanish for the page that QA people read.

use std::fmt;

use crate::conversation::Flaw;
use crate::message::Choice;

/// What is so instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A value is another.
    Value {
        /// What it is called.
        name: String,
        /// What it is.
        is: String,
        /// What it should be.
        wanted: String,
    },
    /// The choices are others.
    Choices {
        /// What they are.
        are: String,
        /// What they should be.
        wanted: String,
    },
    /// The talk is elsewhere than at a step that there is not.
    NoStep {
        /// Where it is.
        is: String,
        /// Where it should be.
        wanted: String,
        /// A step of nearly that name.
        near: Option<String>,
    },
    /// It is no single value: it has fields, each of which has a name.
    Several {
        /// What it is called.
        name: String,
        /// What those are called.
        fields: Vec<String>,
    },
    /// Nothing is called so.
    NoValue {
        /// The name.
        name: String,
        /// One that is nearly the same.
        near: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// No button on the screen has this id.
    NoButton {
        /// The id.
        id: String,
        /// The buttons that there are.
        buttons: Vec<Choice>,
    },
    /// No text is called so.
    NoText {
        /// The name.
        name: String,
        /// One that is nearly the same.
        near: Option<String>,
    },
    /// The message that comes again was not answered.
    NothingToRepeat,
    /// The message that came again got another answer.
    OtherAnswer,
    /// The message that came again changed the session.
    OtherSession,
    /// The answer is one that none may be.
    Flawed(Flaw),
    /// The turn was not taken; why, as the log tells it.
    Untaken(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |near: &Option<String>| {
            near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
        };
        match self {
            Self::Value { name, is, wanted } => write!(f, "{name} is `{is}`, not `{wanted}`"),
            Self::Choices { are, wanted } => write!(f, "choices are `{are}`, not `{wanted}`"),
            Self::NoStep { is, wanted, near } => {
                write!(f, "state is `{is}`; there is no step `{wanted}`{}", or(near))
            }
            Self::Several { name, fields } => {
                write!(f, "{name} has fields; name one: {}", dotted(name, fields))
            }
            Self::NoValue { name, near: None, known } => {
                write!(f, "there is no `{name}`; there is {}", listed(known))
            }
            Self::NoValue { name, near, .. } => write!(f, "there is no `{name}`{}", or(near)),
            Self::NoButton { id, buttons } => {
                write!(f, "there is no button `{id}`; there is {}", shown(buttons, "none"))
            }
            Self::NoText { name, near } => write!(f, "there is no text `{name}`{}", or(near)),
            Self::NothingToRepeat => f.write_str("the message before it was not answered"),
            Self::OtherAnswer => f.write_str("the same message again got another answer"),
            Self::OtherSession => f.write_str("the same message again changed the session"),
            Self::Flawed(flaw) => write!(f, "{flaw}"),
            Self::Untaken(why) => f.write_str(why),
        }
    }
}

impl Finding {
    /// The same in Spanish.
    #[must_use]
    pub fn in_spanish(&self) -> String {
        let or = |near: &Option<String>| {
            near.as_ref().map(|near| format!("; ¿quisiste decir `{near}`?")).unwrap_or_default()
        };
        match self {
            Self::Value { name, is, wanted } => format!("{name} es `{is}`, no `{wanted}`"),
            Self::Choices { are, wanted } => format!("las opciones son `{are}`, no `{wanted}`"),
            Self::NoStep { is, wanted, near } => {
                format!("el estado es `{is}`; no hay ningún paso `{wanted}`{}", or(near))
            }
            Self::Several { name, fields } => {
                format!("{name} tiene campos; di cuál: {}", dotted(name, fields))
            }
            Self::NoValue { name, near: None, known } => {
                format!("no hay nada que se llame `{name}`; hay {}", listed(known))
            }
            Self::NoValue { name, near, .. } => {
                format!("no hay nada que se llame `{name}`{}", or(near))
            }
            Self::NoButton { id, buttons } => {
                format!("no hay ningún botón `{id}`; hay {}", shown(buttons, "ninguno"))
            }
            Self::NoText { name, near } => format!("no hay ningún texto `{name}`{}", or(near)),
            Self::NothingToRepeat => "el mensaje anterior no tuvo respuesta".to_owned(),
            Self::OtherAnswer => "el mismo mensaje, repetido, recibió otra respuesta".to_owned(),
            Self::OtherSession => "el mismo mensaje, repetido, cambió la sesión".to_owned(),
            Self::Flawed(flaw) => flaw_in_spanish(*flaw),
            Self::Untaken(why) => format!("el mensaje no se pudo atender ({why})"),
        }
    }
}

/// Buttons with their ids.
fn shown(buttons: &[Choice], none: &str) -> String {
    let buttons = buttons.iter().map(|Choice { id, title }| format!("`{id}` ({title})"));
    let shown: Vec<String> = buttons.collect();
    if shown.is_empty() { none.to_owned() } else { shown.join(", ") }
}

/// The names of what there is.
fn listed(names: &[String]) -> String {
    let names = names.iter().map(|name| format!("`{name}`"));
    names.collect::<Vec<_>>().join(", ")
}

/// The names of the fields of what is called `name`.
fn dotted(name: &str, fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| format!("{name}.{field}")).collect();
    listed(&fields)
}

fn flaw_in_spanish(flaw: Flaw) -> String {
    match flaw {
        Flaw::Mute => "el mensaje se quedó sin respuesta".to_owned(),
        Flaw::Blank => "una respuesta está en blanco".to_owned(),
        Flaw::Long { length, most } => {
            format!("una respuesta tiene {length} caracteres, más de {most}")
        }
        Flaw::SameIds => "dos opciones tienen el mismo número".to_owned(),
        Flaw::Nameless => "una opción no tiene nombre".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_in_both_languages() {
        let near = Some("purchase.plan".to_owned());
        let is = "main.menu".to_owned();
        let finding = Finding::NoStep { is, wanted: "purchase.plam".to_owned(), near };
        assert_eq!(
            finding.to_string(),
            "state is `main.menu`; there is no step `purchase.plam`; did you mean `purchase.plan`?"
        );
        assert_eq!(
            finding.in_spanish(),
            "el estado es `main.menu`; no hay ningún paso `purchase.plam`; ¿quisiste decir \
             `purchase.plan`?"
        );
    }
}
