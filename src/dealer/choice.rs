//! Reading answers to questions with fixed values: by the slot's own words, by yes and no.

use std::ops::Range;

use serde_json::Value;

use super::message::Message;
use crate::engine::flow::Slot;
use crate::engine::vocabulary::{Attention, MISTYPED_FLOOR};
use crate::spanish::Value as Said;
use crate::text::resemblance;

/// From how many letters on a mistyped phrase of the slot's own counts.
const TYPO_LETTERS: usize = 5;

/// The fixed value that a whole message names, by the slot's own words.
///
/// Words that say it anywhere (`says`) count where nobody asked, too.
pub(super) fn read_choice(slot: &Slot, attention: Attention, message: &Message) -> Vec<Value> {
    let said = read_said(slot, message);
    if attention == Attention::Overheard || !said.is_empty() {
        return said;
    }
    let (plain, gist) = (message.text.plain(), message.gist());
    let Some(words) = slot.phrases.get("words") else { return Vec::new() };
    let is_mistyped = |phrase: &str| {
        phrase.len() >= TYPO_LETTERS && resemblance(phrase, &gist, MISTYPED_FLOOR).is_some()
    };
    let is_said = |phrase: &String| *phrase == plain || *phrase == gist || is_mistyped(phrase);
    let named = words.iter().find(|(_, phrases)| phrases.iter().any(is_said));
    let bounded = |range: &Range<usize>| {
        message.is_all(range) || message.opens_with(range) || message.is_short_answer()
    };
    // `no, mejor 40 mil de enganche` refuses what was said before, and not what is asked; and so does
    // `no, mejor un jetta`.
    let corrects = || {
        message.amounts().next().is_some()
            || message.terms().next().is_some()
            || message.describes_cars()
            || message.found.iter().any(|found| matches!(found.value, Said::Year(_)))
    };
    let yes_no = message.found.iter().find_map(|found| match found.value {
        Said::YesNo(yes) if bounded(&found.tokens) => Some(yes),
        _ => None,
    });
    let yes_no = yes_no.filter(|yes| *yes || !corrects());
    let values = slot.params.get("values").and_then(Value::as_array);
    let by_answer = yes_no.and_then(|yes| values?.get(usize::from(!yes)).cloned());
    named.map(|(value, _)| Value::from(value.as_str())).or(by_answer).into_iter().collect()
}

/// What of a message the phrases of a slot are compared with.
pub(super) fn phrased(message: &Message) -> Vec<String> {
    let mut forms = vec![message.statements(), message.text.plain(), message.gist()];
    forms.dedup();
    forms
}

/// Where the words of `phrase` stand last in `plain`, whole words only.
fn last_run(plain: &str, phrase: &str) -> Option<usize> {
    let ends = |at: usize| [None, Some(&b' ')].contains(&plain.as_bytes().get(at));
    let is_whole = |at: usize| (at == 0 || ends(at - 1)) && ends(at + phrase.len());
    // Hardly any phrase stands in a message, which is quick to see.
    let starts = plain.contains(phrase).then(|| plain.char_indices().rev().map(|(at, _)| at))?;
    starts.into_iter().find(|at| plain[*at..].starts_with(phrase) && is_whole(*at))
}

/// The value whose words stand anywhere in a message that asks nothing: the last one.
fn read_said(slot: &Slot, message: &Message) -> Vec<Value> {
    let Some(says) = slot.phrases.get("says") else { return Vec::new() };
    let plain = message.statements();
    let last =
        |phrases: &[String]| phrases.iter().filter_map(|phrase| last_run(&plain, phrase)).max();
    let said = says.iter().filter_map(|(value, phrases)| Some((last(phrases)?, value)));
    said.max().map(|(_, value)| Value::from(value.as_str())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::flow::Phrases;
    use crate::engine::lookup::may_be_said;
    use crate::text::{PlainRuns, plain};

    /// A choice of one value, by these phrases.
    fn choice(phrases: &[String]) -> Slot {
        let by_value = || [("yes".to_owned(), phrases.to_vec())].into_iter().collect();
        let settings = ["words", "says"].map(|setting| (setting.to_owned(), by_value()));
        Slot {
            name: "choice".to_owned(),
            kind: "choice".to_owned(),
            params: [("values".to_owned(), Value::from(vec!["yes"]))].into_iter().collect(),
            phrases: Phrases::from_iter(settings),
            noted: None,
            clarify: None,
            gone: None,
            changed: None,
        }
    }

    proptest! {
        #[test]
        fn the_last_run_is_the_last_one_between_blanks(
            plain in "(si|sip|no|ñ)( (si|sip|no|ñ)){0,5}", phrase in "(si|no|ñ)( (si|no)){0,2}",
        ) {
            let found = format!(" {plain} ").rfind(&format!(" {phrase} "));
            prop_assert_eq!(last_run(&plain, &phrase), found);
        }

        #[test]
        fn a_phrase_that_is_in_no_form_of_a_message_says_nothing(
            message in "¿?(pues |oye, )?(de |al )?(contado|cntado|a plazos|aplazos|crédito)(\\?|, va| va)?",
            phrase in "(de )?(contado|contdo|plazos|a plazos|credito|va|oye)",
            asked in any::<bool>(),
        ) {
            let message = Message::words_of(&message);
            let attention = if asked { Attention::Asked } else { Attention::Overheard };
            let without = read_choice(&choice(&[]), attention, &message);
            let with = read_choice(&choice(std::slice::from_ref(&phrase)), attention, &message);
            let runs = PlainRuns::from_iter([plain(&phrase)]);
            let is_said = phrased(&message).iter().any(|form| may_be_said(&runs, form));
            prop_assert!(is_said || with == without, "{:?} and not {:?}", with, without);
        }
    }
}
