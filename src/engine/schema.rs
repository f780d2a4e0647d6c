//! The JSON Schema of the flow files, generated from their types, and the comparison of a file
//! with it. The schema is the one statement of shape: editors and the checker read the same.

use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::document::{Content, Document, Entry, Node, Position};
use super::problem::{Problem, nearest};
use super::source::{BotSource, FlowSource, TextsSource};

/// How schemars writes that the keys of a mapping are whole numbers: the only pattern in use.
const NUMBERED: &str = r"^\d+$";

/// The schemas of all kinds of flow files, by the name under which `flows schema` prints them.
#[must_use]
pub fn schemas() -> Value {
    json!({
        "bot": schema_for!(BotSource),
        "flow": schema_for!(FlowSource),
        "texts": schema_for!(TextsSource),
    })
}

/// Compares a document with the schema of `T` and reads it. Every key, type and missing part is
/// reported at once; a misspelt key is taken for what it probably means, so that the checks that
/// come later still have something to check.
pub(super) fn decode<T: DeserializeOwned + JsonSchema>(
    document: &Document,
) -> (Option<T>, Vec<Problem>) {
    let schema = schema_for!(T).to_value();
    let mut fitting = Fitting { document, schema: &schema, problems: Vec::new() };
    let value = fitting.fit(&document.root, Position::START, "the file", &schema);
    let mut problems = fitting.problems;
    match serde_json::from_value(value) {
        Ok(source) => (Some(source), problems),
        Err(error) => {
            if problems.is_empty() {
                problems.push(document.problem(Position::START, "wrong-shape", error.to_string()));
            }
            (None, problems)
        }
    }
}

/// A document on its way through its schema.
struct Fitting<'a> {
    document: &'a Document,
    schema: &'a Value,
    problems: Vec<Problem>,
}

impl<'a> Fitting<'a> {
    /// The JSON of a node, its misspelt keys corrected. `at` is where a problem of the whole node
    /// is shown, `name` how the author calls it.
    fn fit(&mut self, node: &Node, at: Position, name: &str, schema: &'a Value) -> Value {
        let schema = self.resolve(schema);
        let shapes = self.shapes(schema);
        let Some(shape) = shapes.iter().find(|shape| accepts(shape, &node.content)) else {
            self.wrong_type(node, at, name, &shapes);
            return node.to_json();
        };
        match &node.content {
            Content::Map(entries) => self.fit_map(entries, at, name, shape),
            Content::List(items) => self.fit_list(items, name, shape),
            Content::Text(text) => {
                self.check_text(text, node.at, name, schema);
                node.to_json()
            }
            Content::Number(_) => {
                self.check_number(node, name, shape);
                node.to_json()
            }
            Content::Null | Content::Bool(_) => node.to_json(),
        }
    }

