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
mod reference;
mod script;
mod stage;

use std::thread::{scope, sleep};
use std::time::Duration;

use chance::Chance;
use customer::{Customer, Diary};
use door::Door;
use process::{Place, Server};
use reference::Reference;
use stage::Stage;

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
    /// The longest that a server lives once it is ready.
    longest_life_millis: u64,
}

#[test]
fn three_kills_lose_nothing_and_double_nothing() {
    torture(&Plan { seed: 20_260_302, kills: 3, customers: 4, longest_life_millis: 500 });
}

#[test]
#[ignore = "takes a minute: make torture"]
fn twenty_kills_lose_nothing_and_double_nothing() {
    torture(&Plan { seed: seed(), kills: 20, customers: 16, longest_life_millis: 2_000 });
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
    let place = Place::new(&[]);
    match run(plan, &place, &references) {
        Ok(diaries) => tell(plan, &diaries),
        Err(found) => panic!("seed {}: {found}", plan.seed),
    }
}

/// The right answers of both doors.
fn references() -> [Reference; 2] {
    let place = Place::new(&[]);
    let (_server, address) = place.serve().unwrap();
    Door::BOTH.map(|door| Reference::take(door, address))
}

fn run(plan: &Plan, place: &Place, references: &[Reference; 2]) -> Result<Vec<Diary>, String> {
    let stage = Stage::default();
    let (server, talks) = scope(|scope| {
        let customer = |number| {
            let side = number % 2;
            let seed = plan.seed.wrapping_add(1 + number as u64);
            Customer::new(number, Door::BOTH[side], seed, &stage, &references[side])
        };
        let talks: Vec<_> = (0..plan.customers)
            .map(|number| scope.spawn(move || customer(number).talk()))
            .collect();
        let server = kill_again_and_again(plan, place, &stage);
        stage.end();
        let talks: Vec<_> = talks.into_iter().map(|talk| talk.join().unwrap()).collect();
        (server, talks)
    });
    let diaries: Result<Vec<_>, _> = talks.into_iter().collect();
    let server = server?;
    let diaries = diaries.map_err(|finding| finding.to_string())?;
    match server.stop() {
        Some(status) if status.success() => {}
        ended => return Err(format!("asked to stop, the server ended so: {ended:?}")),
    }
    ledger::check(&place.data().join("store"), &diaries)?;
    Ok(diaries)
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

fn tell(plan: &Plan, diaries: &[Diary]) {
    let sum = |count: fn(&Diary) -> usize| diaries.iter().map(count).sum::<usize>();
    let acknowledged = sum(|diary| diary.acknowledged);
    let interrupted = sum(|diary| diary.interrupted);
    let repeated = sum(|diary| diary.repeated);
    println!(
        "{} kills, {} customers: {acknowledged} turns acknowledged, {interrupted} interrupted and \
         said again, {repeated} repeated; none lost, none twice",
        plan.kills, plan.customers,
    );
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
