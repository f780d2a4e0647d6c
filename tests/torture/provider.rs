//! Meta's server, as far as it takes messages: it notes them, and now and then refuses, drops or
//! takes its time.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::Duration;

use serde_json::{Value, json};

use crate::chance::Chance;

/// One in so many messages is refused, or dropped before it is answered.
const REFUSES_ONE_IN: u64 = 400;
const DROPS_ONE_IN: u64 = 400;

/// The longest that a message takes.
const LONGEST_MICROS: u64 = 3_000;

/// The texts that each customer got, in the order in which they came.
type Seen = Mutex<HashMap<String, Vec<String>>>;

/// A provider that runs as long as the test.
pub(crate) struct Provider {
    pub(crate) address: SocketAddr,
    seen: Arc<Seen>,
}

impl Provider {
    pub(crate) fn start(seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (kept, count) = (Arc::new(Seen::default()), Arc::new(AtomicU64::new(0)));
        let notes = Arc::clone(&kept);
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let (notes, count) = (Arc::clone(&notes), Arc::clone(&count));
                spawn(move || serve(&stream, seed, &notes, &count));
            }
        });
        Self { address, seen: kept }
    }

    /// What the customer with this number got.
    pub(crate) fn seen(&self, to: &str) -> Vec<String> {
        self.seen.lock().unwrap().get(to).cloned().unwrap_or_default()
    }
}

/// Answers the requests of one connection until it breaks.
fn serve(stream: &TcpStream, seed: u64, notes: &Seen, count: &AtomicU64) {
    let mut reader = BufReader::new(stream);
    while let Some(body) = request(&mut reader) {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let mut chance = Chance::new(seed ^ number);
        sleep(Duration::from_micros(chance.below(LONGEST_MICROS)));
        if chance.below(REFUSES_ONE_IN) == 0 {
            let error = json!({"error": {"code": 131_000}}).to_string();
            answer(stream, "500 Internal Server Error", &error);
            continue;
        }
        let to = body["to"].as_str().unwrap_or_default().to_owned();
        notes.lock().unwrap().entry(to).or_default().push(text(&body));
        if chance.below(DROPS_ONE_IN) == 0 {
            // It was taken, and nobody is told.
            return;
        }
        let taken = json!({"messages": [{"id": format!("wamid.{number}")}]}).to_string();
        answer(stream, "200 OK", &taken);
    }
}

fn text(body: &Value) -> String {
    let words = body["text"]["body"].as_str();
    words.or(body["interactive"]["body"]["text"].as_str()).unwrap_or_default().to_owned()
}

/// The body of the next request.
fn request(reader: &mut BufReader<&TcpStream>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

fn answer(mut stream: &TcpStream, status: &str, body: &str) {
    let length = body.len();
    let text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
    // The server may have been killed meanwhile.
    let _ = stream.write_all(text.as_bytes());
}
