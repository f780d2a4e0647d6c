//! What a message asks: its parts, and the open question in it, in the customer's words.

use std::ops::Range;

use super::Dealer;
use super::cue::Cue;
use super::lexicon::{self, Meaning};
use super::message::Message;
use super::names::Names;
use crate::engine::vocabulary::PartKind;
use crate::spanish::{self, Found, Value};
use crate::text::{Text, clauses};

/// Words from which on a part that asks without question marks is a question by itself: shorter
/// ones are mostly how a wish is said.
const UNMARKED_WORDS: usize = 3;

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
}

impl Dealer {
    /// What one part of a message is, its question marks included.
    pub(super) fn part_kind(&self, part: &str) -> PartKind {
        let text = Text::new(part);
        if names_something(&text, &self.names) {
            return PartKind::Matter;
        }
        let words = spanish::content(&text).len();
        let is_marked = part.contains(['?', '¿']);
        let asks = match words {
            0 => false,
            1 => is_marked && is_topic(&text),
            _ => is_marked || words >= UNMARKED_WORDS && spanish::begins_to_ask(&text),
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
    let joins = blanks.filter(|(at, _)| {
        let rest = words[*at..].trim_start();
        let (joint, asked) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        spanish::parts(joint) || spanish::joins(joint) && spanish::begins_to_ask(&Text::new(asked))
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

/// Whether a step could take something of it: a value, a car, what a car should be like, a quote.
fn names_something(text: &Text, names: &Names) -> bool {
    let value = |found: &Found| !matches!(found.value, Value::YesNo(_)) && !found.is_article(text);
    let about_cars = |meaning: Meaning| match meaning {
        Meaning::Cue(cue) => {
            matches!(cue, Cue::Quote | Cue::MonthlyAfter | Cue::Recommend | Cue::Popular)
        }
        _ => true,
    };
    spanish::extract(text).iter().any(value)
        || lexicon::read(text).iter().any(|said| about_cars(said.meaning))
        || !names.read(text).is_empty()
}

/// Whether a subject that may be asked about stands in it: `¿garantía?`
fn is_topic(text: &Text) -> bool {
    lexicon::read(text).iter().any(|said| said.meaning == Meaning::Cue(Cue::Topic))
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
