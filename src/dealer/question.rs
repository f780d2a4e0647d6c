//! The open question in a message, in the customer's words.

use super::cue::Cue;
use super::lexicon::{self, Meaning};
use super::message::Message;
use super::names::Names;
use crate::spanish::{self, Found, Value};
use crate::text::Text;

impl Message {
    /// The open question of the message. Where the step `used` something of it, only a clause that
    /// asks and names no value and no car counts.
    pub(super) fn question(&self, used: bool, names: &Names) -> Option<String> {
        if self.says_only(Cue::DontKnow) {
            return None;
        }
        if (self.says_only(Cue::Topic) || self.has(Cue::Selling)) && !used {
            return Some(self.text.original().trim().to_owned());
        }
        if !self.is_question {
            return None;
        }
        if !used {
            return Some(asked_part(self.text.original()).trim().to_owned());
        }
        // Beside an answer only what is marked as a question is one: the rest may be its words.
        if !self.text.original().contains(['?', '¿']) {
            return None;
        }
        let clauses = self.text.original().split([',', '.', ';', '\n', '?', '¿', '!']);
        let clauses = clauses.flat_map(|clause| clause.split(" pero "));
        clauses.map(str::trim).find_map(|clause| {
            let text = Text::new(clause);
            let number =
                |found: &Found| !matches!(found.value, Value::YesNo(_)) && !found.is_article(&text);
            let asks = spanish::is_question(&text) || self.asked_with_marks(clause);
            let about_cars = spanish::extract(&text).iter().any(number)
                || !names.read(&text).is_empty()
                || lexicon::read(&text).iter().any(|said| {
                    !matches!(said.meaning, Meaning::Cue(_))
                        || matches!(
                            said.meaning,
                            Meaning::Cue(
                                Cue::Quote | Cue::MonthlyAfter | Cue::Recommend | Cue::Popular
                            )
                        )
                });
            (asks && !about_cars && text.tokens().len() > 1).then(|| clause.to_owned())
        })
    }

    /// Whether `clause` stands between question marks.
    fn asked_with_marks(&self, clause: &str) -> bool {
        let original = self.text.original();
        original.contains(&format!("¿{clause}")) || original.contains(&format!("{clause}?"))
    }
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
