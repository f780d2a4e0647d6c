//! The operator's door: what a command of this machine asks of the running server, which holds the
//! store that the command cannot open.
//!
//! Whoever can read the token's file in the data folder may come in; a request that came through a
//! proxy or under a foreign name may not, whatever it bears.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use secrecy::SecretString;

use super::key::Key;
use super::problem::{Problem, json};
use super::{Shared, access, body};
use crate::conversation::{Backup, Desk, Erase, Errand, Export, Gaps, Outbox, Replay, Users};

/// Bytes of an errand that are taken: it names one user, reply or file.
const MAX_BYTES: usize = 16 * 1024;

/// What the operator's door opens to.
#[derive(Clone)]
pub struct Operator {
    /// Where errands are run.
    pub desk: Desk,
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

/// Where an errand of this kind is taken.
#[must_use]
pub fn operator_path<E: Errand>() -> String {
    format!("/operator/{}", E::NAME)
}

/// What each errand is there for, by its name.
pub(super) const ERRANDS: [(&str, &str); 7] = [
    (Gaps::NAME, "Questions that got “no lo sé” or 👎"),
    (Outbox::NAME, "Replies that wait or were given up"),
    (Replay::NAME, "Have replies that were given up tried again"),
    (Users::NAME, "Who is remembered"),
    (Export::NAME, "All that is stored of a user"),
    (Erase::NAME, "Erase a user"),
    (Backup::NAME, "Write a backup"),
];

/// The door of every errand.
pub(super) fn doors() -> Router<Shared> {
    Router::new()
        .route(&operator_path::<Gaps>(), post(errand::<Gaps>))
        .route(&operator_path::<Outbox>(), post(errand::<Outbox>))
        .route(&operator_path::<Replay>(), post(errand::<Replay>))
        .route(&operator_path::<Users>(), post(errand::<Users>))
        .route(&operator_path::<Export>(), post(errand::<Export>))
        .route(&operator_path::<Erase>(), post(errand::<Erase>))
        .route(&operator_path::<Backup>(), post(errand::<Backup>))
}

/// `POST /operator/…`: one errand as JSON, and its answer.
async fn errand<E: Errand>(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let operator = &doors.app.operator;
    access::may_operate(&operator.token, &parts)?;
    let bytes = body::read(body, MAX_BYTES).await?;
    let errand: E =
        serde_json::from_slice(&bytes).map_err(|error| Problem::BadJson(error.to_string()))?;
    match errand.run(&operator.desk).await {
        Ok(answer) => Ok(json(StatusCode::OK, &answer)),
        Err(error) => {
            tracing::error!(errand = E::NAME, %error, "the operator could not be answered");
            Err(Problem::Errand(error.to_string()))
        }
    }
}
