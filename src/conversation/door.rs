//! Somebody at a door who waits a moment for the answer to a message that was taken in: who is
//! still there when the turn is taken gets it, and for who has left it is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::message::Answer;

const WAITS: u8 = 0;
const LEFT: u8 = 1;
const CLAIMED: u8 = 2;

/// The side of the turn. Dropped, it says that the answer comes another way.
#[derive(Debug)]
pub(super) struct Door {
    state: Arc<AtomicU8>,
    answer: oneshot::Sender<Answer>,
}

/// The side of who waits.
#[derive(Debug)]
pub(super) struct Waiter {
    state: Arc<AtomicU8>,
    answer: oneshot::Receiver<Answer>,
}

/// A door with somebody at it.
pub(super) fn door() -> (Door, Waiter) {
    let state = Arc::new(AtomicU8::new(WAITS));
    let (sender, receiver) = oneshot::channel();
    (Door { state: Arc::clone(&state), answer: sender }, Waiter { state, answer: receiver })
}

impl Door {
    /// Whether somebody is still there, who from now on waits until the turn is over.
    pub(super) fn claim(&self) -> bool {
        !self.answer.is_closed() && pass(&self.state, CLAIMED)
    }

    /// Gives the answer to who waits for it.
    pub(super) fn give(self, answer: Answer) {
        // Whose connection broke asks again, and gets the stored answer.
        let _ = self.answer.send(answer);
    }
}

impl Waiter {
    /// The answer, if the turn is taken `within` that time; none where it comes another way.
    pub(super) async fn wait(mut self, within: Duration) -> Option<Answer> {
        match timeout(within, &mut self.answer).await {
            Ok(answer) => answer.ok(),
            Err(_) if pass(&self.state, LEFT) => None,
            Err(_) => self.answer.await.ok(),
        }
    }
}

/// Whether `state` was that somebody waits, and is `next` now.
fn pass(state: &AtomicU8, next: u8) -> bool {
    state.compare_exchange(WAITS, next, Ordering::AcqRel, Ordering::Acquire).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Source, View};

    fn answer() -> Answer {
        let (state, session) = ("main.menu".to_owned(), View::of(&()));
        Answer { replies: Vec::new(), state, source: Source::Flow, session }
    }

    #[tokio::test]
    async fn who_waits_gets_the_answer() {
        let (door, waiter) = door();
        assert!(door.claim());
        door.give(answer());
        assert_eq!(waiter.wait(Duration::from_secs(1)).await, Some(answer()));
    }

    #[tokio::test]
    async fn who_left_gets_none_and_the_turn_knows() {
        let (door, waiter) = door();
        assert_eq!(waiter.wait(Duration::from_millis(1)).await, None);
        assert!(!door.claim());
        let (gone, waiter) = super::door();
        drop(waiter);
        assert!(!gone.claim(), "the connection broke");
    }

    #[tokio::test]
    async fn a_turn_that_began_in_time_is_waited_for() {
        let (door, waiter) = door();
        assert!(door.claim());
        let given = async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            door.give(answer());
        };
        let (got, ()) = tokio::join!(waiter.wait(Duration::from_millis(1)), given);
        assert_eq!(got, Some(answer()));
        let (dropped, waiter) = super::door();
        drop(dropped);
        assert_eq!(waiter.wait(Duration::from_secs(9)).await, None, "it comes another way");
    }
}
