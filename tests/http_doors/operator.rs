//! The operator's door: for whoever can read the token's file, on this machine alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::server::Server;

const PATH: &str = "/operator/outbox";

fn bearer() -> String {
    format!("Bearer {}", URL_SAFE_NO_PAD.encode([9; 32]))
}

const ERRAND: &str = r#"{"show_users": false}"#;

#[tokio::test]
async fn the_token_opens_it() {
    let server = Server::start(&[]).await;
    let answered = server.send("POST", PATH, &[("authorization", &bearer())], ERRAND).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    assert_eq!(answered.body, r#"{"waiting":[],"dead":[]}"#);
}

#[tokio::test]
async fn an_errand_that_cannot_be_read_is_told() {
    let server = Server::start(&[]).await;
    let answered = server.send("POST", PATH, &[("authorization", &bearer())], "{}").await;
    answered.is_error(400, "bad_json");
    assert!(answered.body.contains("show_users"), "{}", answered.body);
}

#[tokio::test]
async fn nothing_else_does_not_even_at_home() {
    let server = Server::start(&[("API_TOKEN", "hush")]).await;
    let other = format!("Bearer {}", URL_SAFE_NO_PAD.encode([8; 32]));
    for authorization in ["", "Bearer hush", "Bearer", &other, &bearer().replace("Bearer", "Basic")]
    {
        let headers = [("authorization", authorization)];
        assert_eq!(
            server.send("POST", PATH, &headers, ERRAND).await.status,
            401,
            "{authorization}"
        );
    }
    assert_eq!(server.send("POST", PATH, &[], ERRAND).await.status, 401);
}

#[tokio::test]
async fn whoever_comes_through_a_proxy_stays_outside() {
    let server = Server::start(&[]).await;
    let token = bearer();
    for other in [("x-forwarded-for", "10.0.0.1"), ("host", "bot.example.mx")] {
        let answered = server.send("POST", PATH, &[("authorization", &token), other], ERRAND).await;
        assert_eq!(answered.status, 403, "{other:?}");
    }
}
