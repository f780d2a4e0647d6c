//! Pages as they come.

use super::site::{Piece, Site, answer, head, html, redirect};
use super::{read, refused};
use kavak_bot::fetch::FetchErrorKind;

#[tokio::test]
async fn a_good_page_is_read() {
    let page = "<title>Garantía</title><main><h1>Básica</h1><p>Dura 3 meses.</p></main>";
    let site = Site::of(move || html(page)).await;
    let page = read(&site.url("/p#abajo")).await.unwrap();
    assert_eq!(page.title, "Garantía");
    assert_eq!(page.url.as_str(), site.url("/p"));
    let sections: Vec<_> = page.sections.iter().map(|one| (&*one.heading, &*one.text)).collect();
    assert_eq!(sections, [("Básica", "Dura 3 meses.")]);

    let heads = site.heads();
    assert_eq!(site.paths(), ["/robots.txt", "/p"]);
    let asked = heads[1].to_lowercase();
    assert!(asked.contains("user-agent: kavak-bot/"), "{asked}");
    assert!(asked.contains("accept-encoding: identity"), "{asked}");
    assert!(!asked.contains("referer") && !asked.contains("cookie"), "{asked}");
}

#[tokio::test]
async fn a_page_in_the_letters_of_old_is_read() {
    let site =
        Site::of(|| answer("text/html; charset=ISO-8859-1", b"<p>A\xf1o de d\xeda</p>")).await;
    assert_eq!(read(&site.url("/p")).await.unwrap().sections[0].text, "Año de día");
    let site = Site::of(|| answer("text/html", b"<p>A\xf1o</p>")).await;
    let kind = refused(&site.url("/p")).await;
    assert!(matches!(kind, FetchErrorKind::BadLetters { declared: false, .. }), "{kind}");
}

#[tokio::test]
async fn text_without_markup_is_read() {
    let site = Site::of(|| answer("Text/Plain", "Horario\nDe 9 a 6.".as_bytes())).await;
    assert_eq!(read(&site.url("/p")).await.unwrap().sections[0].text, "De 9 a 6.");
}

#[tokio::test]
async fn a_page_without_its_length_is_read_to_its_end() {
    let site = Site::of(|| {
        vec![head("200 OK", "Content-Type: text/html"), Piece::Bytes(b"<p>Hola".to_vec())]
    });
    assert_eq!(read(&site.await.url("/p")).await.unwrap().sections[0].text, "Hola");
}

#[tokio::test]
async fn a_redirect_is_followed_and_the_page_named_where_it_is() {
    let site = Site::start("127.0.0.1", |path| match path {
        "/a" => redirect("b?c=1#d"),
        "/b?c=1" => html("<p>Aquí.</p>"),
        _ => super::site::status(404),
    })
    .await;
    let page = read(&site.url("/a")).await.unwrap();
    assert_eq!(page.url.as_str(), site.url("/b?c=1"));
    // The site is asked once what may be read.
    assert_eq!(site.paths(), ["/robots.txt", "/a", "/b?c=1"]);
}
