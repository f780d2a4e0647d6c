//! `GET /metrics`: what the bot counts, for Prometheus.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::{Shared, access};
use crate::metrics::CONTENT_TYPE as PROMETHEUS;

/// Open at home, else for whoever bears the token: counts tell how the business goes.
pub(super) async fn show(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    access::may_use_api(&doors.app.settings, &parts)?;
    let shown = std::sync::Arc::clone(&doors);
    // The levels are read from the disk.
    let text = tokio::task::spawn_blocking(move || {
        let app = &shown.app;
        app.metrics.text(&app.levels.levels((app.clock)()))
    });
    let text = text.await.map_err(|_| Problem::Unavailable)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(PROMETHEUS)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, text).into_response())
}
