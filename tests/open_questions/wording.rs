//! What the model is asked, and what is believed of it.

use std::sync::Arc;
use std::time::Duration;

use kavak_bot::message::Source;
use tokio::time::Instant;

use super::bot::{BUDGET, Bot, WARRANTY, allowance, words};
use super::fake::{answer, completion, saying};
use crate::wire::{Behaviour, Fake, ok};

const WORDED: &str = "¡Claro! Según Kavak, cada auto incluye garantía de 3 meses.";

async fn faithful() -> Fake {
    saying(&answer(WORDED, &["garantia/basica"])).await
}

#[tokio::test]
async fn a_faithful_answer_is_said_and_told_as_the_model_s() {
    let fake = faithful().await;
    let bot = Bot::asking(&fake, allowance());
    bot.say("ana", "busco un versa").await;
    let answer = bot.say("ana", WARRANTY).await;
    assert_eq!(answer.source, Source::Llm);
    assert_eq!(answer.state, "purchase.choose");
    let words = words(&answer);
    assert!(words.starts_with(WORDED), "{words}");
    assert!(words.contains("Elige un número"), "the question is asked again: {words}");
}

#[tokio::test]
async fn nothing_of_the_customer_goes_out_but_the_question() {
    let fake = faithful().await;
    let bot = Bot::asking(&fake, allowance());
    let key = "5215512345678";
    bot.say(key, "busco un jetta y doy 20% de enganche").await;
    bot.say(key, "el 1").await;
    let question = "me llamo Ramiro Ortega, mi cel es 55 9876 5432, ramiro@correo.mx, placas \
                    ABC-123-D, ¿qué garantía tienen los autos?";
    bot.say(key, question).await;
    let requests = fake.requests();
    assert_eq!(requests.len(), 1, "guided turns ask no model");
    let sent = &requests[0];
    assert!(sent.contains("garantía tienen los autos"));
    for private in ["5215512345678", "9876", "Ramiro", "Ortega", "correo.mx", "ABC", "Jetta", "20%"]
    {
        assert!(!sent.contains(private), "{private} in {sent}");
    }
    let body = &fake.bodies()[0];
    assert_eq!(body["model"], "small-model");
    assert_eq!(body["temperature"], 0);
    let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["model", "messages", "temperature", "max_tokens", "response_format"]);
    assert!(sent.to_lowercase().contains("authorization: bearer sk-test"));
}

#[tokio::test]
async fn a_figure_that_no_passage_has_is_not_said() {
    for invented in [
        "Según Kavak, cada auto incluye garantía de 6 meses.",
        "Según Kavak, cada auto incluye garantía de seis meses.",
        "Según Kavak, la garantía es de por vida.",
        "Según Kavak, la garantía es de 3 meses. Llama al 55 1111 2222.",
        "Según Kavak, la garantía es de 3 meses. Más en kavak.com/garantias-gratis.",
    ] {
        let fake = saying(&answer(invented, &["garantia/basica"])).await;
        let bot = Bot::asking(&fake, allowance());
        let said = bot.say("ana", WARRANTY).await;
        assert_eq!(said.source, Source::Knowledge, "{invented}");
        assert!(words(&said).contains("garantía de 3 meses"));
        assert!(!words(&said).contains(invented));
    }
}

#[tokio::test]
async fn a_model_that_finds_no_answer_leads_to_the_fixed_words() {
    let no =
        r#"{"answer": "Ni idea, pero tal vez 12 meses.", "passages": [], "answerable": false}"#;
    let fake = saying(no).await;
    let bot = Bot::asking(&fake, allowance());
    let said = bot.say("ana", WARRANTY).await;
    assert_eq!(said.source, Source::Knowledge);
    assert!(words(&said).contains("no lo sé"), "{said:?}");
    assert!(!words(&said).contains("12 meses"));
}

#[tokio::test]
async fn what_goes_on_with_a_question_is_worded_from_its_passage_alone() {
    let no = r#"{"answer": "", "passages": [], "answerable": false}"#;
    let fake = saying(no).await;
    let bot = Bot::asking(&fake, allowance());
    bot.say("ana", "¿qué día no circula mi placa?").await;
    let said = bot.say("ana", "¿y de cuánto es la multa?").await;
    let requests = fake.requests();
    let sent = requests.last().unwrap();
    assert!(sent.contains("[circula/multa]") && !sent.contains("[seguro/obligatorio]"), "{sent}");
    assert!(words(&said).contains("multa") && !words(&said).contains("no lo sé"), "{said:?}");
}

#[tokio::test]
async fn what_the_file_does_not_say_asks_no_model() {
    let fake = faithful().await;
    let bot = Bot::asking(&fake, allowance());
    for question in ["¿venden motos eléctricas?", "¿quién va a ganar el mundial?"] {
        let said = bot.say("ana", question).await;
        assert!(matches!(said.source, Source::Knowledge | Source::Flow | Source::Fallback));
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn the_same_question_costs_one_call_also_of_another_customer() {
    let fake = faithful().await;
    let bot = Bot::asking(&fake, allowance());
    for (user, question) in
        [("ana", WARRANTY), ("beto", "QUE GARANTIA TIENEN LOS AUTOS"), ("ana", WARRANTY)]
    {
        assert_eq!(bot.say(user, question).await.source, Source::Llm, "{question}");
    }
    assert_eq!(fake.requests().len(), 1);
    bot.say("ana", "¿dan garantía?").await;
    assert_eq!(fake.requests().len(), 2, "another question is another call");
}

#[tokio::test]
async fn an_answer_that_was_not_believed_is_not_bought_again() {
    let fake = saying(&answer("¡Garantía de 10 años!", &["garantia/basica"])).await;
    let bot = Bot::asking(&fake, allowance());
    for _ in 0..3 {
        assert_eq!(bot.say("ana", WARRANTY).await.source, Source::Knowledge);
    }
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn two_questions_of_one_message_are_asked_at_once() {
    let slow = Behaviour::Late(BUDGET / 2, ok(&completion(&answer(WORDED, &["garantia/basica"]))));
    let fake = Fake::start(vec![slow]).await;
    let bot = Bot::asking(&fake, allowance());
    let start = Instant::now();
    bot.say("ana", "¿qué garantía tienen los autos? ¿me lo llevan a mi casa?").await;
    // One after the other they would take the whole budget, and the second find none left.
    assert!(start.elapsed() < BUDGET, "{:?}", start.elapsed());
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn others_wait_for_nothing_while_a_model_is_asked() {
    let fake = Fake::start(vec![Behaviour::Never]).await;
    let bot = Arc::new(Bot::asking(&fake, allowance()));
    let waiting = Arc::clone(&bot);
    let slow = tokio::spawn(async move { waiting.say("ana", WARRANTY).await });
    while fake.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let start = Instant::now();
    for turn in 0..20 {
        bot.say(&format!("u{turn}"), "busco un versa").await;
    }
    assert!(!slow.is_finished(), "twenty others were served meanwhile: {:?}", start.elapsed());
    assert!(words(&slow.await.unwrap()).contains("garantía de 3 meses"));
}
