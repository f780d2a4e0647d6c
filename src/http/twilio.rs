//! Twilio's webhooks.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::{Doors, Shared, access, body, turn};
use crate::channel::twilio::{SignedBody, destination, inbound, twiml};
use crate::channel::{self, Form};
use crate::conversation::TurnError;
use crate::message::{Answer, Arrival, Channel, Reply};

const FORM: &str = "application/x-www-form-urlencoded";

/// The same on every retry of one message.
const IDEMPOTENCY_TOKEN: &str = "i-twilio-idempotency-token";

/// How long Twilio waits for an answer that could as well be sent later.
const WAIT: Duration = Duration::from_millis(1_800);

/// What a customer reads when a turn failed. Twilio hands a 503 to nobody and does not retry it,
/// so the customer is asked instead. The flows have no say: they may be what failed.
const APOLOGY: &str = "No pude guardar tu mensaje. ¿Me lo mandas otra vez?";

/// A message: the form in, `TwiML` out.
pub(super) async fn message(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let form = authentic(&doors, &parts, body).await?;
    let token = parts.headers.get(IDEMPOTENCY_TOKEN).and_then(|token| token.to_str().ok());
    let inbound = inbound(&form, token, (doors.app.clock)())
        .map_err(|error| Problem::BadForm(error.to_string()))?;
    let answer = if doors.app.settings.twilio.sends() {
        at_the_door(&doors, Arrival { inbound, route: destination(&form).route() }).await
    } else {
        turn::take(&doors, inbound).await.ok().map(Some)
    };
    let replies = match answer {
        Some(answer) => answer.map(|answer| answer.replies).unwrap_or_default(),
        None => vec![apology()],
    };
    Ok(([(CONTENT_TYPE, "text/xml; charset=utf-8")], twiml(&replies)).into_response())
}

/// The answer to a message that is durable now, if it comes soon: what takes longer is sent later,
/// and none is given back. Nothing where the message could not be taken in.
async fn at_the_door(doors: &Doors, arrival: Arrival) -> Option<Option<Answer>> {
    match doors.app.mail.answer(arrival, WAIT).await {
        Ok(answer) => Some(answer),
        Err(error @ TurnError::Overloaded) => {
            tracing::warn!(%error, "a message of Twilio's was not taken in");
            None
        }
        Err(error) => {
            tracing::error!(%error, "a message of Twilio's was not taken in");
            None
        }
    }
}

/// What became of a message that we sent.
pub(super) async fn status(
    State(doors): State<Shared>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (parts, body) = request.into_parts();
    let form = authentic(&doors, &parts, body).await?;
    let statuses = channel::twilio::status(&form).into_iter().collect();
    match doors.app.replies.told(Channel::Twilio, statuses).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => {
            tracing::error!(%error, "what Twilio tells was not taken in");
            Err(Problem::Unavailable)
        }
    }
}

/// The form of a request that Twilio sent, as far as can be told.
async fn authentic(doors: &Doors, parts: &Parts, body: Body) -> Result<Form, Problem> {
    let settings = &doors.app.settings;
    access::may_be_signed(settings, parts)?;
    let bytes = body::read(body, settings.limits.twilio_body_bytes).await?;
    if body::media_type(&parts.headers) != FORM {
        access::is_signed(settings, parts, SignedBody::Raw(&bytes))?;
        return Err(Problem::UnsupportedMediaType { expected: FORM });
    }
    let form = Form::parse(&bytes).map_err(|error| Problem::BadForm(error.to_string()))?;
    access::is_signed(settings, parts, SignedBody::Form(&form))?;
    Ok(form)
}

fn apology() -> Reply {
    Reply { text: APOLOGY.to_owned(), media: Vec::new(), choices: Vec::new() }
}
