//! What a site's robots.txt says is done.

use std::time::Duration;

use kavak_bot::fetch::FetchErrorKind;

use super::site::{Piece, Site, answer, head, html, redirect, status};
use super::{given_up, read, refused};

/// A site where every path is a page, and robots.txt is answered by `robots`.
async fn site(robots: impl Fn() -> Vec<Piece> + Send + Sync + 'static) -> Site {
    Site::start("127.0.0.1", move |path| match path {
        "/robots.txt" => robots(),
        "/moved" => redirect("/private"),
        _ => html("<p>Hola"),
    })
    .await
}

#[tokio::test]
async fn what_is_disallowed_is_not_asked_for() {
    let rules = b"User-agent: *\nDisallow: /private\n";
    let site = site(|| answer("text/plain", rules)).await;
    assert!(read(&site.url("/p")).await.is_ok());
    for path in ["/private", "/moved"] {
        let kind = refused(&site.url(path)).await;
        assert!(matches!(kind, FetchErrorKind::Disallowed), "{kind}");
    }
    assert!(!site.paths().contains(&"/private".to_owned()), "{:?}", site.paths());
}

#[tokio::test]
async fn our_name_is_heard() {
    let rules = b"User-agent: *\nDisallow:\n\nUser-agent: kavak-bot\nDisallow: /\n";
    let site = site(|| answer("text/plain", rules)).await;
    assert!(matches!(refused(&site.url("/p")).await, FetchErrorKind::Disallowed));
}

#[tokio::test]
async fn a_site_that_cannot_say_is_left_alone() {
    for code in [500, 503, 429] {
        let site = site(move || status(code)).await;
        let kind = refused(&site.url("/p")).await;
        assert!(matches!(kind, FetchErrorKind::NoRobots { .. }), "{kind}");
        assert_eq!(site.paths(), ["/robots.txt"]);
    }
    let slow = site(|| vec![Piece::Pause(Duration::from_secs(30))]).await;
    assert!(matches!(given_up(&slow.url("/p")).await, FetchErrorKind::NoRobots { .. }));
    let around = site(|| redirect("/robots.txt")).await;
    assert!(matches!(refused(&around.url("/p")).await, FetchErrorKind::NoRobots { .. }));
}

#[tokio::test]
async fn a_robots_txt_without_an_end_counts_by_its_beginning() {
    let site = site(|| {
        vec![
            head("200 OK", "Content-Type: text/plain"),
            Piece::Bytes(b"User-agent: *\nDisallow: /private\n".to_vec()),
            Piece::Endless([b'#'; 4096].to_vec()),
        ]
    })
    .await;
    assert!(read(&site.url("/p")).await.is_ok());
    assert!(matches!(refused(&site.url("/private")).await, FetchErrorKind::Disallowed));
}

#[tokio::test]
async fn a_robots_txt_may_be_somewhere_else() {
    let elsewhere =
        Site::start("127.0.0.1", |_| answer("text/plain", b"User-agent: *\nDisallow: /"));
    let elsewhere = elsewhere.await;
    let target = elsewhere.url("/r");
    let site = site(move || redirect(&target)).await;
    assert!(matches!(refused(&site.url("/p")).await, FetchErrorKind::Disallowed));
}
