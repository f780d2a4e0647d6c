//! What a server that nobody disturbs answers.

use std::net::SocketAddr;

use crate::door::Door;
use crate::process::Connection;
use crate::script::{self, ROUND};

/// The customer whose answers are the reference.
const MODEL: usize = 999;

/// The right answers of one door, without the user's name.
#[derive(Debug)]
pub(crate) struct Reference {
    /// The first round differs: it begins with the notice.
    first: Vec<String>,
    later: Vec<String>,
}

impl Reference {
    /// Asks the server at `address`, which must answer every later round alike.
    pub(crate) fn take(door: Door, address: SocketAddr) -> Self {
        let mut answers = answers(door, address, MODEL, 0..3 * ROUND.len());
        let third = answers.split_off(2 * ROUND.len());
        let later = answers.split_off(ROUND.len());
        assert_eq!(later, third, "a round does not end where it began");
        Self { first: answers, later }
    }

    /// The right answer to the message of a turn.
    pub(crate) fn answer(&self, turn: usize) -> &str {
        self.first.get(turn).unwrap_or_else(|| &self.later[turn % ROUND.len()])
    }

    /// The words of the right answer, where this is the reference of `/chat`.
    pub(crate) fn text(&self, turn: usize) -> String {
        let answer: serde_json::Value = serde_json::from_str(self.answer(turn)).unwrap();
        let replies = answer["replies"].as_array().unwrap().iter();
        let texts: Vec<&str> = replies.map(|reply| reply["text"].as_str().unwrap()).collect();
        assert_eq!(texts.len(), 1, "a reply is one message here");
        texts[0].to_owned()
    }

    /// The messages of a round that could go missing without another answer to a later one.
    pub(crate) fn blind_to_loss(&self, door: Door, address: SocketAddr) -> Vec<usize> {
        let alike = |lost: &usize| {
            let said = (0..=ROUND.len()).filter(|turn| turn != lost);
            self.agrees_after(*lost, &answers(door, address, *lost, said))
        };
        (0..ROUND.len()).filter(alike).collect()
    }

    /// The messages of a round that could be taken twice without another answer to a later one.
    pub(crate) fn blind_to_doubling(&self, door: Door, address: SocketAddr) -> Vec<usize> {
        let alike = |twice: &usize| {
            let said = (0..=ROUND.len())
                .flat_map(|turn| std::iter::repeat_n(turn, if turn == *twice { 2 } else { 1 }));
            let mut answers = answers(door, address, ROUND.len() + twice, said);
            answers.remove(*twice);
            self.agrees_after(*twice, &answers)
        };
        (0..ROUND.len()).filter(alike).collect()
    }

    /// Whether a round and one more message, of which the turn at `odd` went wrong, is answered
    /// as if nothing had happened after it.
    fn agrees_after(&self, odd: usize, answers: &[String]) -> bool {
        let after = &answers[answers.len() - (ROUND.len() - odd)..];
        after.iter().zip(odd + 1..).all(|(answer, turn)| answer == self.answer(turn))
    }
}

/// What customer `number` is answered who says the messages of these turns, each as a new one.
fn answers(
    door: Door,
    address: SocketAddr,
    number: usize,
    turns: impl Iterator<Item = usize>,
) -> Vec<String> {
    let mut connection = Connection::open(address).unwrap();
    let mut say = |(id, turn)| {
        let answer = door.say(&mut connection, number, id, script::message(turn)).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        door.nameless(number, &answer.body)
    };
    turns.enumerate().map(&mut say).collect()
}
