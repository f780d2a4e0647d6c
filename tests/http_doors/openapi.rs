//! The document of the doors: whole, in step with the router, and readable without a network.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::server::{self, Server};

async fn document(server: &Server) -> Value {
    let answer = server.get("/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/json");
    answer.json()
}

/// The paths that a router knows, out of what it prints of itself for debugging; its fallback is
/// none.
fn routes(router: &axum::Router) -> BTreeSet<String> {
    let printed = format!("{router:?}");
    let quoted = printed.split('"').skip(1).step_by(2);
    let paths = quoted.filter(|word| word.starts_with('/') && !word.starts_with("/{*"));
    paths.map(str::to_owned).collect()
}

#[tokio::test]
async fn it_has_every_route_and_no_other() {
    let server = Server::start(&[]).await;
    let document = document(&server).await;
    let described: BTreeSet<String> =
        document["paths"].as_object().unwrap().keys().cloned().collect();
    let (app, _) = server::app(&[]);
    let routes = routes(&kavak_bot::http::router(app));
    assert!(routes.contains("/chat"), "{routes:?}");
    assert_eq!(described, routes);
}

#[tokio::test]
async fn it_has_every_method_and_no_other() {
    let server = Server::start(&[]).await;
    for (path, methods) in document(&server).await["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let status = server.send(&method.to_uppercase(), path, &[], "").await.status;
            let described = methods.get(method).is_some();
            assert_eq!(status != 405, described, "{method} {path}: {status}");
        }
    }
}

#[tokio::test]
async fn references_lead_somewhere() {
    let server = Server::start(&[]).await;
    let document = document(&server).await;
    let text = document.to_string();
    let references: Vec<&str> =
        text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(references.len() > 20);
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn the_page_asks_for_nothing_and_is_open_to_all() {
    let server = Server::start(&[("BIND", "0.0.0.0:8000")]).await;
    let page = server.get("/docs").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(page.headers["content-security-policy"].contains("script-src 'none'"));
    assert!(page.body.contains("<code>/chat</code>"));
    assert_eq!(server.get("/openapi.json").await.status, 200);
}
