//! What is not read: what listens inside, what is too large or too slow, what is no page.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use kavak_bot::fetch::{AddressRule, FetchErrorKind, Fetcher, Limits};
use kavak_bot::https;
use url::Url;

use super::site::{Piece, Site, answer, head, html, redirect, status};
use super::{BYTES, IMPATIENCE, PATIENCE, fetcher, given_up, read, read_within, refused};

/// Not admitted by the rule of these tests, though it can be connected to.
const INSIDE: &str = "127.0.0.2";

fn is_address(kind: &FetchErrorKind) -> bool {
    matches!(kind, FetchErrorKind::RefusedAddress { .. })
}

#[tokio::test]
async fn the_rule_that_is_shipped_refuses_this_machine_in_every_spelling() {
    https::install();
    let mut shipped = Fetcher::new(AddressRule::public(), Limits::default()).unwrap();
    let site = Site::of(|| html("<p>Secreto")).await;
    let port = site.address.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "[::1]",
        "0",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "LOCALHOST",
        "１２７.0.0.1",
        "169.254.169.254",
        "192.168.0.1",
        "[fe80::1]",
    ] {
        let url = Url::parse(&format!("http://{host}:{port}/p")).unwrap();
        let error = shipped.read(&url).await.expect_err(host);
        assert!(is_address(&error.kind), "{host}: {error}");
    }
    assert_eq!(site.paths(), [""; 0]);
}

#[tokio::test]
async fn a_redirect_that_leads_inside_is_not_followed() {
    let inside = Site::start(INSIDE, |_| html("<p>Secreto")).await;
    let target = inside.url("/p");
    let site = Site::of(move || redirect(&target)).await;
    let error = read(&site.url("/p")).await.unwrap_err();
    assert!(is_address(&error.kind), "{error}");
    assert_eq!(error.url, inside.url("/p"));
    assert_eq!(inside.paths(), [""; 0]);
}

#[tokio::test]
async fn a_robots_txt_that_leads_inside_is_not_followed() {
    let inside = Site::start(INSIDE, |_| status(404)).await;
    let target = inside.url("/robots.txt");
    let site = Site::start("127.0.0.1", move |path| {
        if path == "/robots.txt" { redirect(&target) } else { html("<p>Hola") }
    });
    assert!(is_address(&refused(&site.await.url("/p")).await));
    assert_eq!(inside.paths(), [""; 0]);
}

#[tokio::test]
async fn a_name_that_points_inside_is_refused_where_it_is_resolved() {
    // Here 127.0.0.2 is the public one, and the name is this machine's.
    let inside = Site::start("127.0.0.1", |_| html("<p>Secreto")).await;
    let target = format!("http://localhost:{}/p", inside.address.port());
    let named = target.clone();
    let site =
        Site::start(INSIDE, move |path| if path == "/p" { redirect(&target) } else { status(404) })
            .await;
    let mut fetcher =
        fetcher(|address| address == IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), PATIENCE);
    for url in [named, site.url("/p")] {
        let error = fetcher.read(&Url::parse(&url).unwrap()).await.unwrap_err();
        assert!(is_address(&error.kind), "{error}");
    }
    assert_eq!(inside.paths(), [""; 0]);
}

#[tokio::test]
async fn redirects_end() {
    let site = Site::of(|| redirect("/p")).await;
    let kind = refused(&site.url("/p")).await;
    assert!(matches!(kind, FetchErrorKind::TooManyRedirects(3)), "{kind}");
    assert_eq!(site.paths().len(), 1 + 4);
}

#[tokio::test]
async fn a_redirect_to_what_is_no_page_is_not_followed() {
    for (location, expected) in [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://example.mx/", "only http and https"),
        ("http://ana:clave@example.mx/", "a user or a password"),
        ("http://[::1", "is no address"),
    ] {
        let site = Site::of(move || redirect(location)).await;
        let told = refused(&site.url("/p")).await.to_string();
        assert!(told.contains(expected), "{location}: {told}");
    }
}

