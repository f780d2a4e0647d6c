//! What is sure to be known at each step, whatever the way there: a data-flow analysis over the
//! whole graph.
//!
//! A fact is written as a template would write it: `car` (the slot is filled), `previous.car` (it
//! has a value from before a change), `given.car` (a value waits to be checked), `refused` (a value
//! was refused). A step's facts are those that every way to it brings along.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cases::else_means_set;
use super::subject::Subject;
use crate::engine::edge::{Edge, Why, edges, everywhere};
use crate::engine::flow::{Act, Step, StepId, StepKind};

/// Facts that hold together.
pub(super) type Facts = BTreeSet<String>;

/// Slots and the reasons why a value of theirs was refused last.
pub(super) type Refusals = BTreeSet<(String, String)>;

/// The fact that a value was refused.
pub(super) const REFUSED: &str = "refused";

/// What is sure to be known, and what may have been refused, at each step that can be reached.
#[derive(Debug, Default)]
pub(super) struct Known {
    at: HashMap<StepId, Facts>,
    at_any_question: Facts,
    refusals: HashMap<StepId, Refusals>,
    all_refusals: Refusals,
}

/// A way into a step, with what it brings along.
pub(super) struct Arrival<'a> {
    /// The step before.
    pub(super) from: StepId,
    /// Why the talk goes this way.
    pub(super) why: Why<'a>,
    to: StepId,
    facts: Facts,
}

/// The ways out of every question.
struct Ways<'a>(Vec<Edge<'a>>);

impl<'a> Ways<'a> {
    fn of(subject: &Subject<'a>) -> Self {
        Self([everywhere(subject.flows), overheard_refusals(subject)].concat())
    }
}

impl Known {
    /// Follows every way until nothing changes any more.
    pub(super) fn find(subject: &Subject<'_>) -> Self {
        let ways = Ways::of(subject);
        // A flow that changed under a customer begins anew, with nothing sure.
        let starts: HashSet<StepId> = subject.flows.flows.values().map(|flow| flow.start).collect();
        let mut known = Self::default();
        known.meet(subject.flows.bot.start, Facts::new());
        let mut changed = BTreeSet::from([subject.flows.bot.start]);
        while let Some(from) = changed.pop_first() {
            for arrival in known.arrivals(subject, &ways, from) {
                let to = arrival.to;
                let has_more_refusals = known.join_refusals(&arrival);
                let facts = if starts.contains(&to) { Facts::new() } else { arrival.facts };
                if known.meet(to, facts) || has_more_refusals {
                    changed.insert(to);
                }
            }
        }
        let questions = subject.questions().filter_map(|(id, ..)| known.at.get(&id));
        let at_any_question = questions.cloned().reduce(|left, right| &left & &right);
        known.at_any_question = at_any_question.unwrap_or_default();
        known.all_refusals = known.refusals.values().flatten().cloned().collect();
        known
    }

    /// Whether a talk can come to a step.
    pub(super) fn reaches(&self, id: StepId) -> bool {
        self.at.contains_key(&id)
    }

    /// What is sure at a step; at any question, where there is none.
    pub(super) fn facts(&self, at: Option<StepId>) -> &Facts {
        static NONE: Facts = Facts::new();
        match at {
            Some(id) => self.at.get(&id).unwrap_or(&NONE),
            None => &self.at_any_question,
        }
    }

    /// What may have been refused before a step, or anywhere.
    pub(super) fn refusals(&self, at: Option<StepId>) -> &Refusals {
        static NONE: Refusals = Refusals::new();
        match at {
            Some(id) => self.refusals.get(&id).unwrap_or(&NONE),
            None => &self.all_refusals,
        }
    }

