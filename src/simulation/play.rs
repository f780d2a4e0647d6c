//! One conversation: played by a customer, or once more from its moves.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tokio::runtime::Runtime;

use super::breach::Breach;
use super::chance::Chance;
use super::check::{Check, Rules};
use super::customer::Customer;
use super::moves::Move;
use super::talk::Talk;
use crate::dealer::Dealer;
use crate::message::Answer;
use crate::transcript::Bot;

/// The first minute in which a conversation may begin: 2026-01-01, in UTC.
const FIRST_MINUTE: i64 = 1_767_225_600 / 60;

/// Minutes of a year.
const YEAR: usize = 365 * 24 * 60;

/// Where conversations take place.
pub(super) struct Stage<'a> {
    pub(super) bot: &'a Bot<Dealer>,
    pub(super) rules: &'a Rules<'a>,
    pub(super) runtime: &'a Runtime,
    pub(super) seed: u64,
}

/// A conversation that was played.
pub(super) struct Played {
    pub(super) start: Timestamp,
    pub(super) goal: &'static str,
    pub(super) persona: &'static str,
    pub(super) has_goal: bool,
    pub(super) moves: Vec<Move>,
    pub(super) heard: Heard,
    pub(super) breach: Option<Breach>,
}

/// What came back.
#[derive(Default)]
pub(super) struct Heard {
    /// Answers.
    pub(super) turns: usize,
    /// All their bytes.
    pub(super) bytes: Sha256,
    /// The replies of each answer.
    pub(super) replies: Vec<usize>,
    /// The steps where the talk stood.
    pub(super) states: BTreeSet<String>,
}

impl Heard {
    fn note(&mut self, answer: &Answer) {
        self.turns += 1;
        self.replies.push(answer.replies.len());
        let bytes = serde_json::to_vec(answer).expect("an answer is plain data");
        self.bytes.update(bytes);
        if !self.states.contains(&answer.state) {
            self.states.insert(answer.state.clone());
        }
    }
}

/// A conversation with the rules held against every answer.
struct Held<'a> {
    talk: Talk<'a>,
    check: Check<'a>,
    heard: Heard,
}

impl Held<'_> {
    fn play(&mut self, happens: &Move) -> Result<(), Breach> {
        let before = self.talk.answer().cloned();
        let Some(answer) = self.talk.play(happens)? else { return Ok(()) };
        self.heard.note(&answer);
        self.check.hold(happens, before.as_ref(), &self.talk, &answer)
    }
}

impl<'a> Stage<'a> {
    /// The conversation `index` of this seed, up to its end or the first rule that does not hold.
    pub(super) fn play(&self, index: u64) -> Played {
        let mut chance = Chance::new(self.seed, index);
        let minute = i64::try_from(chance.below(YEAR)).unwrap_or(0) + FIRST_MINUTE;
        let start = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        let mut held = self.held(start);
        let orders = self.rules.orders();
        let mut customer = Customer::new(self.bot.engine.vocabulary(), &orders, chance);
        let mut moves = Vec::new();
        let mut breach = None;
        let mut farewell = None;
        while breach.is_none() {
            let answer = held.talk.answer();
            let ask = answer.and_then(|answer| self.rules.ask(&answer.state));
            let next = match &mut farewell {
                None => customer.next(answer, ask),
                Some(_) => None,
            };
            let next = next.or_else(|| {
                let last = farewell.get_or_insert_with(|| customer.farewell().into_iter());
                last.next()
            });
            let Some(happens) = next else { break };
            breach = held.play(&happens).err();
            moves.push(happens);
        }
        let (goal, persona) = (customer.goal().name.as_str(), customer.persona().name.as_str());
        let has_goal = customer.has_goal();
        Played { start, goal, persona, has_goal, moves, heard: held.heard, breach }
    }

    /// The same moves once more.
    pub(super) fn replay(&self, start: Timestamp, moves: &[Move]) -> (Heard, Option<Breach>) {
        let mut held = self.held(start);
        let breach = moves.iter().find_map(|happens| held.play(happens).err());
        (held.heard, breach)
    }

    fn held(&self, start: Timestamp) -> Held<'a> {
        Held {
            talk: Talk::new(self.bot, self.runtime, start),
            check: Check::new(self.rules),
            heard: Heard::default(),
        }
    }
}
