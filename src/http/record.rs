//! `POST /page/record`: what was said on the page as a transcript, for those who try the bot on
//! their own machine.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::problem::{Problem, json};
use super::{Shared, access};
use crate::message::{Channel, UserId};

/// Whoever makes transcripts of what is stored.
#[async_trait]
pub trait Record: Send + Sync {
    /// A user's conversation, personal data masked; none where nothing of his is stored.
    ///
    /// # Errors
    ///
    /// Why there is no transcript, for the log.
    async fn record(&self, user: UserId) -> Result<Option<Recorded>, Unrecorded>;
}

/// Why a conversation could not be recorded.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unrecorded(pub String);

/// A conversation that was recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recorded {
    /// The transcript. It names the other file, which is to stand beside it.
    pub transcript: RecordedFile,
    /// The cars that it needs.
    pub cars: RecordedFile,
    /// Whether the bot answers today as it did then; the transcript has the answers of today.
    pub same: bool,
}

/// A file to be saved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordedFile {
    /// Its name.
    #[schemars(length(min = 1))]
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// One recording at a time, also of those whose caller went away: each plays the conversation
/// several times over.
pub(super) const AT_ONCE: usize = 1;

/// The conversation of the user that the cookie names.
pub(super) async fn record(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let app = &doors.app;
    access::may_record(&app.settings, &parts)?;
    access::from_the_page(&app.settings, &parts)?;
    let id = app.cookies.user(&parts.headers).ok_or(Problem::NothingToRecord)?;
    let user = UserId::new(Channel::Web, id).map_err(|_| Problem::NothingToRecord)?;
    let place = Arc::clone(&doors.recordings);
    let place = place.try_acquire_owned().map_err(|_| Problem::TooManyRequests)?;
    let recorder = Arc::clone(&app.recorder);
    let recording = tokio::spawn(async move {
        let _place = place;
        recorder.record(user).await
    });
    match recording.await {
        Ok(Ok(Some(files))) => Ok(json(StatusCode::OK, &files)),
        Ok(Ok(None)) => Err(Problem::NothingToRecord),
        Ok(Err(error)) => {
            tracing::error!(%error, "a conversation could not be recorded");
            Err(Problem::Unavailable)
        }
        Err(_) => {
            tracing::error!("recording a conversation broke off");
            Err(Problem::Unavailable)
        }
    }
}
