//! Is it alive, and can it take a turn.

use std::sync::{Mutex, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::Shared;
use super::problem::{self, Problem};

/// Why the bot was not ready when it was last asked; none where it was. Probes come every few
/// seconds, and the log tells changes only.
#[derive(Default)]
pub(super) struct Readiness(Mutex<Option<String>>);

/// How it is.
#[derive(Serialize, JsonSchema)]
pub(super) struct Alive {
    status: Status,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// The process answers.
    Ok,
    /// It can take a turn.
    Ready,
}

/// `GET /health`: the process answers.
pub(super) async fn health() -> Response {
    problem::json(StatusCode::OK, &Alive { status: Status::Ok })
}

/// `GET /ready`: the store is open and the flows are loaded. Why not is for the log alone: it may
/// name this machine's files, and anybody may ask.
pub(super) async fn ready(State(doors): State<Shared>) -> Result<Response, Problem> {
    let hindrance = doors.app.bot.ready().err();
    let ready = hindrance.is_none();
    doors.readiness.note(hindrance);
    if !ready {
        return Err(Problem::NotReady);
    }
    Ok(problem::json(StatusCode::OK, &Alive { status: Status::Ready }))
}

impl Readiness {
    fn note(&self, hindrance: Option<String>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *last == hindrance {
            return;
        }
        if let Some(reason) = &hindrance {
            tracing::error!(reason, "not ready");
        } else {
            tracing::info!("ready again");
        }
        *last = hindrance;
    }
}
