//! `kavak-bot serve`: the doors.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::assemble::{self, AssembleError};
use super::delivery::delivery;
use super::desk::{self, OpenError};
use super::levels::Gauge;
use super::page_recorder::PageRecorder;
use super::reload::{self, ReloadError};
use super::{Verdict, clock};
use crate::config::{LimitSettings, ModelSettings, Settings};
use crate::conversation::{
    Conversation, Converse, Later, Receive, TrafficLimits, TurnError, Watch,
};
use crate::dealer::Dealer;
use crate::delivery::{AccountError, Track};
use crate::http::{self, App, CookieKey, Key, KeyError, Operator, OperatorToken};
use crate::message::{Channel, Dispatch};
use crate::metrics::Metrics;
use crate::store::{SetAside, Store};
use crate::telemetry::{self, Journal};

/// How often what is old is deleted.
const SWEEP_EVERY: Duration = Duration::from_mins(15);

/// How often a store that cannot write is opened again.
const RECOVER_EVERY: Duration = Duration::from_secs(3);

/// The pause before passages that could not be embedded are tried again, and the longest one.
const LEARN_AGAIN: Duration = Duration::from_mins(1);
const LEARN_AGAIN_AT_MOST: Duration = Duration::from_hours(1);

/// How long what runs in the background may take to end, after the doors have shut.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// Replies that the sender is told of and has not looked at; whoever has more waits.
const MAX_DISPATCHES: usize = 1_024;

/// Users whose sessions are held between their messages: some kilobytes each.
const RECENT_USERS: usize = 128;

/// Where the page's cookie key is kept, in the store's folder.
const COOKIE_KEY_FILE: &str = "cookie.key";

/// Where the token of the operator's door is kept, in the store's folder.
pub(super) const OPERATOR_KEY_FILE: &str = "operator.key";

/// Where the key that users' names in the log are hashed with is kept, in the store's folder.
const LOG_KEY_FILE: &str = "log.key";

/// What stops the start.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error("what waited cannot be taken up: {0}")]
    Resume(#[from] TurnError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Reload(#[from] ReloadError),
    #[error("cannot listen on {address}: {source}; is another server running there?")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Serve the chat API, the webhooks and the page
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Take up changes of flows, texts, cars, credit policy and dealer's file as they are saved;
    /// files that are wrong are told in the log, and the bot goes on as before
    #[arg(long)]
    watch: bool,
}

