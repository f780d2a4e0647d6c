//! Passages found by what they mean, with a model that embeds; and by their words where it fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use kavak_bot::conversation::{Meaning, Models, Terms};
use kavak_bot::llm::{Called, Client, Embed, Embedded, Endpoint, Failure};
use kavak_bot::message::{Answer, Source};
use kavak_bot::metrics::{Levels, Metrics};
use kavak_bot::store::CallLimits;

use super::bot::{Bot, WARRANTY, allowance, words};
use super::fake::{base_url, saying};
use crate::wire::{Behaviour, Fake, ok, status};

/// A question that shares no telling word with the passage that answers it.
const ODD: &str = "¿quién absorbe los fierros quebrantados?";

/// A model that knows two things: what is about breaking down, and all other passages. What else is
/// asked means nothing to it.
#[derive(Default)]
struct TwoThings {
    calls: AtomicUsize,
    texts: AtomicUsize,
    fails: AtomicBool,
    /// How long a call takes.
    takes: Duration,
    /// Further parts of its vectors, which say nothing.
    more: AtomicUsize,
}

#[async_trait]
impl Embed for TwoThings {
    async fn embed(&self, texts: &[String], _: Duration) -> Called<Embedded> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if self.fails.load(Ordering::Relaxed) {
            return Err(Failure::Late).into();
        }
        self.texts.fetch_add(texts.len(), Ordering::Relaxed);
        tokio::time::sleep(self.takes).await;
        let vector = |text: &String| {
            let breaks = text.starts_with("Garantía de 3 meses") || text.contains("fierros");
            // Passages begin with their title; questions come without marks and capitals.
            let is_question = text.starts_with(char::is_lowercase);
            let mut vector = match (breaks, is_question) {
                (true, _) => vec![3.0, 0.0, 0.0],
                (false, false) => vec![0.0, 5.0, 0.0],
                (false, true) => vec![0.0, 0.0, 2.0],
            };
            vector.resize(3 + self.more.load(Ordering::Relaxed), 0.0);
            vector
        };
        Ok(Embedded { vectors: texts.iter().map(vector).collect(), usage: None }).into()
    }

    fn name(&self) -> &'static str {
        "two-things"
    }
}

fn bot(model: Arc<dyn Embed>) -> Bot {
    limited(model, allowance().limits)
}

fn limited(model: Arc<dyn Embed>, limits: CallLimits) -> Bot {
    let terms = Terms { prices: allowance().prices, limits, floor: 0.9 };
    let meaning = Some(Arc::new(Meaning::new(model, terms)));
    Bot::helped_by(Models { wording: None, meaning })
}

fn is_warranty(answer: &Answer) -> bool {
    answer.source == Source::Knowledge && words(answer).contains("garantía de 3 meses")
}

#[tokio::test]
async fn a_question_finds_its_passage_by_its_meaning() {
    let model = Arc::new(TwoThings::default());
    let bot = bot(Arc::clone(&model) as Arc<dyn Embed>);
    assert!(!is_warranty(&bot.say("ana", ODD).await), "words alone do not find it");
    let passages = bot.conversation.learn(bot.now).await.unwrap();
    assert!(passages > 100);
    assert!(is_warranty(&bot.say("ana", ODD).await));
    assert!(is_warranty(&bot.say("ana", WARRANTY).await), "words go on as before");
    assert_eq!(model.texts.load(Ordering::Relaxed), passages + 2);
}

#[tokio::test]
async fn a_passage_is_embedded_once_and_a_question_leaves_nothing() {
    let model = Arc::new(TwoThings::default());
    let bot = bot(Arc::clone(&model) as Arc<dyn Embed>);
    let passages = bot.conversation.learn(bot.now).await.unwrap();
    let calls = model.calls.load(Ordering::Relaxed);
    assert!(calls <= passages.div_ceil(100), "{calls} calls for {passages} passages");
    assert_eq!(bot.conversation.learn(bot.now).await.unwrap(), 0);
    assert_eq!(model.calls.load(Ordering::Relaxed), calls);
    for user in ["ana", "beto"] {
        assert!(is_warranty(&bot.say(user, ODD).await));
    }
    assert_eq!(model.calls.load(Ordering::Relaxed), calls + 2, "its vector was not kept");
}

#[tokio::test]
async fn vectors_of_another_length_are_not_compared_and_passages_are_embedded_anew() {
    let model = Arc::new(TwoThings::default());
    let bot = bot(Arc::clone(&model) as Arc<dyn Embed>);
    let passages = bot.conversation.learn(bot.now).await.unwrap();
    assert!(is_warranty(&bot.say("ana", ODD).await));
    model.more.store(2, Ordering::Relaxed);
    assert!(!is_warranty(&bot.say("ana", ODD).await), "the parts they share tell nothing");
    tokio::time::timeout(SECOND, bot.conversation.outdated()).await.unwrap();
    assert_eq!(bot.conversation.learn(bot.now).await.unwrap(), passages);
    assert!(is_warranty(&bot.say("ana", ODD).await));
    assert_eq!(bot.conversation.learn(bot.now).await.unwrap(), 0);
}

#[tokio::test]
async fn models_of_one_name_on_two_servers_are_two() {
    let (one, other) = (saying("").await, saying("").await);
    assert_ne!(Embed::name(&client(&one)), Embed::name(&client(&other)));
}

