//! `=`: what must be true after a turn.

use indexmap::IndexSet;
use serde_json::{Map, Value, json};

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

    /// The slot that it is about, where it is about one.
    pub(super) fn slot<V>(&self, engine: &Engine<V>) -> Option<&str>
    where
        V: Vocabulary,
    {
        let name = self.name.split('.').next()?;
        engine.flows().slots.contains_key(name).then_some(name)
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
        let names: Vec<&str> = flows.steps().map(|(_, step)| step.name.as_str()).collect();
        // Its flow is easily forgotten.
        let is_meant = |name: &&&str| name.split('.').nth(1) == Some(self.wanted.as_str());
        let meant = names.iter().find(is_meant).map(|name| (*name).to_owned());
        let near = meant.or_else(|| nearest(&self.wanted, names.iter().copied()));
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
        if spellings.iter().any(|is| same(is, &self.wanted)) {
            return Ok(());
        }
        if let Some(is) = spellings.first() {
            return Err(self.is(is));
        }
        // What is there and has no spelling of its own is told by its fields.
        let fields = values.iter().find_map(Value::as_object).into_iter().flatten();
        let fields = fields.filter(|(_, value)| is_something(value));
        let fields: Vec<String> = fields.map(|(name, _)| name.clone()).collect();
        if !fields.is_empty() {
            return Err(Finding::Several { name: self.name.clone(), fields });
        }
        let is_nothing = NOTHING.contains(&self.wanted.as_str());
        if is_nothing { Ok(()) } else { Err(self.is(NOTHING[0])) }
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
        let found: Vec<Result<&Value, Stray<'_>>> =
            roots.iter().map(|root| at(root, &path)).collect();
        // The forms of a value differ in their fields: one that has such a field is enough.
        match found.iter().find_map(|found| found.as_ref().err()) {
            Some(stray) if found.iter().all(Result::is_err) => Err(stray.told(name)),
            _ => Ok(found.into_iter().flatten().cloned().collect()),
        }
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
        no_value(name, names)
    }
}

/// Where a path of keys leads no further.
struct Stray<'a> {
    /// How many keys led on before the one that there is not.
    depth: usize,
    /// What there is instead of it.
    known: Vec<&'a str>,
}

impl Stray<'_> {
    /// As it is told of the value called `name`: its first word, then the keys.
    fn told(&self, name: &str) -> Finding {
        let instead = |key: &str| {
            let mut words: Vec<&str> = name.split('.').collect();
            words[self.depth + 1] = key;
            words.join(".")
        };
        let names: Vec<String> = self.known.iter().map(|key| instead(key)).collect();
        no_value(name, names.iter().map(String::as_str))
    }
}

/// Nothing is called so; these are the names that there are.
fn no_value<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Finding {
    let names: IndexSet<&str> = names.into_iter().collect();
    let near = nearest(name, names.iter().copied());
    let known = names.into_iter().map(str::to_owned).collect();
    Finding::NoValue { name: name.to_owned(), near, known }
}

/// The value at a path of keys: null beneath what is null.
fn at<'a>(value: &'a Value, path: &[&str]) -> Result<&'a Value, Stray<'a>> {
    path.iter().enumerate().try_fold(value, |value, (depth, key)| match value {
        Value::Null => Ok(value),
        _ => value.get(key).ok_or_else(|| {
            let known = value.as_object().into_iter().flat_map(Map::keys).map(String::as_str);
            Stray { depth, known: known.collect() }
        }),
    })
}

/// Whether anything is there: not in a map or a list of nothing.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().any(is_something),
        Value::Object(fields) => fields.values().any(is_something),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
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

/// Whether what is written means a value: the same words, the same list, the same amount or the same
/// percentage.
fn same(is: &str, wanted: &str) -> bool {
    let listed = || wanted.split(',').map(str::trim).collect::<Vec<_>>().join(", ");
    is == wanted
        || is == listed()
        || amount(is).is_some_and(|is| Some(is) == amount(wanted))
        || percentage(is).is_some_and(|is| Some(is) == percentage(wanted))
}

/// The figure of `20%`, `20 %` and `20.0 %`.
fn percentage(text: &str) -> Option<&str> {
    let figure = text.strip_suffix('%')?.trim_end();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match figure.split_once('.') {
        Some((whole, part)) if digits(whole) && digits(part) => {
            Some(figure.trim_end_matches('0').trim_end_matches('.'))
        }
        None if digits(figure) => Some(figure),
        _ => None,
    }
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
        assert!(same("20%", "20 %") && same("20%", "20.0%") && !same("20%", "2 %"));
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

    #[test]
    fn what_has_fields_is_something() {
        let none = json!({"price": null, "body": [], "year": {"min": null}});
        assert!(!is_something(&none));
        assert!(is_something(&json!({"price": {"max": "250000"}})));
    }

    #[test]
    fn beneath_nothing_there_is_nothing() {
        let value = json!({"plan": null, "car": {"id": "1"}});
        assert_eq!(at(&value, &["plan", "months"]).ok(), Some(&Value::Null));
        let told = |path: &[&str], name: &str| {
            at(&value, path).err().map(|stray| stray.told(name).to_string()).unwrap_or_default()
        };
        let near = "there is no `session.car.idd`; did you mean `session.car.id`?";
        assert_eq!(told(&["car", "idd"], "session.car.idd"), near);
        // The key stands within another one, too.
        assert_eq!(
            told(&["car", "a"], "cap.car.a"),
            "there is no `cap.car.a`; did you mean `cap.car.id`?"
        );
    }
}
