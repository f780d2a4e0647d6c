//! Somebody else's server on a real socket that answers as it is told, well or badly.

#![allow(dead_code, reason = "each of those who start one needs a part of it")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// How a request is answered.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    /// With these bytes of HTTP, and an end.
    Says(String),
    /// The same, this much later.
    Late(Duration, String),
    /// With these bytes, and then nothing more; the connection stays open.
    Stalls(String),
    /// Never; the connection stays open.
    Never,
}

/// A server that takes requests until it is dropped.
pub(crate) struct Fake {
    address: std::net::SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Fake {
    /// Answers the first request as the first of `behaviours` says, and so on; the last one goes on
    /// for ever.
    pub(crate) async fn start(behaviours: Vec<Behaviour>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::clone(&seen);
        let serving = tokio::spawn(async move {
            loop {
                let Ok((connection, _)) = listener.accept().await else { return };
                let (behaviours, requests) = (behaviours.clone(), Arc::clone(&requests));
                tokio::spawn(async move { serve(connection, &behaviours, &requests).await });
            }
        });
        Self { address, seen, serving }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far: head and body as they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// The bodies of the requests so far.
    pub(crate) fn bodies(&self) -> Vec<Value> {
        let body = |request: &String| request.split_once("\r\n\r\n").unwrap().1.to_owned();
        let requests = self.requests();
        requests.iter().map(|request| serde_json::from_str(&body(request)).unwrap()).collect()
    }
}

async fn serve(mut connection: TcpStream, behaviours: &[Behaviour], requests: &Mutex<Vec<String>>) {
    let Some(request) = read(&mut connection).await else { return };
    let number = {
        let mut requests = requests.lock().unwrap();
        requests.push(request);
        requests.len() - 1
    };
    let words = match &behaviours[number.min(behaviours.len() - 1)] {
        Behaviour::Never => {
            sleep(Duration::from_mins(1)).await;
            return;
        }
        Behaviour::Stalls(words) => {
            let _ = connection.write_all(words.as_bytes()).await;
            let _ = connection.flush().await;
            sleep(Duration::from_mins(1)).await;
            return;
        }
        Behaviour::Late(wait, words) => {
            sleep(*wait).await;
            words
        }
        Behaviour::Says(words) => words,
    };
    // The client may have gone.
    let _ = connection.write_all(words.as_bytes()).await;
    let _ = connection.shutdown().await;
}

/// A whole request.
async fn read(connection: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let count = connection.read(&mut piece).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
        });
        if body.len() >= length.unwrap_or(0) {
            return Some(text.into_owned());
        }
    }
}

/// The whole answer with status 200 and this body.
pub(crate) fn ok(body: &str) -> String {
    status("200 OK", "", body)
}

/// The whole answer with this status, these header lines and this body.
pub(crate) fn status(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n{headers}\r\n{body}"
    )
}
