//! Meta's webhook: acknowledged as soon as what it brings is durable, answered later.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::{Doors, Shared, access, body};
use crate::channel::Form;
use crate::channel::meta::{Received, Webhook, challenge, webhook};
use crate::conversation::TurnError;
use crate::message::{Arrival, Channel};

const NO_TOKEN: Problem = Problem::Forbidden("META_VERIFY_TOKEN is not set");
const WRONG_HANDSHAKE: Problem = Problem::Forbidden("the handshake does not fit");

/// `GET`: the handshake with which Meta asks whether this address is ours.
pub(super) async fn handshake(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let token = doors.app.settings.meta.verify_token.as_ref().ok_or(NO_TOKEN)?;
    let query = request.uri().query().unwrap_or_default();
    let query = Form::parse(query.as_bytes()).map_err(|_| WRONG_HANDSHAKE)?;
    let challenge = challenge(&query, token).map_err(|error| {
        tracing::warn!(%error, "Meta's handshake was refused");
        WRONG_HANDSHAKE
    })?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], challenge.to_owned()).into_response())
}

/// `POST`: messages, and what became of ours. Only a 200 keeps Meta from sending the same again,
/// for up to seven days; so what cannot be read gets one too, and what cannot be stored does not.
pub(super) async fn messages(
    State(doors): State<Shared>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (parts, body) = request.into_parts();
    let settings = &doors.app.settings;
    access::may_be_meta(settings, &parts)?;
    let bytes = body::read(body, settings.limits.meta_body_bytes).await?;
    access::is_meta(settings, &parts, &bytes)?;
    let brought = match webhook(&bytes, (doors.app.clock)()) {
        Ok(brought) => brought,
        Err(error) => {
            tracing::error!(%error, "a webhook of Meta's cannot be read");
            return Ok(StatusCode::OK);
        }
    };
    tell(&brought);
    let Webhook { received, statuses, .. } = brought;
    let arrivals = arrivals(&doors, received);
    if !arrivals.is_empty() {
        accept(&doors, arrivals).await?;
    }
    match doors.app.replies.told(Channel::Meta, statuses).await {
        Ok(()) => Ok(StatusCode::OK),
        Err(error) => {
            tracing::error!(%error, "what Meta tells was not taken in; it tells it again");
            Err(Problem::Unavailable)
        }
    }
}

async fn accept(doors: &Doors, arrivals: Vec<Arrival>) -> Result<(), Problem> {
    match doors.app.mail.accept(arrivals).await {
        Ok(()) => Ok(()),
        Err(error @ TurnError::Overloaded) => {
            tracing::warn!(%error, "messages of Meta's were not taken in; it sends them again");
            Err(Problem::Unavailable)
        }
        Err(error) => {
            tracing::error!(%error, "messages of Meta's were not taken in; it sends them again");
            Err(Problem::Unavailable)
        }
    }
}

/// The messages to our number; an account's numbers share one webhook.
fn arrivals(doors: &Doors, received: Vec<Received>) -> Vec<Arrival> {
    let ours = doors.app.settings.meta.phone_number_id.as_deref();
    let is_ours = |received: &Received| match (ours, &received.reply_to.from) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    };
    let received = received.into_iter().filter(is_ours);
    let arrival = |Received { inbound, reply_to }| Arrival { route: reply_to.route(), inbound };
    received.map(arrival).collect()
}

/// Tells the log what an operator should know of.
fn tell(brought: &Webhook) {
    for error in &brought.broken {
        tracing::error!(%error, "a message of Meta's cannot be taken");
    }
    for fault in &brought.faults {
        tracing::error!(code = fault.code, "Meta complains");
    }
}
