//! The page and its messages.

use std::collections::HashSet;

use kavak_bot::message::Channel;

use crate::server::Server;

const HOLA: &str = r#"{"message": "hola", "message_id": "m1"}"#;

fn cookie(set_cookie: &str) -> String {
    set_cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_page_is_whole_and_asks_for_nothing_else() {
    let server = Server::start(&[]).await;
    let page = server.get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(page.body.contains("Autos de Prueba"));
    assert!(page.headers["content-security-policy"].starts_with("default-src 'none'; "));
    for foreign in ["http://", "https://", "src=", "@import", "url("] {
        let rest = page.body.replace("http://www.w3.org/2000/svg", "");
        assert!(!rest.contains(foreign), "{foreign}");
    }
    assert!(!page.headers.contains_key("set-cookie"), "opening the page makes no user");
    assert!(server.heard().is_empty(), "opening the page takes no turn");
}

#[tokio::test]
async fn the_cookie_keeps_the_user() {
    let server = Server::start(&[]).await;
    let first = server.post_json("/page/message", &[], HOLA).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.json()["replies"][0]["choices"][0]["id"], "1");
    let set = &first.headers["set-cookie"];
    assert!(set.contains("; Max-Age=604800; "), "as long as the server remembers: {set}");
    assert!(set.contains("; HttpOnly; SameSite=Strict") && !set.contains("Secure"), "{set}");
    let again = [("Cookie", cookie(set))];
    server.post_json("/page/message", &again.each_ref().map(|(n, v)| (*n, v.as_str())), HOLA).await;
    server.post_json("/page/message", &[("Cookie", "kavak_chat=u1.x")], HOLA).await;
    let users: Vec<_> = server.heard().into_iter().map(|inbound| inbound.user).collect();
    assert_eq!(users[0].channel(), Channel::Web);
    assert_eq!(users[0], users[1]);
    assert_ne!(users[0], users[2], "a forged cookie is a new user");
    assert_ne!(users[2].key(), "u1");
}

#[tokio::test]
async fn no_cookie_opens_the_talk_of_another() {
    let server = Server::start(&[]).await;
    let mut cookies = Vec::new();
    for _ in 0..2 {
        let answer = server.post_json("/page/message", &[], HOLA).await;
        cookies.push(cookie(&answer.headers["set-cookie"]));
    }
    let parts = |at: usize| {
        let (id, signature) = cookies[at].split_once('=').unwrap().1.rsplit_once('.').unwrap();
        (id.to_owned(), signature.to_owned())
    };
    let ((victim, signature), (own, own_signature)) = (parts(0), parts(1));
    let forged = [
        format!("{victim}.{own_signature}"),
        format!("{own}.{signature}"),
        format!("{victim}."),
        victim.clone(),
        format!("{victim}.{signature}x"),
        format!("{victim}.{signature}.{own_signature}"),
    ];
    for value in &forged {
        let header = format!("kavak_chat={value}");
        let answer = server.post_json("/page/message", &[("Cookie", &header)], HOLA).await;
        assert_eq!(answer.status, 200, "{value}");
    }
    let users: Vec<_> = server.heard().into_iter().map(|inbound| inbound.user).collect();
    assert_eq!(users.len(), 2 + forged.len());
    let known: HashSet<_> = users.iter().collect();
    assert_eq!(known.len(), users.len(), "each of them is somebody new");
}

#[tokio::test]
async fn a_user_outlives_a_turn_that_fails() {
    let server = Server::start(&[]).await;
    let failed = server.post_json("/page/message", &[], r#"{"message": "full"}"#).await;
    failed.is_error(503, "unavailable");
    assert!(failed.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn the_page_cannot_choose_its_user_and_stays_open_when_exposed() {
    let server = Server::start(&[("PUBLIC_BASE_URL", "https://bot.example.mx")]).await;
    let body = r#"{"message": "hola", "user_id": "somebody"}"#;
    let headers = [("Host", "bot.example.mx"), ("Sec-Fetch-Site", "same-origin")];
    let answer = server.post_json("/page/message", &headers, body).await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers["set-cookie"].ends_with("; Secure"));
    assert_ne!(server.heard()[0].user.key(), "somebody");
}

#[tokio::test]
async fn other_sites_cannot_write() {
    let server = Server::start(&[("PUBLIC_BASE_URL", "https://bot.example.mx")]).await;
    for header in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Site", "none"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
    ] {
        server.post_json("/page/message", &[header], HOLA).await.is_error(403, "forbidden");
    }
    let here = format!("http://{}", server.address);
    for header in [
        ("Sec-Fetch-Site", "same-origin"),
        ("Origin", here.as_str()),
        ("Origin", "https://bot.example.mx"),
    ] {
        assert_eq!(server.post_json("/page/message", &[header], HOLA).await.status, 200);
    }
}

#[tokio::test]
async fn once_exposed_a_browser_must_say_that_it_is_the_page() {
    let exposed = Server::start(&[("BIND", "0.0.0.0:8000")]).await;
    exposed.post_json("/page/message", &[], HOLA).await.is_error(403, "forbidden");
    let local = Server::start(&[]).await;
    for header in [("Host", "bot.example.mx"), ("X-Forwarded-For", "192.0.2.1")] {
        local.post_json("/page/message", &[header], HOLA).await.is_error(403, "forbidden");
    }
    assert!(exposed.heard().is_empty() && local.heard().is_empty());
    // What a browser in the same network sends, which knows no Sec-Fetch-Site over plain HTTP.
    let page = [("Host", "192.168.1.4:8000"), ("Origin", "http://192.168.1.4:8000")];
    assert_eq!(exposed.post_json("/page/message", &page, HOLA).await.status, 200);
}

#[tokio::test]
async fn bad_messages_are_4xx() {
    let server = Server::start(&[]).await;
    server.post_json("/page/message", &[], "{}").await.is_error(400, "bad_field");
    server.post_json("/page/message", &[], "[").await.is_error(400, "bad_json");
    let form = server.post_form("/page/message", &[], "message=hola").await;
    form.is_error(415, "unsupported_media_type");
}