#[tokio::test]
async fn embedded_questions_count_as_calls_of_the_day() {
    for limits in [
        CallLimits { user_a_day: 2, ..allowance().limits },
        CallLimits { all_a_day: 2, ..allowance().limits },
    ] {
        let model = Arc::new(TwoThings::default());
        let bot = limited(Arc::clone(&model) as Arc<dyn Embed>, limits);
        bot.conversation.learn(bot.now).await.unwrap();
        let calls = model.calls.load(Ordering::Relaxed);
        for _ in 0..5 {
            assert!(is_warranty(&bot.say("ana", WARRANTY).await));
        }
        assert_eq!(model.calls.load(Ordering::Relaxed), calls + 2, "{limits:?}");
        bot.say("beto", ODD).await;
        let of_beto = usize::from(limits.all_a_day > 2);
        assert_eq!(model.calls.load(Ordering::Relaxed), calls + 2 + of_beto, "{limits:?}");
    }
}

#[tokio::test]
async fn few_questions_are_embedded_at_once() {
    let model = Arc::new(TwoThings { takes: SECOND / 2, ..TwoThings::default() });
    let bot = bot(Arc::clone(&model) as Arc<dyn Embed>);
    bot.conversation.learn(bot.now).await.unwrap();
    let calls = model.calls.load(Ordering::Relaxed);
    let users: Vec<String> = (0..30).map(|number| format!("u{number}")).collect();
    join_all(users.iter().map(|user| bot.say(user, WARRANTY))).await;
    assert_eq!(model.calls.load(Ordering::Relaxed) - calls, 16);
}

#[tokio::test]
async fn whoever_watches_is_told_of_each_call() {
    let (allowance, metrics) = (allowance(), Arc::new(Metrics::default()));
    let terms = Terms { prices: allowance.prices, limits: allowance.limits, floor: 0.9 };
    let model = Arc::new(TwoThings::default());
    let meaning = Meaning::new(Arc::clone(&model) as Arc<dyn Embed>, terms);
    let meaning = Some(Arc::new(meaning.watched(metrics.clone())));
    let bot = Bot::helped_by(Models { wording: None, meaning });
    bot.conversation.learn(bot.now).await.unwrap();
    let used = model.calls.load(Ordering::Relaxed);
    model.fails.store(true, Ordering::Relaxed);
    bot.say("ana", ODD).await;
    let told = metrics.text(&Levels::default());
    for (outcome, calls) in [("used", used), ("failed", 1)] {
        let line = format!(
            "kavak_bot_model_calls_total{{work=\"embedding\",outcome=\"{outcome}\"}} {calls}"
        );
        assert!(told.lines().any(|counted| counted == line), "{line} in\n{told}");
    }
}

#[tokio::test]
async fn where_the_model_fails_words_find_the_passages() {
    let model = Arc::new(TwoThings::default());
    let bot = bot(Arc::clone(&model) as Arc<dyn Embed>);
    model.fails.store(true, Ordering::Relaxed);
    assert!(bot.conversation.learn(bot.now).await.is_err());
    assert!(is_warranty(&bot.say("ana", WARRANTY).await));
    model.fails.store(false, Ordering::Relaxed);
    bot.conversation.learn(bot.now).await.unwrap();
    model.fails.store(true, Ordering::Relaxed);
    assert!(is_warranty(&bot.say("ana", "¿dan garantía?").await));
    let before = model.calls.load(Ordering::Relaxed);
    for number in 0..20 {
        bot.say("ana", &format!("¿qué garantía dan en {number} meses?")).await;
    }
    let tried = model.calls.load(Ordering::Relaxed) - before;
    assert!(tried <= 5, "after some failures it is left alone: {tried} calls");
}

fn client(fake: &Fake) -> Client {
    Client::new(Endpoint {
        base_url: base_url(fake),
        key: "sk-test".into(),
        model: "small-model".to_owned(),
        embedding_model: Some("vectors".to_owned()),
        token_field: None,
    })
    .unwrap()
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_server_gives_vectors() {
    let body = r#"{"object":"list","data":[{"index":1,"embedding":[0.5,1]},
        {"index":0,"embedding":[1,0]}],"usage":{"prompt_tokens":7,"total_tokens":7}}"#;
    let fake = Fake::start(vec![Behaviour::Says(ok(body))]).await;
    let texts = ["garantía".to_owned(), "entrega".to_owned()];
    let embedded = client(&fake).embed(&texts, SECOND).await.outcome.unwrap();
    assert_eq!(embedded.vectors, [[1.0, 0.0], [0.5, 1.0]]);
    let body = &fake.bodies()[0];
    assert_eq!(body["model"], "vectors");
    assert_eq!(body["input"][1], "entrega");
    assert!(fake.requests()[0].starts_with("POST /v1/embeddings "));
}

#[tokio::test]
async fn a_server_that_gives_none_says_why() {
    let texts = ["garantía".to_owned()];
    let cases = [
        (ok("[]"), 1),
        (ok(r#"{"data":[]}"#), 1),
        (ok(r#"{"data":[{"embedding":"AAAA"}]}"#), 1),
        (status("404 Not Found", "", "{}"), 1),
        (status("500 Internal Server Error", "", "{}"), 2),
    ];
    for (answer, requests) in cases {
        let fake = Fake::start(vec![Behaviour::Says(answer.clone())]).await;
        assert!(client(&fake).embed(&texts, SECOND).await.outcome.is_err(), "{answer}");
        assert_eq!(fake.requests().len(), requests, "{answer}");
    }
    let fake = Fake::start(vec![Behaviour::Never]).await;
    let late = client(&fake).embed(&texts, SECOND / 10).await;
    assert_eq!(late, Err(Failure::Late).into());
}
