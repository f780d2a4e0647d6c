//! How long to wait before another try, as the server says it.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The wait where the server does not say.
pub(super) const USUAL_WAIT: Duration = Duration::from_millis(500);

/// Milliseconds, as OpenAI's servers say it more finely.
const RETRY_AFTER_MS: &str = "retry-after-ms";

/// How long the server wants to be left alone; none where it does not say.
///
/// `Retry-After` is seconds or a date (RFC 9110, 10.2.3). A date is taken against the answer's own
/// `Date`, so that no clock of ours is asked and none has to be right.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let milliseconds = value(RETRY_AFTER_MS).and_then(|text| text.parse().ok());
    if let Some(milliseconds) = milliseconds {
        return Some(Duration::from_millis(milliseconds));
    }
    let text = value(RETRY_AFTER.as_str())?;
    let seconds =
        text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.or_else(|| {
        let date = |text: &str| DateTimeParser::new().parse_timestamp(text).ok();
        let (until, now) = (date(text)?, date(value(DATE.as_str())?)?);
        Duration::try_from(until.duration_since(now)).ok()
    })
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderName;

    use super::*;

    fn wait(headers: &[(&str, &str)]) -> Option<Duration> {
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()));
        retry_after(&pairs.collect())
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(wait(&[]), None);
        assert_eq!(wait(&[("retry-after", "3")]), Some(Duration::from_secs(3)));
        assert_eq!(wait(&[("retry-after", "0.25")]), Some(Duration::from_millis(250)));
        let both = [("retry-after", "3"), ("retry-after-ms", "120")];
        assert_eq!(wait(&both), Some(Duration::from_millis(120)));
        let date = ("retry-after", "Sun, 29 Nov 2026 10:00:07 GMT");
        let now = ("date", "Sun, 29 Nov 2026 10:00:05 GMT");
        assert_eq!(wait(&[date, now]), Some(Duration::from_secs(2)));
        assert_eq!(wait(&[date]), None);
        for wrong in ["-1", "soon", "NaN", "inf"] {
            assert_eq!(wait(&[("retry-after", wrong)]), None, "{wrong}");
        }
    }
}
