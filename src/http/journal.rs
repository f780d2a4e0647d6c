//! Each request, counted, and told to the log in one line.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::Shared;

/// Counts and logs method, route, status and time. The route, not the path: a path may hold
/// anything. What else is logged on the way stands in the same span.
pub(super) async fn request(State(doors): State<Shared>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = doors.app.journal.request();
    let began = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    doors.app.metrics.request(route, status, took);
    let ms = took.as_secs_f64() * 1_000.0;
    span.in_scope(|| tracing::debug!(%method, route, status, ms, "request"));
    response
}
