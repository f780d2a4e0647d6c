//! Recorded conversations, played through two versions of the bot: what would customers have read?
//!
//! Each customer's messages go to both versions at the times at which they were written, as long as
//! both bring the talk to the same place with the same figures. From there on nobody knows what the
//! customer would have written, so that the rest is counted as unknown. What was answered when the
//! recording was made does not matter: the data may have changed since.

mod parting;
mod play;
mod recording;
mod report;

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Runtime;

pub use parting::Parting;
pub use recording::{Recording, RecordingError, Said};
pub use report::{Change, Example, Group, Report};

use crate::conversation::TurnError;
use crate::cores;
use crate::engine::vocabulary::Vocabulary;
use crate::transcript::Bot;
use play::{Pair, Played};

/// Why there is no comparison.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The system gave no runtime.
    #[error("no runtime could be started: {0}")]
    Runtime(#[source] std::io::Error),
    /// A version could not take a turn.
    #[error("conversation {conversation} could not be played: {source}")]
    Turn {
        /// What the conversation is called.
        conversation: String,
        /// Why not.
        source: TurnError,
    },
}

/// Plays `recordings` to both versions, on all cores. `examples` are shown of each group of
/// conversations that part in the same way.
///
/// # Errors
///
/// A conversation that could not be played, or a system that gives no threads.
pub fn run<V: Vocabulary>(
    recordings: &[Recording],
    old: &Bot<V>,
    new: &Bot<V>,
    examples: usize,
) -> Result<Report, ReplayError> {
    let next = AtomicUsize::new(0);
    let work = |runtime: &Runtime| {
        let pair = Pair::of(old, new);
        let mut played = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(recording) = recordings.get(index) else { return Ok(played) };
            let one = runtime.block_on(pair.play(recording)).map_err(|source| {
                let conversation = recording.conversation.clone();
                ReplayError::Turn { conversation, source }
            })?;
            played.push((index, one));
        }
    };
    let played = cores::each(recordings.len(), work).map_err(ReplayError::Runtime)?;
    let played = played.into_iter().collect::<Result<Vec<Vec<(usize, Played)>>, _>>()?;
    let mut played = played.concat();
    played.sort_by_key(|(index, _)| *index);
    Ok(Report::of(played.into_iter().map(|(_, played)| played).collect(), examples))
}
