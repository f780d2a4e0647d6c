//! `=`: what must be true after a turn.

use serde_json::{Value, json};

use super::finding::Finding;
use super::mistake::Mistake;
use super::parse::head;
use crate::engine::flow::Slot;
use crate::engine::vocabulary::Vocabulary;
use crate::engine::{Engine, Session};
use crate::message::{Answer, Choice};
use crate::money::Money;
use crate::text::closest;

/// Names that mean the turn itself; every other one is a slot or a key of the session as the chat
/// API shows it.
const OF_THE_TURN: [&str; 4] = ["state", "source", "choices", "session"];

/// What the source of an answer can be.
const SOURCES: [&str; 4] = ["flow", "knowledge", "llm", "fallback"];

/// Words for a value that is not there.
const NOTHING: [&str; 2] = ["none", "null"];

/// The fields by which a value with several is called in a transcript; the others are named with a
/// dot (`car.price`).
const CALLED_BY: [&str; 7] = ["id", "name", "title", "said", "amount", "count", "summary"];

/// How alike a wrong name and a right one must be for the right one to be suggested.
const SUGGESTION_FLOOR: f64 = 0.5;

/// One assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// Its line, from 1.
    pub line: usize,
    /// What it is about: `state`, `down_payment`, `session.plan.months`.
    pub name: String,
    /// What it should be, as written.
    pub wanted: String,
}

/// What a turn left behind.
pub(super) struct After<'a, V: Vocabulary> {
    /// The engine that took it.
    pub engine: &'a Engine<V>,
    /// The session that the turn led to.
    pub session: &'a Session,
    /// The answer.
    pub answer: &'a Answer,
}

impl Fact {
    /// Reads what stands after the mark at `line`.
    ///
    /// # Errors
    ///
    /// A name without a value, or a source that is none.
    pub(super) fn parse(line: usize, words: &str) -> Result<Self, Mistake> {
        let (name, wanted) = head(words);
        if wanted.is_empty() {
            let message = "an assertion needs a name and a value";
            let advice = "write it like `= months 48`, or `= months none` where there is no value";
            return Err(Mistake::new("assertion", words, message, advice));
        }
        if name == "source" && !SOURCES.contains(&wanted) {
            return Err(Mistake::unknown("assertion", "source", wanted, SOURCES));
        }
        Ok(Self { line, name: name.to_owned(), wanted: wanted.to_owned() })
    }

    /// Checks the assertion.
    ///
    /// # Errors
    ///
    /// What is so instead.
    pub(super) fn check<V: Vocabulary>(&self, after: &After<'_, V>) -> Result<(), Finding> {
        match self.name.as_str() {
            "state" => self.check_state(after),
            "source" => self.check_values(&[json!(after.answer.source)]),
            "choices" => self.check_choices(after.choices()),
            name => self.check_values(&after.values(name)?),
        }
    }

    fn check_state<V: Vocabulary>(&self, after: &After<'_, V>) -> Result<(), Finding> {
        let state = &after.answer.state;
        if *state == self.wanted {
            return Ok(());
        }
        let flows = after.engine.flows();
        if flows.find(&self.wanted).is_some() {
            return Err(self.is(state));
        }
        let names = flows.steps().map(|(_, step)| step.name.as_str());
        let near = nearest(&self.wanted, names);
        Err(Finding::NoStep { is: state.clone(), wanted: self.wanted.clone(), near })
    }

    fn check_choices(&self, offered: &[Choice]) -> Result<(), Finding> {
        let wanted: Vec<&str> = match self.wanted.as_str() {
            nothing if NOTHING.contains(&nothing) => Vec::new(),
            listed => listed.split('|').map(str::trim).collect(),
        };
        let same =
            |(choice, wanted): (&Choice, &&str)| choice.id == *wanted || choice.title == *wanted;
        if wanted.len() == offered.len() && offered.iter().zip(&wanted).all(same) {
            return Ok(());
        }
        let titles: Vec<&str> = offered.iter().map(|choice| choice.title.as_str()).collect();
        let are = if titles.is_empty() { NOTHING[0].to_owned() } else { titles.join(" | ") };
        Err(Finding::Choices { are, wanted: self.wanted.clone() })
    }

    fn check_values(&self, values: &[Value]) -> Result<(), Finding> {
        let spellings: Vec<String> = values.iter().flat_map(spellings).collect();
        let is_nothing = NOTHING.contains(&self.wanted.as_str());
        if (is_nothing && spellings.is_empty()) || spellings.iter().any(|is| same(is, &self.wanted))
        {
            return Ok(());
        }
        Err(self.is(spellings.first().map_or(NOTHING[0], String::as_str)))
    }

    /// It is something else.
    fn is(&self, is: &str) -> Finding {
        let (name, wanted) = (self.name.clone(), self.wanted.clone());
        Finding::Value { name, is: is.to_owned(), wanted }
    }
}

