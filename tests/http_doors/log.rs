//! What the log holds, and what it never does.

use std::io;
use std::process::Command;
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

#[test]
fn it_tells_the_route_and_never_words_names_numbers_or_secrets() {
    // The log is the process's own: other tests would write into it, and may have looked for it
    // before it was there.
    let this = std::env::current_exe().unwrap();
    let run = Command::new(this).args(["log::told", "--exact", "--ignored"]).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    assert!(String::from_utf8_lossy(&run.stdout).contains("1 passed"), "it was not run");
}

#[tokio::test]
#[ignore = "run by the test above, in a process of its own"]
async fn told() {
    let log = Log::default();
    let writer = log.clone();
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
    full.post_json("/chat", &[], r#"{"user_id": "privateuser", "message": "full"}"#).await;
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
    let failed = log.lines().find(|line| line.contains("a turn failed")).unwrap();
    for told in ["request{request=0-", "turn{turn=0-", " user=", " channel=\"chat\"}"] {
        assert!(failed.contains(told), "{told} in {failed}");
    }
    for secret in ["private", "hush", "aHVzaA", "87654321"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
