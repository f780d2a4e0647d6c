//! `POST /chat`.

use kavak_bot::message::{Channel, Content};
use serde_json::{Value, json};

use crate::server::{Answered, Server};

async fn chat(server: &Server, body: &Value) -> Answered {
    server.post_json("/chat", &[], body.to_string()).await
}

#[tokio::test]
async fn answers_in_the_contract_s_shape() {
    let server = Server::start(&[]).await;
    let body = json!({"user_id": "u1", "message": "hola", "message_id": "m1", "more": [1]});
    let answer = chat(&server, &body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/json");
    let expected = json!({
        "user_id": "u1",
        "replies": [{"text": "eco: hola", "media": [], "choices": [{"id": "1", "title": "Uno"}]}],
        "turn": {"state": "menu.start", "source": "flow"},
        "session": {"results": []},
    });
    assert_eq!(answer.json(), expected);
    let heard = &server.heard()[0];
    assert_eq!((heard.user.channel(), heard.user.key()), (Channel::Chat, "u1"));
    assert_eq!(heard.id.as_ref().unwrap().as_str(), "m1");
}

#[tokio::test]
async fn a_message_may_be_empty_long_or_without_id() {
    let server = Server::start(&[]).await;
    for message in [String::new(), "\n".to_owned(), "🚗".repeat(20_000)] {
        let answer = chat(&server, &json!({"user_id": "u1", "message": message})).await;
        assert_eq!(answer.status, 200);
        let heard = server.heard().pop().unwrap();
        assert_eq!((heard.content, heard.id), (Content::Text(message), None));
    }
    let nameless = json!({"user_id": "u1", "message": "hola", "message_id": null});
    assert_eq!(chat(&server, &nameless).await.status, 200);
}

#[tokio::test]
async fn fields_that_do_not_fit_are_400() {
    let server = Server::start(&[]).await;
    for body in [
        json!({"message": "hola"}),
        json!({"user_id": "u1"}),
        json!({"user_id": "", "message": "hola"}),
        json!({"user_id": "  ", "message": "hola"}),
        json!({"user_id": null, "message": "hola"}),
        json!({"user_id": 7, "message": "hola"}),
        json!({"user_id": "u".repeat(257), "message": "hola"}),
        json!({"user_id": "u1", "message": null}),
        json!({"user_id": "u1", "message": ["hola"]}),
        json!({"user_id": "u1", "message": "hola", "message_id": ""}),
        json!({"user_id": "u1", "message": "hola", "message_id": 7}),
        json!({}),
    ] {
        chat(&server, &body).await.is_error(400, "bad_field");
    }
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn what_is_no_json_object_is_400() {
    let server = Server::start(&[]).await;
    let bodies: [&[u8]; 6] =
        [b"", b"hola", b"{\"user_id\": ", b"[\"u1\", \"hola\"]", b"null", b"{\"a\": \"\\ud800\"}"];
    for body in bodies {
        server.post_json("/chat", &[], body).await.is_error(400, "bad_json");
    }
    let latin = b"{\"user_id\": \"u1\", \"message\": \"caf\xe9\"}";
    server.post_json("/chat", &[], latin).await.is_error(400, "bad_utf8");
}

#[tokio::test]
async fn only_json_is_taken() {
    let server = Server::start(&[]).await;
    let body = r#"{"user_id": "u1", "message": "hola"}"#;
    for headers in [&[("Content-Type", "text/plain")][..], &[]] {
        let answer = server.send("POST", "/chat", headers, body).await;
        answer.is_error(415, "unsupported_media_type");
    }
    let with_charset = [("Content-Type", "Application/JSON; charset=utf-8")];
    assert_eq!(server.send("POST", "/chat", &with_charset, body).await.status, 200);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let server = Server::start(&[]).await;
    let frame = json!({"user_id": "u1", "message": ""}).to_string().len();
    let fits = json!({"user_id": "u1", "message": "a".repeat(256 * 1024 - frame)});
    assert_eq!(chat(&server, &fits).await.status, 200);
    for too_much in [256 * 1024 - frame + 1, 3 * 1024 * 1024] {
        let body = json!({"user_id": "u1", "message": "a".repeat(too_much)});
        chat(&server, &body).await.is_error(413, "too_large");
    }
}

#[tokio::test]
async fn a_turn_that_fails_is_503_and_says_nothing_of_its_cause() {
    let server = Server::start(&[]).await;
    for message in ["full", "broken", "panic"] {
        let answer = chat(&server, &json!({"user_id": "u1", "message": message})).await;
        answer.is_error(503, "unavailable");
        assert!(!answer.body.contains("space") && !answer.body.contains("purpose"));
    }
    assert_eq!(chat(&server, &json!({"user_id": "u1", "message": "hola"})).await.status, 200);
}

#[tokio::test]
async fn where_too_many_wait_it_is_429_and_says_when_to_come_again() {
    let server = Server::start(&[]).await;
    for path in ["/chat", "/page/message"] {
        let body = json!({"user_id": "u1", "message": "crowded"});
        let answer = server.post_json(path, &[], body.to_string()).await;
        answer.is_error(429, "too_many_requests");
        assert_eq!(answer.headers["retry-after"], "2");
    }
}

#[tokio::test]
async fn exposed_it_asks_for_the_token() {
    let body = r#"{"user_id": "u1", "message": "hola"}"#;
    let server = Server::start(&[("BIND", "0.0.0.0:8000"), ("API_TOKEN", "hush")]).await;
    let refused = [
        &[][..],
        &[("Authorization", "Bearer wrong")],
        &[("Authorization", "Bearer ")],
        &[("Authorization", "hush")],
        &[("Authorization", "Basic hush")],
    ];
    for headers in refused {
        let answer = server.post_json("/chat", headers, body).await;
        answer.is_error(401, "unauthorized");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
    for token in ["Bearer hush", "bearer  hush"] {
        let answer = server.post_json("/chat", &[("Authorization", token)], body).await;
        assert_eq!(answer.status, 200);
    }
    let tokenless = Server::start(&[("PUBLIC_BASE_URL", "https://bot.example.mx")]).await;
    let empty = [("Authorization", "Bearer ")];
    tokenless.post_json("/chat", &empty, body).await.is_error(401, "unauthorized");
}

#[tokio::test]
async fn a_request_from_outside_exposes_a_loopback_server() {
    let body = r#"{"user_id": "u1", "message": "hola"}"#;
    let server = Server::start(&[]).await;
    for header in [
        ("Host", "bot.example.mx"),
        ("Host", "localhost.example.mx"),
        ("Host", ""),
        ("X-Forwarded-For", "203.0.113.7"),
        ("Forwarded", "for=203.0.113.7"),
        ("X-Real-IP", "203.0.113.7"),
    ] {
        server.post_json("/chat", &[header], body).await.is_error(401, "unauthorized");
    }
    let absolute = server.post_json("http://bot.example.mx/chat", &[], body).await;
    absolute.is_error(401, "unauthorized");
    for host in ["localhost:8000", "LOCALHOST", "[::1]:8000", "127.0.0.1"] {
        assert_eq!(server.post_json("/chat", &[("Host", host)], body).await.status, 200, "{host}");
    }
}
