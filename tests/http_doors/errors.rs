//! Paths, methods and health.

use crate::server::Server;

#[tokio::test]
async fn unknown_paths_are_404() {
    let server = Server::start(&[]).await;
    for path in ["/nothing", "/chat/", "/webhook/meta/x", "/%ff", "//"] {
        server.get(path).await.is_error(404, "not_found");
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_and_told_the_right_one() {
    let server = Server::start(&[]).await;
    let cases = [
        ("GET", "/chat", "POST"),
        ("PUT", "/webhook/whatsapp", "POST"),
        ("GET", "/webhook/whatsapp/status", "POST"),
        ("OPTIONS", "/page/message", "POST"),
        ("POST", "/health", "GET,HEAD"),
        ("DELETE", "/", "GET,HEAD"),
    ];
    for (method, path, allowed) in cases {
        let answer = server.send(method, path, &[], "").await;
        answer.is_error(405, "method_not_allowed");
        assert_eq!(answer.headers["allow"], allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn alive_is_not_yet_ready() {
    let server = Server::start(&[("BIND", "0.0.0.0:8000")]).await;
    for path in ["/health", "/ready"] {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
    let fill = "From=%2B1&Body=full";
    let local = Server::start(&[]).await;
    local.post_form("/webhook", &[], fill).await;
    let not_ready = local.get("/ready").await;
    not_ready.is_error(503, "not_ready");
    assert!(!not_ready.body.contains("/var/lib"), "{}", not_ready.body);
    assert_eq!(local.get("/health").await.status, 200);
}
