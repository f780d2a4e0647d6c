//! What is drawn of the flows.

use crate::engine::edge::{edges, everywhere};
use crate::engine::flow::{Ask, Flows, Rung, Step, StepKind, TextKey};
use crate::engine::trace::Way;

/// The steps of the flows and the ways between them. It outlives the flows, so that a report can
/// hold one.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// In the order of their files.
    pub(super) steps: Vec<Node>,
    /// Those of the steps in their order, then those that lead out of every question.
    pub(super) ways: Vec<Way>,
    /// The name of the step where a new customer begins.
    pub(super) start: String,
}

/// A step, as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// `flow.step`.
    pub(super) name: String,
    pub(super) flow: String,
    pub(super) shape: Shape,
    /// The keys of what it can say, in the order of its lines.
    pub(super) texts: Vec<String>,
}

/// What a step does, as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Question,
    Text,
    Branch,
    Action,
}

impl Chart {
    /// The chart of `flows`.
    #[must_use]
    pub fn of(flows: &Flows) -> Self {
        let own = flows.steps().flat_map(|(id, step)| {
            edges(step).into_iter().map(move |edge| Way::new(flows, Some(id), edge.to, edge.why))
        });
        let common = everywhere(flows);
        let common = common.into_iter().map(|edge| Way::new(flows, None, edge.to, edge.why));
        Self {
            steps: flows.steps().map(|(_, step)| Node::of(step)).collect(),
            ways: own.chain(common).collect(),
            start: flows[flows.bot.start].name.clone(),
        }
    }

    /// The names of the flows, in the order of their files.
    #[must_use]
    pub fn flows(&self) -> Vec<&str> {
        let mut flows: Vec<&str> = self.steps.iter().map(|step| step.flow.as_str()).collect();
        flows.dedup();
        flows
    }

    pub(super) fn step(&self, name: &str) -> Option<&Node> {
        self.steps.iter().find(|step| step.name == name)
    }
}

impl Node {
    fn of(step: &Step) -> Self {
        let (shape, texts) = match &step.kind {
            StepKind::Ask(ask) => (Shape::Question, said_by(ask)),
            StepKind::Say { text, .. } => (Shape::Text, vec![text]),
            StepKind::Branch(_) => (Shape::Branch, Vec::new()),
            StepKind::Do(_) => (Shape::Action, Vec::new()),
        };
        let texts = texts.into_iter().map(|key| key.as_str().to_owned()).collect();
        Self { name: step.name.clone(), flow: step.flow.clone(), shape, texts }
    }

    /// Its name within its flow.
    pub(super) fn short_name(&self) -> &str {
        let name = self.name.strip_prefix(&self.flow).unwrap_or(&self.name);
        name.trim_start_matches('.')
    }
}

impl Shape {
    /// What it does, in one word.
    pub(super) const fn in_spanish(self) -> &'static str {
        match self {
            Self::Question => "pregunta",
            Self::Text => "dice",
            Self::Branch => "decide",
            Self::Action => "actúa",
        }
    }
}

fn said_by(ask: &Ask) -> Vec<&TextKey> {
    let row = ask.menu.as_ref().map(|menu| &menu.line);
    let choices = ask.options.iter().flat_map(|choice| [&choice.label, &choice.say]).flatten();
    let rungs = ask.no_match.iter().filter_map(|rung| match rung {
        Rung::Text(key) => Some(key),
        Rung::Goto(_) => None,
    });
    [&ask.ask].into_iter().chain(&ask.again).chain(row).chain(choices).chain(rungs).collect()
}
