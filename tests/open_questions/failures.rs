//! A server that does what servers do on a bad day: the customer gets the passage, in time.

use std::time::Duration;

use kavak_bot::conversation::Allowance;
use kavak_bot::message::{Channel, Source, UserId};
use tokio::time::Instant;

use super::bot::{BUDGET, Bot, WARRANTY, allowance, words};
use super::fake::{answer, base_url, completion, saying};
use crate::wire::{Behaviour, Fake, ok, status};

/// What the passages say by themselves.
const PASSAGE: &str = "garantía de 3 meses";

/// How much longer than the budget a turn may take on a machine that is busy with other tests.
const SLACK: Duration = Duration::from_secs(1);

/// A right answer, in words that no passage has.
fn good() -> String {
    let text = "¡Claro! Según Kavak, cada auto incluye garantía de 3 meses.";
    ok(&completion(&answer(text, &["garantia/basica"])))
}

/// Asks once, and checks that the answer is the passage's own and comes within the budget.
async fn falls_back(behaviours: Vec<Behaviour>) -> (Fake, Duration) {
    let fake = Fake::start(behaviours).await;
    let bot = Bot::asking(&fake, allowance());
    let start = Instant::now();
    let answer = bot.say("ana", WARRANTY).await;
    let took = start.elapsed();
    let said: String = words(&answer).chars().take(200).collect();
    assert!(said.contains(PASSAGE), "{said}");
    assert_eq!(answer.source, Source::Knowledge);
    assert!(took < BUDGET + SLACK, "{took:?}");
    (fake, took)
}

async fn says(bytes: String) -> usize {
    let (fake, _) = falls_back(vec![Behaviour::Says(bytes)]).await;
    fake.requests().len()
}

#[tokio::test]
async fn a_server_that_never_answers() {
    let (fake, took) = falls_back(vec![Behaviour::Never]).await;
    assert_eq!(fake.requests().len(), 1);
    assert!(took >= BUDGET, "it was waited for: {took:?}");
}

