//! The talks that a customer can bring about, searched in breadth from the first message on.
//!
//! Two talks that wait at the same step with the same slots filled count as one: what was said
//! differs in figures, not in where it leads. So the search ends, and a talk that is found is the
//! shortest way to its like.

use std::collections::{BTreeSet, HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::alphabet::{Act, Alphabet};
use crate::engine::flow::{Flows, StepKind};
use crate::engine::landmark::Landmark;
use crate::engine::source::EffectKind;
use crate::engine::vocabulary::Vocabulary;
use crate::engine::{Engine, Session};

/// Talks that are looked at, at most.
const MAX_TALKS: usize = 2_400;

/// Talks that are looked at where the same step waits, at most: the others differ in what was said
/// long before.
const MAX_TALKS_A_STEP: usize = 40;

/// A moment of a talk.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) session: Session,
    pub(super) now: Timestamp,
}

impl Moment {
    /// Before the first message.
    pub(super) fn first(now: Timestamp) -> Self {
        Self { session: Session::default(), now }
    }

    /// The moment after `act`, and what it touched.
    pub(super) fn after<V: Vocabulary>(
        &self,
        act: &Act,
        engine: &Engine<V>,
        alphabet: &Alphabet<V::Message>,
    ) -> (Self, Vec<Landmark>) {
        let now = if act.silence { self.now + silence(engine.flows()) } else { self.now };
        let heard = alphabet.hear(engine, &act.message);
        let (outcome, trace) = engine.follow(self.session.clone(), &heard, now);
        let erased = outcome.effects.contains(&EffectKind::Erase);
        let session = if erased { Session::default() } else { outcome.session };
        (Self { session, now }, trace.landmarks().collect())
    }
}

/// A silence after which a talk is no longer what it was.
pub(super) fn silence(flows: &Flows) -> SignedDuration {
    SignedDuration::from_hours(i64::from(flows.bot.thresholds.expires_after_hours) + 1)
}

/// What an act leads to.
pub(super) struct Branch {
    pub(super) act: Act,
    /// The talk that follows, where it is looked at.
    pub(super) to: Option<usize>,
    /// What is wanted of all that it touches.
    pub(super) touched: Vec<Landmark>,
}

/// A talk, the acts that lead to it and those that lead on.
pub(super) struct Talk {
    pub(super) way: Vec<Act>,
    pub(super) branches: Vec<Branch>,
}

/// All talks that were looked at, the shortest first.
pub(super) struct Map {
    pub(super) talks: Vec<Talk>,
    known: HashMap<String, usize>,
}

impl Map {
    /// Explores until nothing new is found or enough was.
    pub(super) fn explore<V: Vocabulary>(
        engine: &Engine<V>,
        alphabet: &Alphabet<V::Message>,
        wanted: &BTreeSet<Landmark>,
        now: Timestamp,
    ) -> Self {
        let first = Moment::first(now);
        let mut map = Self { talks: Vec::new(), known: HashMap::new() };
        let mut waiting = VecDeque::new();
        let mut at_step: HashMap<(Option<String>, u8), usize> = HashMap::new();
        map.known.insert(likeness(engine.flows(), &first.session), 0);
        map.talks.push(Talk { way: Vec::new(), branches: Vec::new() });
        waiting.push_back((0, first));
        while let Some((index, moment)) = waiting.pop_front() {
            for act in alphabet.at(engine, &moment.session) {
                let (next, mut touched) = moment.after(&act, engine, alphabet);
                touched.retain(|landmark| wanted.contains(landmark));
                let likeness = likeness(engine.flows(), &next.session);
                let mut to = map.known.get(&likeness).copied();
                let talk = &next.session.talk;
                let step = talk.at.as_ref().map(|place| place.step.clone());
                // Each rung of a ladder has its own crowd, or the upper ones would be left out.
                let crowd = at_step.entry((step, talk.misses)).or_default();
                if to.is_none() && *crowd < MAX_TALKS_A_STEP && map.talks.len() < MAX_TALKS {
                    *crowd += 1;
                    let new = map.talks.len();
                    let mut way = map.talks[index].way.clone();
                    way.push(act.clone());
                    map.talks.push(Talk { way, branches: Vec::new() });
                    map.known.insert(likeness, new);
                    waiting.push_back((new, next));
                    to = Some(new);
                }
                map.talks[index].branches.push(Branch { act, to, touched });
            }
        }
        map
    }

    /// The talk that is like `session`.
    pub(super) fn like(&self, flows: &Flows, session: &Session) -> Option<usize> {
        self.known.get(&likeness(flows, session)).copied()
    }

    /// The shortest way from the talk `from`, of at most `longest` acts, to something that `is_wanted`
    /// and not one of `dead`: the acts, and the branch that they end with.
    pub(super) fn way(
        &self,
        from: usize,
        longest: usize,
        dead: &BTreeSet<(usize, usize)>,
        is_wanted: impl Fn(&Landmark) -> bool,
    ) -> Option<(Vec<Act>, (usize, usize))> {
        let mut seen = BTreeSet::from([from]);
        let mut waiting = VecDeque::from([(from, Vec::new())]);
        while let Some((index, way)) = waiting.pop_front() {
            let branches = &self.talks[index].branches;
            let mut hits = branches.iter().enumerate().filter(|(number, branch)| {
                branch.touched.iter().any(&is_wanted) && !dead.contains(&(index, *number))
            });
            if let Some((number, branch)) = hits.next() {
                let way = way.into_iter().chain([branch.act.clone()]).collect();
                return Some((way, (index, number)));
            }
            if way.len() + 1 >= longest {
                continue;
            }
            for branch in branches {
                let Some(to) = branch.to.filter(|to| seen.insert(*to)) else { continue };
                let way = way.iter().cloned().chain([branch.act.clone()]).collect();
                waiting.push_back((to, way));
            }
        }
        None
    }
}

/// What tells a talk from another: where it waits, what is filled, how often it was not understood.
fn likeness(flows: &Flows, session: &Session) -> String {
    let talk = &session.talk;
    let names = |slots: &crate::engine::vocabulary::Slots| {
        slots.keys().map(String::as_str).collect::<Vec<_>>().join(",")
    };
    let decides = |name: &&String| {
        flows.steps().any(|(_, step)| matches!(&step.kind, StepKind::Branch(on) if on.on == **name))
    };
    let decisive = talk.slots.iter().filter(|(name, _)| decides(name));
    let decisive: Vec<&str> = decisive.filter_map(|(_, value)| value.as_str()).collect();
    format!(
        "{:?}|{}|{}|{}|{}|{}|{}|{}",
        talk.at.as_ref().map(|place| &place.step),
        names(&talk.slots),
        names(&talk.pending),
        names(&talk.previous),
        decisive.join(","),
        talk.misses,
        talk.trail.last().map_or("", |asked| &asked.step),
        talk.screen.len(),
    )
}