impl Serve {
    pub(super) fn run(&self, settings: Settings) -> Verdict {
        if let Err(error) = telemetry::start(settings.log_level, settings.log_format) {
            eprintln!("the log cannot be started: {error}");
            return Verdict::Wrong;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let served = runtime.map_err(ServeError::from).and_then(|runtime| {
            let served = runtime.block_on(serve(settings, self.watch));
            runtime.shutdown_timeout(LAST_WAIT);
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
}

async fn serve(settings: Settings, watch: bool) -> Result<(), ServeError> {
    let settings = Arc::new(settings);
    let metrics = Arc::new(Metrics::default());
    // The store and what is spoken know nothing of each other: side by side they are sooner ready.
    let opening = {
        let (settings, metrics) = (Arc::clone(&settings), Arc::clone(&metrics));
        tokio::task::spawn_blocking(move || desk::open_watched(&settings, metrics))
    };
    let assembled = assemble::dealer(&settings).and_then(|assembled| {
        let (cars, profile) = (assembled.dealer.catalog().len(), assembled.profile.clone());
        let mind = assemble::mind(&settings, assembled, Arc::clone(&metrics) as Arc<dyn Watch>)?;
        Ok((cars, profile, mind))
    });
    // Whatever else is wrong, a store that is being opened is not left halfway.
    let store = opening.await.map_err(std::io::Error::from)?;
    let ((cars, profile, mind), store) = (assembled?, Arc::new(store?) as Arc<dyn Store>);
    let (connections, retention) = (settings.limits.connections, profile.retention());
    let (dispatches, to_send) = mpsc::channel(MAX_DISPATCHES);
    let wake = dispatches.clone();
    let bot = mind.over(Arc::clone(&store)).holding(RECENT_USERS);
    let bot = bot.answering_later(later(&settings, dispatches)).bounded(traffic(&settings.limits));
    let key = |file| Key::load_or_create(&settings.data_dir.join(file));
    let journal = Arc::new(Journal::new(key(LOG_KEY_FILE)?.expose(), clock::now()));
    let bot = Arc::new(bot.logged(Arc::clone(&journal)));
    let folder = settings.data_dir.join(desk::STORE_FOLDER);
    let levels = Gauge { bot: Arc::clone(&bot), store: Arc::clone(&store), folder };
    let cookies = CookieKey::new(key(COOKIE_KEY_FILE)?);
    let token = OperatorToken::new(&key(OPERATOR_KEY_FILE)?);
    let listener = listen(settings.bind).await?;
    mend(store.as_ref()).await;
    let delivery = Arc::new(delivery(&settings, &bot, Arc::clone(&store))?);
    let sending = tokio::spawn(Arc::clone(&delivery).run(to_send));
    if watch {
        reload::follow(&settings, profile.retention_days, &bot)?;
    }
    let waited = bot.resume()?;
    if waited > 0 {
        tracing::info!(waited, "messages that waited have their turns now");
    }
    let beside = [
        tokio::spawn(learn(Arc::clone(&bot))),
        tokio::spawn(sweep(Arc::clone(&store), retention)),
        tokio::spawn(recover(Arc::clone(&store), wake)),
    ];
    // It serves all the same where nobody reads this.
    let _ = tell(&mut io::stdout(), &settings, listener.local_addr()?, cars);
    let desk = bot.desk(settings.data_dir.clone(), clock::now);
    let app = App {
        bot: Arc::clone(&bot) as Arc<dyn Converse>,
        mail: Arc::clone(&bot) as Arc<dyn Receive>,
        replies: Arc::clone(&delivery) as Arc<dyn Track>,
        recorder: Arc::new(PageRecorder { settings: Arc::clone(&settings), desk: desk.clone() }),
        operator: Operator { desk, token },
        settings,
        clock: clock::now,
        cookies,
        journal,
        metrics,
        levels: Arc::new(levels),
        retention,
        title: profile.name,
        session_schema: Dealer::view_schema(),
    };
    let stop = async move {
        stop_signal().await;
        tracing::info!("stopping: what is under way is finished");
    };
    http::serve(listener, http::router(app), connections, stop).await;
    beside.iter().for_each(JoinHandle::abort);
    delivery.stop().await;
    sending.abort();
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

/// How messages are answered later.
fn later(settings: &Settings, dispatches: mpsc::Sender<Dispatch>) -> Later {
    Later {
        quiet: Duration::from_secs_f32(settings.quiet_seconds),
        waiting_per_user: settings.limits.waiting_per_user,
        waiting: settings.limits.waiting,
        dispatches,
    }
}

/// How much is answered.
fn traffic(limits: &LimitSettings) -> TrafficLimits {
    TrafficLimits {
        messages_a_minute: limits.messages_per_minute,
        user_replies_a_day: limits.user_replies_per_day,
        replies_a_day: limits.replies_per_day.into(),
        new_users_a_minute: limits.new_users_per_minute,
        pages_an_hour: limits.pages_per_hour,
    }
}

/// Says where the bot is, what it sells, and what is switched off for lack of a key.
fn tell(
    out: &mut impl Write,
    settings: &Settings,
    address: SocketAddr,
    cars: usize,
) -> io::Result<()> {
    let catalog = settings.catalog_path.display();
    writeln!(out, "kavak-bot at http://{address} · {cars} cars in {catalog}")?;
    tell_model(out, &settings.model)?;
    if !settings.twilio.checks() {
        let open = "the webhook is open on loopback, and shut once exposed.";
        writeln!(out, "No TWILIO_AUTH_TOKEN: {open}")?;
    }
    if settings.api_token.is_none() {
        writeln!(out, "No API_TOKEN: /chat is open on loopback, and shut once exposed.")?;
    }
    Ok(())
}

/// Says which model words open answers, and what it may cost.
fn tell_model(out: &mut impl Write, settings: &ModelSettings) -> io::Result<()> {
    if settings.api_key.is_none() {
        let alone = "open questions are answered from the context file alone.";
        return writeln!(out, "No OPENAI_API_KEY: {alone}");
    }
    let ModelSettings { user_daily_limit, daily_limit, monthly_cap, .. } = settings;
    writeln!(
        out,
        "Open answers are worded by {}: at most {user_daily_limit} calls a day for one user, \
         {daily_limit} for all, {} dollars a month.",
        assemble::model_name(settings),
        Decimal::new(i64::try_from(*monthly_cap).unwrap_or(i64::MAX), 9).normalize(),
    )?;
    if !assemble::has_known_prices(settings) {
        writeln!(
            out,
            "No OPENAI_INPUT_PRICE and OPENAI_OUTPUT_PRICE: they are taken as 10 and 40 dollars for \
             a million tokens, so that the month's cap is reached early and not late."
        )?;
    }
    Ok(())
}

/// Makes ready for open questions: learns from the examples, and embeds the passages that are new,
/// where a model embeds; again where it fails, and whenever the model changed.
async fn learn(bot: Arc<Conversation<Dealer>>) {
    let mut pause = LEARN_AGAIN;
    loop {
        match bot.learn(clock::now()).await {
            Ok(passages) => {
                if passages > 0 {
                    tracing::info!(passages, "passages were embedded");
                }
                bot.outdated().await;
            }
            Err(error) => {
                tracing::warn!(%error, "the passages are not embedded; words find them");
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LEARN_AGAIN_AT_MOST);
    }
}

/// Opens a store again that could not write, once there is room.
async fn recover(store: Arc<dyn Store>, wake: mpsc::Sender<Dispatch>) {
    let mut every = tokio::time::interval(RECOVER_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = false;
    loop {
        every.tick().await;
        let Err(error) = store.ready() else { continue };
        if !told {
            tracing::error!(%error, "the store is to be opened again");
        }
        told = true;
        let opening = Arc::clone(&store);
        match tokio::task::spawn_blocking(move || opening.recover()).await {
            Ok(Ok(())) => {
                tracing::info!("the store was opened again");
                told = false;
                // What waits to be sent could not be read meanwhile.
                let _ = wake.send(Dispatch::Look).await;
            }
            Ok(Err(error)) => tracing::warn!(%error, "the store cannot be opened again yet"),
            Err(_) => tracing::error!("opening the store again broke off"),
        }
    }
}

/// Sets aside what cannot be read back, so that nobody waits for it.
async fn mend(store: &dyn Store) {
    match store.mend().await {
        Ok(aside) => {
            for SetAside { what, channel } in aside {
                let channel = channel.map(Channel::as_str);
                tracing::error!(what, channel, "a stored value cannot be read and was set aside");
            }
        }
        Err(error) => tracing::error!(%error, "damaged values cannot be set aside"),
    }
}

async fn sweep(store: Arc<dyn Store>, retention: SignedDuration) {
    let mut every = tokio::time::interval(SWEEP_EVERY);
    loop {
        every.tick().await;
        mend(store.as_ref()).await;
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
