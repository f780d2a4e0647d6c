//! Is it alive, and can it take a turn.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::Shared;
use super::problem::{self, Problem};

/// `GET /health`: the process answers.
pub(super) async fn health() -> Response {
    problem::json(StatusCode::OK, &json!({"status": "ok"}))
}

/// `GET /ready`: the store is open and the flows are loaded.
pub(super) async fn ready(State(doors): State<Shared>) -> Result<Response, Problem> {
    doors.app.bot.ready().map_err(Problem::NotReady)?;
    Ok(problem::json(StatusCode::OK, &json!({"status": "ready"})))
}
