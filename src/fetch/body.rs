//! The bytes of an answer, up to a limit.

use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderName};

use super::error::{FetchErrorKind, deepest};

/// All bytes of `response`, read piece by piece: a server need not say how many there will be, nor
/// be right about it.
pub(super) async fn read(response: Response, limit: usize) -> Result<Vec<u8>, FetchErrorKind> {
    let (bytes, is_whole) = read_up_to(response, limit).await?;
    if is_whole { Ok(bytes) } else { Err(FetchErrorKind::TooLarge(limit)) }
}

/// The first `limit` bytes of `response`, and whether these are all.
pub(super) async fn read_up_to(
    mut response: Response,
    limit: usize,
) -> Result<(Vec<u8>, bool), FetchErrorKind> {
    let packed = header(&response, &CONTENT_ENCODING);
    if let Some(packed) = packed.filter(|packed| !packed.eq_ignore_ascii_case("identity")) {
        return Err(FetchErrorKind::Packed(packed));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        let room = limit - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Ok((bytes, false));
        }
    }
    Ok((bytes, true))
}

/// The value of a header, the letters that no header may have replaced.
pub(super) fn header(response: &Response, name: &HeaderName) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(value.as_bytes().escape_ascii().to_string())
}

/// A connection that broke, or never stood.
pub(super) fn broken(error: &reqwest::Error) -> FetchErrorKind {
    FetchErrorKind::Unreachable { reason: deepest(error) }
}
