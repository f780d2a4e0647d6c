//! What a message asks: its parts, and the open question in it, in the customer's words.

use std::ops::Range;

use super::Dealer;
use super::cue::Cue;
use super::lexicon::{Meaning, Said};
use super::message::Message;
use crate::engine::vocabulary::PartKind;
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

/// Characters from a joint on in which a question must begin.
const OPENING: usize = 40;

impl Message {
    /// The open question that the message is.
    pub(super) fn question(&self) -> Option<String> {
        if self.says_only(Cue::DontKnow) {
            return None;
        }
        if self.says_only(Cue::Topic) || self.has(Cue::Selling) {
            return Some(self.text.original().trim().to_owned());
        }
        self.is_question.then(|| asked_part(self.text.original()).trim().to_owned())
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
    /// What one part of a message is, its question marks included.
    pub(super) fn part_kind(&self, part: &str) -> PartKind {
        let message = Message::new(part, &self.names, &self.policy);
        if message.names_something() {
            return PartKind::Matter;
        }
        let words = spanish::content(&message.text).len();
        let is_marked = part.contains(['?', '¿']);
        let asks = match words {
            0 => false,
            1 => is_marked && message.has(Cue::Topic),
            _ => is_marked || words >= UNMARKED_WORDS && spanish::begins_to_ask(&message.text),
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
    let words = &text[clause.clone()];
    let blanks = words.match_indices(char::is_whitespace);
    let mut is_said = false;
    let joins = blanks.filter(|(at, _)| {
        let rest = words[*at..].trim_start();
        let (joint, asked) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        // An exclamation before it is no part: `ay y si doy el mínimo`.
        let mut says = || {
            is_said = is_said || !spanish::content(&Text::new(&words[..*at])).is_empty();
            is_said
        };
        let opening = rest.char_indices().nth(OPENING).map_or(rest, |(end, _)| &rest[..end]);
        let asks = || !asked.is_empty() && spanish::begins_to_ask(&Text::new(opening));
        spanish::parts(joint) || spanish::joins(joint) && asks() && says()
    });
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in joins.chain([(words.len(), "")]) {
        let part = words[start..at].trim();
        if !part.is_empty() {
            let from = clause.start
                + start
                + (words[start..at].len() - words[start..at].trim_start().len());
            parts.push(from..from + part.len());
        }
        start = at;
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
