//! The operator's door: what a command of this machine asks of the running server, which holds the
//! store that the command cannot open.
//!
//! Whoever can read the token's file in the data folder may come in; a request that came through a
//! proxy or under a foreign name may not, whatever it bears.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use secrecy::SecretString;

use super::key::Key;
use super::problem::{Problem, json};
use super::{Shared, access};
use crate::conversation::Operate;

/// Where the gaps are asked for.
pub const GAPS_PATH: &str = "/operator/knowledge/gaps";

/// What the operator's door opens to.
#[derive(Clone)]
pub struct Operator {
    /// What is asked for.
    pub desk: Arc<dyn Operate>,
    /// What it is asked with.
    pub token: OperatorToken,
}

/// What a command shows at the operator's door.
#[derive(Clone)]
pub struct OperatorToken(SecretString);

impl OperatorToken {
    /// The token that is kept as `key`.
    #[must_use]
    pub fn new(key: &Key) -> Self {
        Self(BASE64.encode(key.expose()).into())
    }

    /// The token as a request bears it.
    #[must_use]
    pub const fn secret(&self) -> &SecretString {
        &self.0
    }
}

/// `GET /operator/knowledge/gaps`: the questions that were badly answered, as JSON.
pub(super) async fn gaps(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let operator = &doors.app.operator;
    access::may_operate(&operator.token, &parts)?;
    match operator.desk.gaps() {
        Ok(gaps) => Ok(json(StatusCode::OK, &gaps)),
        Err(error) => {
            tracing::error!(%error, "the operator could not be answered");
            Err(Problem::Unavailable)
        }
    }
}
