//! What many stored customers cost: memory, time to be ready, time for a turn.

use std::time::Duration;

use crate::load::Load;
use crate::process::{Connection, Place, Server};
use crate::purchase::{self, message, post};
use crate::{CUSTOMERS, clock, seed, signed};

/// Cars on sale.
const CARS: usize = 10_000;

/// Customers that are stored, at each look.
const SESSIONS: [usize; 3] = [1_000, 100_000, 1_000_000];

/// The look at which memory and start are measured too.
const PROMISED: usize = 100_000;

/// Turns whose time is taken.
const TURNS: usize = 2_000;

/// Purchases that are written down for the traffic under which memory is measured, and how long it
/// lasts.
const PURCHASES: usize = 10_000;
const TRAFFIC: Duration = Duration::from_secs(5);

/// Starts of each kind.
const STARTS: usize = 5;

pub(crate) fn measure() {
    let folder = tempfile::tempdir().expect("a folder for the catalogue");
    let catalog = folder.path().join("catalog.csv");
    std::fs::write(&catalog, seed::catalog(CARS)).expect("room for the catalogue");
    let place = Place::new(&signed(&[("CATALOG_PATH", catalog)]));
    let store = place.data().join("store");
    buy_half(&place);
    let mut stored = 0;
    println!("{CARS} cars:");
    for sessions in SESSIONS {
        seed::sessions(&store, &seed::customer(99_999_999), stored, sessions);
        stored = sessions;
        let (server, address) = place.serve().expect("it starts");
        let url = format!("http://{address}");
        let mut connection = Connection::open(address).expect("it listens");
        let mut times = Vec::with_capacity(TURNS);
        for turn in 0..TURNS {
            // Anybody of those who are stored, none of them twice.
            let customer = turn * (sessions / TURNS).max(1) % sessions;
            let message = message(&url, customer, turn / sessions + 1);
            let (signature, form) = message.split_once(' ').expect("a signature and a form");
            let began = clock();
            let answer = post(&mut connection, signature, form).expect("an answer");
            times.push(began.elapsed());
            assert_eq!(answer.status, 200);
        }
        times.sort_unstable();
        println!(
            "  {sessions} customers stored: a turn p50 {:?}, p99 {:?}",
            times[TURNS / 2],
            times[TURNS * 99 / 100],
        );
        if sessions == PROMISED {
            let traffic = Load::write(&url, PURCHASES);
            traffic.run(&url, CUSTOMERS, TRAFFIC, Duration::ZERO);
            println!("    and under traffic: {:.1} MB resident", resident(&server));
        }
        server.stop();
        if sessions == PROMISED {
            println!(
                "  ready after a stop: {:?}",
                starts(&place, |server| assert!(server.stop().is_some()))
            );
            println!(
                "  ready after SIGKILL: {:?}",
                starts(&place, |server| {
                    server.kill().expect("it runs until it is killed");
                })
            );
        }
    }
}

/// Has one customer pick a car, and stops there.
fn buy_half(place: &Place) {
    let (server, address) = place.serve().expect("it starts");
    let url = format!("http://{address}");
    let mut connection = Connection::open(address).expect("it listens");
    for number in 0..2 {
        let message = purchase::message(&url, 99_999_999, number);
        let (signature, form) = message.split_once(' ').expect("a signature and a form");
        let answer = post(&mut connection, signature, form).expect("an answer");
        assert_eq!(answer.status, 200);
    }
    server.stop();
}

/// How long a server takes to be ready that ended as `end` says, in the middle of several.
fn starts(place: &Place, end: impl Fn(Server)) -> Duration {
    let mut times: Vec<Duration> = (0..STARTS)
        .map(|_| {
            let began = clock();
            let (server, _) = place.serve().expect("it starts");
            let ready = began.elapsed();
            end(server);
            ready
        })
        .collect();
    // The first one ended some other way.
    times.remove(0);
    times.sort_unstable();
    times[times.len() / 2]
}

/// Megabytes of memory that the server holds.
#[expect(clippy::cast_precision_loss, reason = "a size for people to read")]
fn resident(server: &Server) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id()));
    let status = status.expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) as f64 * 1024.0 / 1e6
}
