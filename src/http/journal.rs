//! One line in the log for each request.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::Shared;

/// Logs method, route, status and time. The route, not the path: a path may hold anything.
pub(super) async fn request(State(doors): State<Shared>, request: Request, next: Next) -> Response {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return next.run(request).await;
    }
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let began = (doors.app.clock)();
    let response = next.run(request).await;
    let took = (doors.app.clock)().duration_since(began);
    tracing::debug!(
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        us = took.as_micros(),
        "request"
    );
    response
}
