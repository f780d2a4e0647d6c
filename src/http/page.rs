//! The page at `/`: the same bot behind a chat in the browser.

use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::fields::{Fields, MESSAGE, MESSAGE_ID};
use super::html::{Html, PALETTE, escaped};
use super::problem::{Problem, json};
use super::{App, Shared, access, cookie, turn};
use crate::message::{Channel, Content, Inbound, Reply, UserId};

const HTML: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");

/// Makes a transcript of the talk.
const RECORD: &str = include_str!("assets/record.html");

/// The page as each may have it.
pub(super) struct Pages {
    /// For customers.
    plain: Html,
    /// For those who try the bot on their own machine: it can record the talk.
    recording: Html,
}

impl Pages {
    /// The pages of the dealer called `title`.
    pub(super) fn new(title: &str) -> Self {
        Self { plain: page(title, ""), recording: page(title, RECORD) }
    }
}

/// The page with these buttons beside the one that starts over.
fn page(title: &str, buttons: &str) -> Html {
    let style = style();
    let text = HTML
        .replace("{{style}}", &style)
        .replace("{{script}}", SCRIPT)
        .replace("{{buttons}}", buttons)
        .replace("{{title}}", &escaped(title));
    Html::new(text, &style, Some(SCRIPT))
}

fn style() -> String {
    [PALETTE, STYLE].concat()
}

/// `GET /`. Opening it takes no turn and makes no user.
pub(super) async fn show(State(doors): State<Shared>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match access::may_record(&doors.app.settings, &parts) {
        Ok(()) => doors.pages.recording.response(),
        Err(_) => doors.pages.plain.response(),
    }
}

/// What the page is answered.
#[derive(Serialize, JsonSchema)]
pub(super) struct PageAnswer<'a> {
    /// What is said: at least one.
    #[schemars(length(min = 1))]
    replies: &'a [Reply],
}

/// `POST /page/message`: one message of the user that the cookie names. The first message makes
/// the user: a page opened from a link elsewhere comes without its strict cookie, and must not
/// lose it for that.
pub(super) async fn message(
    State(doors): State<Shared>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let app = &doors.app;
    access::from_the_page(&app.settings, &parts)?;
    let mut fields =
        Fields::read(&parts.headers, body, doors.app.settings.limits.chat_body_bytes).await?;
    let (user, set_cookie) = user(app, &parts.headers)?;
    let inbound = Inbound {
        user,
        content: Content::Text(fields.text(&MESSAGE)?),
        id: fields.id(&MESSAGE_ID)?,
        at: (app.clock)(),
    };
    let mut response = match turn::take(&doors, inbound).await {
        Ok(answer) => json(StatusCode::OK, &PageAnswer { replies: &answer.replies }),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_text_and_the_page_is_whole() {
        let Pages { plain, recording } = Pages::new("Autos <b> & \"Cía\"");
        for page in [plain, recording] {
            assert!(page.text().contains("Autos &lt;b&gt; &amp; &quot;Cía&quot;"));
            page.is_whole(&[("style", &style()), ("script", SCRIPT)]);
        }
    }
}