    /// A way into a step that does not bring `fact` along.
    pub(super) fn witness<'a>(
        &self,
        subject: &Subject<'a>,
        to: StepId,
        fact: &str,
    ) -> Option<Arrival<'a>> {
        let ways = Ways::of(subject);
        let steps = subject.flows.steps();
        let arrivals = steps.flat_map(|(from, _)| self.arrivals(subject, &ways, from));
        let without = arrivals.filter(|arrival| arrival.to == to && !arrival.facts.contains(fact));
        // A way from elsewhere tells more than one from the step to itself.
        without.min_by_key(|arrival| arrival.from == to)
    }

    /// Every way out of a step, where that can be reached.
    fn arrivals<'a>(
        &self,
        subject: &Subject<'a>,
        ways: &Ways<'a>,
        from: StepId,
    ) -> Vec<Arrival<'a>> {
        let Some(facts) = self.at.get(&from) else { return Vec::new() };
        let step = &subject.flows[from];
        let is_question = matches!(step.kind, StepKind::Ask(_));
        let global = ways.0.iter().filter(|_| is_question).copied();
        let arrival = |edge: Edge<'a>| {
            let facts = after(subject, from, edge, facts);
            Arrival { from, why: edge.why, to: edge.to, facts }
        };
        edges(step).into_iter().chain(global).map(arrival).collect()
    }

    /// Keeps what is sure on this way too; whether that is less than before, or the first way.
    fn meet(&mut self, to: StepId, facts: Facts) -> bool {
        let Some(known) = self.at.get_mut(&to) else {
            self.at.insert(to, facts);
            return true;
        };
        let before = known.len();
        known.retain(|fact| facts.contains(fact));
        known.len() != before
    }

    /// Adds what may have been refused on this way; whether that is more than before.
    fn join_refusals(&mut self, arrival: &Arrival<'_>) -> bool {
        let brought = match arrival.why {
            Why::Refused { slot, reason } => Refusals::from([(slot.to_owned(), reason.to_owned())]),
            _ => self.refusals.get(&arrival.from).cloned().unwrap_or_default(),
        };
        let known = self.refusals.entry(arrival.to).or_default();
        let before = known.len();
        known.extend(brought);
        known.len() != before
    }
}

/// For each slot that is overheard, the ways to the steps that explain its refusals: they belong
/// to the first question that fills it.
fn overheard_refusals<'a>(subject: &Subject<'a>) -> Vec<Edge<'a>> {
    let mut refusals = Vec::new();
    for slot in subject.flows.listen.keys().filter(|slot| subject.listens(slot)) {
        let kind = subject.kind_of(slot);
        for reason in kind.map_or(&[][..], |kind| kind.refusals) {
            let mut questions = subject.questions().filter(|(.., ask)| ask.slot() == Some(slot));
            let to = questions.find_map(|(.., ask)| ask.refused.get(*reason).copied());
            refusals.extend(to.map(|to| Edge { to, why: Why::Refused { slot, reason } }));
        }
    }
    refusals
}

/// What is known once an edge was taken. The more is known before, the more is after: only so does
/// it not matter in which order the ways are followed.
fn after(subject: &Subject<'_>, from: StepId, edge: Edge<'_>, before: &Facts) -> Facts {
    let mut facts = before.clone();
    // What a step cannot do without is reported there; from there on it counts as known, so that
    // one gap is one problem.
    facts.extend(required_inputs(subject, &subject.flows[from]));
    match edge.why {
        Why::Next | Why::Ladder | Why::Silence | Why::Case { case: "unset", .. } => {}
        Why::Filled(slot) | Why::Heard(slot) => {
            take(subject, &mut facts, slot);
            hear_the_rest(subject, &mut facts, slot);
        }
        Why::Choice(choice) => change(subject, &mut facts, &choice.act),
        Why::Refused { slot, reason } => {
            let early = subject.kind_of(slot).map_or(&[][..], |kind| kind.early_refusals);
            // A slot that is filled was checked against its base, so that one is filled too.
            let base = subject.base(slot).filter(|_| !early.contains(&reason));
            let bases = std::iter::successors(base, |slot| subject.base(slot));
            facts.extend(bases.take(subject.flows.slots.len()).map(str::to_owned));
            facts.insert(REFUSED.to_owned());
        }
        Why::Case { slot, case: "pending" } => {
            facts.insert(format!("given.{slot}"));
        }
        Why::Case { slot, case: "previous" } => {
            facts.insert(format!("previous.{slot}"));
        }
        Why::Case { slot, .. } => {
            facts.insert(slot.to_owned());
        }
        Why::Else => {
            if let StepKind::Branch(branch) = &subject.flows[from].kind
                && else_means_set(subject, branch)
            {
                facts.insert(branch.on.clone());
            }
        }
        Why::Outcome(outcome) => give(subject, &mut facts, from, outcome),
    }
    facts
}