/// Twilio is answered within 2 s where nothing can be sent to it later.
#[tokio::test]
async fn where_only_twiml_can_answer_a_model_has_no_more_time_than_that() {
    let fake = Fake::start(vec![Behaviour::Never]).await;
    let bot = Bot::asking(&fake, Allowance { budget: Duration::from_secs(30), ..allowance() });
    let user = UserId::new(Channel::Twilio, "5215512345678").unwrap();
    let start = Instant::now();
    let answer = bot.tell(user, WARRANTY).await;
    assert!(start.elapsed() < Duration::from_secs(2) + SLACK, "{:?}", start.elapsed());
    assert!(words(&answer).contains(PASSAGE), "{answer:?}");
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_server_that_answers_too_late() {
    let (fake, _) = falls_back(vec![Behaviour::Late(BUDGET * 2, good())]).await;
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn half_a_body() {
    let whole = good();
    assert_eq!(says(whole[..whole.len() - 40].to_owned()).await, 1);
    assert_eq!(says("HTTP/1.1 200 OK\r\ncontent-le".to_owned()).await, 1);
    assert_eq!(says(String::new()).await, 1);
}

#[tokio::test]
async fn a_body_that_stops_and_stays_open() {
    let whole = good().replace("connection: close", "connection: keep-alive");
    for stop in ["HTTP/1.1 200 OK\r\ncontent-le", &whole[..whole.len() - 40]] {
        let (fake, took) = falls_back(vec![Behaviour::Stalls(stop.to_owned())]).await;
        assert_eq!(fake.requests().len(), 1);
        assert!(took >= BUDGET, "the rest was waited for: {took:?}");
    }
}

#[tokio::test]
async fn too_many_requests_is_tried_once_more() {
    let busy = status("429 Too Many Requests", "", r#"{"error":{"code":"rate_limit_exceeded"}}"#);
    assert_eq!(says(busy).await, 2);
}

#[tokio::test]
async fn a_wait_that_fits_is_waited_and_one_that_does_not_is_not() {
    let busy = |wait: &str| {
        Behaviour::Says(status("429 Too Many Requests", &format!("retry-after: {wait}\r\n"), "{}"))
    };
    let (fake, took) = falls_back(vec![busy("30")]).await;
    assert_eq!(fake.requests().len(), 1);
    assert!(took < BUDGET, "no use to wait for what comes too late: {took:?}");
    // More than a clock can tell.
    let (fake, _) = falls_back(vec![busy("9999999999999999999")]).await;
    assert_eq!(fake.requests().len(), 1);

    let fake = Fake::start(vec![busy("0.2"), Behaviour::Says(good())]).await;
    let bot = Bot::asking(&fake, allowance());
    let start = Instant::now();
    let answer = bot.say("ana", WARRANTY).await;
    assert!(start.elapsed() >= Duration::from_millis(200));
    assert_eq!(answer.source, Source::Llm, "{answer:?}");
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn a_broken_server_is_tried_once_more() {
    assert_eq!(says(status("500 Internal Server Error", "", "oops")).await, 2);
    assert_eq!(says(status("503 Service Unavailable", "", "{}")).await, 2);
}

#[tokio::test]
async fn a_used_up_quota_and_a_wrong_key_are_not_tried_again() {
    let quota = r#"{"error":{"message":"You exceeded","code":"insufficient_quota"}}"#;
    assert_eq!(says(status("429 Too Many Requests", "", quota)).await, 1);
    assert_eq!(says(status("401 Unauthorized", "", "{}")).await, 1);
    assert_eq!(says(status("404 Not Found", "", r#"{"error":"no model"}"#)).await, 1);
}

#[tokio::test]
async fn a_prompt_that_a_gateway_refuses_says_nothing_about_the_server() {
    let flagged = r#"{"error":{"message":"Your input was flagged","code":"moderation"}}"#;
    let filtered = r#"{"error":{"message":"The response was filtered","code":"content_filter"}}"#;
    let refused = (0..10).map(|number| {
        let (line, body) = if number % 2 == 0 {
            ("403 Forbidden", flagged)
        } else {
            ("400 Bad Request", filtered)
        };
        Behaviour::Says(status(line, "", body))
    });
    let fake = Fake::start(refused.chain([Behaviour::Says(good())]).collect()).await;
    let bot = Bot::asking(&fake, allowance());
    for number in 0..10 {
        let answer = bot.say(&format!("user {number}"), WARRANTY).await;
        assert_eq!(answer.source, Source::Knowledge);
    }
    assert_eq!(bot.say("ana", WARRANTY).await.source, Source::Llm, "others are still helped");
}

#[tokio::test]
async fn what_is_not_json_or_not_after_the_schema() {
    for body in [
        "<html>502</html>",
        "",
        "[]",
        r#"{"choices":[]}"#,
        r#"{"choices":[{"message":{"content":null}}]}"#,
        r#"{"choices":[{"message":{"content":null,"refusal":"No puedo."}}]}"#,
        &completion("Tres meses."),
        &completion(r#"{"answer": "Tres meses."}"#),
        &completion(r#"{"answer": 3, "passages": [], "answerable": true}"#),
        &completion(&answer("Según Kavak, 3 meses.", &[])),
        &completion(&answer("Según Kavak, 3 meses.", &["garantia/inventada"])),
        &completion(&answer("", &["garantia/basica"])),
    ] {
        assert_eq!(says(ok(body)).await, 1, "{body}");
    }
}

#[tokio::test]
async fn a_megabyte_of_text() {
    let long = completion(&answer(&"garantía ".repeat(120_000), &["garantia/basica"]));
    assert_eq!(says(ok(&long)).await, 1);
    // Within what is read, and still far too long for a customer.
    let shorter = completion(&answer(&"garantía ".repeat(2_000), &["garantia/basica"]));
    assert_eq!(says(ok(&shorter)).await, 1);
}

#[tokio::test]
async fn nobody_is_there() {
    let fake = saying("").await;
    let bot = Bot::asking(&fake, allowance());
    drop(fake);
    let answer = bot.say("ana", WARRANTY).await;
    assert!(words(&answer).contains(PASSAGE));
}

#[tokio::test]
async fn a_redirect_takes_the_key_nowhere() {
    let elsewhere = saying(&answer("Según Kavak, 3 meses.", &["garantia/basica"])).await;
    let location = format!("location: {}/chat/completions\r\n", base_url(&elsewhere));
    assert_eq!(says(status("307 Temporary Redirect", &location, "")).await, 1);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_server_that_takes_no_schema_is_asked_without_and_remembered() {
    let no_schema = r#"{"error":{"message":"response_format is not supported","code":null}}"#;
    let no_field = r#"{"error":{"message":"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'"}}"#;
    let refused = |body: &str| Behaviour::Says(status("400 Bad Request", "", body));
    let fake =
        Fake::start(vec![refused(no_schema), refused(no_field), Behaviour::Says(good())]).await;
    let bot = Bot::asking(&fake, allowance());
    assert_eq!(bot.say("ana", WARRANTY).await.source, Source::Llm);
    assert_eq!(bot.say("ana", "¿dan garantía?").await.source, Source::Llm);
    let bodies = fake.bodies();
    assert_eq!(bodies.len(), 4);
    assert!(bodies[0]["response_format"]["json_schema"]["strict"] == true);
    assert_eq!(bodies[0]["max_tokens"], 400);
    for later in &bodies[2..] {
        assert!(later.get("response_format").is_none());
        assert_eq!(later["max_completion_tokens"], 400);
        assert_eq!(later["temperature"], 0);
    }
}
