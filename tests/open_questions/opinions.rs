//! 👍 and 👎 after an open answer, and the gaps they and "no lo sé" leave.

use jiff::Timestamp;
use kavak_bot::conversation::{Desk, Errand as _, Gap, Gaps};
use kavak_bot::message::{OpenAnswer, Opinion, Source, TurnRecord};
use kavak_bot::store::Store;

use super::bot::{Bot, WARRANTY, allowance, user, words};

/// The warranty question as the flow hands it on.
const ASKED: &str = "qué garantía tienen los autos?";

fn last(bot: &Bot) -> TurnRecord {
    bot.store.history(&user("ana"), 1).unwrap().turns.pop().unwrap()
}

async fn gaps(bot: &Bot) -> Vec<Gap> {
    let desk = Desk::new(bot.store.clone(), "/nowhere".into(), || Timestamp::UNIX_EPOCH);
    Gaps.run(&desk).await.unwrap()
}

fn warranty() -> OpenAnswer {
    let passages = vec!["garantia/basica".to_owned()];
    OpenAnswer { question: ASKED.to_owned(), passages, source: Source::Knowledge }
}

#[tokio::test]
async fn an_opinion_is_kept_with_question_passages_and_source() {
    for (words, liked) in [("👍", true), ("no me sirvió", false), ("👎", false)] {
        let bot = Bot::with(None, allowance());
        bot.say("ana", WARRANTY).await;
        assert_eq!(last(&bot).open, [warranty()]);
        bot.say("ana", words).await;
        assert_eq!(
            last(&bot).opinion,
            Some(Opinion { liked, answers: vec![warranty()] }),
            "{words}"
        );
    }
}

#[tokio::test]
async fn an_opinion_on_nothing_is_none() {
    let bot = Bot::with(None, allowance());
    bot.say("ana", "hola").await;
    bot.say("ana", "👍").await;
    assert_eq!(last(&bot).opinion, None);
    bot.say("ana", WARRANTY).await;
    bot.say("ana", "busco un versa").await;
    bot.say("ana", "👎").await;
    assert_eq!(last(&bot).opinion, None, "the newest answer is a list of cars");
}

#[tokio::test]
async fn gaps_are_what_was_refused_or_disliked() {
    let bot = Bot::with(None, allowance());
    bot.say("ana", WARRANTY).await;
    bot.say("ana", "👎").await;
    bot.say("beto", "¿cuántos empleados tiene Kavak en Brasil? mi tel es 55 1234 5678").await;
    bot.say("beto", "¿qué es el CAT?").await;
    let gaps = bot.store.gaps(10).unwrap();
    let questions: Vec<String> =
        gaps.turns.iter().flat_map(TurnRecord::gaps).map(|gap| gap.question.clone()).collect();
    assert_eq!(questions.len(), 2, "{questions:?}");
    assert_eq!(questions[0], ASKED);
    assert!(!questions[1].contains("1234"), "{questions:?}");
}

#[tokio::test]
async fn a_question_that_the_step_forgave_is_no_gap() {
    let bot = Bot::with(None, allowance());
    let said = bot.say("ana", "busco un versa, cuantos duendes tiene tu casa").await;
    assert_eq!(said.source, Source::Flow, "{said:?}");
    assert!(!words(&said).contains("no lo sé"), "{said:?}");
    assert!(last(&bot).open.is_empty());
    assert!(gaps(&bot).await.is_empty());
}

#[tokio::test]
async fn a_refusal_that_is_disliked_is_one_refusal_and_one_dislike() {
    let bot = Bot::with(None, allowance());
    bot.say("ana", "¿cuántos empleados tiene Kavak en Brasil?").await;
    bot.say("ana", "👎").await;
    let gaps = gaps(&bot).await;
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!((gaps[0].refused, gaps[0].disliked), (1, 1), "{gaps:?}");
    assert!(gaps[0].passages.is_empty());
}
