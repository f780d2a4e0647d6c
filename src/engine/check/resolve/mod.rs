//! From names to what they stand for.

mod bot;
mod choice;
mod flow;
mod input;
mod step;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use self::flow::depends_closure;
use super::set::FlowSet;
use crate::cores::both;
use crate::engine::document::{Document, Path, Position};
use crate::engine::flow::{Choice, Flow, Flows, Slot, Step, StepId, TextKey, TextVariant};
use crate::engine::lock::step_print;
use crate::engine::problem::{Problem, nearest};
use crate::engine::questions::Questions;
use crate::engine::sayings::Sayings;
use crate::engine::source::TextSource;
use crate::engine::vocabulary::Offers;
use crate::engine::wording::Wording;
use crate::text::Wholes;

/// The graph that a set of files describes. Names that are not there are reported and replaced by
/// their nearest; none where a step is of no kind at all, so that there is no graph.
pub(super) fn resolve(
    set: &FlowSet,
    offers: &Offers,
    problems: &mut Vec<Problem>,
) -> Option<Flows> {
    let mut resolver = Resolver::new(set, offers);
    let slots = resolver.slots();
    let listen = resolver.listen();
    let depends = depends_closure(&resolver.depends());
    let flows = resolver.flows();
    let steps = resolver.all_steps();
    let bot = resolver.bot();
    let Resolver { names, problems: found, .. } = resolver;
    problems.extend(found);
    let (steps, texts) = (steps?, texts(set));
    let wording = || Wording::compile(&texts, &offers.filters);
    let (answers, wording) = both(|| Sayings::of(&bot.answers), wording);
    let questions = Questions::of(&steps);
    let commands = whole_messages(&bot.commands);
    Some(Flows {
        bot,
        flows,
        slots,
        steps,
        names,
        depends,
        listen,
        questions,
        commands,
        answers: answers.into(),
        texts,
        wording,
    })
}

/// The choices by the whole messages that they are: the index of each.
fn whole_messages(choices: &[Choice]) -> Wholes<u32> {
    let said = (0..).zip(choices);
    said.flat_map(|(at, choice)| choice.phrases().map(move |said| (said.as_str(), at))).collect()
}

/// Where a name stands: in `bot.yaml`, or in a flow, whose steps it may name without the flow.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) document: &'a Document,
    pub(super) flow: Option<&'a str>,
}

impl Site<'_> {
    fn at(self, path: &Path) -> Position {
        self.document.locate(path)
    }

    fn at_key(self, path: &Path) -> Position {
        self.document.locate_key(path)
    }
}

struct Resolver<'a> {
    set: &'a FlowSet,
    offers: &'a Offers,
    /// `flow.step` to step.
    names: HashMap<String, StepId>,
    /// Slot to its kind.
    kinds: IndexMap<&'a str, &'a str>,
    problems: Vec<Problem>,
}

impl<'a> Resolver<'a> {
    fn new(set: &'a FlowSet, offers: &'a Offers) -> Self {
        let sources = || set.flows.iter().map(|flow| &flow.source);
        let full_names = sources()
            .flat_map(|flow| flow.steps.keys().map(move |step| format!("{}.{step}", flow.flow)));
        let kinds = sources()
            .flat_map(|flow| &flow.slots)
            .map(|(name, slot)| (name.as_str(), slot.kind.as_str()));
        Self {
            set,
            offers,
            names: full_names.zip((0..).map(StepId)).collect(),
            kinds: kinds.collect(),
            problems: Vec::new(),
        }
    }

    fn report(&mut self, site: Site<'_>, at: Position, rule: &'static str, message: String) {
        self.problems.push(site.document.problem(at, rule, message));
    }

    /// The step that a target names.
    fn target(&mut self, site: Site<'_>, at: Position, name: &str) -> StepId {
        let full = match site.flow {
            Some(flow) if !name.contains('.') => format!("{flow}.{name}"),
            _ => name.to_owned(),
        };
        if let Some(id) = self.names.get(&full) {
            return *id;
        }
        let mut known: Vec<&str> = self.names.keys().map(String::as_str).collect();
        known.sort_unstable();
        let meant = nearest(&full, known.iter().copied());
        let message = match site.flow {
            Some(_) if !name.contains('.') => format!("there is no step `{name}` in this flow"),
            _ => format!("there is no step `{name}`; a step of another flow is `flow.step`"),
        };
        let problem = site.document.problem(at, "missing-target", message);
        let id = meant.and_then(|step| self.names.get(step)).copied().unwrap_or(StepId(0));
        let problem = match meant {
            Some(step) => problem.hint(format!("did you mean `{}`?", local_name(step, site.flow))),
            None => problem,
        };
        self.problems.push(problem);
        id
    }

