//! What transcripts can cover: the places and ways of the flows that a turn can touch.
//!
//! All of it follows from the flows and from what the vocabulary offers, so a new step is a landmark
//! that nobody has reached until a transcript walks it. What no message can lead to is none.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::edge::{Edge, Why, edges, everywhere};
use super::flow::{Ask, Choice, Flows, Step, StepId, StepKind, TextKey};
use super::source::Control;
use super::trace::{Event, Side, Trace, Way};
use super::vocabulary::Offers;
use crate::message::Media;

/// Something of the flows that a turn can touch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Landmark {
    /// A step: a question that was asked, or another step that was passed.
    Step(String),
    /// A way between two steps.
    Way(Way),
    /// A rung of a question's ladder, from 1.
    Rung(String, usize),
    /// A side of a slot's bounds.
    Bound(String, Side),
    /// A global command at a question that waits.
    Command(String, String),
    /// A text.
    Text(String),
    /// A kind of message.
    Inbound(&'static str),
}

/// A kind of landmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Steps.
    Steps,
    /// Ways between steps.
    Transitions,
    /// Rungs of ladders.
    Rungs,
    /// Sides of bounds.
    Bounds,
    /// Commands at questions.
    Commands,
    /// Texts.
    Texts,
    /// Kinds of messages.
    Inbound,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Steps,
        Self::Transitions,
        Self::Rungs,
        Self::Bounds,
        Self::Commands,
        Self::Texts,
        Self::Inbound,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Transitions => "transitions",
            Self::Rungs => "no-match rungs",
            Self::Bounds => "bounds of slots",
            Self::Commands => "commands at steps",
            Self::Texts => "texts",
            Self::Inbound => "kinds of inbound",
        }
    }
}

impl Landmark {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Step(_) => Kind::Steps,
            Self::Way(_) => Kind::Transitions,
            Self::Rung(..) => Kind::Rungs,
            Self::Bound(..) => Kind::Bounds,
            Self::Command(..) => Kind::Commands,
            Self::Text(_) => Kind::Texts,
            Self::Inbound(_) => Kind::Inbound,
        }
    }
}

impl fmt::Display for Landmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(name) | Self::Text(name) => f.write_str(name),
            Self::Way(way) => write!(f, "{way}"),
            Self::Rung(step, rung) => write!(f, "{step} rung {rung}"),
            Self::Bound(slot, side) => write!(f, "{slot} {}", side.as_str()),
            Self::Command(command, step) => write!(f, "{command} at {step}"),
            Self::Inbound(kind) => f.write_str(kind),
        }
    }
}

impl Trace {
    /// The landmarks that the turn touched.
    pub fn landmarks(&self) -> impl Iterator<Item = Landmark> {
        self.events.iter().filter_map(|event| match event.clone() {
            Event::Came { kind, .. } => Some(Landmark::Inbound(kind)),
            Event::Commanded { command, at } => Some(Landmark::Command(command, at)),
            Event::Weighed { slot, side, .. } => Some(Landmark::Bound(slot, side?)),
            Event::Missed { at, rung } => Some(Landmark::Rung(at, rung)),
            Event::Went(way) => Some(Landmark::Way(way)),
            Event::Entered(step) => Some(Landmark::Step(step)),
            Event::Said { key, words } => (!words.is_empty()).then_some(Landmark::Text(key)),
            Event::Matched { .. } | Event::Digressed => None,
        })
    }
}

/// Every landmark of `flows`.
#[must_use]
pub fn landmarks(flows: &Flows, offers: &Offers) -> BTreeSet<Landmark> {
    let steps = flows.steps().map(|(_, step)| Landmark::Step(step.name.clone()));
    let mut all: BTreeSet<Landmark> = steps.collect();
    all.extend(ways(flows, offers));
    all.extend(questions(flows).flat_map(|(step, ask)| {
        (1..=ask.no_match.len()).map(|rung| Landmark::Rung(step.name.clone(), rung))
    }));
    all.extend(bounds(flows, offers));
    all.extend(commands(flows));
    all.extend(texts(flows));
    all.extend(["words", "empty", "too_long"].map(Landmark::Inbound));
    all.extend(Media::ALL.map(|kind| Landmark::Inbound(kind.as_str())));
    all
}

