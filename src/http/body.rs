//! The bytes of a request, bounded in size and time.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use tokio::time::timeout;

use super::problem::Problem;

/// How long a body may take to arrive; webhooks send theirs at once.
const ARRIVAL_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes over the limit that are still read and thrown away: a caller who is cut off in the
/// middle of sending sees a broken connection instead of the 413.
const DRAINED: usize = 16 * 1024 * 1024;

/// The whole body, of at most `limit` bytes.
pub(super) async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let arrival = timeout(ARRIVAL_TIMEOUT, collect(body, limit)).await;
    arrival.unwrap_or(Err(Problem::BrokenBody))
}

async fn collect(mut body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit + DRAINED {
        return Err(Problem::TooLarge { limit });
    }
    let mut bytes = Vec::with_capacity(announced.min(limit));
    let mut arrived = 0;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(|_| Problem::BrokenBody)?.into_data() else { continue };
        arrived += data.len();
        if arrived <= limit {
            bytes.extend_from_slice(&data);
        } else if arrived > limit + DRAINED {
            break;
        }
    }
    if arrived > limit { Err(Problem::TooLarge { limit }) } else { Ok(bytes) }
}

/// The media type of a request, lower case, without parameters; empty where there is none.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
