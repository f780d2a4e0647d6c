//! The measure: a server that parses the same form and answers a constant.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use kavak_bot::channel::Form;

/// The argument by which this program is told to be that server.
pub(crate) const ARGUMENT: &str = "serve-bare";

const ANSWER: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message><Body>Hola</Body></Message></Response>"#;

/// A process of its own, ended where this is dropped.
pub(crate) struct Bare {
    child: Child,
    url: String,
}

impl Bare {
    pub(crate) fn start() -> Self {
        let program = std::env::current_exe().expect("this program");
        let child = Command::new(program).arg(ARGUMENT).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("it starts");
        let mut url = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut url).expect("it says where it is");
        Self { child, url: url.trim().to_owned() }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until it is killed.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("http://{}", listener.local_addr().expect("its address"));
        let router = Router::new().route("/webhook/whatsapp", post(answer));
        axum::serve(listener, router).await.expect("it serves");
    });
}

async fn answer(
    body: Bytes,
) -> (StatusCode, [(axum::http::HeaderName, &'static str); 1], &'static str) {
    let xml = [(CONTENT_TYPE, "text/xml; charset=utf-8")];
    match Form::parse(&body) {
        Ok(form) if form.get("Body").is_some() => (StatusCode::OK, xml, ANSWER),
        _ => (StatusCode::BAD_REQUEST, xml, ""),
    }
}
