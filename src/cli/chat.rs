//! `kavak-bot chat`: the bot in the terminal, with history and line editing.

use std::io::{self, BufRead, IsTerminal};
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use super::{Verdict, assemble, clock};
use crate::config::Settings;
use crate::conversation::{Conversation, Converse};
use crate::dealer::Dealer;
use crate::message::{Answer, Channel, Content, Inbound, UserId};
use crate::store::{MemoryStore, SledStore, Store};

/// Who talks in the terminal.
const USER: &str = "terminal";

/// Where the terminal keeps its own store, in the store's folder: a running server holds the other.
const STORE_FOLDER: &str = "chat";

/// Where the lines typed before are kept, in the store's folder.
const HISTORY_FILE: &str = "chat_history.txt";

/// Ends the talk.
const LEAVE: &str = "/salir";

/// Talk to the bot in the terminal
#[derive(Debug, Args)]
pub(super) struct Chat {
    /// Remember nothing: a fresh talk that is gone at the end
    #[arg(long)]
    fresh: bool,
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

    fn talk(&self, settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
        let store: Arc<dyn Store> = if self.fresh {
            Arc::new(MemoryStore::default())
        } else {
            Arc::new(SledStore::open(&settings.data_dir.join(STORE_FOLDER))?)
        };
        let assembled = assemble::dealer(settings)?;
        let bot = assemble::conversation(settings, assembled, store)?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let mut answer = |line: &str| runtime.block_on(say(&bot, line));
        if io::stdin().is_terminal() {
            interactive(&settings.data_dir.join(HISTORY_FILE), &mut answer)
        } else {
            for line in io::stdin().lock().lines() {
                let line = line?;
                println!("> {line}");
                answer(&line)?;
            }
            Ok(())
        }
    }
}

type Answering<'a> = &'a mut dyn FnMut(&str) -> Result<(), Box<dyn std::error::Error>>;

fn interactive(history: &Path, answer: Answering<'_>) -> Result<(), Box<dyn std::error::Error>> {
    let mut editor = DefaultEditor::new()?;
    // There is no history before the first talk.
    let _ = editor.load_history(history);
    println!("Escribe como en WhatsApp, por ejemplo “hola”. Sal con “{LEAVE}” o Ctrl-D.\n");
    loop {
        match editor.readline("tú> ") {
            Ok(line) if line.trim() == LEAVE => break,
            Ok(line) => {
                editor.add_history_entry(&line)?;
                answer(&line)?;
            }
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(editor.save_history(history)?)
}

async fn say(bot: &Conversation<Dealer>, line: &str) -> Result<(), Box<dyn std::error::Error>> {
    let user = UserId::new(Channel::Terminal, USER)?;
    let content = Content::Text(line.to_owned());
    let answer = bot.turn(Inbound { user, id: None, content, at: clock::now() }).await?;
    print(&answer);
    Ok(())
}

fn print(answer: &Answer) {
    for reply in &answer.replies {
        println!("{}\n", reply.text);
    }
}
