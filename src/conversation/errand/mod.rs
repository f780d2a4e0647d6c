//! What an operator asks of the bot: one way for all commands, whether a server runs or not.
//!
//! An [`Errand`] is what is asked, and runs at a [`Desk`]: that of the running bot, or one over a
//! store that nobody else holds. It is JSON on its way to the operator's door, and so is its
//! answer, so that a new command is one more errand and nothing else.

mod backup;
mod gaps;
mod outbox;
mod user;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::TurnError;
use crate::message::UserId;
use crate::store::{self, BackupError, Store, StoreError};
pub use backup::Backup;
pub use gaps::{Gap, Gaps};
pub use outbox::{LetterName, Listed, Outbox, Post, Replay, Replayed, Which};
pub use user::{Erase, Erased, Export, Exported, Users};

/// How long an answer may take that waits for a turn under way, which may wait for a model.
const TURN_PATIENCE: Duration = Duration::from_mins(1);

/// What one command asks.
pub trait Errand: Serialize + DeserializeOwned + Send + 'static {
    /// Its name at the operator's door.
    const NAME: &'static str;

    /// How long an answer may take.
    const PATIENCE: Duration = Duration::from_secs(10);

    /// What it gives.
    type Answer: Serialize + DeserializeOwned + Send + 'static;

    /// Does it.
    fn run(self, desk: &Desk) -> impl Future<Output = Result<Self::Answer, ErrandError>> + Send;
}

/// Why an errand could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ErrandError {
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The work panicked, or the process is about to end.
    #[error("the work broke off")]
    Broken,
    /// The bot that serves meanwhile is not able to.
    #[error(transparent)]
    Turn(#[from] TurnError),
}

/// Where errands are run.
#[derive(Clone)]
pub struct Desk {
    store: Arc<dyn Store>,
    /// The folder that the store stands in.
    data_dir: PathBuf,
    clock: fn() -> Timestamp,
    /// The bot that serves meanwhile; none where no server runs.
    running: Option<Arc<dyn Running>>,
}

/// What an errand needs of a bot that serves meanwhile.
#[async_trait]
pub(super) trait Running: Send + Sync {
    /// Has those who send look into the outbox.
    fn wake_sender(&self);

    /// What is stored of a user between two turns of theirs.
    async fn export(&self, user: &UserId) -> Result<store::Export, TurnError>;

    /// Erases a user between two turns of theirs, with what waits for the next ones; whether
    /// anything was stored.
    async fn erase(&self, user: &UserId) -> Result<bool, TurnError>;
}

impl Desk {
    /// A desk over a store in `data_dir` that no bot uses.
    pub fn new(store: Arc<dyn Store>, data_dir: PathBuf, clock: fn() -> Timestamp) -> Self {
        Self { store, data_dir, clock, running: None }
    }

    /// The same desk, where a bot serves.
    pub(super) fn beside(self, running: Arc<dyn Running>) -> Self {
        Self { running: Some(running), ..self }
    }
}
