//! A customer who says one message after the other, and says again what was not answered.

use std::fmt;
use std::thread::sleep;
use std::time::Duration;

use crate::chance::Chance;
use crate::door::Door;
use crate::process::{Answer, Connection, Failure};
use crate::reference::Reference;
use crate::script;
use crate::stage::Stage;

/// Between two messages a customer waits from nothing to this, so that they do not move in step.
const LONGEST_PAUSE_MICROS: u64 = 4_000;

/// One in so many messages is an old one, already answered.
const REPEATS_ONE_IN: u64 = 8;

/// Looks for a server before a customer gives up: a minute.
const LOOKS_FOR_SERVER: u32 = 12_000;
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A customer.
pub(crate) struct Customer<'a> {
    number: usize,
    door: Door,
    chance: Chance,
    stage: &'a Stage,
    reference: &'a Reference,
    connection: Option<(std::net::SocketAddr, Connection)>,
    diary: Diary,
}

/// What a customer went through. Every answer was compared before it was counted.
#[derive(Debug)]
pub(crate) struct Diary {
    pub(crate) number: usize,
    pub(crate) door: Door,
    /// Turns that were acknowledged: those from 0 on.
    pub(crate) acknowledged: usize,
    /// Messages that were under way when the server went.
    pub(crate) interrupted: usize,
    /// Answered messages that were said again, and got the same bytes.
    pub(crate) repeated: usize,
}

/// An answer that is not the right one.
#[derive(Debug)]
pub(crate) struct Finding {
    number: usize,
    door: Door,
    turn: usize,
    /// Turns that were acknowledged before.
    acknowledged: usize,
    expected: String,
    got: String,
}

impl<'a> Customer<'a> {
    pub(crate) fn new(
        number: usize,
        door: Door,
        seed: u64,
        stage: &'a Stage,
        reference: &'a Reference,
    ) -> Self {
        let diary = Diary { number, door, acknowledged: 0, interrupted: 0, repeated: 0 };
        let chance = Chance::new(seed);
        Self { number, door, chance, stage, reference, connection: None, diary }
    }

    /// Talks until the stage ends, and ends it where an answer is wrong.
    pub(crate) fn talk(mut self) -> Result<Diary, Finding> {
        while !self.stage.is_over() {
            sleep(Duration::from_micros(self.chance.below(LONGEST_PAUSE_MICROS)));
            let known = self.diary.acknowledged;
            let repeats = known > 0 && self.chance.below(REPEATS_ONE_IN) == 0;
            let turn = if repeats { self.old_turn(known) } else { known };
            self.say(turn).inspect_err(|_| self.stage.end())?;
            if repeats {
                self.diary.repeated += 1;
            } else {
                self.diary.acknowledged += 1;
            }
        }
        Ok(self.diary)
    }

    /// The last turn or any, each as often: a retry comes soon or much later.
    fn old_turn(&mut self, known: usize) -> usize {
        let back = if self.chance.below(2) == 0 { 0 } else { self.chance.below(known as u64) };
        known - 1 - usize::try_from(back).unwrap()
    }

    /// Says the message of a turn until it is answered, always under the same id.
    fn say(&mut self, turn: usize) -> Result<(), Finding> {
        for _ in 0..LOOKS_FOR_SERVER {
            match self.exchange(turn) {
                Ok(Some(answer)) => return self.compare(turn, &answer),
                Ok(None) => sleep(LOOK_AGAIN),
                Err(Failure::Gone) => {
                    self.connection = None;
                    self.diary.interrupted += 1;
                }
                Err(mute) => return Err(self.finding(turn, mute.to_string())),
            }
        }
        Err(self.finding(turn, "no server".to_owned()))
    }

    /// One try; nothing where there is no server now.
    fn exchange(&mut self, turn: usize) -> Result<Option<Answer>, Failure> {
        let Some(address) = self.stage.server() else { return Ok(None) };
        if self.connection.as_ref().is_none_or(|(old, _)| *old != address) {
            self.connection = Some((address, Connection::open(address)?));
        }
        let Some((_, connection)) = &mut self.connection else { return Ok(None) };
        self.door.say(connection, self.number, turn, script::message(turn)).map(Some)
    }

    fn compare(&self, turn: usize, answer: &Answer) -> Result<(), Finding> {
        let body = self.door.nameless(self.number, &answer.body);
        if answer.status == 200 && body == self.reference.answer(turn) {
            return Ok(());
        }
        Err(self.finding(turn, format!("{} {body}", answer.status)))
    }

    fn finding(&self, turn: usize, got: String) -> Finding {
        Finding {
            number: self.number,
            door: self.door,
            turn,
            acknowledged: self.diary.acknowledged,
            expected: self.reference.answer(turn).to_owned(),
            got,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, door, turn, acknowledged, expected, got } = self;
        writeln!(
            f,
            "customer {number} at {door:?}, of whom {acknowledged} turns are acknowledged,"
        )?;
        writeln!(f, "said in turn {turn}: {}", script::message(*turn))?;
        writeln!(f, "expected: 200 {expected}")?;
        write!(f, "got:      {got}")
    }
}
