//! `POST /chat`: the API.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use super::fields::Fields;
use super::problem::{Problem, json};
use super::{Shared, access, turn};
use crate::message::{Channel, Content, Inbound, Reply, Source, UserId};

/// The answer to a message.
#[derive(Serialize)]
struct Answered<'a> {
    user_id: &'a str,
    replies: &'a [Reply],
    turn: Turn<'a>,
    session: &'a Value,
}

#[derive(Serialize)]
struct Turn<'a> {
    state: &'a str,
    source: Source,
}

/// One message of one user, both named by the caller.
pub(super) async fn message(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    access::may_use_api(&doors.app.settings, &parts)?;
    let mut fields = Fields::read(&parts.headers, body).await?;
    let inbound = Inbound {
        user: user(&fields.text("user_id")?)?,
        content: Content::Text(fields.text("message")?),
        id: fields.message_id()?,
        at: (doors.app.clock)(),
    };
    let user = inbound.user.clone();
    let answer = turn::take(&doors, inbound).await?;
    let answered = Answered {
        user_id: user.key(),
        replies: &answer.replies,
        turn: Turn { state: &answer.state, source: answer.source },
        session: &answer.session,
    };
    Ok(json(StatusCode::OK, &answered))
}

fn user(key: &str) -> Result<UserId, Problem> {
    UserId::new(Channel::Chat, key)
        .map_err(|error| Problem::BadField { name: "user_id", expected: error.to_string() })
}
