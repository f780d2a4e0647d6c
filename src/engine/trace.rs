//! What one turn did, told to whoever asks: QA's reports and the count of what transcripts cover.
//!
//! A turn that nobody follows notes nothing of it.

mod notes;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::edge::Why;
use super::flow::{Choice, Flows, StepId};
use super::lookup::Lookup;
use super::revision::Revision;
use super::signpost::Signpost;
use super::threshold::Measure;
use super::vocabulary::Admission;
pub(super) use notes::Notes;

/// What one turn did, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// Everything that happened.
    pub events: Vec<Event>,
    /// What of the flows was looked at.
    pub consulted: Consulted,
}

/// What of the flows was looked at, also where nothing came of it: on whatever else stands in them a
/// turn does not depend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consulted {
    /// The steps, as `flow.step`.
    pub steps: BTreeSet<String>,
    /// The texts.
    pub texts: BTreeSet<String>,
    /// The slots whose settings a value was read, checked or shown by.
    pub slots: BTreeSet<String>,
    /// What was asked of the words of commands, fixed answers and slots.
    pub lookups: BTreeSet<Lookup>,
    /// The signposts that were followed.
    pub signposts: BTreeSet<Signpost>,
    /// What was measured.
    pub measures: BTreeSet<Measure>,
}

impl Consulted {
    /// Whether it is told of anything that `revision` changed.
    #[must_use]
    pub fn is_touched_by(&self, revision: &Revision) -> bool {
        // An edit changes less than a turn looks at.
        let Self { steps, texts, slots, lookups, signposts, measures } = self;
        revision.steps.iter().any(|step| steps.contains(step))
            || revision.texts.iter().any(|text| texts.contains(text))
            || revision.slots.iter().any(|slot| slots.contains(slot))
            || revision.words.touch_any(lookups)
            || revision.signposts.iter().any(|signpost| signposts.contains(signpost))
            || measures.iter().any(|measure| revision.measures_otherwise(*measure))
    }
}

/// Something that happened in a turn.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A message came.
    Came {
        /// The step that waited for it; none before the first question.
        at: Option<String>,
        /// Its kind: `words`, `empty`, `too_long` or the medium.
        kind: &'static str,
    },
    /// It, or a part of it, is one of the words that the flows know.
    Matched {
        /// What it is.
        what: Phrase,
        /// How it was told.
        manner: Manner,
    },
    /// A command was heard at a question.
    Commanded {
        /// The command.
        command: String,
        /// The question that waited.
        at: String,
    },
    /// A value was read and looked at.
    Weighed {
        /// The slot.
        slot: String,
        /// Its kind, whose recogniser read it.
        kind: String,
        /// How it was read.
        manner: Manner,
        /// Where it lies between the bounds of its slot, where that has any.
        side: Option<Side>,
        /// What became of it.
        verdict: Weight,
    },
    /// An open question is answered from what is known.
    Digressed,
    /// Nothing was understood.
    Missed {
        /// The question that waited.
        at: String,
        /// Which rung of its ladder answers, from 1.
        rung: usize,
    },
    /// A way was taken.
    Went(Way),
    /// A step was entered: a question is asked.
    Entered(String),
    /// A text was written.
    Said {
        /// Its key.
        key: String,
        /// Its words.
        words: String,
    },
}

/// Words that the flows know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phrase {
    /// A global command.
    Command(String),
    /// A choice of the step, or one of last resort.
    Choice(String),
    /// A row of a list, which fills this slot.
    Row(String),
    /// A fixed answer.
    Answer(String),
}

/// How something was told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Manner {
    /// It is the whole message, or its number.
    Exact,
    /// It is the message without the words that carry nothing.
    Gist,
    /// It is a part of the message.
    Part,
    /// It stands somewhere in the message.
    Within,
    /// By an ordinal or a name.
    Named,
    /// Mistyped; how alike the two are, from 0 to 1.
    Mistyped(f64),
    /// Mistyped in some of its words.
    Mended,
    /// It was asked for.
    Asked,
    /// Nobody asked for it.
    Overheard,
    /// It was said before its time, and waited.
    Kept,
}

/// Where a value lies between the bounds of its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Below the least that is taken.
    Below,
    /// The least.
    AtMin,
    /// Between the two.
    Between,
    /// The most.
    AtMax,
    /// Above the most.
    Above,
}

impl Side {
    /// All of them, from below.
    pub const ALL: [Self; 5] = [Self::Below, Self::AtMin, Self::Between, Self::AtMax, Self::Above];

    /// Where `value` lies between `min` and `max`.
    pub fn of<T: Ord>(value: &T, min: &T, max: &T) -> Self {
        match (value.cmp(min), value.cmp(max)) {
            (std::cmp::Ordering::Less, _) => Self::Below,
            (_, std::cmp::Ordering::Greater) => Self::Above,
            (std::cmp::Ordering::Equal, _) => Self::AtMin,
            (_, std::cmp::Ordering::Equal) => Self::AtMax,
            _ => Self::Between,
        }
    }

