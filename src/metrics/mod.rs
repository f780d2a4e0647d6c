//! What the bot counts and measures, for Prometheus.
//!
//! The modules that do the work know nothing of it: `conversation` and `store` tell whoever watches
//! them, and this is who. Label sets are closed: states of the flows, channels, routes, classes of
//! status codes; never a user, a path or a word.

mod levels;

use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::time::Instant;

use crate::conversation::{self, CallOutcome, Ended, ModelWork, TurnError};
use crate::message::{Channel, Source};
use crate::store;
use levels::{Gauges, as_f64};
pub use levels::{Levels, Measure};

/// What [`Metrics::text`] is: Prometheus' text format.
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// What every name begins with.
const PREFIX: &str = "kavak_bot";

/// Seconds: a turn takes a millisecond, one that waits for a model takes seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Commits in a group, which holds 256 at most.
const COMMITS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

type Counters<L> = Family<L, Counter>;
type Latencies<L> = Family<L, Histogram, fn() -> Histogram>;

/// All that is counted of one bot: a process may have many.
pub struct Metrics {
    registry: Registry,
    turns: Counters<TurnLabels>,
    no_match: Counters<ChannelLabel>,
    repeated: Counters<ChannelLabel>,
    failed: Counters<FailureLabels>,
    turn_seconds: Latencies<LatencyLabels>,
    request_seconds: Latencies<RequestLabels>,
    flush_seconds: Histogram,
    group_commits: Histogram,
    calls: Counters<CallLabels>,
    cost: Family<WorkLabel, Counter<f64, std::sync::atomic::AtomicU64>>,
    gauges: Gauges,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TurnLabels {
    state: String,
    source: &'static str,
    channel: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChannelLabel {
    channel: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FailureLabels {
    channel: &'static str,
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LatencyLabels {
    channel: &'static str,
    source: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    work: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WorkLabel {
    work: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let seconds: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut metrics = Self {
            registry: Registry::with_prefix(PREFIX),
            turns: Family::default(),
            no_match: Family::default(),
            repeated: Family::default(),
            failed: Family::default(),
            turn_seconds: Family::new_with_constructor(seconds),
            request_seconds: Family::new_with_constructor(seconds),
            flush_seconds: seconds(),
            group_commits: Histogram::new(COMMITS),
            calls: Family::default(),
            cost: Family::default(),
            gauges: Gauges::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let Self { registry, .. } = self;
        registry.register(
            "turns",
            "Turns taken, by the state after them, what their words came from, and channel",
            self.turns.clone(),
        );
        registry.register(
            "no_match_turns",
            "Turns in which nothing was understood; those of all turns are the no-match rate",
            self.no_match.clone(),
        );
        registry.register(
            "repeated_messages",
            "Messages that came again and got their stored answer",
            self.repeated.clone(),
        );
        registry.register("failed_turns", "Turns that were not taken", self.failed.clone());
        registry.register(
            "turn_seconds",
            "From a message in its user's line to its durable answer",
            self.turn_seconds.clone(),
        );
        registry.register(
            "http_request_seconds",
            "Requests by route and class of status",
            self.request_seconds.clone(),
        );
        registry.register(
            "store_flush_seconds",
            "Writing one group of commits, until the disk has it",
            self.flush_seconds.clone(),
        );
        registry.register(
            "store_group_commits",
            "Commits that were made durable together",
            self.group_commits.clone(),
        );
        registry.register(
            "model_calls",
            "Calls of a model, made or refused, by what they were for and what became of them",
            self.calls.clone(),
        );
        registry.register(
            "model_cost_dollars",
            "What calls of a model cost since the start, never too little",
            self.cost.clone(),
        );
        self.gauges.register(registry);
    }

    /// A request was answered: `route` as the router names it, not its path.
    pub fn request(&self, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels { route: route.to_owned(), status: class(status) };
        self.request_seconds.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Everything as text, with `levels` as they are now.
    #[must_use]
    pub fn text(&self, levels: &Levels) -> String {
        self.gauges.set(levels);
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry).expect("a string takes all");
        text
    }
}

impl conversation::Watch for Metrics {
    fn turn(&self, channel: Channel, ended: Ended<'_>, took: Duration) {
        let channel = channel.as_str();
        match ended {
            Ended::Answered(answer) => {
                let source = answer.source.as_str();
                let state = answer.state.clone();
                self.turns.get_or_create(&TurnLabels { state, source, channel }).inc();
                if answer.source == Source::Fallback {
                    self.no_match.get_or_create(&ChannelLabel { channel }).inc();
                }
                let labels = LatencyLabels { channel, source };
                self.turn_seconds.get_or_create(&labels).observe(took.as_secs_f64());
            }
            Ended::Repeated => {
                self.repeated.get_or_create(&ChannelLabel { channel }).inc();
            }
            Ended::Failed(error) => {
                let reason = reason(error);
                self.failed.get_or_create(&FailureLabels { channel, reason }).inc();
            }
        }
    }

    fn call(&self, work: ModelWork, outcome: CallOutcome) {
        let labels = CallLabels { work: work.as_str(), outcome: outcome.as_str() };
        self.calls.get_or_create(&labels).inc();
    }

    fn paid(&self, work: ModelWork, nanodollars: u64) {
        let labels = WorkLabel { work: work.as_str() };
        self.cost.get_or_create(&labels).inc_by(as_f64(nanodollars) / 1e9);
    }
}

impl store::Watch for Metrics {
    fn group(&self, commits: usize, write: &mut dyn FnMut()) {
        let began = Instant::now();
        write();
        self.flush_seconds.observe(began.elapsed().as_secs_f64());
        self.group_commits.observe(as_f64(commits as u64));
    }
}

const fn class(status: u16) -> &'static str {
    match status {
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500..600 => "5xx",
        _ => "1xx",
    }
}

const fn reason(error: &TurnError) -> &'static str {
    match error {
        TurnError::Store(_) => "store",
        TurnError::Overloaded => "overloaded",
        TurnError::Broken => "broken",
        TurnError::Erased => "erased",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Watch as _;
    use crate::message::{Answer, View};
    use crate::store::Watch as _;

    fn answer(source: Source) -> Answer {
        let state = "menu.start".to_owned();
        Answer { replies: Vec::new(), state, source, session: View::of(&()) }
    }

    #[test]
    fn what_happened_is_in_the_text() {
        let metrics = Metrics::default();
        let took = Duration::from_millis(2);
        for source in [Source::Flow, Source::Flow, Source::Fallback] {
            metrics.turn(Channel::Chat, Ended::Answered(&answer(source)), took);
        }
        metrics.turn(Channel::Meta, Ended::Repeated, took);
        metrics.turn(Channel::Web, Ended::Failed(&TurnError::Overloaded), took);
        metrics.request("/chat", 200, took);
        metrics.call(ModelWork::Wording, CallOutcome::Used);
        metrics.paid(ModelWork::Wording, 1_500_000);
        let mut writes = 0;
        metrics.group(3, &mut || writes += 1);
        assert_eq!(writes, 1);
        let levels =
            Levels { outbox: Some(2), oldest_reply: Some(1.5), turns: 1, ..Levels::default() };
        let text = metrics.text(&levels);
        for line in [
            "# TYPE kavak_bot_turns_total counter",
            r#"kavak_bot_turns_total{state="menu.start",source="flow",channel="chat"} 2"#,
            r#"kavak_bot_no_match_turns_total{channel="chat"} 1"#,
            r#"kavak_bot_repeated_messages_total{channel="meta"} 1"#,
            r#"kavak_bot_failed_turns_total{channel="web",reason="overloaded"} 1"#,
            r#"kavak_bot_turn_seconds_bucket{channel="chat",source="flow",le="0.0025"} 2"#,
            r#"kavak_bot_http_request_seconds_count{route="/chat",status="2xx"} 1"#,
            r#"kavak_bot_model_calls_total{work="wording",outcome="used"} 1"#,
            r#"kavak_bot_model_cost_dollars_total{work="wording"} 0.0015"#,
            "kavak_bot_store_flush_seconds_count 1",
            "kavak_bot_store_group_commits_sum 3.0",
            "kavak_bot_turns_open 1.0",
            "kavak_bot_outbox_replies 2.0",
            "kavak_bot_outbox_oldest_seconds 1.5",
            "kavak_bot_dead_letters NaN",
        ] {
            assert!(text.lines().any(|told| told == line), "{line} in\n{text}");
        }
    }
}
