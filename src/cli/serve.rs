//! `kavak-bot serve`: the doors.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::net::TcpListener;

use super::assemble::{self, AssembleError};
use super::{Verdict, clock};
use crate::config::Settings;
use crate::http::{self, App, CookieKey, CookieKeyError};
use crate::store::{SledStore, Store, StoreError};
use crate::telemetry;

/// How often what is old is deleted.
const SWEEP_EVERY: Duration = Duration::from_mins(15);

/// Where the page's cookie key is kept, in the store's folder.
const COOKIE_KEY_FILE: &str = "cookie.key";

/// Where sled keeps its files, in the store's folder.
const STORE_FOLDER: &str = "store";

/// What stops the start.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Cookie(#[from] CookieKeyError),
    #[error("cannot listen on {address}: {source}; is another server running there?")]
    Listen { address: std::net::SocketAddr, source: std::io::Error },
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

pub(super) fn run(settings: Settings) -> Verdict {
    if let Err(error) = telemetry::start(settings.log_level, settings.log_format) {
        eprintln!("the log cannot be started: {error}");
        return Verdict::Wrong;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let served = runtime.map_err(ServeError::from).and_then(|runtime| {
        let served = runtime.block_on(serve(settings));
        runtime.shutdown_timeout(http::STOP_TIMEOUT);
        served
    });
    match served {
        Ok(()) => Verdict::Fine,
        Err(error) => {
            eprintln!("{error}");
            Verdict::Wrong
        }
    }
}

async fn serve(settings: Settings) -> Result<(), ServeError> {
    let assembled = assemble::dealer(&settings)?;
    let cars = assembled.dealer.catalog().len();
    let (title, retention) = (assembled.profile.name.clone(), assembled.profile.retention());
    let store: Arc<dyn Store> = Arc::new(SledStore::open(&settings.data_dir.join(STORE_FOLDER))?);
    let bot = assemble::conversation(&settings, assembled, Arc::clone(&store))?;
    let cookies = CookieKey::load_or_create(&settings.data_dir.join(COOKIE_KEY_FILE))?;
    let address = settings.bind;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| ServeError::Listen { address, source })?;
    let address = listener.local_addr()?;
    let sweeping = tokio::spawn(sweep(Arc::clone(&store), retention));
    tell(&settings, address, cars);
    let app = App {
        bot: Arc::new(bot),
        settings: Arc::new(settings),
        clock: clock::now,
        cookies,
        retention,
        title,
    };
    let served = http::serve(listener, http::router(app), stop_signal()).await;
    sweeping.abort();
    Ok(served?)
}

/// Says where the bot is, what it sells, and what is switched off for lack of a key.
fn tell(settings: &Settings, address: std::net::SocketAddr, cars: usize) {
    println!("kavak-bot at http://{address} · {cars} cars in {}", settings.catalog_path.display());
    if settings.openai_api_key.is_none() {
        println!("No OPENAI_API_KEY: open questions are answered from the context file alone.");
    }
    if !settings.checks_twilio() {
        println!("No TWILIO_AUTH_TOKEN: the webhook is open on loopback, and shut once exposed.");
    }
    if settings.api_token.is_none() {
        println!("No API_TOKEN: /chat is open on loopback, and shut once exposed.");
    }
}

async fn sweep(store: Arc<dyn Store>, retention: SignedDuration) {
    let mut every = tokio::time::interval(SWEEP_EVERY);
    loop {
        every.tick().await;
        while let Some(more) = swept(store.as_ref(), retention).await {
            if !more {
                break;
            }
        }
    }
}

/// One piece of the sweep: whether there is more to do; none where it failed.
async fn swept(store: &dyn Store, retention: SignedDuration) -> Option<bool> {
    match store.sweep(clock::now(), retention).await {
        Ok(swept) => {
            if swept.users > 0 {
                tracing::info!(users = swept.users, "silent users were deleted");
            }
            Some(swept.more)
        }
        Err(error) => {
            tracing::error!(%error, "old data cannot be deleted");
            None
        }
    }
}

/// Resolves when the operator or the system asks the server to stop.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
