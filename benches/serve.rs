//! The real binary as its users meet it: how large it is, how soon it is ready, what memory it
//! takes, and how long a turn takes through `POST /chat`. A plain binary: what counts here is one
//! server as a whole.

#[path = "../tests/process/mod.rs"]
#[expect(clippy::unwrap_used, reason = "what starts servers for tests starts them here")]
mod process;

use std::net::SocketAddr;
use std::thread::scope;
use std::time::{Duration, Instant};

use process::{Answer, Connection, Failure, Place, Server};

/// A purchase that ends where it began.
const ROUND: [&str; 8] =
    ["hola", "busco un Versa", "más", "2", "a crédito", "20%", "48", "reiniciar"];

const STARTS: usize = 9;

/// Rounds that warm the server up, and are not counted.
const WARM_UP: usize = 20;

fn main() -> Result<(), Failure> {
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_kavak-bot"))?.len();
    println!("binary: {:.1} MB", millions(binary));
    println!("from start to ready, empty store: {:?}", median(starts()));
    let place = Place::new(&[]);
    let (server, address) = place.serve().expect("it starts");
    println!("resident after start: {:.1} MB", millions(resident(&server)?));
    crowd(address, 1, WARM_UP);
    for (customers, rounds) in [(1, 300), (16, 100)] {
        let began = clock();
        let mut times = crowd(address, customers, rounds);
        let whole = began.elapsed();
        times.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let rate = times.len() as f64 / whole.as_secs_f64();
        println!(
            "/chat, {customers} at once: {rate:.0} turns/s, p50 {:?}, p99 {:?}",
            times[times.len() / 2],
            times[times.len() * 99 / 100],
        );
    }
    println!("resident after that: {:.1} MB", millions(resident(&server)?));
    let ended = server.stop().is_some_and(|status| status.success());
    assert!(ended, "it stops when it is asked to");
    Ok(())
}

fn starts() -> Vec<Duration> {
    let start = |_| {
        let place = Place::new(&[]);
        let began = clock();
        let (server, _) = place.serve().expect("it starts");
        let ready = began.elapsed();
        server.kill().expect("it runs until it is killed");
        ready
    };
    (0..STARTS).map(start).collect()
}

/// How long each turn took of so many customers who talk at once.
fn crowd(address: SocketAddr, customers: usize, rounds: usize) -> Vec<Duration> {
    scope(|scope| {
        let talk = |number| move || talk(address, &format!("{customers}-{number}"), rounds);
        let talks: Vec<_> = (0..customers).map(|number| scope.spawn(talk(number))).collect();
        let times = talks
            .into_iter()
            .flat_map(|talk| talk.join().expect("nobody panics").expect("the server answers"));
        times.collect()
    })
}

fn talk(address: SocketAddr, user: &str, rounds: usize) -> Result<Vec<Duration>, Failure> {
    let mut connection = Connection::open(address)?;
    let mut times = Vec::with_capacity(rounds * ROUND.len());
    for turn in 0..rounds * ROUND.len() {
        let words = ROUND[turn % ROUND.len()];
        let body = serde_json::json!({
            "user_id": user, "message": words, "message_id": format!("m{turn}-{rounds}"),
        });
        let body = body.to_string();
        let began = clock();
        let Answer { status, .. } = connection.post("/chat", "application/json", &body)?;
        times.push(began.elapsed());
        assert_eq!(status, 200, "{words}");
    }
    Ok(times)
}

/// Bytes of memory that the server holds.
fn resident(server: &Server) -> std::io::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kib.unwrap_or(0) * 1024)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[expect(clippy::cast_precision_loss, reason = "a size for people to read")]
fn millions(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn clock() -> Instant {
    Instant::now()
}
