//! What is wrong with a request, as the caller reads it.

use std::any::Any;

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::Serialize;

/// Seconds after which a caller who was refused may come again: lines are short, and turns take
/// milliseconds.
const RETRY_AFTER_SECONDS: u16 = 2;

/// Every answer that is no answer: a status and `{"error": {"code", "message"}}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("the body is not UTF-8")]
    BadUtf8,
    #[error("the body is not a JSON object: {0}")]
    BadJson(String),
    #[error("{name}: {expected}")]
    BadField { name: &'static str, expected: String },
    #[error("the form cannot be read: {0}")]
    BadForm(String),
    #[error("the body did not arrive whole")]
    BrokenBody,
    #[error("Authorization: Bearer API_TOKEN is missing or wrong")]
    Unauthorized,
    #[error("Authorization: Bearer with the operator's token is missing or wrong")]
    NoOperator,
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("there is nothing at this path")]
    NotFound,
    #[error("nothing is stored of the talk of this cookie")]
    NothingToRecord,
    #[error("this path does not take this method; the Allow header names those it takes")]
    MethodNotAllowed,
    #[error("the body has more than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("Content-Type must be {expected}")]
    UnsupportedMediaType { expected: &'static str },
    #[error("too many messages are waiting; the Retry-After header says when to send it again")]
    TooManyRequests,
    #[error("the bot cannot take this message now; send it again")]
    Unavailable,
    #[error("the bot is not ready; its log says why")]
    NotReady,
    /// For the operator alone: it may name this machine's files.
    #[error("{0}")]
    Errand(String),
}

/// How a problem is told.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error", deny_unknown_fields)]
pub(super) struct ProblemBody<'p> {
    /// What is wrong.
    error: Told<'p>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Told<'p> {
    /// What a program reads.
    code: &'p str,
    /// What a person reads.
    #[schemars(length(min = 1))]
    message: String,
}

impl Problem {
    /// One of each.
    pub(super) fn samples() -> [Self; 16] {
        let expected = "application/json";
        [
            Self::BadUtf8,
            Self::BadJson(String::new()),
            Self::BadField { name: "message", expected: String::new() },
            Self::BadForm(String::new()),
            Self::BrokenBody,
            Self::Unauthorized,
            Self::NoOperator,
            Self::Forbidden("forbidden"),
            Self::NotFound,
            Self::NothingToRecord,
            Self::MethodNotAllowed,
            Self::TooLarge { limit: 0 },
            Self::UnsupportedMediaType { expected },
            Self::TooManyRequests,
            Self::Unavailable,
            Self::NotReady,
        ]
    }

    /// The header that comes with it.
    pub(super) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::Unauthorized | Self::NoOperator => {
                Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
            }
            Self::TooManyRequests => Some((RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS))),
            _ => None,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::BadUtf8
            | Self::BadJson(_)
            | Self::BadField { .. }
            | Self::BadForm(_)
            | Self::BrokenBody => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::NoOperator => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NothingToRecord => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable | Self::NotReady | Self::Errand(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What a program reads.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::BadUtf8 => "bad_utf8",
            Self::BadJson(_) => "bad_json",
            Self::BadField { .. } => "bad_field",
            Self::BadForm(_) => "bad_form",
            Self::BrokenBody => "broken_body",
            Self::Unauthorized | Self::NoOperator => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound => "not_found",
            Self::NothingToRecord => "nothing_to_record",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooLarge { .. } => "too_large",
            Self::UnsupportedMediaType { .. } => "unsupported_media_type",
            Self::TooManyRequests => "too_many_requests",
            Self::Unavailable => "unavailable",
            Self::NotReady => "not_ready",
            Self::Errand(_) => "errand",
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> axum::response::Response {
        let told = Told { code: self.code(), message: self.to_string() };
        let mut response = json(self.status(), &ProblemBody { error: told });
        response.headers_mut().extend(self.header());
        response
    }
}

/// A JSON answer that nobody on the way may keep.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let body = serde_json::to_vec(body).expect("our answers have text keys only");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A handler that panicked. What it said stays out of the log: it may quote a message.
pub(super) fn of_panic(_: Box<dyn Any + Send>) -> Response<Body> {
    tracing::error!("a request panicked");
    Problem::Unavailable.into_response()
}
