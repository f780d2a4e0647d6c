//! What is stored of somebody: handed over, or erased.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Desk, Errand, ErrandError, TURN_PATIENCE};
use crate::message::UserId;
use crate::store;

/// Who is remembered: those who wrote last, the newest first.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Users {
    /// How many at most.
    pub limit: usize,
}

/// All that is stored of some users, who may be one person behind several doors.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Export {
    /// Who.
    pub users: Vec<UserId>,
}

/// What is stored of those of whom anything is.
pub type Exported = Vec<store::Export>;

/// Erases all that is stored of some users. It is durable when it is answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Erase {
    /// Who.
    pub users: Vec<UserId>,
}

/// Those of whom something was stored.
pub type Erased = Vec<UserId>;

impl Errand for Users {
    const NAME: &'static str = "users";

    type Answer = Vec<UserId>;

    async fn run(self, desk: &Desk) -> Result<Vec<UserId>, ErrandError> {
        Ok(desk.store.users(self.limit)?)
    }
}

impl Errand for Export {
    const NAME: &'static str = "export";

    const PATIENCE: Duration = TURN_PATIENCE;

    type Answer = Exported;

    async fn run(self, desk: &Desk) -> Result<Exported, ErrandError> {
        let mut exports = Vec::new();
        for user in &self.users {
            exports.push(match &desk.running {
                Some(running) => running.export(user).await?,
                None => desk.store.export(user)?,
            });
        }
        exports.retain(|export| !export.is_empty());
        Ok(exports)
    }
}

impl Errand for Erase {
    const NAME: &'static str = "erase";

    const PATIENCE: Duration = TURN_PATIENCE;

    type Answer = Erased;

    async fn run(self, desk: &Desk) -> Result<Erased, ErrandError> {
        let mut erased = Vec::new();
        for user in self.users {
            let found = if let Some(running) = &desk.running {
                running.erase(&user).await?
            } else {
                let found = !desk.store.export(&user)?.is_empty();
                desk.store.erase(&user).await?;
                found
            };
            if found {
                erased.push(user);
            }
        }
        Ok(erased)
    }
}
