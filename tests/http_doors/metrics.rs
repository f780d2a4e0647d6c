//! What is counted, as Prometheus reads it.

use crate::server::Server;

#[tokio::test]
async fn requests_are_counted_by_route_and_class() {
    let server = Server::start(&[]).await;
    server.post_json("/chat", &[], r#"{"user_id": "u1", "message": "hola"}"#).await;
    server.post_json("/chat", &[], "{").await;
    server.post_json("/chat", &[], r#"{"user_id": "u1", "message": "panic"}"#).await;
    server.get("/private/path").await;
    let metrics = server.get("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert_eq!(metrics.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    for line in [
        "# TYPE kavak_bot_http_request_seconds histogram",
        r#"kavak_bot_http_request_seconds_count{route="/chat",status="2xx"} 1"#,
        r#"kavak_bot_http_request_seconds_count{route="/chat",status="4xx"} 1"#,
        r#"kavak_bot_http_request_seconds_count{route="/chat",status="5xx"} 1"#,
        r#"kavak_bot_http_request_seconds_count{route="none",status="4xx"} 1"#,
        "kavak_bot_inbox_messages 0.0",
    ] {
        assert!(metrics.body.lines().any(|told| told == line), "{line} in\n{}", metrics.body);
    }
    assert!(!metrics.body.contains("private"), "a path may hold anything");
}

#[tokio::test]
async fn they_are_for_this_machine_and_for_whoever_bears_the_token() {
    let local = Server::start(&[]).await;
    for header in [("Host", "bot.example.mx"), ("X-Forwarded-For", "192.0.2.1")] {
        local.send("GET", "/metrics", &[header], "").await.is_error(401, "unauthorized");
    }
    let exposed = Server::start(&[("BIND", "0.0.0.0:8000"), ("API_TOKEN", "hush")]).await;
    exposed.get("/metrics").await.is_error(401, "unauthorized");
    let wrong = [("Authorization", "Bearer hus")];
    exposed.send("GET", "/metrics", &wrong, "").await.is_error(401, "unauthorized");
    let bearer = [("Authorization", "Bearer hush")];
    assert_eq!(exposed.send("GET", "/metrics", &bearer, "").await.status, 200);
}
