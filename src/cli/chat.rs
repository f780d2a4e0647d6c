//! `kavak-bot chat`: the bot in the terminal, with history and line editing.

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;
use tokio::time::timeout;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::util::TryInitError;

use super::assemble::{self, AssembleError};
use super::{Verdict, clock};
use crate::cli::out::outln;
use crate::config::Settings;
use crate::conversation::Converse as _;
use crate::message::{Answer, Channel, Content, Inbound, UserId};
use crate::store::{MemoryStore, SledStore, Store, StoreError};
use crate::telemetry;

/// Who talks in the terminal.
const USER: &str = "terminal";

/// Where the terminal keeps its own store, in the store's folder: a running server holds the other.
const STORE_FOLDER: &str = "chat";

/// Where the lines typed before are kept, in the store's folder.
const HISTORY_FILE: &str = "chat_history.txt";

/// How long a turn may take before the terminal says that it is under way.
const PATIENCE: Duration = Duration::from_millis(300);

/// What it says.
const LOOKING_UP: &str = "Buscando la respuesta…";

/// Ends the talk.
const LEAVE: &str = "/salir";

/// Talk to the bot in the terminal
#[derive(Debug, Args)]
pub(super) struct Chat {
    /// Remember nothing: a fresh talk that is gone at the end
    #[arg(long)]
    fresh: bool,
}

/// What ends the talk, or stops it before it begins.
#[derive(Debug, thiserror::Error)]
enum ChatError {
    #[error("the log cannot be started: {0}")]
    Log(#[from] TryInitError),
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the terminal: {0}")]
    Terminal(#[from] ReadlineError),
    #[error("standard input: {0}")]
    Io(#[from] io::Error),
}

impl Chat {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match self.talk(settings) {
            Ok(()) => Verdict::Fine,
            Err(error) => {
                eprintln!("{error}");
                Verdict::Wrong
            }
        }
    }

    fn talk(&self, settings: &Settings) -> Result<(), ChatError> {
        // What happens all the time would stand between the replies.
        telemetry::start(settings.log_level.min(LevelFilter::WARN), settings.log_format)?;
        let assembled = assemble::dealer(settings)?;
        let store = self.store(settings)?;
        let bot = assemble::mind(settings, assembled, Arc::new(()))?.over(store);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let user = UserId::new(Channel::Terminal, USER).expect("the name is a key");
        let is_interactive = io::stdin().is_terminal();
        let mut say = |line: &str| {
            let content = Content::Text(line.to_owned());
            let inbound = Inbound { user: user.clone(), id: None, content, at: clock::now() };
            let turn = bot.turn(inbound);
            let answer = runtime.block_on(async {
                if is_interactive { waited_for(turn).await } else { turn.await }
            });
            match answer {
                Ok(answer) => print(&answer),
                Err(error) => eprintln!("{error}\n"),
            }
        };
        if is_interactive {
            let history = settings.data_dir.join(HISTORY_FILE);
            return interactive((!self.fresh).then_some(&history), &mut say);
        }
        for line in io::stdin().lock().lines() {
            let line = line?;
            outln!("> {line}");
            say(&line);
        }
        Ok(())
    }

    fn store(&self, settings: &Settings) -> Result<Arc<dyn Store>, StoreError> {
        if self.fresh {
            return Ok(Arc::new(MemoryStore::default()));
        }
        Ok(Arc::new(SledStore::open(&settings.data_dir.join(STORE_FOLDER))?))
    }
}

/// A talk line by line; the lines typed are kept in `history`, where there is one.
fn interactive(history: Option<&PathBuf>, say: &mut dyn FnMut(&str)) -> Result<(), ChatError> {
    let mut editor = DefaultEditor::new()?;
    if let Some(history) = history {
        // There is none before the first talk.
        let _ = editor.load_history(history);
    }
    outln!("Escribe como en WhatsApp, por ejemplo “hola”. Sal con “{LEAVE}” o Ctrl-D.\n");
    loop {
        match editor.readline("tú> ") {
            Ok(line) if line.trim() == LEAVE => break,
            Ok(line) => {
                editor.add_history_entry(&line)?;
                say(&line);
            }
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => break,
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(history) = history {
        editor.save_history(history)?;
    }
    Ok(())
}

/// The outcome of `turn`; while it takes long, the terminal says that it is being looked up.
async fn waited_for<T>(mut turn: impl Future<Output = T> + Unpin) -> T {
    if let Ok(done) = timeout(PATIENCE, &mut turn).await {
        return done;
    }
    eprint!("{LOOKING_UP}");
    let done = turn.await;
    // Back to the start of the line, and all of it cleared.
    eprint!("\r\x1b[2K");
    done
}

fn print(answer: &Answer) {
    for reply in &answer.replies {
        outln!("{}\n", reply.text);
    }
}