#[tokio::test]
async fn a_page_that_is_too_large_is_refused() {
    let said = Site::of(|| answer("text/html", &vec![b'a'; BYTES + 1])).await;
    let unsaid = Site::of(|| {
        let body = Piece::Bytes(vec![b'a'; BYTES + 1]);
        vec![head("200 OK", "Content-Type: text/html"), body]
    });
    let endless = Site::of(|| {
        let body = Piece::Endless(vec![b'a'; 1024]);
        vec![head("200 OK", "Content-Type: text/html"), body]
    });
    for site in [said, unsaid.await, endless.await] {
        let kind = refused(&site.url("/p")).await;
        assert!(matches!(kind, FetchErrorKind::TooLarge(BYTES)), "{kind}");
    }
    let fits = Site::of(|| answer("text/html", &vec![b'a'; BYTES])).await;
    assert!(read(&fits.url("/p")).await.is_ok());
}

#[tokio::test]
async fn a_page_that_takes_too_long_is_given_up() {
    let never = Duration::from_secs(30);
    let no_head = Site::of(move || vec![Piece::Pause(never)]).await;
    let half_a_head = Site::of(move || {
        vec![Piece::Bytes(b"HTTP/1.1 200 OK\r\nContent-".to_vec()), Piece::Pause(never)]
    });
    let no_body = Site::of(move || {
        let begun = Piece::Bytes(b"<p>Ho".to_vec());
        vec![head("200 OK", "Content-Type: text/html"), begun, Piece::Pause(never)]
    });
    for site in [no_head, half_a_head.await, no_body.await] {
        let kind = given_up(&site.url("/p")).await;
        assert!(matches!(kind, FetchErrorKind::TooSlow(_)), "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_drips_is_given_up_too() {
    let site = Site::of(|| {
        let drops = (0..50).flat_map(|_| {
            [Piece::Bytes(b"<p>a".to_vec()), Piece::Pause(Duration::from_millis(50))]
        });
        [head("200 OK", "Content-Type: text/html")].into_iter().chain(drops).collect()
    });
    let kind = given_up(&site.await.url("/p")).await;
    assert!(matches!(kind, FetchErrorKind::TooSlow(_)), "{kind}");
}

#[tokio::test]
async fn what_is_no_text_is_refused() {
    for kind in ["application/pdf", "image/png", "application/json", ""] {
        let site = Site::of(move || answer(kind, b"<p>Hola")).await;
        let told = refused(&site.url("/p")).await;
        assert!(matches!(told, FetchErrorKind::NotText(_)), "{kind}: {told}");
    }
    let empty = Site::of(|| html("<div id=root></div><script>x</script>")).await;
    assert!(matches!(refused(&empty.url("/p")).await, FetchErrorKind::Empty));
}

#[tokio::test]
async fn what_comes_packed_is_not_unpacked() {
    let site = Site::of(|| {
        let headers = "Content-Type: text/html\r\nContent-Encoding: gzip";
        vec![head("200 OK", headers), Piece::Bytes(vec![0x1f, 0x8b, 8, 0])]
    });
    let kind = refused(&site.await.url("/p")).await;
    assert!(matches!(kind, FetchErrorKind::Packed(_)), "{kind}");
}

#[tokio::test]
async fn a_page_that_is_not_there_is_told_by_its_status() {
    let site = Site::of(|| status(410)).await;
    assert!(matches!(refused(&site.url("/p")).await, FetchErrorKind::Status(410)));
}

#[tokio::test]
async fn nobody_there_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let plain = Site::of(|| html("<p>Hola")).await;
    for url in [
        format!("http://{address}/p"),
        format!("https://{address}/p"),
        // What listens there speaks no TLS.
        plain.url("/p").replace("http:", "https:"),
        "http://no-such-name.invalid/p".to_owned(),
    ] {
        let kind = refused(&url).await;
        assert!(matches!(kind, FetchErrorKind::Unreachable { .. }), "{url}: {kind}");
    }
}

#[tokio::test]
async fn a_page_that_is_hard_to_read_does_not_hold_anybody_up() {
    // Each of these looks through all that are open.
    let deep = "<div>".repeat(BYTES / 5);
    let site = Site::of(move || html(&deep)).await;
    let before = tokio::time::Instant::now();
    let _ = read_within(IMPATIENCE, &site.url("/p")).await;
    assert!(before.elapsed() < IMPATIENCE * 5);
}
