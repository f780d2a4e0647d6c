//! Kills the server with SIGKILL at random moments while customers talk to it, and looks for a
//! turn that was acknowledged and is lost, or was taken twice.
//!
//! Every answer is compared, byte for byte, with that of a server that nobody disturbs; whatever
//! was under way is said again under the same id, and now and then something old is; in the end
//! the store must hold each turn once and in order. A failure tells the seed: run it again with
//! `TORTURE_SEED=… make torture`.

#![allow(clippy::unwrap_used, reason = "in a test a broken helper is a failed test")]

mod chance;
mod customer;
mod door;
mod full;
mod ledger;
#[path = "../process/mod.rs"]
mod process;
mod provider;
mod reference;
mod script;
mod stage;
mod writer;

use std::path::PathBuf;
use std::thread::{scope, sleep};
use std::time::Duration;

use chance::Chance;
use customer::{Customer, Diary};
use door::Door;
use process::{Place, Server};
use provider::Provider;
use reference::Reference;
use stage::Stage;
use writer::Written;

/// Milliseconds in which a server that just started is killed, at times: it opens its store, reads
/// its files, begins to listen.
const START_MILLIS: u64 = 700;

/// One in so many restarts is cut short.
const CUT_SHORT_ONE_IN: u64 = 4;

/// How hard it gets.
struct Plan {
    seed: u64,
    kills: usize,
    customers: usize,
    /// Customers of Meta's besides, who do not wait for answers.
    writers: usize,
    /// The longest that a server lives once it is ready.
    longest_life_millis: u64,
}

#[test]
fn three_kills_lose_nothing_and_double_nothing() {
    torture(&Plan {
        seed: 20_260_302,
        kills: 3,
        customers: 4,
        writers: 2,
        longest_life_millis: 500,
    });
}

#[test]
#[ignore = "takes minutes: make torture"]
fn a_hundred_kills_lose_nothing_and_double_nothing() {
    torture(&Plan {
        seed: seed(),
        kills: 100,
        customers: 12,
        writers: 6,
        longest_life_millis: 1_000,
    });
}

/// Without this the answers would prove nothing.
#[test]
fn the_script_shows_every_lost_turn_and_every_page_shown_twice() {
    let place = Place::new(&[]);
    let (_server, address) = place.serve().unwrap();
    for door in Door::BOTH {
        let reference = Reference::take(door, address);
        let mut unseen = reference.blind_to_loss(door, address);
        unseen.retain(|turn| script::message(*turn) != script::REPEAT);
        assert!(unseen.is_empty(), "{door:?}: the loss of these turns does not show: {unseen:?}");
        let mut unseen = reference.blind_to_doubling(door, address);
        unseen.retain(|turn| script::message(*turn) == script::MORE);
        assert!(unseen.is_empty(), "{door:?}: these turns may be taken twice: {unseen:?}");
    }
}

fn torture(plan: &Plan) {
    println!("seed {}", plan.seed);
    let references = references();
    let provider = Provider::start(plan.seed);
    let place = Place::new(&accounts(&provider));
    match run(plan, &place, &references, &provider) {
        Ok(story) => tell(plan, &story),
        Err(found) => panic!("seed {}: {found}", plan.seed),
    }
}

/// The settings that lead to the provider.
fn accounts(provider: &Provider) -> Vec<(&'static str, PathBuf)> {
    let url = format!("http://{}/v26.0", provider.address);
    [
        ("META_API_URL", url.as_str()),
        ("META_ACCESS_TOKEN", "token"),
        ("META_PHONE_NUMBER_ID", "1066"),
        ("META_MESSAGES_PER_SECOND", "1000"),
        ("META_PAIR_SECONDS", "0"),
        ("QUIET_SECONDS", "0"),
    ]
    .map(|(name, value)| (name, PathBuf::from(value)))
    .to_vec()
}

/// The right answers of both doors.
fn references() -> [Reference; 2] {
    let place = Place::new(&[]);
    let (_server, address) = place.serve().unwrap();
    Door::BOTH.map(|door| Reference::take(door, address))
}

