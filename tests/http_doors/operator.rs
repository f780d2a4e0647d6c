//! The operator's door: for whoever can read the token's file, on this machine alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::server::Server;

const PATH: &str = "/operator/knowledge/gaps";

fn bearer() -> String {
    format!("Bearer {}", URL_SAFE_NO_PAD.encode([9; 32]))
}

#[tokio::test]
async fn the_token_opens_it() {
    let server = Server::start(&[]).await;
    let answered = server.send("GET", PATH, &[("authorization", &bearer())], "").await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    assert!(answered.body.contains("\"refused\":2"), "{}", answered.body);
}

#[tokio::test]
async fn nothing_else_does_not_even_at_home() {
    let server = Server::start(&[("API_TOKEN", "hush")]).await;
    let other = format!("Bearer {}", URL_SAFE_NO_PAD.encode([8; 32]));
    for authorization in ["", "Bearer hush", "Bearer", &other, &bearer().replace("Bearer", "Basic")]
    {
        let headers = [("authorization", authorization)];
        assert_eq!(server.send("GET", PATH, &headers, "").await.status, 401, "{authorization}");
    }
    assert_eq!(server.get(PATH).await.status, 401);
}

#[tokio::test]
async fn whoever_comes_through_a_proxy_stays_outside() {
    let server = Server::start(&[]).await;
    let token = bearer();
    for other in [("x-forwarded-for", "10.0.0.1"), ("host", "bot.example.mx")] {
        let answered = server.send("GET", PATH, &[("authorization", &token), other], "").await;
        assert_eq!(answered.status, 403, "{other:?}");
    }
}