    /// The key of a text.
    fn text(&mut self, site: Site<'_>, at: Position, key: &str) -> TextKey {
        let texts = &self.set.texts;
        if !texts.source.contains_key(key) {
            let message = format!("there is no text `{key}` in {}", texts.document.file);
            let problem = site.document.problem(at, "missing-text", message);
            let known = texts.source.keys().map(String::as_str);
            let meant = nearest(key, known);
            self.problems.push(match meant {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint(format!("add `{key}` there")),
            });
            return TextKey(meant.unwrap_or(key).to_owned());
        }
        TextKey(key.to_owned())
    }

    /// A text at a path, where there is one.
    fn optional_text(
        &mut self,
        site: Site<'_>,
        path: &Path,
        key: Option<&String>,
    ) -> Option<TextKey> {
        key.map(|key| self.text(site, site.at(path), key))
    }

    /// A slot's name, or that of the slot which is probably meant.
    fn slot(&mut self, site: Site<'_>, at: Position, name: &str) -> Option<String> {
        if self.kinds.contains_key(name) {
            return Some(name.to_owned());
        }
        let message = format!("there is no slot `{name}`");
        let problem = site.document.problem(at, "missing-slot", message);
        let known = self.kinds.keys().copied();
        self.problems.push(match nearest(name, known.clone()) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint("declare it under `slots` of a flow"),
        });
        nearest(name, known).map(str::to_owned)
    }

    /// Every step, in the order of the files.
    fn all_steps(&mut self) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        for loaded in &self.set.flows {
            let flow = &loaded.source.flow;
            let site = Site { document: &loaded.document, flow: Some(flow) };
            for (name, source) in &loaded.source.steps {
                let path = Path::root().join("steps").join(name);
                let kind = self.step(site, &path, name, source);
                let full = format!("{flow}.{name}");
                let print = step_print(source);
                steps.push(kind.map(|kind| Step { name: full, flow: flow.clone(), print, kind }));
            }
        }
        steps.into_iter().collect()
    }

    fn flows(&mut self) -> IndexMap<String, Flow> {
        let mut flows = IndexMap::new();
        for loaded in &self.set.flows {
            let source = &loaded.source;
            let site = Site { document: &loaded.document, flow: Some(&source.flow) };
            let first = source.steps.keys().next();
            let start = first.and_then(|step| self.names.get(&format!("{}.{step}", source.flow)));
            let Some(start) = start.copied() else { continue };
            let migrate = self.migrate(site, source);
            let flow = Flow { version: source.version, start, migrate };
            flows.insert(source.flow.clone(), flow);
        }
        flows
    }

    /// Every slot, in the order of the files.
    fn slots(&mut self) -> IndexMap<String, Slot> {
        let mut slots = IndexMap::new();
        let mut seen = HashSet::new();
        for loaded in &self.set.flows {
            let site = Site { document: &loaded.document, flow: Some(&loaded.source.flow) };
            for (name, source) in &loaded.source.slots {
                let path = Path::root().join("slots").join(name);
                if !seen.insert(name) {
                    let message = format!(
                        "the slot `{name}` is in another flow too; slots are common to all flows, \
                         so declare it once"
                    );
                    self.report(site, site.at_key(&path), "same-name", message);
                }
                slots.insert(name.clone(), self.slot_source(site, &path, name, source));
            }
        }
        slots
    }
}

/// A step's name as it is written in a flow: without the flow where it is the same.
fn local_name<'b>(step: &'b str, flow: Option<&str>) -> &'b str {
    flow.and_then(|flow| step.strip_prefix(flow)?.strip_prefix('.')).unwrap_or(step)
}

/// The wording as it is rendered.
fn texts(set: &FlowSet) -> IndexMap<String, Vec<TextVariant>> {
    let variants = |source: &TextSource| match source {
        TextSource::Always(template) => {
            vec![TextVariant { template: template.clone(), from: None, until: None }]
        }
        TextSource::Dated(dated) => dated
            .iter()
            .map(|variant| TextVariant {
                template: variant.text.clone(),
                from: variant.from,
                until: variant.until,
            })
            .collect(),
    };
    set.texts.source.iter().map(|(key, text)| (key.clone(), variants(&text.source))).collect()
}
