//! The page at `/`: the same bot behind a chat in the browser.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::fields::Fields;
use super::problem::{Problem, json};
use super::{App, Shared, access, cookie, turn};
use crate::message::{Channel, Content, Inbound, Reply, UserId};

const HTML: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");

/// The page as it is sent, and what it may do.
pub(super) struct Page {
    html: String,
    policy: HeaderValue,
}

impl Page {
    /// The page of the dealer called `title`.
    pub(super) fn new(title: &str) -> Self {
        let html = HTML
            .replace("{{style}}", STYLE)
            .replace("{{script}}", SCRIPT)
            .replace("{{title}}", &escaped(title));
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; \
             img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            source_hash(STYLE),
            source_hash(SCRIPT),
        );
        let policy = HeaderValue::try_from(policy).expect("base64 is visible ASCII");
        Self { html, policy }
    }
}

/// `GET /`. Opening it takes no turn and makes no user.
pub(super) async fn show(State(doors): State<Shared>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, doors.page.policy.clone()),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, doors.page.html.clone()).into_response()
}

/// `POST /page/message`: one message of the user that the cookie names. The first message makes
/// the user: a page opened from a link elsewhere comes without its strict cookie, and must not
/// lose it for that.
pub(super) async fn message(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    #[derive(Serialize)]
    struct Answered<'a> {
        replies: &'a [Reply],
    }
    let (parts, body) = request.into_parts();
    let app = &doors.app;
    access::from_the_page(&app.settings, &parts)?;
    let mut fields =
        Fields::read(&parts.headers, body, doors.app.settings.limits.chat_body_bytes).await?;
    let (user, set_cookie) = user(app, &parts.headers)?;
    let inbound = Inbound {
        user,
        content: Content::Text(fields.text("message")?),
        id: fields.message_id()?,
        at: (app.clock)(),
    };
    let mut response = match turn::take(&doors, inbound).await {
        Ok(answer) => json(StatusCode::OK, &Answered { replies: &answer.replies }),
        Err(problem) => problem.into_response(),
    };
    // On a failure too: the message that comes again is the same user's.
    response.headers_mut().insert(SET_COOKIE, set_cookie);
    Ok(response)
}

/// The user of a request, new or not, and the cookie that keeps it. An old user's is sent again,
/// so that it lasts as long as the session does.
fn user(app: &App, headers: &HeaderMap) -> Result<(UserId, HeaderValue), Problem> {
    let id = app.cookies.user(headers).map(str::to_owned).or_else(cookie::new_id);
    let id = id.ok_or(Problem::Unavailable)?;
    let user = UserId::new(Channel::Web, &id).map_err(|_| Problem::Unavailable)?;
    let secure = app.settings.public_base_url.as_ref().is_some_and(|url| url.starts_with("https:"));
    let cookie = HeaderValue::try_from(app.cookies.set(&id, app.retention, secure));
    Ok((user, cookie.map_err(|_| Problem::Unavailable)?))
}

/// How a policy names the one inline text it allows.
fn source_hash(inline: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(inline)))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_text() {
        let html = Page::new("Autos <b> & \"Cía\"").html;
        assert!(html.contains("Autos &lt;b&gt; &amp; &quot;Cía&quot;"));
        assert!(!html.contains("{{"));
    }

    #[test]
    fn the_policy_allows_the_page_s_own_parts() {
        let page = Page::new("Autos");
        let policy = page.policy.to_str().unwrap();
        for (tag, source) in [("style", STYLE), ("script", SCRIPT)] {
            let html = &page.html;
            let begin = html.find(&format!("<{tag}>")).unwrap() + tag.len() + 2;
            let end = html.find(&format!("</{tag}>")).unwrap();
            assert_eq!(&html[begin..end], source, "{tag} is sent as it is hashed");
            assert!(policy.contains(&source_hash(source)));
        }
    }
}
