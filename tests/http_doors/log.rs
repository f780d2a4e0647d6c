//! What the log holds, and what it never does.

use std::io;
use std::sync::{Arc, Mutex};

use tracing::level_filters::LevelFilter;

use crate::server::Server;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn it_tells_the_route_and_never_words_names_numbers_or_secrets() {
    let log = Log::default();
    let writer = log.clone();
    // Of all tests here only this one may start the process's log.
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let secrets = [("TWILIO_AUTH_TOKEN", "hushtoken"), ("API_TOKEN", "hushapi")];
    let server = Server::start(&secrets).await;
    let body =
        r#"{"user_id": "privateuser", "message": "privatewords", "message_id": "privateid"}"#;
    server.post_json("/chat", &[("Authorization", "Bearer hushgiven")], body).await;
    server.post_json("/chat?privatequery", &[("Host", "privatehost")], body).await;
    server.post_json("/page/message", &[], r#"{"message": "privatewords"}"#).await;
    let form = "From=whatsapp%3A%2B5215587654321&ProfileName=privatename&Body=privatewords";
    server.post_form("/webhook", &[("X-Twilio-Signature", "aHVzaA==")], form).await;
    server.get("/privatepath").await;
    let full = Server::start(&[]).await;
    full.post_form("/webhook", &[], "From=%2B1&Body=full").await;
    for _ in 0..3 {
        full.get("/ready").await.is_error(503, "not_ready");
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for told in ["/page/message", "route=\"none\"", "signature does not fit", "without a secret"] {
        assert!(log.contains(told), "{told} in {log}");
    }
    let why = "not ready reason=\"the store in /var/lib/bot is full\"";
    assert_eq!(log.matches(why).count(), 1, "once, however often it is asked: {log}");
    for secret in ["private", "hush", "aHVzaA", "87654321"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
