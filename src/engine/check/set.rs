//! All files of a flows folder, read into their types, each beside its positions.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::sources::{BOT_FILE, Sources, TEXTS_FILE};
use crate::cores::both;
use crate::engine::document::{Document, Path, Position};
use crate::engine::lock::{LOCK_FILE, Lock};
use crate::engine::problem::Problem;
use crate::engine::schema::decode;
use crate::engine::source::{BotSource, FlowSource, TextNode, TextSource, TextsSource};

/// A file as typed values, with its positions.
#[derive(Debug)]
pub(super) struct Loaded<T> {
    pub(super) document: Document,
    pub(super) source: T,
}

/// All files of a flows folder.
#[derive(Debug)]
pub(super) struct FlowSet {
    pub(super) bot: Loaded<BotSource>,
    pub(super) flows: Vec<Loaded<FlowSource>>,
    pub(super) texts: Loaded<IndexMap<String, Text>>,
    pub(super) lock: Lock,
}

/// A text with its place in the file of texts.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) source: TextSource,
    pub(super) path: Path,
}

impl FlowSet {
    /// Reads all files and adds what is wrong with their shape to `problems`. None where a file
    /// cannot be read even so.
    pub(super) fn read(sources: &Sources, problems: &mut Vec<Problem>) -> Option<Self> {
        let lock = read_lock(sources, problems);
        let read_shared = || {
            let mut problems = Vec::new();
            let bot = read_required(sources, BOT_FILE, &mut problems);
            let texts = read_required::<TextsSource>(sources, TEXTS_FILE, &mut problems);
            (bot, texts, problems)
        };
        let read_flows = || {
            let mut problems = Vec::new();
            let names = sources.files.keys().filter(|name| is_flow(name));
            let flows: Vec<_> = names.map(|name| read_file(sources, name, &mut problems)).collect();
            (flows, problems)
        };
        // The two files are about as long as all flows.
        let ((bot, texts, shared), (flows, own)) = both(read_shared, read_flows);
        problems.extend(shared.into_iter().chain(own));
        let flows: Vec<_> = flows.into_iter().collect::<Option<_>>()?;
        let (bot, texts) = (bot?, texts?);
        if !check_names(&flows, problems) {
            return None;
        }
        if flows.is_empty() {
            let message = "there is no flow beside this file; a flow is a file `NAME.yaml`";
            problems.push(bot.document.problem(Position::START, "missing-file", message));
            return None;
        }
        let mut flat = IndexMap::new();
        flatten(&texts.source.0, "", &Path::root(), &mut flat);
        let texts = Loaded { document: texts.document, source: flat };
        Some(Self { bot, flows, texts, lock })
    }
}

fn is_flow(name: &str) -> bool {
    !matches!(name, BOT_FILE | TEXTS_FILE | LOCK_FILE)
}

fn read_required<T: DeserializeOwned + JsonSchema>(
    sources: &Sources,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<Loaded<T>> {
    if !sources.files.contains_key(name) {
        let message = "this file is not there, and no bot is without it";
        let file = sources.shown(name);
        problems.push(Problem::new(&file, "", Position::START, "missing-file", message));
    }
    read_file(sources, name, problems)
}

fn read_file<T: DeserializeOwned + JsonSchema>(
    sources: &Sources,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<Loaded<T>> {
    let text = sources.files.get(name)?;
    let document = match Document::parse(&sources.shown(name), text) {
        Ok(document) => document,
        Err(problem) => {
            problems.push(*problem);
            return None;
        }
    };
    problems.extend(document.duplicates());
    let (source, found) = decode(&document);
    problems.extend(found);
    Some(Loaded { source: source?, document })
}

fn read_lock(sources: &Sources, problems: &mut Vec<Problem>) -> Lock {
    let Some(text) = sources.files.get(LOCK_FILE) else { return Lock::default() };
    Lock::parse(text).unwrap_or_else(|error| {
        let message = format!("this is no lock: {error}");
        let file = sources.shown(LOCK_FILE);
        let problem = Problem::new(&file, text, Position::START, "version-lock", message);
        problems.push(problem.hint("take the last committed state of this file"));
        Lock::default()
    })
}

/// A flow has steps, and a name of its own without a dot; without that there is no graph.
fn check_names(flows: &[Loaded<FlowSource>], problems: &mut Vec<Problem>) -> bool {
    let before = problems.len();
    for (index, Loaded { document, source }) in flows.iter().enumerate() {
        let at = |key| document.locate(&Path::root().join(key));
        if source.steps.is_empty() {
            let message = "a flow has at least one step";
            problems.push(document.problem(at("steps"), "wrong-shape", message));
        }
        if source.flow.contains('.') || source.flow.is_empty() {
            let message = "the name of a flow is a word without a dot";
            problems.push(document.problem(at("flow"), "wrong-value", message));
        }
        let same = flows[..index].iter().find(|other| other.source.flow == source.flow);
        if let Some(other) = same {
            let message = format!(
                "the flow `{}` is also in {}; give one of them another name",
                source.flow, other.document.file
            );
            problems.push(document.problem(at("flow"), "same-name", message));
        }
    }
    problems.len() == before
}

fn flatten(
    group: &IndexMap<String, TextNode>,
    prefix: &str,
    path: &Path,
    flat: &mut IndexMap<String, Text>,
) {
    for (name, node) in group {
        let key = format!("{prefix}{name}");
        let path = path.join(name);
        match node {
            TextNode::Group(inner) => flatten(inner, &format!("{key}."), &path, flat),
            TextNode::Text(source) => {
                flat.insert(key, Text { source: source.clone(), path });
            }
        }
    }
}