fn run(
    plan: &Plan,
    place: &Place,
    references: &[Reference; 2],
    provider: &Provider,
) -> Result<Story, String> {
    let stage = Stage::default();
    let (server, talks, written) = scope(|scope| {
        let customer = |number| {
            let side = number % 2;
            let seed = plan.seed.wrapping_add(1 + number as u64);
            Customer::new(number, Door::BOTH[side], seed, &stage, &references[side])
        };
        let talks: Vec<_> = (0..plan.customers)
            .map(|number| scope.spawn(move || customer(number).talk()))
            .collect();
        let stage = &stage;
        let writer = |number: usize| {
            let seed = plan.seed.wrapping_sub(1 + number as u64);
            scope.spawn(move || writer::write(number, seed, stage))
        };
        let writers: Vec<_> = (0..plan.writers).map(writer).collect();
        let server = kill_again_and_again(plan, place, stage);
        stage.end();
        let talks: Vec<_> = talks.into_iter().map(|talk| talk.join().unwrap()).collect();
        let written: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        (server, talks, written)
    });
    let diaries: Result<Vec<_>, _> = talks.into_iter().collect();
    let server = server?;
    let diaries = diaries.map_err(|finding| finding.to_string())?;
    let mut sent = 0;
    for writer in &written {
        sent += writer::check(writer, provider, |turn| references[0].text(turn))?;
    }
    match server.stop() {
        Some(status) if status.success() => {}
        ended => return Err(format!("asked to stop, the server ended so: {ended:?}")),
    }
    let store = place.data().join("store");
    ledger::check(&store, &diaries)?;
    ledger::check_written(&store, &written)?;
    Ok(Story { diaries, written, sent })
}

/// What all of them went through.
struct Story {
    diaries: Vec<Diary>,
    written: Vec<Written>,
    /// Replies that the provider got, some of them twice.
    sent: usize,
}

/// The last server, which lives.
fn kill_again_and_again(plan: &Plan, place: &Place, stage: &Stage) -> Result<Server, String> {
    let mut chance = Chance::new(plan.seed);
    for _ in 0..plan.kills {
        let (server, address) = place.serve()?;
        stage.opens(address);
        sleep(Duration::from_millis(1 + chance.below(plan.longest_life_millis)));
        if stage.is_over() {
            return Ok(server);
        }
        stage.closes();
        killed(server)?;
        if chance.below(CUT_SHORT_ONE_IN) == 0 {
            let server = place.start();
            sleep(Duration::from_millis(chance.below(START_MILLIS)));
            killed(server)?;
        }
    }
    let (server, address) = place.serve()?;
    stage.opens(address);
    sleep(Duration::from_millis(plan.longest_life_millis));
    Ok(server)
}

fn killed(server: Server) -> Result<(), String> {
    server.kill().map_err(|status| format!("the server ended by itself: {status}"))
}

fn tell(plan: &Plan, Story { diaries, written, sent }: &Story) {
    let sum = |count: fn(&Diary) -> usize| diaries.iter().map(count).sum::<usize>();
    let acknowledged = sum(|diary| diary.acknowledged);
    let interrupted = sum(|diary| diary.interrupted);
    let repeated = sum(|diary| diary.repeated);
    println!(
        "{} kills, {} customers: {acknowledged} turns acknowledged, {interrupted} interrupted and \
         said again, {repeated} repeated; none lost, none twice",
        plan.kills, plan.customers,
    );
    let accepted: usize = written.iter().map(|writer| writer.acknowledged).sum();
    println!(
        "{} writers: {accepted} messages acknowledged, {sent} replies sent; all there, in order",
        plan.writers,
    );
    assert!(written.iter().all(|writer| writer.acknowledged > 0), "a writer was never heard");
    assert!(diaries.iter().all(|diary| diary.acknowledged > 0), "somebody was never answered");
}

/// The seed of `TORTURE_SEED`, else a new one.
#[expect(
    clippy::disallowed_methods,
    reason = "each run kills at other moments, and can be told to repeat"
)]
fn seed() -> u64 {
    let told = std::env::var("TORTURE_SEED").ok();
    let told = told.map(|seed| seed.parse().expect("TORTURE_SEED is a whole number"));
    told.unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.unwrap().as_secs()
    })
}