/// Every way, but for the outcomes of actions that only guard against stored values, and the cases of
/// branches that every way in rules out.
fn ways(flows: &Flows, offers: &Offers) -> impl Iterator<Item = Landmark> {
    let is_sure = sure_branches(flows, offers);
    let guards = |step: &Step, outcome: &str| {
        let StepKind::Do(action) = &step.kind else { return false };
        let offer = offers.actions.iter().find(|offer| offer.name == action.action);
        offer.is_some_and(|offer| offer.guards.contains(&outcome))
    };
    let can_be = move |(from, edge): &(Option<StepId>, Edge<'_>)| match (from, edge.why) {
        (Some(from), Why::Outcome(outcome)) => !guards(&flows[*from], outcome),
        (Some(from), Why::Else) => !is_sure.contains(from),
        (Some(from), Why::Case { case, .. }) => {
            !is_sure.contains(from) || !["unset", "pending", "previous"].contains(&case)
        }
        _ => true,
    };
    let own = flows
        .steps()
        .flat_map(|(id, step)| edges(step).into_iter().map(move |edge| (Some(id), edge)));
    let common = everywhere(flows).into_iter().map(|edge| (None, edge));
    own.chain(common)
        .filter(can_be)
        .map(|(from, edge)| Landmark::Way(Way::new(flows, from, edge.to, edge.why)))
}

/// The branches whose slot is filled by each of the ways that lead to them.
fn sure_branches(flows: &Flows, offers: &Offers) -> BTreeSet<StepId> {
    let gives = |step: &Step, outcome: &str, slot: &str| {
        let StepKind::Do(action) = &step.kind else { return false };
        let offer = offers.actions.iter().find(|offer| offer.name == action.action);
        let outcomes = offer.into_iter().flat_map(|offer| offer.outcomes);
        let mut given = outcomes.filter(|(name, _)| *name == outcome).flat_map(|(_, given)| *given);
        let is_bound =
            |output: &str| action.gives.iter().any(|(name, bound)| name == output && bound == slot);
        given.any(|(output, _)| is_bound(output))
    };
    let fills = |from: &Step, why: Why<'_>, slot: &str| match why {
        Why::Filled(filled) => filled == slot,
        Why::Outcome(outcome) => gives(from, outcome, slot),
        _ => false,
    };
    let begins =
        |id: StepId| flows.bot.start == id || flows.flows.values().any(|flow| flow.start == id);
    let is_sure = |id: StepId, slot: &str| {
        let own = flows.steps().all(|(_, step)| {
            let ways_in = edges(step).into_iter().filter(|edge| edge.to == id);
            ways_in.into_iter().all(|edge| fills(step, edge.why, slot))
        });
        let common = everywhere(flows).into_iter().filter(|edge| edge.to == id);
        let mut common = common.into_iter().map(|edge| edge.why);
        own && !begins(id) && common.all(|why| matches!(why, Why::Heard(heard) if heard == slot))
    };
    let branches = flows.steps().filter_map(|(id, step)| match &step.kind {
        StepKind::Branch(branch) => Some((id, branch.on.as_str())),
        _ => None,
    });
    branches.filter(|(id, slot)| is_sure(*id, slot)).map(|(id, _)| id).collect()
}

fn questions(flows: &Flows) -> impl Iterator<Item = (&Step, &Ask)> {
    flows.steps().filter_map(|(_, step)| match &step.kind {
        StepKind::Ask(ask) => Some((step, ask)),
        _ => None,
    })
}

fn bounds(flows: &Flows, offers: &Offers) -> impl Iterator<Item = Landmark> {
    let is_bounded = |kind: &str| offers.types.iter().any(|ty| ty.name == kind && ty.bounded);
    let slots = flows.slots.values().filter(move |slot| is_bounded(&slot.kind));
    slots.flat_map(|slot| Side::ALL.map(|side| Landmark::Bound(slot.name.clone(), side)))
}

/// Every command at every question; the one that turns pages only where there is a list, and none
/// where the question has a choice of its own in all its words.
fn commands(flows: &Flows) -> impl Iterator<Item = Landmark> {
    let claims = |ask: &Ask, words: &str, command: &Choice| {
        let mut options = ask.options.iter();
        options.any(|option| option.act != command.act && option.is_said(words))
    };
    let applies = move |command: &&Choice, ask: &Ask| {
        let heard = command.urgent
            || !command.contains.is_empty()
            || command.phrases().any(|words| !claims(ask, words, command));
        heard && (command.act.control != Some(Control::More) || ask.menu.is_some())
    };
    questions(flows).flat_map(move |(step, ask)| {
        let heard = flows.bot.commands.iter().filter(move |command| applies(command, ask));
        heard.map(|command| Landmark::Command(command.name.clone(), step.name.clone()))
    })
}

/// Every text that a step of the talk can say: not what is said of a turn that could not be taken,
/// or of what was stored and could not be read, nor what stands on a button of a channel.
fn texts(flows: &Flows) -> impl Iterator<Item = Landmark> {
    let bot = &flows.bot;
    let outside = [&bot.texts.apology, &bot.texts.too_much, &bot.texts.unreadable];
    let outside = outside.into_iter().chain(&bot.list_label).map(TextKey::as_str);
    let outside: BTreeSet<&str> = outside.collect();
    let said = flows.texts.keys().filter(move |key| !outside.contains(key.as_str()));
    said.map(|key| Landmark::Text(key.clone()))
}
