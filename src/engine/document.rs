//! A YAML file as a tree in which every key and value knows its line and column: the only file
//! that knows `serde-saphyr`.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use serde_saphyr::options::DuplicateKeyPolicy;
use serde_saphyr::{Location, Spanned};

use super::problem::Problem;

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl Position {
    /// The very beginning of a file.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl From<Location> for Position {
    fn from(location: Location) -> Self {
        let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX).max(1);
        Self { line: number(location.line()), column: number(location.column()) }
    }
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it begins.
    pub at: Position,
    /// What it is.
    pub content: Content,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing, or `null`, or `~`.
    Null,
    /// `true` or `false`; `on`, `yes` and `no` are texts.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order of the file. A key may be there twice.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key begins.
    pub key_at: Position,
    /// The value.
    pub value: Node,
}

/// The way from the root of a document to one of its nodes: keys, and indexes of lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(Vec<String>);

impl Path {
    /// The root.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// One step further.
    #[must_use]
    pub fn join(&self, part: impl fmt::Display) -> Self {
        let mut parts = self.0.clone();
        parts.push(part.to_string());
        Self(parts)
    }
}

/// A YAML file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file's name, as the author would open it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Its tree.
    pub root: Node,
}

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// Where the text is no YAML.
    pub fn parse(file: &str, text: &str) -> Result<Self, Box<Problem>> {
        // Without `strict_booleans` the key `on:` would be `true`; with `LastWins` a second key of
        // the same name reaches us instead of stopping the reading.
        let options = serde_saphyr::options! {
            strict_booleans: true,
            duplicate_keys: DuplicateKeyPolicy::LastWins,
            with_snippet: false,
        };
        let root = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let at = error.location().map_or(Position::START, Position::from);
            let said = error.without_snippet().to_string();
            let what = said.split(" at line ").next().unwrap_or(&said);
            let problem = Problem::new(file, text, at, "yaml", format!("this is no YAML: {what}"));
            Box::new(
                problem
                    .hint("a text with `: ` or ` #` in it, or with a sign in front, needs quotes"),
            )
        })?;
        Ok(Self { file: file.to_owned(), text: text.to_owned(), root })
    }

    /// A problem at a position of this file.
    #[must_use]
    pub fn problem(&self, at: Position, rule: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(&self.file, &self.text, at, rule, message)
    }

    /// Where the value at `path` stands: the value itself where it is a scalar, otherwise its key.
    /// Where the path leads nowhere, the place up to which it could be followed.
    #[must_use]
    pub fn locate(&self, path: &Path) -> Position {
        self.walk(path, |key_at, node| match node.content {
            Content::List(_) | Content::Map(_) => key_at,
            _ => node.at,
        })
    }

    /// Where the key that `path` ends with stands.
    #[must_use]
    pub fn locate_key(&self, path: &Path) -> Position {
        self.walk(path, |key_at, _| key_at)
    }

    fn walk(&self, path: &Path, place: impl Fn(Position, &Node) -> Position) -> Position {
        let mut node = &self.root;
        let mut key_at = node.at;
        for part in &path.0 {
            let Some((next_key_at, next)) = node.child(part) else { return key_at };
            (key_at, node) = (next_key_at, next);
        }
        place(key_at, node)
    }

    /// Where `word` first stands in or after the text that begins at `at`: the place of a name in
    /// a template. The word's own beginning counts, not a longer word that holds it.
    #[must_use]
    pub fn find_word(&self, at: Position, word: &str) -> Position {
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        for (index, line) in self.text.lines().enumerate().skip(at.line - 1) {
            for (byte, _) in line.match_indices(word) {
                let before = line[..byte].chars().next_back();
                let after = line[byte + word.len()..].chars().next();
                let column = line[..byte].chars().count() + 1;
                let begins = index + 1 > at.line || column >= at.column;
                let whole =
                    !before.is_some_and(|c| is_part(c) || c == '.') && !after.is_some_and(is_part);
                if begins && whole {
                    return Position { line: index + 1, column };
                }
            }
        }
        at
    }

    /// Every key that stands twice in one mapping.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.collect_duplicates(&self.root, &mut problems);
        problems
    }

    fn collect_duplicates(&self, node: &Node, problems: &mut Vec<Problem>) {
        let mut seen = HashSet::new();
        for entry in node.entries() {
            if !seen.insert(entry.key.as_str()) {
                let message = format!("the key `{}` is there twice; keep one of them", entry.key);
                problems.push(self.problem(entry.key_at, "duplicate-key", message));
            }
        }
        for child in node.children() {
            self.collect_duplicates(child, problems);
        }
    }
}

