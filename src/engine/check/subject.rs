//! What the rules look at: the graph, and for each of its parts the place where its author wrote it.

use super::set::FlowSet;
use crate::engine::document::{Document, Path, Position};
use crate::engine::flow::{Ask, Choice, Flows, Slot, Step, StepId, StepKind};
use crate::engine::problem::Problem;
use crate::engine::source::TextSource;
use crate::engine::vocabulary::{ActionOffer, ListOffer, Offers, TypeOffer, VALUES};

/// What the rules look at.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) set: &'a FlowSet,
    pub(super) flows: &'a Flows,
    pub(super) offers: &'a Offers,
}

/// A place in a file.
#[derive(Clone)]
pub(super) struct Place<'a> {
    document: &'a Document,
    path: Path,
}

/// A choice where it is written, and what it is called there.
pub(super) struct WrittenChoice<'a> {
    pub(super) choice: &'a Choice,
    pub(super) place: Place<'a>,
    /// "the command `menu`", "choice 2".
    pub(super) name: String,
}

impl<'a> Place<'a> {
    pub(super) fn new(document: &'a Document, path: Path) -> Self {
        Self { document, path }
    }

    /// A place further down.
    pub(super) fn join(&self, part: impl std::fmt::Display) -> Self {
        Self { document: self.document, path: self.path.join(part) }
    }

    /// A problem at the value that stands here.
    pub(super) fn problem(&self, rule: &'static str, message: impl Into<String>) -> Problem {
        self.document.problem(self.position(), rule, message)
    }

    /// A problem at the key that stands here.
    pub(super) fn problem_at_key(&self, rule: &'static str, message: impl Into<String>) -> Problem {
        self.document.problem(self.document.locate_key(&self.path), rule, message)
    }

    /// A problem at a word of the text that stands here.
    pub(super) fn problem_at_word(
        &self,
        word: &str,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Problem {
        let at = self.document.find_word(self.position(), word);
        self.document.problem(at, rule, message)
    }

    /// A problem at a line, from 1, of the text that stands here.
    pub(super) fn problem_at_line(
        &self,
        line: usize,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Problem {
        let start = self.position();
        let written = self.document.text.lines().nth(start.line - 1).unwrap_or_default();
        let is_block = matches!(written.chars().nth(start.column - 1), Some('|' | '>'));
        let line = start.line + line - usize::from(!is_block);
        let column = if line == start.line { start.column } else { 1 };
        self.document.problem(Position { line, column }, rule, message)
    }

    fn position(&self) -> Position {
        self.document.locate(&self.path)
    }
}

impl<'a> Subject<'a> {
    /// Where a step is written.
    pub(super) fn step(&self, step: &Step) -> Place<'a> {
        let name = step.name.strip_prefix(step.flow.as_str()).unwrap_or(&step.name);
        let path = Path::root().join("steps").join(name.trim_start_matches('.'));
        Place::new(self.flow(&step.flow), path)
    }

    /// Where something in `bot.yaml` is written.
    pub(super) fn bot(&self, keys: &[&str]) -> Place<'a> {
        let path = keys.iter().fold(Path::root(), |path, key| path.join(key));
        Place::new(&self.set.bot.document, path)
    }

