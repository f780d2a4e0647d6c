//! What comes back from a language model, checked against the passages it cites.
//!
//! A model may order, shorten and warm up what the passages say; it may add nothing. So the guard
//! does not look for lies: every word of the answer is courtesy, a word that says nothing by
//! itself, or stands in a cited passage, and what can be told apart by its form — figures,
//! contacts, names, promises, negation — is compared on its own. Whatever the question ordered,
//! an answer that obeys has words of its own.

mod binding;
mod breach;
mod concept;
mod contact;
mod contrary;
mod disguise;
mod figure;
mod grounding;
mod lists;
mod measure;
mod name;
mod pairing;
mod phrase;
mod plain;
mod reading;

pub use breach::Breach;

use super::Passage;
use concept::Concepts;
use reading::Reading;

/// The plain text to send of a model's `answer`, where the texts of the passages it cites bear it
/// out. It quotes the model alone, and reads the passages as they are; their details do not count,
/// for a model is not given them.
///
/// # Errors
///
/// The first [`Breach`] that was met. Then the passages answer instead.
pub fn guard(answer: &str, cited: &[&Passage]) -> Result<String, Breach> {
    let texts: Vec<&str> = cited.iter().map(|passage| passage.text.as_str()).collect();
    check(answer, &texts)
}

fn check(answer: &str, cited: &[&str]) -> Result<String, Breach> {
    let text = plain::cleaned(answer)?;
    let said = Reading::new(&text, true);
    let source = Reading::new(&cited.join("\n"), false);
    contact::check(&said.contacts, &source.contacts)?;
    disguise::check(&said, &source)?;
    figure::check(&said, &source)?;
    measure::check(&said, &source)?;
    phrase::check(&said, &source)?;
    name::check(&said, &source)?;
    let concepts = Concepts::new(&source);
    binding::check(&said, &source, &concepts)?;
    contrary::check(&said, &source, &concepts)?;
    pairing::check(&said, &source, &concepts)?;
    grounding::check(&said, &source, &concepts)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PASSAGE: &str = "Según Kavak, cada auto incluye garantía de 3 meses y puedes ampliarla 1 \
                           año más con Kavak Total. No está publicado qué piezas cubre.";

    #[test]
    fn the_text_comes_back_plain() {
        let answer = "**¡Claro!** Según Kavak, la garantía es de _tres meses_ 🙂";
        let plain = "¡Claro! Según Kavak, la garantía es de tres meses 🙂";
        assert_eq!(check(answer, &[PASSAGE]).as_deref(), Ok(plain));
    }

    #[test]
    fn a_breach_is_told_without_its_words() {
        let breach = check("La garantía es de 5 años.", &[PASSAGE]).expect_err("a breach");
        assert_eq!(breach, Breach::Figure { span: "5 años".into() });
        assert_eq!(breach.to_string(), "the answer has a figure that no cited passage has");
    }

    #[test]
    fn nothing_is_borne_out_by_nothing() {
        assert!(check("Según Kavak, cada auto incluye garantía.", &[]).is_err());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(answer in "\\PC{0,80}", cited in "\\PC{0,80}") {
            let _ = check(&answer, &[&cited]);
            let _ = check(&cited, &[&cited, &answer]);
        }

        #[test]
        fn what_passes_is_plain(answer in "([a-zA-Z0-9*_~#<>@.,:¿?áñ-]{1,8} ){1,12}") {
            if let Ok(text) = check(&answer, &[&answer]) {
                prop_assert!(!text.contains(['*', '_', '~', '<', '>', '#']));
            }
        }
    }
}
