//! A customer of Meta's, who writes on without waiting for answers; whatever was not acknowledged
//! is written again.

use std::thread::sleep;
use std::time::Duration;

use kavak_bot::message::{Channel, UserId};
use serde_json::json;

use crate::chance::Chance;
use crate::process::{Connection, Failure};
use crate::provider::Provider;
use crate::script;
use crate::stage::Stage;

/// Between two messages a customer waits from nothing to this.
const LONGEST_PAUSE_MICROS: u64 = 20_000;

/// One in so many messages is an old one, already acknowledged.
const REPEATS_ONE_IN: u64 = 8;

const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Looks at the provider for what is still to come: two minutes. A reply that is refused holds up
/// those behind it for a second.
const LOOKS_FOR_REPLIES: u32 = 12_000;
const LOOK_FOR_REPLIES: Duration = Duration::from_millis(10);

/// What a writer knows in the end.
pub(crate) struct Written {
    number: usize,
    /// Messages that were acknowledged: those from 0 on.
    pub(crate) acknowledged: usize,
}

impl Written {
    /// How the store knows this writer.
    pub(crate) fn user(&self) -> UserId {
        UserId::new(Channel::Meta, &format!("5255{:08}", self.number)).unwrap()
    }
}

/// Writes until the stage ends.
pub(crate) fn write(number: usize, seed: u64, stage: &Stage) -> Written {
    let mut chance = Chance::new(seed);
    let mut acknowledged = 0;
    while !stage.is_over() {
        sleep(Duration::from_micros(chance.below(LONGEST_PAUSE_MICROS)));
        let repeats = acknowledged > 0 && chance.below(REPEATS_ONE_IN) == 0;
        let turn = if repeats { acknowledged - 1 } else { acknowledged };
        while !says(number, turn, stage) {
            sleep(LOOK_AGAIN);
        }
        acknowledged += usize::from(!repeats);
    }
    Written { number, acknowledged }
}

/// Whether a message was acknowledged.
fn says(number: usize, turn: usize, stage: &Stage) -> bool {
    let Some(address) = stage.server() else { return false };
    let message = json!({"from": key(number), "id": format!("wamid.in.{number}.{turn}"),
        "timestamp": "1", "type": "text", "text": {"body": script::message(turn)}});
    let value = json!({"messaging_product": "whatsapp", "messages": [message]});
    let change = json!({"field": "messages", "value": value});
    let body = json!({"object": "whatsapp_business_account", "entry": [{"changes": [change]}]});
    let posted = Connection::open(address).and_then(|mut connection| {
        connection.post("/webhook/meta", "application/json", &body.to_string())
    });
    match posted {
        Ok(answer) => answer.status == 200,
        Err(Failure::Gone | Failure::Mute(_)) => false,
    }
}

/// Waits until the provider has all that `written` has to get, and compares it with what a server
/// that nobody disturbs answers: everything, in order, and nothing else; what came twice came twice
/// in a row.
///
/// # Errors
///
/// What is not as it should be.
pub(crate) fn check(
    written: &Written,
    provider: &Provider,
    expected: impl Fn(usize) -> String,
) -> Result<usize, String> {
    let Written { number, acknowledged } = *written;
    let mut expected: Vec<String> = (0..acknowledged).map(expected).collect();
    expected.dedup();
    let mut seen = Vec::new();
    for _ in 0..LOOKS_FOR_REPLIES {
        seen = provider.seen(&key(number));
        let received = seen.len();
        seen.dedup();
        if seen == expected {
            return Ok(received);
        }
        sleep(LOOK_FOR_REPLIES);
    }
    let at = seen.iter().zip(&expected).take_while(|(one, other)| one == other).count();
    Err(format!(
        "writer {number}: of {} replies {} came; number {at} should be {:?} and is {:?}",
        expected.len(),
        seen.len(),
        expected.get(at),
        seen.get(at),
    ))
}

fn key(number: usize) -> String {
    format!("52155{number:08}")
}
