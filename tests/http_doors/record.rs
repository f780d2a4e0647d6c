//! The page's button that makes a transcript of the talk: for this machine alone.

use crate::server::{Answered, Server};

const RECORD: &str = "/page/record";
const BUTTON: &str = "Guardar como prueba";
const HERE: (&str, &str) = ("Sec-Fetch-Site", "same-origin");

/// Says something on the page; the cookie of whoever said it.
async fn say(server: &Server, message: &str) -> String {
    let body = format!(r#"{{"message": "{message}"}}"#);
    let answer = server.post_json("/page/message", &[], body).await;
    answer.headers["set-cookie"].split(';').next().unwrap().to_owned()
}

async fn record(server: &Server, headers: &[(&str, &str)]) -> Answered {
    server.send("POST", RECORD, headers, "").await
}

#[tokio::test]
async fn the_talk_of_the_cookie_is_recorded_and_no_other() {
    let server = Server::start(&[]).await;
    let (ana, _) = (say(&server, "hola").await, say(&server, "mi secreto").await);
    let recorded = record(&server, &[HERE, ("Cookie", &ana)]).await;
    assert_eq!(recorded.status, 200, "{}", recorded.body);
    let files = recorded.json();
    assert_eq!(files["transcript"]["name"], "a.chat");
    assert_eq!(files["transcript"]["text"], "hola");
    assert_eq!(files["cars"]["name"], "a.csv");
    assert_eq!(files["same"], true);
}

#[tokio::test]
async fn a_cookie_of_other_make_has_nothing_to_record() {
    let server = Server::start(&[]).await;
    let ana = say(&server, "hola").await;
    for headers in [&[HERE][..], &[HERE, ("Cookie", &ana.replace('.', ".x"))]] {
        record(&server, headers).await.is_error(404, "nothing_to_record");
    }
    let other_server = Server::start(&[]).await;
    record(&other_server, &[HERE, ("Cookie", &ana)]).await.is_error(404, "nothing_to_record");
}

#[tokio::test]
async fn once_others_reach_the_server_the_door_is_shut_and_the_button_gone() {
    let home = Server::start(&[]).await;
    assert!(home.get("/").await.body.contains(BUTTON));
    let ana = say(&home, "hola").await;
    let outside = [("X-Forwarded-For", "192.0.2.1"), ("Host", "bot.example.mx")];
    for header in outside {
        record(&home, &[HERE, ("Cookie", &ana), header]).await.is_error(403, "forbidden");
        assert!(!home.send("GET", "/", &[header], "").await.body.contains(BUTTON), "{header:?}");
    }
    for exposed in [("BIND", "0.0.0.0:8000"), ("PUBLIC_BASE_URL", "https://bot.example.mx")] {
        let server = Server::start(&[exposed]).await;
        record(&server, &[HERE, ("Cookie", &ana)]).await.is_error(403, "forbidden");
        let page = server.get("/").await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains(BUTTON), "{exposed:?}");
    }
}

#[tokio::test]
async fn other_sites_cannot_have_a_talk_recorded() {
    let server = Server::start(&[]).await;
    let ana = say(&server, "hola").await;
    for header in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")] {
        record(&server, &[header, ("Cookie", &ana)]).await.is_error(403, "forbidden");
    }
}

#[tokio::test]
async fn one_talk_is_recorded_at_a_time() {
    let server = Server::start(&[]).await;
    let slow = say(&server, "slow").await;
    let headers = [HERE, ("Cookie", slow.as_str())];
    let (first, second) = tokio::join!(record(&server, &headers), record(&server, &headers));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 429]);
    assert_eq!(record(&server, &headers).await.status, 200, "then it is free again");
}

#[tokio::test]
async fn a_talk_that_cannot_be_recorded_is_told_without_this_machine_s_paths() {
    let server = Server::start(&[]).await;
    let full = say(&server, "full").await;
    let failed = record(&server, &[HERE, ("Cookie", &full)]).await;
    failed.is_error(503, "unavailable");
    assert!(!failed.body.contains("/tmp"), "{}", failed.body);
}