    /// Where a slot is written.
    pub(super) fn slot(&self, slot: &str) -> Place<'a> {
        let home = self.set.flows.iter().find(|flow| flow.source.slots.contains_key(slot));
        let document = home.map_or(&self.set.bot.document, |flow| &flow.document);
        Place::new(document, Path::root().join("slots").join(slot))
    }

    /// Where a text is written.
    pub(super) fn text(&self, key: &str) -> Place<'a> {
        let texts = &self.set.texts;
        let path = texts.source.get(key).map_or_else(Path::root, |text| text.path.clone());
        Place::new(&texts.document, path)
    }

    /// Where one wording of a text is written.
    pub(super) fn wording(&self, key: &str, index: usize) -> Place<'a> {
        let text = self.set.texts.source.get(key).map(|text| &text.source);
        match text {
            Some(TextSource::Dated(_)) => self.text(key).join(index).join("text"),
            _ => self.text(key),
        }
    }

    /// Every question with its step.
    pub(super) fn questions(&self) -> impl Iterator<Item = (StepId, &'a Step, &'a Ask)> {
        self.flows.steps().filter_map(|(id, step)| match &step.kind {
            StepKind::Ask(ask) => Some((id, step, ask)),
            _ => None,
        })
    }

    /// The choices of a question.
    pub(super) fn options(&self, step: &Step, ask: &'a Ask) -> Vec<WrittenChoice<'a>> {
        numbered(&self.step(step).join("options"), &ask.options)
    }

    /// The commands.
    pub(super) fn commands(&self) -> Vec<WrittenChoice<'a>> {
        let names = self.set.bot.source.commands.keys();
        self.named("commands", "command", names, &self.flows.bot.commands)
    }

    /// The answers.
    pub(super) fn answers(&self) -> Vec<WrittenChoice<'a>> {
        let names = self.set.bot.source.answers.keys();
        self.named("answers", "answer", names, &self.flows.bot.answers)
    }

    /// The choices of last resort.
    pub(super) fn rescue(&self) -> Vec<WrittenChoice<'a>> {
        numbered(&self.bot(&["rescue"]), &self.flows.bot.rescue)
    }

    fn named(
        &self,
        key: &str,
        noun: &str,
        names: impl Iterator<Item = &'a String>,
        choices: &'a [Choice],
    ) -> Vec<WrittenChoice<'a>> {
        let place = self.bot(&[key]);
        let written = |(name, choice): (&String, &'a Choice)| WrittenChoice {
            choice,
            place: place.join(name),
            name: format!("the {noun} `{name}`"),
        };
        names.zip(choices).map(written).collect()
    }

    /// Every choice of every step and of the bot.
    fn choices(&self) -> impl Iterator<Item = &'a Choice> {
        let bot = &self.flows.bot;
        let options = self.questions().flat_map(|(.., ask)| &ask.options);
        options.chain(&bot.commands).chain(&bot.answers).chain(&bot.rescue)
    }

    /// The same where they are written.
    pub(super) fn all_choices(&self) -> Vec<WrittenChoice<'a>> {
        let options = self.questions().flat_map(|(_, step, ask)| self.options(step, ask));
        let mut all: Vec<_> = options.collect();
        all.extend(self.commands());
        all.extend(self.answers());
        all.extend(self.rescue());
        all
    }

    /// The fixed choices that a question shows, with those of last resort where it `rescue`s.
    pub(super) fn shown_choices(
        &self,
        ask: &'a Ask,
        rescue: bool,
    ) -> impl Iterator<Item = &'a Choice> {
        let last_resort = if rescue { &self.flows.bot.rescue[..] } else { &[] };
        ask.options.iter().chain(last_resort)
    }

    /// What is offered of a slot's type.
    pub(super) fn kind(&self, slot: &Slot) -> Option<&'a TypeOffer> {
        self.offers.types.iter().find(|offer| offer.name == slot.kind)
    }

    /// What is offered of the type of the slot of this name.
    pub(super) fn kind_of(&self, slot: &str) -> Option<&'a TypeOffer> {
        self.flows.slots.get(slot).and_then(|slot| self.kind(slot))
    }

    /// What is offered of an action.
    pub(super) fn action(&self, name: &str) -> Option<&'a ActionOffer> {
        self.offers.actions.iter().find(|offer| offer.name == name)
    }

    /// What is offered of a list.
    pub(super) fn list(&self, name: &str) -> Option<&'a ListOffer> {
        self.offers.lists.iter().find(|offer| offer.name == name)
    }

    /// The fixed values of a slot, where its type has them.
    pub(super) fn fixed_values(&self, slot: &str) -> Vec<&'a str> {
        let values = self.flows.slots.get(slot).and_then(|slot| slot.params.get(VALUES));
        let values = values.and_then(serde_json::Value::as_array).into_iter().flatten();
        values.filter_map(serde_json::Value::as_str).collect()
    }

    /// The slot without which a value of this one has to wait.
    pub(super) fn base(&self, slot: &str) -> Option<&'a str> {
        let base = self.kind_of(slot)?.base?;
        self.flows.slots.get(slot)?.params.get(base)?.as_str()
    }

    /// Whether a slot is understood where nobody asked for it.
    pub(super) fn listens(&self, slot: &str) -> bool {
        let can = self.kind_of(slot).is_some_and(|kind| kind.listens);
        can && self.flows.listen.contains_key(slot)
    }

    /// Whether a change of some slot empties this one, so that it has a previous value.
    pub(super) fn can_be_previous(&self, slot: &str) -> bool {
        self.flows.depends.values().flatten().any(|dependent| dependent == slot)
    }

    /// Whether a value of this slot can be known without being checked yet.
    pub(super) fn can_be_pending(&self, slot: &str) -> bool {
        let mut kept = self.choices().flat_map(|choice| &choice.act.keep);
        self.base(slot).is_some() || kept.any(|kept| kept == slot)
    }

    fn flow(&self, name: &str) -> &'a Document {
        let flow = self.set.flows.iter().find(|flow| flow.source.flow == name);
        flow.map_or(&self.set.bot.document, |flow| &flow.document)
    }
}

fn numbered<'a>(place: &Place<'a>, choices: &'a [Choice]) -> Vec<WrittenChoice<'a>> {
    let written = |(index, choice)| WrittenChoice {
        choice,
        place: place.join(index),
        name: format!("choice {}", index + 1),
    };
    choices.iter().enumerate().map(written).collect()
}
