//! What is so instead of what a transcript asserts: in English for terminals and programs, in
//! Spanish for the page that QA people read.

use std::fmt;

use crate::conversation::Flaw;

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
    /// Nothing is called so.
    NoValue {
        /// The name.
        name: String,
        /// One that is nearly the same.
        near: Option<String>,
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
            Self::NoValue { name, near } => write!(f, "there is no `{name}`{}", or(near)),
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
            Self::NoValue { name, near } => {
                format!("no hay nada que se llame `{name}`{}", or(near))
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
