//! One connection that is kept open: an answer counts only once its last byte is here.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take: what the server promises to Twilio.
const PATIENCE: Duration = Duration::from_secs(15);

/// One connection to a server.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

/// A whole answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Why there is no whole answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the server went away before it had answered")]
    Gone,
    #[error("the server does not answer, or not in HTTP: {0}")]
    Mute(io::Error),
}

impl Connection {
    /// A connection to the server at `address`.
    pub(crate) fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(stream), address })
    }

    /// Sends one request without a body and waits for its answer.
    pub(crate) fn get(&mut self, path: &str) -> Result<Answer, Failure> {
        self.exchange("GET", path, &[], "")
    }

    /// Sends one request and waits for its answer.
    pub(crate) fn post(
        &mut self,
        path: &str,
        content_type: &str,
        body: &str,
    ) -> Result<Answer, Failure> {
        self.post_with(path, &[("Content-Type", content_type)], body)
    }

    /// The same with headers of its own.
    pub(crate) fn post_with(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Failure> {
        self.exchange("POST", path, headers, body)
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Failure> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n{body}", body.len());
        self.stream.get_mut().write_all(request.as_bytes())?;
        Ok(self.answer()?)
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| invalid("no status"))?;
        let mut length = None;
        loop {
            let header = self.line()?;
            if header.is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(": ")
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.parse().ok();
            }
        }
        let mut body = vec![0; length.ok_or_else(|| invalid("no length"))?];
        self.stream.read_exact(&mut body)?;
        let body = String::from_utf8(body).map_err(|_| invalid("no UTF-8"))?;
        Ok(Answer { status, body })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let line = line.strip_suffix("\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(line.to_owned())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionRefused, ConnectionReset, UnexpectedEof};
        match error.kind() {
            BrokenPipe | ConnectionRefused | ConnectionReset | UnexpectedEof => Self::Gone,
            _ => Self::Mute(error),
        }
    }
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
