//! What a site's robots.txt lets us read (RFC 9309).

use robotxt::{AccessResult, Robots};
use url::Url;

/// How we are called in a robots.txt.
pub(super) const AGENT: &str = "kavak-bot";

/// The bytes of a robots.txt that are read; the standard asks for 500 KiB at least.
pub(super) const MAX_BYTES: usize = robotxt::BYTE_LIMIT;

/// "Too many requests": the one refusal that means later, not anything.
const TOO_MANY_REQUESTS: u16 = 429;

/// What is known of a site.
pub(super) enum Site {
    /// It says so itself.
    Rules(Robots),
    /// It cannot say, so it has to be left alone.
    Unreachable {
        /// Why it cannot.
        reason: String,
    },
}

impl Site {
    /// A site whose robots.txt is `bytes`.
    pub(super) fn ruled(bytes: &[u8]) -> Self {
        Self::Rules(Robots::parse(bytes, AGENT))
    }

    /// A site that answers with `status`: without a file everything may be read, unless the server
    /// is in no state to tell.
    pub(super) fn without_file(status: u16) -> Self {
        if (400..500).contains(&status) && status != TOO_MANY_REQUESTS {
            Self::Rules(Robots::from_access(AccessResult::Unavailable, AGENT))
        } else {
            Self::Unreachable { reason: format!("status {status}") }
        }
    }
}

/// Where the robots.txt of `url`'s site is; none where `url` has no site.
pub(super) fn location(url: &Url) -> Option<Url> {
    robotxt::robots_url(url).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(site: &Site, path: &str) -> bool {
        match site {
            Site::Rules(robots) => robots.is_allowed(path),
            Site::Unreachable { .. } => false,
        }
    }

    #[test]
    fn our_own_group_comes_before_everybody_s() {
        let site =
            Site::ruled(b"User-agent: *\nDisallow: /\n\nUser-agent: Kavak-Bot\nDisallow: /a$\n");
        assert!(admits(&site, "/b") && admits(&site, "/a/c") && !admits(&site, "/a"));
    }

    #[test]
    fn no_file_is_a_yes_and_no_answer_a_no() {
        for (status, expected) in
            [(404, true), (403, true), (429, false), (500, false), (204, false)]
        {
            assert_eq!(admits(&Site::without_file(status), "/"), expected, "{status}");
        }
    }
}
