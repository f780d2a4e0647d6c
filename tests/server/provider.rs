//! A provider that takes every message, and says which ones it got.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// A listening provider.
pub(crate) struct Provider {
    address: SocketAddr,
    messages: Receiver<String>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, sender) = (stream.unwrap(), sender.clone());
                std::thread::spawn(move || serve(stream, &sender));
            }
        });
        Self { address, messages }
    }

    /// The settings of a server that sends here.
    pub(crate) fn settings(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("META_API_URL", format!("http://{}", self.address).into()),
            ("META_PHONE_NUMBER_ID", "1066".into()),
            ("META_ACCESS_TOKEN", "secret".into()),
        ]
    }

    /// The body of the next message, if one comes within `patience`.
    pub(crate) fn next(&self, patience: Duration) -> Option<String> {
        self.messages.recv_timeout(patience).ok()
    }
}

fn serve(stream: TcpStream, messages: &Sender<String>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).ok()?;
        messages.send(String::from_utf8(body).ok()?).ok()?;
        let answer = r#"{"messages":[{"id":"wamid.out"}]}"#;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
        stream.get_mut().write_all((head + answer).as_bytes()).ok()?;
    }
}
