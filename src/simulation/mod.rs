//! Simulated customers: random but plausible conversations, and what must always hold in them.
//!
//! In reading order:
//!
//! - `cast`, `chance`: what customers want and say, from the data; what is drawn.
//! - `customer`, `phrase`, `typo`, `moves`: what a customer does next.
//! - `talk`: one conversation with the bot, in memory.
//! - `check`, `breach`: the rules, and what is told where one does not hold.
//! - `figures`, `amounts`, `deal`, `schedule`, `fits`: figures and finds, computed once more.
//! - `play`, `shrink`, `chat`: a conversation; the shortest that fails in the same way; that one as
//!   a transcript.
//! - `report`: what a run tells.
//!
//! Conversation `i` of a seed draws from a stream of its own, so that threads, their number and
//! their order change nothing.

mod amounts;
mod breach;
mod cast;
mod chance;
mod chat;
mod check;
mod customer;
mod deal;
mod figures;
mod fits;
mod moves;
mod phrase;
mod play;
mod report;
mod schedule;
mod shrink;
mod talk;
mod typo;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};
use tokio::runtime::Runtime;

pub use breach::Rule;
pub use report::{Ends, Failure, Report};

use crate::cores;
use crate::dealer::Dealer;
use crate::engine::flow::StepKind;
use crate::transcript::Bot;
use breach::Breach;
use chat::Failing;
use check::Rules;
use play::Stage;

/// One conversation in so many is played twice, and has to give the same bytes.
const TWICE_ONE_IN: u64 = 50;

/// Kinds of failures that are shortened, at most.
const MAX_FAILURES: usize = 20;

/// What is played.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Which customers.
    pub seed: u64,
    /// How many.
    pub conversations: u64,
}

/// What one thread found.
#[derive(Default)]
struct Found {
    turns: u64,
    goals: BTreeMap<&'static str, Ends>,
    stood: BTreeSet<String>,
    digests: Vec<(u64, [u8; 32])>,
    kinds: BTreeMap<(Rule, String), Kind>,
}

/// Breaches that are likely of one cause.
struct Kind {
    count: u64,
    /// The first conversation, and what does not hold in it.
    first: (u64, Breach),
}

/// Has customers talk to `bot`, on all cores.
///
/// # Errors
///
/// Where the system gives no runtime.
pub fn run(bot: &Bot<Dealer>, options: Options) -> Result<Report, std::io::Error> {
    let rules = Rules::new(bot);
    let next = AtomicU64::new(0);
    let work = |runtime: &Runtime| {
        let stage = Stage { bot, rules: &rules, runtime, seed: options.seed };
        let mut found = Found::default();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= options.conversations {
                return found;
            }
            found.take(&stage, index);
        }
    };
    let found = cores::each(usize::MAX, work)?.into_iter().reduce(Found::with);
    let runtime = cores::runtime()?;
    let stage = Stage { bot, rules: &rules, runtime: &runtime, seed: options.seed };
    Ok(found.unwrap_or_default().told(&stage, options))
}

impl Found {
    fn take(&mut self, stage: &Stage<'_>, index: u64) {
        let played = stage.play(index);
        let digest = played.heard.bytes.finalize().into();
        let mut breach = played.breach;
        if breach.is_none() && index.is_multiple_of(TWICE_ONE_IN) {
            let (again, _) = stage.replay(played.start, &played.moves);
            let bytes: [u8; 32] = again.bytes.finalize().into();
            breach = (bytes != digest)
                .then(|| Breach::of(Rule::SameBytes, "", "played again, it gives other bytes"));
        }
        self.turns += played.heard.turns as u64;
        let ends = self.goals.entry(played.goal).or_default();
        ends.customers += 1;
        ends.reached += u64::from(played.has_goal);
        self.stood.extend(played.heard.states);
        self.digests.push((index, digest));
        if let Some(breach) = breach {
            let key = (breach.rule, breach.state.clone());
            self.note(key, Kind { count: 1, first: (index, breach) });
        }
    }

    fn note(&mut self, key: (Rule, String), kind: Kind) {
        match self.kinds.entry(key) {
            Entry::Vacant(place) => drop(place.insert(kind)),
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.count += kind.count;
                if kind.first.0 < known.first.0 {
                    known.first = kind.first;
                }
            }
        }
    }

    fn with(mut self, other: Self) -> Self {
        self.turns += other.turns;
        for (goal, ends) in other.goals {
            let mine = self.goals.entry(goal).or_default();
            mine.customers += ends.customers;
            mine.reached += ends.reached;
        }
        self.stood.extend(other.stood);
        self.digests.extend(other.digests);
        for (key, kind) in other.kinds {
            self.note(key, kind);
        }
        self
    }

    fn told(mut self, stage: &Stage<'_>, options: Options) -> Report {
        self.digests.sort_unstable();
        let mut kinds: Vec<Kind> = self.kinds.into_values().collect();
        kinds.sort_by_key(|kind| kind.first.0);
        let told = kinds.iter().take(MAX_FAILURES);
        let mut digest = Sha256::new();
        for (_, bytes) in &self.digests {
            digest.update(bytes);
        }
        let steps = stage.bot.engine.flows().steps();
        let waits = steps.filter(|(_, step)| matches!(step.kind, StepKind::Ask(_)));
        let missed = waits.filter(|(_, step)| !self.stood.contains(&step.name));
        Report {
            conversations: options.conversations,
            turns: self.turns,
            missed: missed.map(|(_, step)| step.name.clone()).collect(),
            failures: told.map(|kind| failure(stage, kind)).collect(),
            untold: kinds.len().saturating_sub(MAX_FAILURES),
            goals: self.goals,
            stood: self.stood,
            digest: digest.finalize().into(),
        }
    }
}

/// A kind of failure, as short as it gets.
fn failure(stage: &Stage<'_>, Kind { count, first: (index, breach) }: &Kind) -> Failure {
    let (count, index) = (*count, *index);
    let played = stage.play(index);
    let fails = |moves: &[moves::Move]| {
        stage.replay(played.start, moves).1.is_some_and(|found| found.resembles(breach))
    };
    let moves = shrink::shrink(played.moves, fails);
    let (heard, found) = stage.replay(played.start, &moves);
    let breach = found.as_ref().unwrap_or(breach);
    let title = format!(
        "A {} customer, goal {}: seed {}, conversation {index}",
        played.persona, played.goal, stage.seed
    );
    let (start, replies) = (played.start, &heard.replies);
    let failing = Failing { title: &title, start, moves: &moves, replies, breach };
    Failure {
        rule: breach.rule,
        state: breach.state.clone(),
        what: breach.what.clone(),
        count,
        conversation: index,
        chat: failing.chat(),
    }
}
