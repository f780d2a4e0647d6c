//! `POST /chat`: the API.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::fields::{Fields, MESSAGE, MESSAGE_ID, USER_ID};
use super::problem::{Problem, json};
use super::{Shared, access, openapi, turn};
use crate::message::{Channel, Content, Inbound, Reply, Source, UserId, View};

/// The answer to a message.
#[derive(Serialize, JsonSchema)]
pub(super) struct ChatAnswer<'a> {
    /// Who was answered.
    user_id: &'a str,
    /// What is said: at least one, none blank.
    #[schemars(length(min = 1))]
    replies: &'a [Reply],
    /// Where the talk stands.
    turn: ChatTurn<'a>,
    /// What is known.
    #[schemars(schema_with = "openapi::session")]
    session: &'a View,
}

/// Where the talk stands.
#[derive(Serialize, JsonSchema)]
struct ChatTurn<'a> {
    /// `flow.step` after the turn.
    state: &'a str,
    /// Where the words came from.
    source: Source,
}

/// One message of one user, both named by the caller.
pub(super) async fn message(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    access::may_use_api(&doors.app.settings, &parts)?;
    let mut fields =
        Fields::read(&parts.headers, body, doors.app.settings.limits.chat_body_bytes).await?;
    let inbound = Inbound {
        user: user(&fields.text(&USER_ID)?)?,
        content: Content::Text(fields.text(&MESSAGE)?),
        id: fields.id(&MESSAGE_ID)?,
        at: (doors.app.clock)(),
    };
    let user = inbound.user.clone();
    let answer = turn::take(&doors, inbound).await?;
    let answered = ChatAnswer {
        user_id: user.key(),
        replies: &answer.replies,
        turn: ChatTurn { state: &answer.state, source: answer.source },
        session: &answer.session,
    };
    Ok(json(StatusCode::OK, &answered))
}

fn user(key: &str) -> Result<UserId, Problem> {
    UserId::new(Channel::Chat, key)
        .map_err(|error| Problem::BadField { name: USER_ID.name, expected: error.to_string() })
}