impl<V: Vocabulary> After<'_, V> {
    /// What the last reply offers.
    fn choices(&self) -> &[Choice] {
        self.answer.replies.last().map_or(&[], |reply| &reply.choices)
    }

    /// The forms in which the value called `name` is known; none where there is no value.
    ///
    /// # Errors
    ///
    /// Where nothing is called so.
    fn values(&self, name: &str) -> Result<Vec<Value>, Finding> {
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or_default();
        let path: Vec<&str> = parts.collect();
        let shown = self.answer.session.value();
        let roots = match self.engine.flows().slots.get(first) {
            _ if first == "session" => vec![shown.clone()],
            Some(slot) => {
                let talk = &self.session.talk;
                let value = talk.slots.get(first).or_else(|| talk.pending.get(first));
                let own = value.map(|value| [self.presented(slot, value), value.clone()]);
                own.into_iter().flatten().chain(shown.get(first).cloned()).collect()
            }
            None => match shown.get(first) {
                Some(value) => vec![value.clone()],
                None => return Err(self.unknown(first)),
            },
        };
        let present = roots.iter().filter(|root| !root.is_null());
        let found: Vec<Value> =
            present.clone().filter_map(|root| at(root, &path)).cloned().collect();
        if found.is_empty() && present.count() > 0 {
            return Err(Finding::NoValue { name: name.to_owned(), near: None });
        }
        Ok(found)
    }

    /// A value in the form that texts see.
    fn presented(&self, slot: &Slot, value: &Value) -> Value {
        let seen = self.engine.vocabulary().present(slot, value);
        serde_json::to_value(seen).expect("what texts see has text keys only")
    }

    fn unknown(&self, name: &str) -> Finding {
        let slots = self.engine.flows().slots.keys().map(String::as_str);
        let shown = self.answer.session.value().as_object().into_iter().flat_map(|map| map.keys());
        let names = OF_THE_TURN.into_iter().chain(slots).chain(shown.map(String::as_str));
        Finding::NoValue { name: name.to_owned(), near: nearest(name, names) }
    }
}

/// The value at a path of keys.
fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// How a value may be written in a transcript, the usual form first; nothing for what is not there.
fn spellings(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Bool(is) => vec![is.to_string()],
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => vec![text.clone()],
        Value::Array(items) if items.is_empty() => Vec::new(),
        Value::Array(items) => {
            let items = items.iter().filter_map(|item| spellings(item).into_iter().next());
            vec![items.collect::<Vec<_>>().join(", ")]
        }
        Value::Object(fields) => {
            let field = |name: &str| fields.get(name).map(spellings).unwrap_or_default();
            let percent = field("percent").into_iter().map(|percent| format!("{percent}%"));
            CALLED_BY.into_iter().flat_map(field).chain(percent).collect()
        }
    }
}

/// Whether what is written means a value: the same words, the same list, or the same amount.
fn same(is: &str, wanted: &str) -> bool {
    let listed = || wanted.split(',').map(str::trim).collect::<Vec<_>>().join(", ");
    is == wanted || is == listed() || amount(is).is_some_and(|is| Some(is) == amount(wanted))
}

/// The amount that `218999.00`, `218999`, `218,999` or `$218,999.00` mean.
fn amount(text: &str) -> Option<Money> {
    let figure = text.strip_prefix('$').unwrap_or(text);
    let amount: Money = figure.replace(',', "").parse().ok()?;
    let grouped = [amount.short(), amount.exact()];
    let is_grouped = grouped.iter().any(|grouped| grouped.strip_prefix('$') == Some(figure));
    (is_grouped || !figure.contains(',')).then_some(amount)
}

fn nearest<'a>(wrong: &str, right: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(wrong, right, SUGGESTION_FLOOR).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_the_same_in_every_spelling() {
        for wanted in ["43799.80", "43,799.80", "$43,799.80"] {
            assert!(same("43799.80", wanted), "{wanted}");
        }
        assert!(same("$218,999", "218999.00"));
        assert!(!same("43799.80", "43,79,980"));
        assert!(!same("12", "1,2"));
        assert!(!same("20%", "20"));
    }

    #[test]
    fn lists_are_the_same_whatever_the_blanks() {
        assert!(same("100234, 100235", "100234,100235"));
        assert!(!same("100234, 100235", "100235, 100234"));
    }

    #[test]
    fn a_value_is_called_by_its_usual_fields() {
        let amount = json!({"amount": "43799.80", "percent": "20", "said": "20%", "minimum": true});
        assert_eq!(spellings(&amount), ["20%", "43799.80", "20%"]);
        assert_eq!(spellings(&json!(["a", "b"])), ["a, b"]);
        assert!(spellings(&json!([])).is_empty());
    }
}
