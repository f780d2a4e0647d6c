//! A web site on this machine, which answers as badly as a test wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A part of an answer.
pub(crate) enum Piece {
    Bytes(Vec<u8>),
    /// Nothing for so long.
    Pause(Duration),
    /// The same bytes until the other side has enough.
    Endless(Vec<u8>),
}

/// A site that runs until it is dropped.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    /// The heads of the requests, in order.
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Site {
    /// A site at `ip` that answers each path by `answer`, and has no robots.txt but what that gives.
    pub(crate) async fn start(
        ip: &str,
        answer: impl Fn(&str) -> Vec<Piece> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&asked);
        let answer = Arc::new(answer);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&heads)));
            }
        });
        Self { address, asked, task }
    }

    /// A site at 127.0.0.1 of one page, `/p`, and everything allowed.
    pub(crate) async fn of(page: impl Fn() -> Vec<Piece> + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1", move |path| if path == "/p" { page() } else { status(404) }).await
    }

    /// The address of `path` here.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of the requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The paths that were asked for so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        let path = |head: &String| head.split(' ').nth(1).unwrap_or_default().to_owned();
        self.heads().iter().map(path).collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: Arc<impl Fn(&str) -> Vec<Piece>>,
    heads: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        // The first byte of TLS, of which this site speaks nothing.
        if head.is_empty() && byte == 0x16 {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return;
        }
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    heads.lock().unwrap().push(head);
    let pieces = answer(&path);
    for piece in pieces {
        // The other side may have enough; then the rest is of no use.
        let sent = match piece {
            Piece::Bytes(bytes) => stream.write_all(&bytes).await,
            Piece::Pause(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Piece::Endless(bytes) => loop {
                if let Err(error) = stream.write_all(&bytes).await {
                    break Err(error);
                }
            },
        };
        if sent.is_err() {
            return;
        }
    }
}

/// An answer with `body`, its length told.
pub(crate) fn answer(content_type: &str, body: &[u8]) -> Vec<Piece> {
    let length = format!("Content-Length: {}", body.len());
    let headers = [format!("Content-Type: {content_type}"), length].join("\r\n");
    vec![head("200 OK", &headers), Piece::Bytes(body.to_vec())]
}

/// A page of HTML.
pub(crate) fn html(body: &str) -> Vec<Piece> {
    answer("text/html; charset=utf-8", body.as_bytes())
}

/// An answer without a body.
pub(crate) fn status(code: u16) -> Vec<Piece> {
    vec![head(&format!("{code} X"), "Content-Length: 0")]
}

pub(crate) fn redirect(location: &str) -> Vec<Piece> {
    vec![head("302 Found", &format!("Content-Length: 0\r\nLocation: {location}"))]
}

/// The first lines of an answer, after which the connection ends.
pub(crate) fn head(status: &str, headers: &str) -> Piece {
    Piece::Bytes(
        format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n\r\n").into_bytes(),
    )
}
