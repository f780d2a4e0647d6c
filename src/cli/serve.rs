//! `kavak-bot serve`: the doors.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use tokio::net::TcpListener;

use super::assemble::{self, AssembleError};
use super::levels::Gauge;
use super::{Verdict, clock};
use crate::config::{ModelSettings, Settings};
use crate::conversation::{Conversation, Converse, Receive, TurnError, Watch};
use crate::dealer::Dealer;
use crate::delivery::{Carrier, Delivery, Meta, MetaAccount, MetaError};
use crate::http::{self, App, CookieKey, Key, KeyError, Operator, OperatorToken};
use crate::message::Channel;
use crate::metrics::Metrics;
use crate::store::{SledStore, Store, StoreError};
use crate::telemetry::{self, Journal};

/// How often what is old is deleted.
const SWEEP_EVERY: Duration = Duration::from_mins(15);

/// The pause before passages that could not be embedded are tried again, and the longest one.
const LEARN_AGAIN: Duration = Duration::from_mins(1);
const LEARN_AGAIN_AT_MOST: Duration = Duration::from_hours(1);

/// Where the page's cookie key is kept, in the store's folder.
const COOKIE_KEY_FILE: &str = "cookie.key";

/// Where the token of the operator's door is kept, in the store's folder.
pub(super) const OPERATOR_KEY_FILE: &str = "operator.key";

/// Where the key that users' names in the log are hashed with is kept, in the store's folder.
const LOG_KEY_FILE: &str = "log.key";

/// Where sled keeps its files, in the store's folder.
pub(super) const STORE_FOLDER: &str = "store";

/// What stops the start.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Meta(#[from] MetaError),
    #[error("what waited cannot be taken up: {0}")]
    Resume(#[from] TurnError),
    #[error(transparent)]
    Key(#[from] KeyError),
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
    let metrics = Arc::new(Metrics::default());
    let folder = settings.data_dir.join(STORE_FOLDER);
    let watch = Arc::clone(&metrics);
    let store: Arc<dyn Store> = Arc::new(SledStore::open_watched(&folder, watch)?);
    let watch = Arc::clone(&metrics) as Arc<dyn Watch>;
    let bot = assemble::conversation(&settings, assembled, Arc::clone(&store), watch)?;
    let key = |file| Key::load_or_create(&settings.data_dir.join(file));
    let journal = Arc::new(Journal::new(key(LOG_KEY_FILE)?.expose(), clock::now()));
    let bot = Arc::new(bot.logged(Arc::clone(&journal)));
    let levels = Gauge { bot: Arc::clone(&bot), store: Arc::clone(&store), folder };
    let cookies = CookieKey::new(key(COOKIE_KEY_FILE)?);
    let token = OperatorToken::new(&key(OPERATOR_KEY_FILE)?);
    let address = settings.bind;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| ServeError::Listen { address, source })?;
    let address = listener.local_addr()?;
    let sending = deliver(&settings, &bot, &store)?.map(tokio::spawn);
    let waited = bot.resume().await?;
    if waited > 0 {
        tracing::info!(waited, "messages that waited have their turns now");
    }
    let learning = tokio::spawn(learn(Arc::clone(&bot)));
    let sweeping = tokio::spawn(sweep(Arc::clone(&store), retention));
    tell(&settings, address, cars);
    let app = App {
        bot: Arc::clone(&bot) as Arc<dyn Converse>,
        mail: Arc::clone(&bot) as Arc<dyn Receive>,
        operator: Operator { desk: bot, token },
        settings: Arc::new(settings),
        clock: clock::now,
        cookies,
        journal,
        metrics,
        levels: Arc::new(levels),
        retention,
        title,
        session_schema: Dealer::view_schema(),
    };
    let served = http::serve(listener, http::router(app), stop_signal()).await;
    sweeping.abort();
    if let Some(sending) = sending {
        sending.abort();
    }
    learning.abort();
    Ok(served?)
}

/// Says where the bot is, what it sells, and what is switched off for lack of a key.
fn tell(settings: &Settings, address: std::net::SocketAddr, cars: usize) {
    println!("kavak-bot at http://{address} · {cars} cars in {}", settings.catalog_path.display());
    tell_model(&settings.model);
    if !settings.checks_twilio() {
        println!("No TWILIO_AUTH_TOKEN: the webhook is open on loopback, and shut once exposed.");
    }
    if settings.api_token.is_none() {
        println!("No API_TOKEN: /chat is open on loopback, and shut once exposed.");
    }
}

/// Says which model words open answers, and what it may cost.
fn tell_model(settings: &ModelSettings) {
    if settings.api_key.is_none() {
        println!("No OPENAI_API_KEY: open questions are answered from the context file alone.");
        return;
    }
    let ModelSettings { user_daily_limit, daily_limit, monthly_cap, .. } = settings;
    println!(
        "Open answers are worded by {}: at most {user_daily_limit} calls a day for one user, \
         {daily_limit} for all, {} dollars a month.",
        assemble::model_name(settings),
        Decimal::new(i64::try_from(*monthly_cap).unwrap_or(i64::MAX), 9).normalize(),
    );
    if !assemble::has_known_prices(settings) {
        println!(
            "No OPENAI_INPUT_PRICE and OPENAI_OUTPUT_PRICE: they are taken as 10 and 40 dollars for \
             a million tokens, so that the month's cap is reached early and not late."
        );
    }
}

/// Sends the replies of channels that are answered later, where an account is set.
fn deliver(
    settings: &Settings,
    bot: &Conversation<Dealer>,
    store: &Arc<dyn Store>,
) -> Result<Option<impl Future<Output = ()> + use<>>, MetaError> {
    let account = settings.meta_phone_number_id.clone().zip(settings.meta_access_token.clone());
    let Some((phone_number_id, access_token)) = account else { return Ok(None) };
    let flows = bot.engine().flows();
    let label = flows.bot.list_label.as_ref().map(|key| bot.engine().say(key, clock::now()));
    let account = MetaAccount {
        base_url: settings.meta_api_url.clone(),
        phone_number_id,
        access_token,
        list_label: label.unwrap_or_default(),
        a_second: settings.meta_messages_per_second,
    };
    let carrier: Arc<dyn Carrier> = Arc::new(Meta::new(account)?);
    let carriers = HashMap::from([(Channel::Meta, carrier)]);
    let delivery = Delivery::new(Arc::clone(store), carriers, bot.posted(), clock::now);
    Ok(Some(Arc::new(delivery).run()))
}

/// Makes ready for open questions: learns from the examples, and embeds the passages that are new,
/// where a model embeds; tries again where it fails.
async fn learn(bot: Arc<Conversation<Dealer>>) {
    let mut pause = LEARN_AGAIN;
    loop {
        match bot.learn(clock::now()).await {
            Ok(0) => return,
            Ok(passages) => return tracing::info!(passages, "passages were embedded"),
            Err(error) => {
                tracing::warn!(%error, "the passages are not embedded; words find them");
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LEARN_AGAIN_AT_MOST);
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