    /// Follows `$ref`.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return schema };
        let pointer = reference.trim_start_matches('#');
        self.schema.pointer(pointer).map_or(schema, |target| self.resolve(target))
    }

    /// The forms that a schema leaves open. That a value may also be left out is no form of it.
    fn shapes(&self, schema: &'a Value) -> Vec<&'a Value> {
        let Some(alternatives) = alternatives(schema) else { return vec![schema] };
        let is_null = |shape: &&Value| shape.get("type") == Some(&json!("null"));
        let resolved = alternatives.iter().map(|shape| self.resolve(shape));
        resolved.filter(|shape| !is_null(shape)).flat_map(|shape| self.shapes(shape)).collect()
    }

    fn fit_map(&mut self, entries: &[Entry], at: Position, name: &str, schema: &'a Value) -> Value {
        let mut object = Map::new();
        for entry in entries {
            let key = self.fit_key(entry, entries, schema);
            let Some(value_schema) = schema_of(schema, &key) else { continue };
            let place = match entry.value.content {
                Content::Map(_) | Content::List(_) | Content::Null => entry.key_at,
                _ => entry.value.at,
            };
            let quoted = format!("`{}`", entry.key);
            let value = self.fit(&entry.value, place, &quoted, value_schema);
            object.insert(key, value);
        }
        let required = schema.get("required").and_then(Value::as_array);
        for key in required.into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(key) {
                self.missing(at, name, key, schema_of(schema, key).and_then(description));
            }
        }
        object.into()
    }

    /// The key as it was probably meant; an unknown one is a problem.
    fn fit_key(&mut self, entry: &Entry, entries: &[Entry], schema: &'a Value) -> String {
        if schema_of(schema, &entry.key).is_some() {
            return entry.key.clone();
        }
        let message = format!("there is no key `{}` here", entry.key);
        let problem = self.document.problem(entry.key_at, "unknown-key", message);
        let known = schema.get("properties").and_then(Value::as_object);
        let names = known.into_iter().flat_map(|known| known.keys().map(String::as_str));
        self.problems.push(problem.suggest(&entry.key, names.clone()));
        let free = names.filter(|name| entries.iter().all(|entry| entry.key != **name));
        nearest(&entry.key, free).unwrap_or(&entry.key).to_owned()
    }

    fn fit_list(&mut self, items: &[Node], name: &str, schema: &'a Value) -> Value {
        let Some(item_schema) = schema.get("items") else {
            return items.iter().map(Node::to_json).collect();
        };
        let fit = |(index, item): (usize, &Node)| {
            let item_name = format!("item {} of {name}", index + 1);
            self.fit(item, item.at, &item_name, item_schema)
        };
        items.iter().enumerate().map(fit).collect()
    }

    fn check_text(&mut self, text: &str, at: Position, name: &str, schema: &Value) {
        let constants: Vec<_> = self.constants(schema);
        if !constants.is_empty() && !constants.contains(&text) {
            let message = format!("{name} cannot be `{text}`");
            let problem = self.document.problem(at, "wrong-value", message);
            self.problems.push(problem.suggest(text, constants.iter().copied()));
        }
        let is_date = schema.get("format") == Some(&json!("date"));
        if is_date && text.parse::<jiff::civil::Date>().is_err() {
            let message = format!("{name} is no date: `{text}`");
            let problem = self.document.problem(at, "wrong-value", message);
            self.problems.push(problem.hint("write it as year-month-day: 2026-03-31"));
        }
    }

    /// The only texts that a schema allows; none where it allows any.
    fn constants<'b>(&'b self, schema: &'b Value) -> Vec<&'b str> {
        if let Some(list) = schema.get("enum").and_then(Value::as_array) {
            return list.iter().filter_map(Value::as_str).collect();
        }
        if let Some(constant) = schema.get("const").and_then(Value::as_str) {
            return vec![constant];
        }
        let alternatives = alternatives(schema).into_iter().flatten();
        let resolve = |shape: &'b Value| self.resolve_within(shape);
        alternatives.flat_map(|shape| self.constants(resolve(shape))).collect()
    }

    fn resolve_within<'b>(&'b self, schema: &'b Value) -> &'b Value {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|name| self.schema.pointer(name.trim_start_matches('#')));
        target.unwrap_or(schema)
    }

    fn check_number(&mut self, node: &Node, name: &str, schema: &Value) {
        let number = node.to_json().as_f64().unwrap_or_default();
        let bound = |key| schema.get(key).and_then(Value::as_f64);
        let low = bound("minimum").filter(|low| number < *low);
        let high = bound("maximum").filter(|high| number > *high);
        let limit = low.map(|low| ("at least", low)).or(high.map(|high| ("at most", high)));
        if let Some((which, limit)) = limit {
            let message = format!("{name} must be {which} {limit}");
            self.problems.push(self.document.problem(node.at, "wrong-value", message));
        }
    }

    fn wrong_type(&mut self, node: &Node, at: Position, name: &str, shapes: &[&Value]) {
        let mut wanted: Vec<_> = shapes.iter().flat_map(|shape| types(shape)).map(noun).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let wanted = wanted.join(" or ");
        let message = match found(&node.content) {
            None => format!("{name} has no value; it should be {wanted}"),
            Some(found) => format!("{name} should be {wanted}, and is {found}"),
        };
        self.problems.push(self.document.problem(at, "wrong-shape", message));
    }

    fn missing(&mut self, at: Position, name: &str, key: &str, meaning: Option<&str>) {
        let message = format!("{name} lacks the key `{key}`");
        let problem = self.document.problem(at, "missing-key", message);
        self.problems.push(match meaning {
            Some(meaning) => problem.hint(format!("`{key}`: {}", meaning.replace('\n', " "))),
            None => problem,
        });
    }
}