    /// Its name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::AtMin => "at min",
            Self::Between => "between",
            Self::AtMax => "at max",
            Self::Above => "above",
        }
    }
}

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It can be taken.
    Taken,
    /// It waits for what it depends on.
    Later,
    /// It is refused for this reason.
    Refused(&'static str),
}

impl Weight {
    pub(super) const fn of(admission: &Admission) -> Self {
        match admission {
            Admission::Taken(_) => Self::Taken,
            Admission::Later => Self::Later,
            Admission::Refused { reason, .. } => Self::Refused(reason),
        }
    }
}

/// A way between two steps.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Way {
    /// The step by whose lines it leads; none where it leads from every question.
    pub from: Option<String>,
    /// The step it leads to.
    pub to: String,
    /// When it is taken.
    pub why: String,
}

impl Way {
    pub(super) fn new(flows: &Flows, from: Option<StepId>, to: StepId, why: Why<'_>) -> Self {
        let name = |id: StepId| flows[id].name.clone();
        Self { from: from.map(name), to: name(to), why: why.to_string() }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = self.from.as_deref().unwrap_or("anywhere");
        write!(f, "{from} → {} ({})", self.to, self.why)
    }
}

impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Next => f.write_str("next"),
            Self::Filled(slot) => write!(f, "filled {slot}"),
            Self::Choice(choice) => write!(f, "{}", choice.name),
            Self::Refused { slot, reason } => write!(f, "refused {slot}: {reason}"),
            Self::Ladder => f.write_str("not understood"),
            Self::Case { slot, case } => write!(f, "{slot} is {case}"),
            Self::Else => f.write_str("else"),
            Self::Outcome(outcome) => write!(f, "ended {outcome}"),
            Self::Heard(slot) => write!(f, "overheard {slot}"),
            Self::Silence => f.write_str("after a long silence"),
        }
    }
}

impl Trace {
    /// The texts that were written, each with its words, in the order of writing: the lines of lists
    /// and the labels of choices too.
    pub fn said(&self) -> impl Iterator<Item = (&str, &str)> {
        self.events.iter().filter_map(|event| match event {
            Event::Said { key, words } => Some((key.as_str(), words.as_str())),
            _ => None,
        })
    }
}

impl Phrase {
    pub(super) fn answer(choice: &Choice) -> Self {
        Self::Answer(choice.name.clone())
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(name) => write!(f, "the command {name}"),
            Self::Choice(name) => write!(f, "the choice {name}"),
            Self::Row(slot) => write!(f, "a row that fills {slot}"),
            Self::Answer(name) => write!(f, "the fixed answer {name}"),
        }
    }
}

impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Exact => "exact",
            Self::Gist => "without filler words",
            Self::Part => "in a part of the message",
            Self::Within => "within the message",
            Self::Named => "by ordinal or name",
            Self::Mistyped(score) => return write!(f, "mistyped, {score:.2} alike"),
            Self::Mended => "mistyped",
            Self::Asked => "asked for",
            Self::Overheard => "overheard",
            Self::Kept => "said before",
        };
        f.write_str(words)
    }
}

impl fmt::Display for Trace {
    /// In one line: what was heard where, by whom, and where it led.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = false;
        for event in &self.events {
            let separator = match event {
                Event::Said { .. } | Event::Entered(_) | Event::Commanded { .. } => continue,
                _ if !told => "",
                Event::Went(_) => " ",
                _ => "; ",
            };
            told = true;
            write!(f, "{separator}{event}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Came { at: Some(at), kind } => write!(f, "at {at}, {kind}"),
            Self::Came { at: None, kind } => write!(f, "at the beginning, {kind}"),
            Self::Matched { what, manner } => write!(f, "{what} ({manner})"),
            Self::Commanded { command, at } => write!(f, "{command} at {at}"),
            Self::Weighed { slot, kind, manner, side, verdict } => {
                write!(f, "{slot} read as {kind} ({manner}")?;
                if let Some(side) = side {
                    write!(f, ", {}", side.as_str())?;
                }
                match verdict {
                    Weight::Taken => f.write_str("): taken"),
                    Weight::Later => f.write_str("): kept for later"),
                    Weight::Refused(reason) => write!(f, "): refused, {reason}"),
                }
            }
            Self::Digressed => f.write_str("an open question"),
            Self::Missed { rung, .. } => write!(f, "not understood: rung {rung} of the ladder"),
            Self::Went(Way { to, why, .. }) => write!(f, "→ {to} ({why})"),
            Self::Entered(step) => write!(f, "enters {step}"),
            Self::Said { key, .. } => write!(f, "says {key}"),
        }
    }
}

#[cfg(test)]
mod tests;
