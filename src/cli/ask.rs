//! `kavak-bot ask`: one open question.

use std::sync::Arc;

use clap::Args;
use tracing_subscriber::util::TryInitError;

use super::assemble::{self, AssembleError};
use super::{Verdict, clock};
use crate::cli::out::outln;
use crate::config::Settings;
use crate::conversation::{Answered, Models, Open, Watch};
use crate::knowledge::Knowledge;
use crate::message::{Channel, UserId};
use crate::store::MemoryStore;
use crate::telemetry;

/// Who asks.
const USER: &str = "operator";

/// Answer one open question from the context file
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// The question
    question: String,
    /// Let the model word the answer, as customers get it; the log says why it did not. The call
    /// counts towards no limit.
    #[arg(long)]
    model: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error("the log cannot be started: {0}")]
    Log(#[from] TryInitError),
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    #[error("no model: set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own")]
    NoModel,
    #[error("this machine: {0}")]
    Runtime(#[from] std::io::Error),
}

impl Ask {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match self.answer(settings) {
            Ok(Answered { text: Some(text), record }) => {
                outln!("{text}");
                let source = serde_json::json!(record.source);
                eprintln!("[{}] {}", record.passages.join(", "), source.as_str().unwrap_or(""));
                Verdict::Fine
            }
            Ok(Answered { text: None, .. }) => {
                outln!("No lo sé: el contexto no lo dice.");
                Verdict::Wrong
            }
            Err(error) => {
                eprintln!("{error}");
                Verdict::Wrong
            }
        }
    }

    fn answer(&self, settings: &Settings) -> Result<Answered, AskError> {
        telemetry::start(settings.log_level, settings.log_format)?;
        let knowledge = Knowledge::load(&settings.context_path).map_err(AssembleError::from)?;
        let unwatched = Arc::new(()) as Arc<dyn Watch>;
        let models = if self.model {
            assemble::models(&settings.model, &unwatched)?
        } else {
            Models::default()
        };
        if self.model && models.wording.is_none() {
            return Err(AskError::NoModel);
        }
        let open = Open::new(knowledge, models);
        let user = UserId::new(Channel::Terminal, USER).expect("the name is a key");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let store = MemoryStore::default();
        Ok(runtime.block_on(async {
            if let Err(error) = open.learn(&store, clock::now()).await {
                tracing::warn!(%error, "the passages are not embedded; words find them");
            }
            open.answer_one(&store, &user, clock::now(), &self.question).await
        }))
    }
}