impl Node {
    /// The entries of a mapping; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The node as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(value) => Value::Bool(*value),
            Content::Number(number) => Value::Number(number.clone()),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(items) => items.iter().map(Self::to_json).collect(),
            Content::Map(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    fn children(&self) -> Vec<&Self> {
        match &self.content {
            Content::List(items) => items.iter().collect(),
            Content::Map(entries) => entries.iter().map(|entry| &entry.value).collect(),
            _ => Vec::new(),
        }
    }

    /// The child that a part of a path names, with the place of its key.
    fn child(&self, part: &str) -> Option<(Position, &Self)> {
        match &self.content {
            Content::List(items) => {
                let item = items.get(part.parse::<usize>().ok()?)?;
                Some((item.at, item))
            }
            Content::Map(entries) => {
                let entry = entries.iter().find(|entry| entry.key == part)?;
                Some((entry.key_at, &entry.value))
            }
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Content>::deserialize(deserializer)?;
        Ok(Self { at: spanned.referenced.into(), content: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        Content::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Content, E> {
        Ok(Number::from_f64(value).map_or(Content::Null, Content::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Content::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = pairs.next_entry::<Spanned<String>, Node>()? {
            entries.push(Entry { key: key.value, key_at: key.referenced.into(), value });
        }
        Ok(Content::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(text: &str) -> Document {
        Document::parse("a.yaml", text).expect("YAML")
    }

    #[test]
    fn keys_and_values_know_their_places() {
        let document = document("flow: buy\nsteps:\n  pay:\n    branch: {on: car, cases: {}}\n");
        let branch = Path::root().join("steps").join("pay").join("branch");
        assert_eq!(document.locate(&branch), Position { line: 4, column: 5 });
        assert_eq!(document.locate(&branch.join("on")), Position { line: 4, column: 18 });
        assert_eq!(document.locate_key(&branch.join("on")), Position { line: 4, column: 14 });
        assert_eq!(document.locate(&branch.join("off")), Position { line: 4, column: 5 });
        assert_eq!(document.root.to_json()["steps"]["pay"]["branch"]["on"], json!("car"));
    }

    #[test]
    fn words_that_yaml_once_took_for_truth_are_texts() {
        let tree = document("on: no\nyes: [si, true, 1, 1.5, ~]\n1: x\n").root.to_json();
        assert_eq!(tree, json!({"on": "no", "yes": ["si", true, 1, 1.5, null], "1": "x"}));
    }

    #[test]
    fn every_duplicate_is_found() {
        let document = document("a: 1\nb: {c: 1, c: 2}\na: 2\n");
        let lines: Vec<_> = document.duplicates().iter().map(|p| (p.line, p.column)).collect();
        assert_eq!(lines, [(3, 1), (2, 11)]);
    }

    #[test]
    fn broken_yaml_is_a_problem_with_its_line() {
        let problem = Document::parse("a.yaml", "a: 1\n b: 2\n").expect_err("no YAML");
        assert_eq!((problem.rule, problem.line), ("yaml", 2));
    }

    #[test]
    fn a_word_of_a_template_is_found_by_itself() {
        let document = document("a: |\n  {{ scar }} {{ car.price }}\n");
        let at = document.locate(&Path::root().join("a"));
        assert_eq!(document.find_word(at, "car"), Position { line: 2, column: 17 });
    }
}
