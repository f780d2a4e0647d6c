//! What a message asks: its parts, and the open question in it, in the customer's words.

use std::ops::Range;

use super::Dealer;
use super::cue::Cue;
use super::lexicon::{Meaning, Said};
use super::message::Message;
use super::names::Named;
use crate::engine::vocabulary::{PartKind, Scene, Vocabulary as _};
use crate::spanish::{self, Found, Value};
use crate::text::{Text, clauses};

/// Words from which on a part that asks without question marks is a question by itself: shorter
/// ones are mostly how a wish is said.
const UNMARKED_WORDS: usize = 3;

/// Words that tell of a value, or of a car.
const MATTER: [Cue; 7] = [
    Cue::Quote,
    Cue::MonthlyAfter,
    Cue::Recommend,
    Cue::Popular,
    Cue::MinimumDown,
    Cue::MaximumDown,
    Cue::NoDown,
];

impl Message {
    /// The open question that the message is, or what it adds to the one before.
    pub(super) fn question(&self, scene: Scene<'_>) -> Option<String> {
        // Marks alone ask nothing of their own.
        if self.says_only(Cue::DontKnow) || self.text.plain().is_empty() {
            return None;
        }
        let goes_on = self.has(Cue::Selling) || self.goes_on_selling(scene);
        if self.says_only(Cue::Topic) || self.is_only_a_topic() || goes_on {
            return Some(self.text.original().trim().to_owned());
        }
        self.is_question.then(|| asked_part(self.text.original()).trim().to_owned())
    }

    /// Whether it tells which car is to be sold, after a question about selling: `es un Jetta 2016`,
    /// or `jetta 2016` alone, with the year that tells one car from all of its kind.
    pub(super) fn goes_on_selling(&self, scene: Scene<'_>) -> bool {
        let is_own = |named: &Named| {
            self.owned(&named.tokens) || self.ends_at(Cue::Presenting, named.tokens.start)
        };
        let tells = || self.all_names.iter().any(is_own) || self.is_only_a_car_of_a_year();
        !scene.question.is_empty()
            && !self.text.original().contains(['?', '¿'])
            && !self.has(Cue::Fresh)
            && tells()
            && Self::words_of(scene.question).has(Cue::Selling)
    }

    fn is_only_a_car_of_a_year(&self) -> bool {
        let years = || self.found.iter().filter(|found| matches!(found.value, Value::Year(_)));
        let is_told = |index: &usize| {
            let mut told = self.all_names.iter().map(|named| &named.tokens);
            told.any(|tokens| tokens.contains(index))
                || years().any(|found| found.tokens.contains(index))
        };
        !self.all_names.is_empty() && years().next().is_some() && self.content().iter().all(is_told)
    }

    /// Whether a step could take something of it: a value, a car, what a car should be like, a quote.
    fn names_something(&self) -> bool {
        let value = |found: &Found| {
            !matches!(found.value, Value::YesNo(_)) && !found.is_article(&self.text)
        };
        let about_cars = |said: &Said| match said.meaning {
            Meaning::Cue(cue) => MATTER.contains(&cue),
            _ => true,
        };
        self.found.iter().any(value) || self.said.iter().any(about_cars) || !self.names.is_empty()
    }
}

impl Dealer {
    /// The yes or the no that a part is, where it is nothing else.
    pub(super) fn answers_only(&self, part: &str) -> Option<bool> {
        let message = self.understand(part);
        message.found.iter().find_map(|found| match found.value {
            Value::YesNo(yes) if message.is_all(&found.tokens) => Some(yes),
            _ => None,
        })
    }

    /// What one part of a message is, its question marks included.
    pub(super) fn part_kind(&self, part: &str) -> PartKind {
        let message = self.understand(part);
        if message.names_something() {
            return PartKind::Matter;
        }
        let words = spanish::content(&message.text).len();
        let (is_marked, is_topic) = (part.contains(['?', '¿']), message.has(Cue::Topic));
        let is_long = words >= UNMARKED_WORDS || is_topic;
        let asks = match words {
            0 => false,
            1 => is_marked && is_topic,
            // `y la garantía`.
            _ if message.is_only_a_topic() => true,
            _ => is_marked || is_long && spanish::begins_to_ask(&message.text),
        };
        if asks { PartKind::Question } else { PartKind::Talk }
    }
}

/// Where the parts of a message stand, in bytes: its clauses, and what a clause asks after `y`,
/// `pero` or the like.
pub(super) fn parts(text: &str) -> Vec<Range<usize>> {
    clauses(text).into_iter().flat_map(|clause| joined_parts(text, clause)).collect()
}

fn joined_parts(text: &str, clause: Range<usize>) -> Vec<Range<usize>> {
    let words = Text::new(&text[clause.clone()]);
    let starts = spanish::joints(&words);
    let starts = starts.into_iter().map(|at| clause.start + words.place(&words.tokens()[at]).start);
    let mut parts = Vec::new();
    let mut start = clause.start;
    for end in starts.chain([clause.end]) {
        parts.push(start..start + text[start..end].trim_end().len());
        start = end;
    }
    parts
}

/// The sentences of a message that end with a question mark; all of it where there is none.
fn asked_part(original: &str) -> &str {
    let Some(end) = original.rfind('?') else { return original };
    let asked = &original[..end];
    let start = asked
        .rfind(['.', ';', '!', '\n', '¿'])
        .map_or(0, |at| at + asked[at..].chars().next().map_or(0, char::len_utf8));
    let part = &original[start..=end];
    // A part of one word (`¿verdad?`) asks about what stands before it.
    if part.split_whitespace().count() > 1 { part } else { original }
}
