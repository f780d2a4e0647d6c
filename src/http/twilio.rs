//! Twilio's webhooks.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::{Doors, Shared, access, body, turn};
use crate::channel::Form;
use crate::channel::twilio::{SignedBody, inbound, twiml};
use crate::message::Reply;

/// Bytes of a form that are taken: WhatsApp's longest text, each byte escaped, fits several times.
const MAX_BYTES: usize = 64 * 1024;

const FORM: &str = "application/x-www-form-urlencoded";

/// The same on every retry of one message.
const IDEMPOTENCY_TOKEN: &str = "i-twilio-idempotency-token";

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
    let replies = match turn::take(&doors, inbound).await {
        Ok(answer) => answer.replies,
        Err(_) => vec![apology()],
    };
    Ok(([(CONTENT_TYPE, "text/xml; charset=utf-8")], twiml(&replies)).into_response())
}

/// What became of a message that we sent.
pub(super) async fn status(
    State(doors): State<Shared>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (parts, body) = request.into_parts();
    let form = authentic(&doors, &parts, body).await?;
    if matches!(form.get("MessageStatus"), Some("failed" | "undelivered")) {
        let code = form.get("ErrorCode").and_then(|code| code.parse::<u32>().ok());
        tracing::warn!(code, "Twilio could not deliver a message");
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The form of a request that Twilio sent, as far as can be told.
async fn authentic(doors: &Doors, parts: &Parts, body: Body) -> Result<Form, Problem> {
    let settings = &doors.app.settings;
    access::may_be_signed(settings, parts)?;
    let bytes = body::read(body, MAX_BYTES).await?;
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