/// The slots that a step cannot do without: required inputs of its list or its action.
pub(super) fn required_inputs(subject: &Subject<'_>, step: &Step) -> Vec<String> {
    let (with, inputs) = match &step.kind {
        StepKind::Do(action) => {
            let offer = subject.action(&action.action);
            (&action.with, offer.map_or(&[][..], |offer| offer.inputs))
        }
        StepKind::Ask(ask) => {
            let Some(menu) = &ask.menu else { return Vec::new() };
            let offer = subject.list(&menu.from);
            (&menu.with, offer.map_or(&[][..], |offer| offer.inputs))
        }
        StepKind::Say { .. } | StepKind::Branch(_) => return Vec::new(),
    };
    let is_required = |input: &str| inputs.iter().any(|(name, _, must)| *name == input && *must);
    let required = with.iter().filter(|(input, _)| is_required(input));
    required.map(|(_, slot)| slot.clone()).collect()
}

/// A customer gave a value: it fills its slot, unless it has to wait for another one.
fn take(subject: &Subject<'_>, facts: &mut Facts, slot: &str) {
    let may_wait = subject.base(slot).is_some_and(|base| !facts.contains(base));
    // Sure is what holds both where it fills its slot and where it waits.
    fill(subject, facts, slot);
    if may_wait {
        facts.remove(slot);
    }
}

/// The same message may also have changed every slot that is listened to and comes later.
fn hear_the_rest(subject: &Subject<'_>, facts: &mut Facts, slot: &str) {
    let later = subject.flows.slots.keys().skip_while(|name| *name != slot).skip(1);
    for other in later.filter(|name| subject.listens(name)) {
        empty_dependents(subject, facts, other);
        facts.remove(&format!("previous.{other}"));
    }
}

fn change(subject: &Subject<'_>, facts: &mut Facts, act: &Act) {
    for slot in &act.clear {
        empty_dependents(subject, facts, slot);
        facts.remove(slot);
        facts.remove(&format!("previous.{slot}"));
        facts.remove(&format!("given.{slot}"));
    }
    for (slot, _) in &act.set {
        take(subject, facts, slot);
    }
    for slot in &act.keep {
        facts.remove(&format!("previous.{slot}"));
    }
}

/// An action ended: what this end gives is written. What has bounds may lie beyond them: it then waits
/// for its question.
fn give(subject: &Subject<'_>, facts: &mut Facts, from: StepId, outcome: &str) {
    let StepKind::Do(action) = &subject.flows[from].kind else { return };
    let ends = subject.action(&action.action).map_or(&[][..], |offer| offer.outcomes);
    let given = ends.iter().find(|(name, _)| *name == outcome).map_or(&[][..], |(_, given)| given);
    for (output, slot) in &action.gives {
        if given.iter().all(|(name, _)| name != output) {
            continue;
        }
        fill(subject, facts, slot);
        if subject.kind_of(slot).is_some_and(|kind| kind.bounded) {
            facts.remove(slot);
        }
    }
}

/// A slot is filled; what waited may be checked now, what depends on it is emptied.
fn fill(subject: &Subject<'_>, facts: &mut Facts, slot: &str) {
    empty_dependents(subject, facts, slot);
    facts.retain(|fact| !fact.starts_with("given."));
    facts.remove(&format!("previous.{slot}"));
    facts.insert(slot.to_owned());
}

fn empty_dependents(subject: &Subject<'_>, facts: &mut Facts, slot: &str) {
    for dependent in subject.flows.depends.get(slot).into_iter().flatten() {
        facts.remove(dependent);
    }
}
