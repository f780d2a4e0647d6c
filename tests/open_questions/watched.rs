//! Whoever watches is told what became of each call, and what it cost.

use std::sync::Arc;

use kavak_bot::conversation::{Models, Wording};
use kavak_bot::metrics::{Levels, Metrics};
use kavak_bot::store::CallLimits;

use super::bot::{Bot, WARRANTY, allowance, client};
use super::fake::{answer, saying};

#[tokio::test]
async fn calls_are_counted_by_their_outcome() {
    let text = "¡Claro! Según Kavak, cada auto incluye garantía de 3 meses.";
    let fake = saying(&answer(text, &["garantia/basica"])).await;
    let mut allowance = allowance();
    allowance.limits = CallLimits { user_a_day: 1, ..allowance.limits };
    let metrics = Arc::new(Metrics::default());
    let wording = Wording::new(Arc::new(client(&fake)), allowance).watched(metrics.clone());
    let bot = Bot::helped_by(Models { wording: Some(Arc::new(wording)), meaning: None });
    for question in [WARRANTY, WARRANTY, "¿qué es el CAT?"] {
        bot.say("ana", question).await;
    }
    let told = metrics.text(&Levels::default());
    for line in [
        r#"kavak_bot_model_calls_total{work="wording",outcome="used"} 1"#,
        r#"kavak_bot_model_calls_total{work="wording",outcome="limited"} 1"#,
        // 900 tokens at 0.15 and 60 at 0.60 dollars a million.
        r#"kavak_bot_model_cost_dollars_total{work="wording"} 0.000171"#,
    ] {
        assert!(told.lines().any(|counted| counted == line), "{line} in\n{told}");
    }
}
