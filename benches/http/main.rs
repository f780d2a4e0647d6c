//! `make bench-http`: how many messages of Twilio's the server takes in a second, beside a handler
//! that does nothing; how quick it is at half of that; and what becomes of memory, start and cost
//! where many customers are stored. Everything on loopback, all of it on the same cores.
//!
//! The load comes from [wrk](https://github.com/wg/wrk). Without `--bench` one purchase is walked
//! and nothing is measured.

mod bare;
mod load;
#[path = "../../tests/process/mod.rs"]
#[expect(clippy::unwrap_used, reason = "what starts servers for tests starts them here")]
mod process;
mod purchase;
mod seed;
mod stored;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use load::{Figures, Load};
use process::Place;

/// What Twilio's signatures are made with.
pub(crate) const TOKEN: &str = "12345";

/// Customers who write at once.
const CUSTOMERS: usize = 64;

/// How long each load lasts.
const LOAD: Duration = Duration::from_secs(10);

/// Purchases that are written down for a load: more than it comes to.
const PURCHASES: usize = 30_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == bare::ARGUMENT) {
        return bare::serve();
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        return purchase::walk();
    }
    for run in 1..=2 {
        println!("run {run}:");
        throughput();
    }
    stored::measure();
}

/// The settings of a place whose webhook is signed.
pub(crate) fn signed(more: &[(&'static str, PathBuf)]) -> Vec<(&'static str, PathBuf)> {
    [&[("TWILIO_AUTH_TOKEN", PathBuf::from(TOKEN))], more].concat()
}

fn throughput() {
    let bare = bare::Bare::start();
    let url = bare.url();
    let load = Load::write(&url, PURCHASES / 10);
    let nothing = load.run(&url, CUSTOMERS, LOAD / 2, Duration::ZERO);
    drop(bare);

    let place = Place::new(&signed(&[]));
    let (server, address) = place.serve().expect("it starts");
    let url = format!("http://{address}");
    let load = Load::write(&url, PURCHASES);
    let highest = load.run(&url, CUSTOMERS, LOAD, Duration::ZERO);
    drop((server, place));

    let place = Place::new(&signed(&[]));
    let (server, address) = place.serve().expect("it starts");
    let url = format!("http://{address}");
    let load = Load::write(&url, PURCHASES);
    let customers = u32::try_from(CUSTOMERS).expect("a handful");
    let apart = Duration::from_secs_f64(2.0 * f64::from(customers) / highest.rate());
    let half = load.run(&url, CUSTOMERS, LOAD, apart);
    drop(server);

    tell("a handler that does nothing", &nothing);
    tell("the five-message purchase", &highest);
    println!("  ratio: {:.1} %", 100.0 * highest.rate() / nothing.rate());
    tell("the same at half the rate", &half);
}

fn tell(what: &str, figures: &Figures) {
    println!(
        "  {what}: {:.0} messages/s, p50 {:.2} ms, p99 {:.2} ms, {} wrong",
        figures.rate(),
        figures.p50.as_secs_f64() * 1e3,
        figures.p99.as_secs_f64() * 1e3,
        figures.wrong,
    );
}

/// The time, for measuring.
#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
pub(crate) fn clock() -> Instant {
    Instant::now()
}