/// The schema of the value under a key; none where there may be no such key.
fn schema_of<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    let named = schema.get("properties").and_then(|known| known.get(key));
    let numbered = || {
        let patterns = schema.get("patternProperties")?.as_object()?;
        let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
        patterns.get(NUMBERED).filter(|_| is_number)
    };
    // A schema that does not speak of other keys allows them.
    let other = || schema.get("additionalProperties").or(Some(&Value::Bool(true)));
    named.or_else(numbered).or_else(other).filter(|schema| **schema != json!(false))
}

fn alternatives(schema: &Value) -> Option<&Vec<Value>> {
    ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)).and_then(Value::as_array)
}

fn description(schema: &Value) -> Option<&str> {
    schema.get("description").and_then(Value::as_str)
}

/// The JSON types that a schema names, `null` left out: a key without a value is never meant.
fn types(schema: &Value) -> Vec<&str> {
    let named = match schema.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    named.into_iter().filter(|name| *name != "null").collect()
}

fn accepts(schema: &Value, content: &Content) -> bool {
    let types = types(schema);
    let is = |name| types.contains(&name);
    types.is_empty()
        || match content {
            Content::Null => false,
            Content::Bool(_) => is("boolean"),
            Content::Number(number) => is("number") || (is("integer") && !number.is_f64()),
            Content::Text(_) => is("string"),
            Content::List(_) => is("array"),
            Content::Map(_) => is("object"),
        }
}

/// What an author calls a JSON type.
fn noun(json_type: &str) -> &str {
    match json_type {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a mapping (`key: value`)",
        other => other,
    }
}

fn found(content: &Content) -> Option<&'static str> {
    Some(match content {
        Content::Null => return None,
        Content::Bool(_) => "true or false",
        Content::Number(_) => "a number",
        Content::Text(_) => "a text",
        Content::List(_) => "a list",
        Content::Map(_) => "a mapping",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems<T: DeserializeOwned + JsonSchema>(text: &str) -> Vec<(&'static str, usize)> {
        let document = Document::parse("a.yaml", text).expect("YAML");
        decode::<T>(&document).1.iter().map(|problem| (problem.rule, problem.line)).collect()
    }

    const FLOW: &str = "flow: tea\nversion: 1\nsteps:\n  hello:\n    say: hello\n    next: end\n";

    #[test]
    fn a_good_flow_fits() {
        assert_eq!(problems::<FlowSource>(FLOW), []);
        let dated = "group:\n  text:\n    - {text: a, until: 2026-03-01}\n    - {text: b}\n";
        assert_eq!(problems::<TextsSource>(dated), []);
    }

    #[test]
    fn everything_wrong_is_reported_at_once() {
        let text = "flow: 7\nversion: one\nslots:\n  pot: {}\nstpes:\n  hello:\n    sya: hello\n    \
                    next:\n    options: [{do: bak}]\n    menu: {from: x, line: y, page: -1}\n";
        assert_eq!(
            problems::<FlowSource>(text),
            [
                ("wrong-shape", 1),
                ("wrong-shape", 2),
                ("missing-key", 4),
                ("unknown-key", 5),
                ("unknown-key", 7),
                ("wrong-shape", 8),
                ("wrong-value", 9),
                ("wrong-value", 10),
            ]
        );
    }

    #[test]
    fn the_settings_of_a_slot_may_hold_anything() {
        let slot = "slots: {a: {type: x, words: {b: [1, {c: d}]}}}\n";
        assert_eq!(problems::<FlowSource>(&format!("{FLOW}{slot}")), []);
    }

    #[test]
    fn a_misspelt_key_is_taken_for_what_it_means() {
        let document = Document::parse("a.yaml", &FLOW.replace("say", "sya")).expect("YAML");
        let (source, problems) = decode::<FlowSource>(&document);
        assert_eq!(source.expect("a flow").steps["hello"].say.as_deref(), Some("hello"));
        assert_eq!(problems[0].hint.as_deref(), Some("did you mean `say`?"));
    }

    #[test]
    fn dates_and_versions_are_read() {
        assert_eq!(
            problems::<TextsSource>("a: [{text: x, from: 2026-13-01}]\n"),
            [("wrong-value", 1)]
        );
        let migrate = format!("{FLOW}migrate: {{1: {{steps: {{a: b}}}}}}\n");
        assert_eq!(problems::<FlowSource>(&migrate), []);
        let migrate = format!("{FLOW}migrate: {{one: {{steps: {{a: b}}}}}}\n");
        assert_eq!(problems::<FlowSource>(&migrate), [("unknown-key", 7)]);
    }
}
