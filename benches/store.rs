//! How many turns a second the store on disk takes when many wait at once, and how long one
//! commit takes. A plain binary: what counts here is a crowd, not one call after another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kavak_bot::engine::Session;
use kavak_bot::message::{
    Answer, Channel, Content, Inbound, Reply, Source, TurnRecord, UserId, View,
};
use kavak_bot::store::{Commit, Mail, Outcome, SledStore, Store};

const TASKS: usize = 64;
const TURNS_PER_TASK: usize = 2_000;

/// About what a list of five cars takes.
const REPLY: &str = "Versa Advance 2019 · $189,999 · 58,000 km\n";

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let store = Arc::new(SledStore::open(folder.path()).expect("a fresh folder opens"));
    let runtime = tokio::runtime::Builder::new_multi_thread().build().expect("a runtime");
    for (tasks, turns) in [(1, 1_000), (TASKS, TURNS_PER_TASK)] {
        let began = clock();
        let mut times = runtime.block_on(crowd(&store, tasks, turns));
        let whole = began.elapsed();
        times.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let rate = times.len() as f64 / whole.as_secs_f64();
        println!(
            "{tasks} waiting: {rate:.0} commits/s, p50 {:?}, p99 {:?}",
            times[times.len() / 2],
            times[times.len() * 99 / 100],
        );
    }
}

async fn crowd(store: &Arc<SledStore>, tasks: usize, turns: usize) -> Vec<Duration> {
    let one = |task| {
        let store = Arc::clone(store);
        tokio::spawn(async move { conversation(&store, &format!("{tasks}-{task}"), turns).await })
    };
    let tasks: Vec<_> = (0..tasks).map(one).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("no task panics"));
    }
    times
}

/// Users of five turns each, one after the other.
async fn conversation(store: &SledStore, task: &str, turns: usize) -> Vec<Duration> {
    let mut times = Vec::with_capacity(turns);
    for turn in 0..turns {
        let user = UserId::new(Channel::Twilio, &format!("whatsapp:+521{task}-{}", turn / 5))
            .expect("a short key");
        let expected = store.load(&user).expect("the store reads").version;
        let record = record(user, turn);
        let now = record.inbound.at;
        let outcome = Outcome::Keep(Session::default());
        let began = clock();
        store
            .commit(&Commit { expected, outcome, record, mail: Mail::default(), replies: 0, now })
            .await
            .expect("the store writes");
        times.push(began.elapsed());
    }
    times
}

fn record(user: UserId, turn: usize) -> TurnRecord {
    let inbound = Inbound {
        user,
        id: format!("SM{turn:032}").parse().ok(),
        content: Content::Text("busco un Versa".to_owned()),
        at: "2026-03-02T16:00:00Z".parse().expect("a moment"),
    };
    let replies = vec![Reply { text: REPLY.repeat(5), media: Vec::new(), choices: Vec::new() }];
    let state = "purchase.choose".to_owned();
    let results = ["243587", "243588", "243589"];
    let session = View::of(&serde_json::json!({"car": null, "results": results}));
    TurnRecord::new(inbound, Answer { replies, state, source: Source::Flow, session })
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn clock() -> Instant {
    Instant::now()
}
