//! The doors: router, chat API, webhook, page, health, metrics, operator.
//!
//! Every handler is the same straight line: may this come in, what does it say, one turn, answer.
//! What is wrong is a `Problem`, and all problems are JSON of one shape.

mod access;
mod body;
mod chat;
mod cookie;
mod fields;
mod health;
mod html;
mod journal;
mod key;
mod meta;
mod metrics;
mod openapi;
mod operator;
mod page;
mod problem;
mod record;
mod serve;
mod turn;
mod twilio;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::Settings;
use crate::conversation::{Converse, Receive};
use crate::delivery::Track;
use crate::metrics::{Measure, Metrics};
use crate::telemetry::Journal;
pub use cookie::CookieKey;
use health::Readiness;
pub use key::{Key, KeyError};
use openapi::Documents;
pub use operator::{Operator, OperatorToken, operator_path};
use page::Pages;
use problem::Problem;
pub use record::{Record, Recorded, RecordedFile, Unrecorded};
pub use serve::{STOP_TIMEOUT, serve};

/// What the doors open to, and what they need for it.
#[derive(Clone)]
pub struct App {
    /// Who takes the turns.
    pub bot: Arc<dyn Converse>,
    /// Who takes in messages that are answered later.
    pub mail: Arc<dyn Receive>,
    /// Who is told what became of replies.
    pub replies: Arc<dyn Track>,
    /// Who makes transcripts of what was said on the page.
    pub recorder: Arc<dyn Record>,
    /// What this machine's commands may ask for.
    pub operator: Operator,
    /// Secrets and addresses.
    pub settings: Arc<Settings>,
    /// When a message came in.
    pub clock: fn() -> Timestamp,
    /// What the page's cookies are signed with.
    pub cookies: CookieKey,
    /// Which lines of the log belong together.
    pub journal: Arc<Journal>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What is counted only when somebody asks.
    pub levels: Arc<dyn Measure>,
    /// How long a silent user is remembered, and so how long the page's cookie lasts.
    pub retention: SignedDuration,
    /// The dealer's name, on the page.
    pub title: String,
    /// The JSON Schema of a session, as answers show it.
    pub session_schema: Value,
}

/// What every handler sees.
struct Doors {
    app: App,
    pages: Pages,
    recordings: Arc<Semaphore>,
    readiness: Readiness,
    documents: OnceLock<Documents>,
}

impl Doors {
    /// What is said of the doors; made when somebody first asks.
    fn documents(&self) -> &Documents {
        self.documents.get_or_init(|| Documents::new(&self.app.session_schema))
    }
}

type Shared = Arc<Doors>;

/// All doors of the bot. Says in the log, once, which of them stand open or shut for want of a
/// secret.
pub fn router(app: App) -> Router {
    access::tell_what_is_open(&app.settings);
    let pages = Pages::new(&app.title);
    let recordings = Arc::new(Semaphore::new(record::AT_ONCE));
    let (readiness, documents) = (Readiness::default(), OnceLock::new());
    let doors: Shared = Arc::new(Doors { app, pages, recordings, readiness, documents });
    let webhook = || post(twilio::message);
    Router::new()
        .route("/", get(page::show))
        .route("/page/message", post(page::message))
        .route("/page/record", post(record::record))
        .route("/chat", post(chat::message))
        .route("/webhook/whatsapp", webhook())
        .route("/twilio/whatsapp", webhook())
        .route("/webhook", webhook())
        .route("/webhook/whatsapp/status", post(twilio::status))
        .route("/webhook/meta", get(meta::handshake).post(meta::messages))
        .merge(operator::doors())
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/metrics", get(metrics::show))
        .route("/openapi.json", get(openapi::show))
        .route("/docs", get(openapi::read))
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(CatchPanicLayer::custom(problem::of_panic))
        .layer(from_fn_with_state(Arc::clone(&doors), journal::request))
        .with_state(doors)
}
